"""Truth: how far a listing may be relied on, who said what of it, and what to know for a while."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from babel.dates import format_skeleton

from directory.edge import formats
from directory.edge.hours import message
from directory.edge.house import house
from directory.edge.speech import get_locale, gettext
from directory.edge.speech import lazy_gettext as _l
from directory.models import Opportunity, Space
from directory.models.freshness import Speaker
from directory.models.records import NoticeRecord
from directory.services import freshness
from directory.services.freshness import State, Terms
from directory.services.texts import Words

Listing = Space | Opportunity

FACTS = {
    "title": _l("title"),
    "summary": _l("short text"),
    "description": _l("long text"),
    "dates": _l("dates"),
    "kind": _l("kind"),
    "provider": _l("who offers it"),
    "place": _l("place"),
    "contact": _l("contact"),
    "hours": _l("opening hours"),
    "topics": _l("topics and levels"),
    "languages": _l("languages"),
    "requires": _l("what one should have before"),
    "ages": _l("ages"),
    "price": _l("price"),
    "booking": _l("booking"),
    "residents": _l("who has to live where"),
    "access": _l("access"),
    "notices": _l("notices"),
    "series": _l("programme it belongs to"),
    "commitments": _l("what it contributes to"),
}


@dataclass(frozen=True)
class Origin:
    """Some facts of a listing, by whom they were said and when."""

    who: str
    when: str
    facts: str


@dataclass(frozen=True)
class Notice:
    """Something its provider has readers told, and until when that holds."""

    words: Words
    until: str


def month(instant: datetime) -> str:
    """March 2026: the day is nobody's concern."""
    return format_skeleton("yMMMM", _local(instant), locale=get_locale())


def unconfirmed(since: str | None) -> str:
    """What a row says of a listing that nobody has confirmed for too long."""
    if since is None:
        return ""
    return gettext("Not confirmed since %(month)s", month=month(datetime.fromisoformat(since)))


def warning(listing: Listing) -> str:
    """What a page says before anything else where a listing may no longer be true."""
    settings = house().settings
    state = freshness.state(listing, terms=Terms.of(settings), now=settings.clock())
    if state is not State.OVERDUE:
        return ""
    return gettext(
        "Not confirmed since %(month)s. Ask before you go.",
        month=month(freshness.confirmed(listing)),
    )


def last_confirmed(listing: Listing) -> str:
    """When somebody last said that it is so, and who."""
    day = formats.short_date(_local(freshness.confirmed(listing)))
    match listing.confirmed_by:
        case Speaker.PROVIDER:
            return gettext("Last confirmed on %(day)s by whoever offers it.", day=day)
        case Speaker.EDITOR:
            return gettext("Last confirmed on %(day)s by the city's editors.", day=day)
        case _:
            return gettext("Last confirmed on %(day)s by its source.", day=day)


def origins(listing: Listing) -> list[Origin]:
    """Who said what, the latest first."""
    return [
        Origin(
            _speaker(each),
            formats.short_date(_local(datetime.fromisoformat(each["when"]))),
            formats.listing([str(FACTS[fact]) for fact in FACTS if fact in each["facts"]]),
        )
        for each in reversed(listing.said)
    ]


def notices(said: Iterable[Mapping[str, Any]], original: str) -> list[Notice]:
    """What holds at this moment, in the reader's language where it is said in it."""
    now = _local(house().settings.clock()).replace(tzinfo=None)
    records = map(NoticeRecord.model_validate, said)
    return [
        Notice(message(each.message, original), _until(each.end))
        for each in records
        if each.start <= now and (each.end is None or now < each.end)
    ]


def provenance(said: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str | None]]:
    """For programs: of each fact who said it, when, and from which source."""
    return {
        fact: {"who": each["who"], "source": each["name"] or None, "when": each["when"]}
        for each in said
        for fact in each["facts"]
    }


def _speaker(said: Mapping[str, Any]) -> str:
    match Speaker(said["who"]):
        case Speaker.PROVIDER:
            return gettext("Whoever offers it")
        case Speaker.EDITOR:
            return gettext("The city's editors")
        case _:
            return gettext("The source “%(name)s”", name=said["name"])


def _until(end: datetime | None) -> str:
    if end is None:
        return ""
    last = end - timedelta(days=1) if end.time() == time() else end
    return gettext("Until %(day)s", day=formats.short_date(last))


def _local(instant: datetime) -> datetime:
    return instant.astimezone(house().settings.zone)
