"""Duplicates: pairs that may be one, judged side by side, merged, and parted again."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from directory.edge import access, formats, labels, locale
from directory.edge.evidence import evidence
from directory.edge.house import db, house, writing
from directory.edge.speech import gettext
from directory.edge.truth import FACTS
from directory.errors import Conflict, Invalid
from directory.models import Account
from directory.models.vocabulary import ListingState, Role, Verdict
from directory.services import accounts
from directory.services import duplicates as rules
from directory.services.duplicates import FIRST, SECOND, Pair
from directory.services.duplicates.fields import Listing
from directory.services.texts import words
from directory.web.desk import frame
from directory.web.desk.told import language_name, told
from directory.web.page import Link

duplicates = Blueprint("duplicates", __name__)

_EDITORS = (Role.EDITOR, Role.ADMINISTRATOR)
_CONFLICT = 409


@duplicates.get("/<lang:lang>/desk/duplicates")
@access.needs(*_EDITORS)
def index(lang: str) -> ResponseReturnValue:
    """Pairs to judge, the most certain first; or those judged, the latest first."""
    verdict = _word(request.args.get("verdict"), [each.value for each in Verdict], Verdict.OPEN)
    listing = _word(request.args.get("type"), list(labels.TYPES), "")
    page = max(1, request.args.get("page", 1, type=int))
    counts = rules.counted(db(), verdict=Verdict(verdict))
    total = counts[listing] if listing else sum(counts.values())
    pairs = rules.listed(db(), verdict=Verdict(verdict), listing=listing, page=page)
    return frame.render(
        "desk/duplicates.html",
        pairs=[_line(each, lang) for each in pairs],
        verdicts=[_verdict_link(each, verdict, listing) for each in Verdict],
        types=[_type_link(each, counts, verdict, listing) for each in ("", *labels.TYPES)],
        pages=_pages(page, total, verdict, listing),
        done=_done().get(request.args.get("done", ""), ""),
        verdict=verdict,
    )


@duplicates.get("/<lang:lang>/desk/duplicates/<int:number>")
@access.needs(*_EDITORS)
def show(lang: str, number: int) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """Both listings side by side, field by field."""
    return _page(number)


@duplicates.post("/<lang:lang>/desk/duplicates/<int:number>/merge")
@access.needs(*_EDITORS)
def merge(lang: str, number: int) -> ResponseReturnValue:
    """Make one of two, each field as chosen."""
    given = request.form
    choices = {name[2:]: side for name, side in given.items() if name.startswith("f-")}
    try:
        with writing() as work:
            rules.merge(
                work,
                _me(),
                number=number,
                keep=given.get("keep", ""),
                choices=choices,
                seen=given.get("seen", ""),
                now=house().settings.clock(),
            )
    except Invalid as invalid:
        return _page(number, problems=frame.messages(invalid))
    except Conflict:
        changed = gettext(
            "One of the two has changed since you opened this page. Look at both again;"
            " nothing was merged."
        )
        return _page(number, problems={"pair": changed}, status=_CONFLICT)
    return redirect(url_for(".show", lang=lang, number=number, done="merged"), 303)


@duplicates.post("/<lang:lang>/desk/duplicates/<int:number>/part")
@access.needs(*_EDITORS)
def part(lang: str, number: int) -> ResponseReturnValue:
    """Say that they are not the same, or take that back."""
    back = request.form.get("back") == "yes"
    try:
        with writing() as work:
            if back:
                rules.reopen(work, _me(), number=number, now=house().settings.clock())
            else:
                rules.part(work, _me(), number=number, now=house().settings.clock())
    except Invalid as invalid:
        return _page(number, problems=frame.messages(invalid))
    if back:
        return redirect(url_for(".show", lang=lang, number=number, done="reopened"), 303)
    return redirect(url_for(".index", lang=lang, done="parted"), 303)


@duplicates.post("/<lang:lang>/desk/duplicates/<int:number>/undo")
@access.needs(*_EDITORS)
def undo(lang: str, number: int) -> ResponseReturnValue:
    """Take a merge back."""
    try:
        with writing() as work:
            rules.undo(work, _me(), number=number, now=house().settings.clock())
    except Invalid as invalid:
        return _page(number, problems=frame.messages(invalid))
    return redirect(url_for(".show", lang=lang, number=number, done="undone"), 303)


def _me() -> Account:
    return access.account()


def _page(
    number: int, *, problems: dict[str, str] | None = None, status: int = 0
) -> ResponseReturnValue:
    of = rules.pair(db(), number)
    row = of.row
    return frame.render(
        "desk/duplicate.html",
        status=status or (frame.UNPROCESSABLE if problems else 200),
        number=number,
        verdict=row.verdict.value,
        evidence=evidence(row.score, row.evidence),
        sides=[_side(of, FIRST), _side(of, SECOND)],
        fields=_fields(of),
        seen=rules.digest(of),
        possible=all(each.state == ListingState.PUBLISHED for each in of.sides.values()),
        judged=_judged(of),
        problems=problems or {},
        noted=_day(row.noted) if row.noted else "",
        kept=_side(of, rules.kept_side(of)) if row.gone_id else None,
        done=_done().get(request.args.get("done", ""), ""),
        chosen_keep=request.form.get("keep") or FIRST,
    )


def _side(of: Pair, side: str) -> dict[str, Any]:
    row = of.side(side)
    return {
        "value": side,
        "name": gettext("First listing") if side == FIRST else gettext("Second listing"),
        "title": words(row, "title", _common(of)),
        "url": _address(of, row),
        "path": f"/{row.slug}",
        "source": row.source,
        "since": _day(row.created),
        "modified": _day(row.modified),
        "published": row.state == ListingState.PUBLISHED,
    }


def _fields(of: Pair) -> dict[str, list[dict[str, Any]]]:
    """The fields that differ, to choose from, and those that do not."""
    suggested, records = rules.suggested(of), rules.records(of)
    differ, same = [], []
    for name, parts in rules.FIELDS[of.row.listing].items():
        said = {side: told(row, name) for side, row in of.sides.items()}
        field = {
            "name": f"f-{name}",
            "label": FACTS[name],
            "chosen": request.form.get(f"f-{name}") or suggested[name],
            "sides": [_told(said[side], side) for side in (FIRST, SECOND)],
        }
        values = [rules.values(records[side], parts) for side in (FIRST, SECOND)]
        if values[0] != values[1]:
            differ.append({**field, "how": _how(said)})
        elif said[FIRST]:
            same.append(field)
    return {"differ": differ, "same": same}


def _told(lines: list[Any], side: str) -> dict[str, Any]:
    return {
        "value": side,
        "name": gettext("First listing") if side == FIRST else gettext("Second listing"),
        "lines": [{"words": line, "language": language_name(line)} for line in lines],
    }


def _how(said: dict[str, list[Any]]) -> str:
    """What the difference is, in words."""
    if said[FIRST] and said[SECOND]:
        return gettext("Different")
    return gettext("Only in the first") if said[FIRST] else gettext("Only in the second")


def _line(of: Pair, lang: str) -> dict[str, Any]:
    found = evidence(of.row.score, of.row.evidence)
    sources = dict.fromkeys(formats.isolated(row.source) for row in of.sides.values())
    return {
        "url": url_for(".show", lang=lang, number=of.row.id),
        "titles": [words(row, "title", _common(of)) for row in of.sides.values()],
        "sources": formats.listing(list(sources)),
        "type": labels.TYPES[of.row.listing],
        "certainty": found.certainty,
        "because": found.speaks_for[:2],
        "judged": _judged(of),
        "noted": bool(of.row.noted),
    }


def _common(of: Pair) -> str:
    """The language to show both titles in: one that both have, the reader's if possible."""
    both = [{t.language for t in row.texts if t.field == "title"} for row in of.sides.values()]
    shared = both[0] & both[1]
    wanted = (locale.tag(), of.first.language, of.second.language, *sorted(shared))
    return next((tag for tag in wanted if tag in shared), locale.tag())


