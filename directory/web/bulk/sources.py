"""Sources: addresses fetched on a rhythm, what came of them, and what each may say."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.edge import access, bulk, formats
from directory.edge.house import db, house, writing
from directory.edge.messages import problem_message
from directory.edge.speech import gettext
from directory.edge.truth import FACTS
from directory.errors import Invalid, Problem
from directory.exchange.files import USUAL_MAPPING
from directory.models import Source, Transfer
from directory.models.vocabulary import FileKind, Role
from directory.services import provenance
from directory.services.bulk import mappings, running
from directory.services.bulk import sources as rules
from directory.services.bulk.sources import Wanted
from directory.web.bulk import shown
from directory.web.desk import frame

sources = Blueprint("sources", __name__)

_FETCH = "fetch-"


@sources.get("/<lang:lang>/desk/sources")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def index(lang: str) -> ResponseReturnValue:
    """Every source, and what came of it the last time."""
    latest = rules.latest(db())
    return frame.render(
        "bulk/sources.html",
        sources=[_row(row, latest.get(row.id or 0), lang) for row in rules.everything(db())],
    )


@sources.get("/<lang:lang>/desk/sources/new")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def ask(lang: str) -> ResponseReturnValue:
    """The form for a new one."""
    return _form(lang)


@sources.post("/<lang:lang>/desk/sources/new")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def add(lang: str) -> ResponseReturnValue:
    """Add a source."""
    try:
        with writing() as work:
            row = rules.add(work, access.account(), _wanted(), settings=house().settings)
    except Invalid as invalid:
        return _form(lang, invalid=invalid)
    return redirect(url_for("sources.show", lang=lang, number=row.id, done="added"), 303)


@sources.get("/<lang:lang>/desk/sources/<int:number>")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def show(lang: str, number: int) -> ResponseReturnValue:
    """One source: what it may say, and what came of it, line by line."""
    return _show(lang, rules.by_number(db(), number))


@sources.get("/<lang:lang>/desk/sources/<int:number>/change")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def edit(lang: str, number: int) -> ResponseReturnValue:
    """The form for one there is."""
    return _form(lang, row=rules.by_number(db(), number))


@sources.post("/<lang:lang>/desk/sources/<int:number>/change")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def change(lang: str, number: int) -> ResponseReturnValue:
    """Change a source."""
    try:
        with writing() as work:
            rules.change(work, rules.by_number(work, number), _wanted(), settings=house().settings)
    except Invalid as invalid:
        return _form(lang, row=rules.by_number(db(), number), invalid=invalid)
    return redirect(url_for("sources.show", lang=lang, number=number, done="changed"), 303)


@sources.post("/<lang:lang>/desk/sources/<int:number>/pause")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def pause(lang: str, number: int) -> ResponseReturnValue:
    """Fetch it no more for now, or again."""
    enabled = request.form.get("enabled") == "yes"
    with writing() as work:
        row = rules.by_number(work, number)
        rules.pause(work, row, enabled=enabled, now=house().settings.clock())
    done = "resumed" if enabled else "paused"
    return redirect(url_for("sources.show", lang=lang, number=number, done=done), 303)


@sources.post("/<lang:lang>/desk/sources/<int:number>/fetch")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def fetch(lang: str, number: int) -> ResponseReturnValue:
    """Fetch it now; ``many`` withdraws what is gone from it, however much that is."""
    with writing() as work:
        row = rules.by_number(work, number)
        last = rules.last(work, row)
        if last is not None and running.standing(last, house().settings) in running.AT_WORK:
            return redirect(url_for("sources.show", lang=lang, number=number), 303)
        begun = rules.begin(work, row, settings=house().settings, by=access.account())
        lock = house().workshop.take(begun.id or 0)
    house().workshop.fetch(begun.id or 0, lock, many=request.form.get("many") == "yes")
    return redirect(url_for("sources.show", lang=lang, number=number), 303)


def _show(lang: str, row: Source) -> ResponseReturnValue:
    history = rules.history(db(), row)
    last = history[0] if history else None
    last_shown = shown.transfer(last, lang) if last else None
    return frame.render(
        "bulk/source.html",
        source=_row(row, last, lang),
        mapping=row.mapping,
        owned=formats.listing([str(FACTS[fact]) for fact in FACTS if fact in row.owned]),
        kept=formats.listing([str(FACTS[fact]) for fact in FACTS if fact not in row.owned]),
        withdraws=row.withdraws,
        last=last_shown,
        report=shown.lines(last) if last and last_shown and not last_shown.at_work else None,
        may_withdraw=bool(last and last.trouble == "gone-too-many"),
        before=[shown.transfer(each, lang) for each in history[1:]],
        done=_done().get(request.args.get("done", ""), ""),
    )


def _row(row: Source, last: Transfer | None, lang: str) -> dict[str, object]:
    zone = house().settings.timezone
    return {
        "id": row.id,
        "key": row.key,
        "name": row.name,
        "address": row.address,
        "kind": str(bulk.KINDS[FileKind(row.kind)]),
        "rhythm": str(bulk.RHYTHMS[row.rhythm]),
        "enabled": row.enabled,
        "due": formats.moment(formats.local(row.due, zone)) if row.due and row.enabled else "",
        "last": shown.transfer(last, lang) if last else None,
        "url": url_for("sources.show", lang=lang, number=row.id),
    }


def _form(
    lang: str, *, row: Source | None = None, invalid: Invalid | None = None
) -> ResponseReturnValue:
    wanted = _wanted() if invalid else _as_it_is(row)
    action = (
        url_for("sources.change", lang=lang, number=row.id)
        if row
        else url_for("sources.add", lang=lang)
    )
    return frame.render(
        "bulk/source_form.html",
        status=frame.UNPROCESSABLE if invalid else 200,
        action=action,
        back=url_for("sources.show", lang=lang, number=row.id)
        if row
        else url_for("sources.index", lang=lang),
        is_new=row is None,
        w=wanted,
        kinds=[{"value": kind.value, "label": str(bulk.KINDS[kind])} for kind in FileKind],
        mappings=[{"value": name, "label": name} for name in mappings.names(db())],
        rhythms=[{"value": hours, "label": str(bulk.RHYTHMS[hours])} for hours in rules.RHYTHMS],
        facts=[{"value": fact, "label": str(FACTS[fact])} for fact in FACTS],
        problems=_messages(invalid) if invalid else {},
    )


def _wanted() -> Wanted:
    """What the form says."""
    given = request.form
    try:
        kind = FileKind(given.get("kind", ""))
    except ValueError:
        kind = FileKind.CSV
    rhythm = given.get("rhythm", "")
    return Wanted(
        name=given.get("name", ""),
        address=given.get("address", ""),
        kind=kind,
        mapping=given.get("mapping", "") or USUAL_MAPPING[kind],
        rhythm=int(rhythm) if rhythm.isascii() and rhythm.isdecimal() else 0,
        owned=tuple(given.getlist("owned")),
        withdraws=given.get("withdraws") == "yes",
    )


def _as_it_is(row: Source | None) -> Wanted:
    if row is None:
        usual = USUAL_MAPPING[FileKind.CSV]
        return Wanted("", "", FileKind.CSV, usual, 24, tuple(provenance.FACTS))
    kind = FileKind(row.kind)
    owned = tuple(row.owned)
    return Wanted(row.name, row.address, kind, row.mapping, row.rhythm, owned, row.withdraws)


def _messages(invalid: Invalid) -> dict[str, str]:
    """Field to sentence; what is wrong with an address is said as when it is fetched."""
    return {problem.field: _message(problem) for problem in reversed(invalid.problems)}


def _message(problem: Problem) -> str:
    if problem.code.startswith(_FETCH):
        return bulk.trouble_in_words(problem.code.removeprefix(_FETCH), problem.value)
    return problem_message(problem)


def _done() -> dict[str, str]:
    return {
        "added": gettext(
            "The source is added. It is fetched within a minute, or now, if you press."
        ),
        "changed": gettext("Saved. It is read anew the next time."),
        "paused": gettext("It is not fetched any more for now. What it brought stays."),
        "resumed": gettext("It is fetched again."),
    }
