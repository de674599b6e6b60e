"""Shown: what came of a file or a source, as its page shows it."""

from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from directory.edge import bulk, formats, remarks
from directory.edge.house import db, house
from directory.edge.speech import gettext, ngettext
from directory.models import Transfer, TransferLine
from directory.models.vocabulary import FileKind, LineOutcome, TransferState
from directory.services.bulk import reporting, running
from directory.web.page import Link, Pages

PER_PAGE = 50
_QUIET = frozenset({LineOutcome.UNCHANGED, LineOutcome.LEFT_OUT})


@dataclass(frozen=True)
class Line:
    """A line of a report."""

    number: str
    outcome: str
    mark: str
    listing: str
    title: str
    column: str
    said: str


@dataclass(frozen=True)
class Far:
    """How far something is: of how much, if that is known."""

    done: int
    total: int
    label: str


@dataclass(frozen=True)
class Shown:
    """A transfer on a page."""

    number: int
    name: str
    kind: str
    mapping: str
    state: str
    state_label: str
    at_work: bool
    when: str
    rows: str
    counts: tuple[tuple[str, str, str], ...]
    trouble: str
    held: str
    far: Far | None
    url: str


def transfer(row: Transfer, lang: str) -> Shown:
    """How far a transfer is and what came of it, without its lines."""
    state = running.standing(row, house().settings)
    working = state in running.AT_WORK
    counted = tuple(
        (str(bulk.OUTCOMES[each]), formats.number(row.counts[each.value]), each.value)
        for each in LineOutcome
        if row.counts.get(each.value)
    )
    return Shown(
        number=row.id or 0,
        name=row.name,
        kind=str(bulk.KINDS[FileKind(row.kind)]),
        mapping=gettext("columns chosen here") if row.said is not None else row.mapping,
        state=state.value,
        state_label=str(bulk.STATES[state]),
        at_work=working,
        when=formats.moment(formats.local(row.begun, house().settings.timezone)),
        rows=formats.number(row.rows),
        counts=() if working else counted,
        trouble=_trouble(row, state),
        held=_held(row, state),
        far=_far(row) if working else None,
        url=url_for("imports.show", lang=lang, number=row.id),
    )


def chosen_outcome() -> LineOutcome | None:
    """Which lines the address asks for; all, if for none."""
    try:
        return LineOutcome(request.args.get("outcome", ""))
    except ValueError:
        return None


def lines(row: Transfer) -> dict[str, Any]:
    """One page of the lines the address asks for, and the ways to the others."""
    outcome = chosen_outcome()
    total = row.counts.get(outcome.value, 0) if outcome else sum(row.counts.values())
    last = max(1, -(-total // PER_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), last)
    found = reporting.lines(db(), row, outcome=outcome, page=page, per_page=PER_PAGE)
    return {
        "lines": [_line(each) for each in found],
        "total": total,
        "filters": _filters(row, outcome),
        "pages": Pages.of(page, last, lambda number: _here(outcome=outcome, page=number)),
    }


def _line(row: TransferLine) -> Line:
    outcome = LineOutcome(row.outcome)
    said = remarks.remark_in_words(row.code, row.value, row.allowed) if row.code else ""
    return Line(
        number=formats.number(row.line) if row.line else "",
        outcome=str(bulk.OUTCOMES[outcome]),
        mark="warn" if outcome is LineOutcome.REFUSED else "quiet" if outcome in _QUIET else "",
        listing=str(bulk.LISTINGS[row.listing]) if row.listing else "",
        title=row.title,
        column=row.column,
        said=said,
    )


def _filters(row: Transfer, chosen: LineOutcome | None) -> list[Link]:
    everything = Link(_here(), gettext("All lines"), current=chosen is None)
    some = [
        Link(
            _here(outcome=each),
            f"{bulk.OUTCOMES[each]} ({formats.number(row.counts[each.value])})",
            current=each is chosen,
        )
        for each in LineOutcome
        if row.counts.get(each.value)
    ]
    return [everything, *some]


def _here(*, outcome: LineOutcome | None = None, page: int = 1) -> str:
    values: dict[str, Any] = dict(request.view_args or {})
    if outcome:
        values["outcome"] = outcome.value
    if page > 1:
        values["page"] = page
    return url_for(request.endpoint or "", **values, _anchor="lines")


def _trouble(row: Transfer, state: TransferState) -> str:
    if state is TransferState.INTERRUPTED:
        return gettext(
            "The site was started anew before this was done. Nothing of it was brought in; begin again."
        )
    if state is not TransferState.FAILED:
        return ""
    return bulk.trouble_in_words(row.trouble, row.trouble_value)


def _held(row: Transfer, state: TransferState) -> str:
    if state is not TransferState.DONE or not row.held:
        return ""
    if row.trouble == "gone-unread":
        return ngettext(
            "%(num)s listing is no longer in the file, or its line could not be read; it was not"
            " withdrawn.",
            "%(num)s listings are no longer in the file, or their lines could not be read; none"
            " was withdrawn.",
            row.held,
        )
    return ngettext(
        "%(num)s listing is no longer in the file. That is more than a third of its listings, so"
        " it was not withdrawn.",
        "%(num)s listings are no longer in the file. That is more than a third of its listings,"
        " so none was withdrawn.",
        row.held,
    )


def _far(row: Transfer) -> Far:
    far = house().workshop.far(row.id or 0)
    if far is None or not far[1]:
        return Far(0, 0, gettext("Being read …"))
    done, total = far
    label = gettext("%(done)s of %(total)s", done=formats.number(done), total=formats.number(total))
    return Far(done, total, label)
