"""Words of cases: what needs attention, what was done, what became of a step."""

from typing import Any

from directory.edge import formats
from directory.edge import locale as locale_
from directory.edge.changes import change_in_words
from directory.edge.house import house
from directory.edge.reasons import constraint_in_words
from directory.edge.speech import gettext, ngettext
from directory.edge.speech import lazy_gettext as _l
from directory.languages import INTERFACE
from directory.models.vocabulary import CaseEventKind, ConsentHow, OutcomeKind
from directory.services.cases.attention import Need
from directory.services.cases.handing_over import DAYS
from directory.services.cases.opening import MONTHS
from directory.services.texts import words

EVENTS = {
    CaseEventKind.OPENED: _l("Looked into"),
    CaseEventKind.MADE: _l("Case opened"),
    CaseEventKind.CHANGED: _l("Written in"),
    CaseEventKind.PLANNED: _l("Route kept"),
    CaseEventKind.CHECKED: _l("Checked whether routes are still valid"),
    CaseEventKind.HANDED_OVER: _l("Handed over by link"),
    CaseEventKind.PRINTED: _l("Printed"),
    CaseEventKind.REVOKED: _l("Link taken back"),
    CaseEventKind.EXPORTED: _l("Exported"),
    CaseEventKind.SHARED: _l("Shared with a colleague"),
    CaseEventKind.UNSHARED: _l("No longer shared"),
    CaseEventKind.RENEWED: _l("Consent renewed"),
}
CONSENTS = {
    ConsentHow.WRITTEN: _l("In writing"),
    ConsentHow.SPOKEN: _l("Spoken"),
    ConsentHow.INTERPRETED: _l("Spoken, with somebody who interpreted"),
}
OUTCOMES = {
    OutcomeKind.STARTED: _l("Started"),
    OutcomeKind.FINISHED: _l("Finished"),
    OutcomeKind.DROPPED: _l("Dropped"),
}
# What may have been in the way, in few words; the planner's own limits are among them.
LIMITS = {
    "free": _l("The times"),
    "budget": _l("The money"),
    "travel": _l("The way there"),
    "hours": _l("Too many hours a week"),
    "latest": _l("Took too long"),
    "language": _l("The language it is held in"),
    "access": _l("Access"),
    "age": _l("Age"),
    "full": _l("It was full"),
    "keep": _l("It did not fit with the rest"),
    "skip": _l("It needed something left out"),
    "several": _l("Several limits together"),
    "nothing-teaches": _l("Nothing is listed"),
    "other": _l("Something else"),
}


def limit_in_words(limit: str) -> str:
    """What was in the way."""
    return str(LIMITS.get(limit) or constraint_in_words(limit))


def need_in_words(need: Need) -> str:
    """Why a case should be looked at today."""
    if need.code == "changed":
        told = [change_in_words(change) for change in need.changes[:2]]
        more = len(need.changes) - len(told)
        return " ".join([*told, *([gettext("And %(count)s more.", count=more)] if more else [])])
    day = formats.day_only(_local(need))
    title = words(need.stop.listing, "title", locale_.tag()).value if need.stop else ""
    said = {
        "begins": _l("“%(title)s” begins on %(day)s."),
        "outcome": _l("“%(title)s” was over on %(day)s: what came of it?"),
        "expires": _l("Consent ends on %(day)s; then the case is erased."),
        "silent": _l("No contact since %(day)s."),
    }
    return str(said[need.code]) % {"title": title, "day": day}


def _local(need: Need) -> Any:
    when = need.when or house().settings.clock()
    return when.astimezone(house().settings.zone).date()


def options(chosen: str, listed: dict[Any, Any]) -> list[dict[str, Any]]:
    """Values with their words, for a select."""
    return [
        {"value": str(k), "label": str(v), "selected": str(k) == chosen} for k, v in listed.items()
    ]


def languages() -> dict[str, str]:
    """Languages of the interface, each in itself."""
    return {tag: language.name for tag, language in INTERFACE.items()}


def months() -> dict[int, str]:
    """How long a case is kept."""
    return {n: ngettext("%(num)s month", "%(num)s months", n) for n in MONTHS}


def days() -> dict[int, str]:
    """How long a link is good."""
    return {n: ngettext("%(num)s day", "%(num)s days", n) for n in DAYS}


def moment(instant: Any) -> str:
    """Day and time in the city."""
    return formats.moment(formats.local(instant, house().settings.timezone))


def day(instant: Any) -> str:
    """A day in the city."""
    return formats.short_date(formats.local(instant, house().settings.timezone))
