"""Imports: a file is sent, tried, looked at line by line, and brought in."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from directory.edge import access, bulk
from directory.edge.house import db, house, writing
from directory.edge.messages import problem_message
from directory.edge.speech import gettext
from directory.errors import Conflict, Invalid, NotFound, Problem
from directory.models import Transfer
from directory.models.vocabulary import Role, TransferState
from directory.services.bulk import keeping, mappings, running
from directory.services.bulk.running import Given
from directory.web.bulk import shown
from directory.web.desk import frame

imports = Blueprint("imports", __name__)

LATEST = 20
_ROLES = frozenset({Role.EDITOR, Role.ADMINISTRATOR})
_MOST_COLUMNS = 300


@imports.get("/<lang:lang>/desk/imports")
@access.needs(*_ROLES)
def index(lang: str) -> ResponseReturnValue:
    """The form for a file, and the files sent lately."""
    return _index(lang)


@imports.post("/<lang:lang>/desk/imports")
@access.needs(*_ROLES)
def send(lang: str) -> ResponseReturnValue:
    """Take a file in and begin to try it."""
    sent = request.files.get("file")
    given = (
        Given(sent.filename or "", sent.read(keeping.MOST_BYTES + 1)) if sent else Given("", b"")
    )
    try:
        with writing() as work:
            row = running.receive(
                work,
                access.account(),
                given,
                mapping=request.form.get("mapping", ""),
                settings=house().settings,
            )
            lock = house().workshop.take(row.id or 0)
    except Invalid as invalid:
        return _index(lang, invalid)
    house().workshop.check(row.id or 0, lock)
    return _to(lang, row.id or 0)


@imports.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """A file that is not even looked at, as was not who sent it."""
    if not access.is_signed_in() or access.account().role not in _ROLES:
        return error.get_response()
    invalid = Invalid((Problem("file", "file-too-large", "10"),))
    lang = str((request.view_args or {}).get("lang", "en"))
    return _index(lang, invalid, status=413)


@imports.get("/<lang:lang>/desk/imports/<int:number>")
@access.needs(*_ROLES)
def show(lang: str, number: int) -> ResponseReturnValue:
    """How far a file is, and what came or would come of each line."""
    return _show(lang, running.by_number(db(), number))


@imports.post("/<lang:lang>/desk/imports/<int:number>/read")
@access.needs(*_ROLES)
def read(lang: str, number: int) -> ResponseReturnValue:
    """Try a file again, under another mapping or with the columns chosen for it."""
    now = house().settings.clock()
    try:
        with writing() as work:
            row = running.by_number(work, number)
            mapping, said = request.form.get("mapping", row.mapping), None
            if request.form.get("choose"):
                said = mappings.chosen(
                    _chosen(row), source=_source(row), dates=request.form.get("dates", "iso")
                )
                if name := request.form.get("name", "").strip():
                    mapping = mappings.save(
                        work, access.account(), name=name, said=said, now=now
                    ).name
                    said = None
            running.try_again(work, row, mapping=mapping, said=said, settings=house().settings)
            lock = house().workshop.take(number)
    except (Invalid, NotFound, Conflict) as refused:
        return _refused(lang, number, refused)
    house().workshop.check(number, lock)
    return _to(lang, number)


@imports.post("/<lang:lang>/desk/imports/<int:number>/bring")
@access.needs(*_ROLES)
def bring(lang: str, number: int) -> ResponseReturnValue:
    """Bring in what was tried."""
    try:
        with writing() as work:
            row = running.by_number(work, number)
            running.confirm(work, row, settings=house().settings)
            lock = house().workshop.take(number)
    except (Invalid, NotFound, Conflict) as refused:
        return _refused(lang, number, refused)
    house().workshop.bring(number, lock)
    return _to(lang, number)


def _to(lang: str, number: int) -> ResponseReturnValue:
    return redirect(url_for("imports.show", lang=lang, number=number), 303)


def _index(
    lang: str, invalid: Invalid | None = None, *, status: int = frame.UNPROCESSABLE
) -> ResponseReturnValue:
    return frame.render(
        "bulk/imports.html",
        status=status if invalid else 200,
        problems=frame.messages(invalid) if invalid else {},
        mappings=_mappings(gettext("The one that fits this sort of file")),
        # What was too large was not read, so nothing is known of the rest of the form.
        chosen=request.form.get("mapping", "") if status == frame.UNPROCESSABLE else "",
        latest=[shown.transfer(row, lang) for row in running.uploads(db(), most=LATEST)],
    )


def _show(lang: str, row: Transfer, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    if row.source_id is not None:
        return redirect(url_for("sources.show", lang=lang, number=row.source_id), 303)
    state = running.standing(row, house().settings)
    idle = state not in running.AT_WORK and bool(row.stored)
    return frame.render(
        "bulk/import.html",
        status=status,
        t=shown.transfer(row, lang),
        problem=problem,
        report=shown.lines(row) if state not in running.AT_WORK else None,
        columns=[
            {
                "header": header,
                "field": field,
                "label": bulk.field_in_words(field) if field else "",
                "example": example,
            }
            for header, field, example in row.columns
        ],
        may_bring=idle and state is TransferState.CHECKED,
        may_read=idle and state is not TransferState.DONE,
        mappings=_mappings(),
        mapping=row.mapping,
        fields=[{"value": name, "label": str(bulk.FIELDS[name])} for name in mappings.FIELDS],
        dates=[{"value": name, "label": str(label)} for name, label in bulk.DATES.items()],
        name=request.form.get("name", ""),
    )


def _refused(lang: str, number: int, refused: Invalid | NotFound | Conflict) -> ResponseReturnValue:
    """The page again, with why that could not be done."""
    row = running.by_number(db(), number)
    match refused:
        case Invalid():
            problem = problem_message(refused.problems[0])
        case NotFound(what="file"):
            problem = bulk.trouble_in_words("file-gone", "")
        case NotFound():
            problem = bulk.trouble_in_words("no-mapping", refused.name)
        case Conflict():
            problem = problem_message(Problem("file", "transfer-busy"))
    return _show(lang, row, problem=problem, status=frame.UNPROCESSABLE)


def _mappings(first: str = "") -> list[dict[str, Any]]:
    names = [{"value": name, "label": name} for name in mappings.names(db())]
    return [{"value": "", "label": first}, *names] if first else names


def _chosen(row: Transfer) -> list[tuple[str, str]]:
    """Header and field, as the form says them by the column's place."""
    return [
        (header, request.form.get(f"column-{place}", ""))
        for place, (header, _field, _example) in enumerate(row.columns[:_MOST_COLUMNS], start=1)
    ]


def _source(row: Transfer) -> str:
    """What listings of a file with columns of its own are said to come from."""
    return f"upload-{row.id}"