def _judged(of: Pair) -> str:
    row = of.row
    if row.judged is None or row.judged_by_id is None:
        return ""
    name = formats.isolated(accounts.by_id(db(), row.judged_by_id).name)
    sentences = {
        Verdict.SAME: gettext("Merged by %(name)s on %(day)s.", name=name, day=_day(row.judged)),
        Verdict.NOT_SAME: gettext(
            "%(name)s said on %(day)s that they are not the same.", name=name, day=_day(row.judged)
        ),
    }
    return sentences.get(row.verdict, "")


def _address(of: Pair, row: Listing) -> str:
    kind = {"space": "spaces", "opportunity": "opportunities"}[of.row.listing]
    return url_for(f"{kind}.show", lang=locale.tag(), slug=row.slug)


def _day(instant: Any) -> str:
    return formats.short_date(formats.local(instant, house().settings.timezone))


def _verdict_link(verdict: Verdict, current: str, listing: str) -> Link:
    names = {
        Verdict.OPEN: gettext("To judge"),
        Verdict.SAME: gettext("Merged"),
        Verdict.NOT_SAME: gettext("Not the same"),
    }
    url = _index(verdict.value, listing)
    return Link(url, names[verdict], current=verdict.value == current)


def _type_link(listing: str, counts: dict[str, int], verdict: str, current: str) -> Link:
    name = labels.TYPES[listing] if listing else gettext("All")
    number = counts[listing] if listing else sum(counts.values())
    label = gettext("%(name)s: %(count)s", name=str(name), count=formats.number(number))
    return Link(_index(verdict, listing), label, current=listing == current)


def _pages(page: int, total: int, verdict: str, listing: str) -> dict[str, str]:
    last = max(1, -(-total // rules.PAGE))
    return {
        "previous": _index(verdict, listing, page - 1) if page > 1 else "",
        "next": _index(verdict, listing, page + 1) if page < last else "",
        "label": gettext(
            "Page %(page)s of %(last)s", page=formats.number(page), last=formats.number(last)
        ),
    }


def _index(verdict: str, listing: str, page: int = 1) -> str:
    given: dict[str, Any] = {}
    if verdict != Verdict.OPEN.value:
        given["verdict"] = verdict
    if listing:
        given["type"] = listing
    if page > 1:
        given["page"] = page
    return url_for("duplicates.index", lang=locale.tag(), **given)


def _word(given: str | None, allowed: list[str], otherwise: str) -> str:
    return given if given in allowed else str(otherwise)


def _done() -> dict[str, str]:
    return {
        "merged": gettext("Merged. The address of the other leads on to the one that stays."),
        "parted": gettext("Noted. Nobody is asked about these two again."),
        "reopened": gettext("They are to be judged again."),
        "undone": gettext("Undone. Both are as they were."),
    }
