"""An opportunity's page: all dates, how to get there, what it costs, who may come, what it leads to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, url_for

from directory.edge import counting, formats, labels, locale, presenting, truth
from directory.edge.house import city, db, house
from directory.edge.reasons import place_in_words, reason_in_words, telling
from directory.edge.requirements import in_words
from directory.edge.rules import rule_in_words
from directory.edge.speech import gettext, ngettext
from directory.models import Occurrence, Opportunity, Space, Teaches
from directory.models.vocabulary import Access, OccurrenceStatus
from directory.services import guidance, listings, onward
from directory.services.shown import is_anytime, known_access
from directory.services.texts import words
from directory.services.topics import Tree
from directory.web.page import Link

opportunities = Blueprint("opportunities", __name__)

AT_ONCE = 6
MOST_DATES = 60


@dataclass(frozen=True)
class Fact:
    """A line of what one needs to know."""

    label: str
    value: str
    url: str = ""
    note: str = ""


@opportunities.get("/<lang:lang>/opportunities/<slug>")
def show(lang: str, slug: str) -> str:
    """One opportunity."""
    listing = listings.opportunity(db(), slug)
    counting.viewed(listing)
    now = house().settings.clock()
    tree = city().tree
    dates = [_date(o) for o in listings.coming(listing, now=now)][:MOST_DATES]
    title = words(listing, "title", lang)
    return render_template(
        "pages/opportunity.html",
        slug=listing.slug,
        title=title,
        summary=words(listing, "summary", lang),
        description=words(listing, "description", lang),
        kind_line=_kind_line(listing),
        crumbs=_crumbs(listing, tree),
        notes=list(notes(listing)),
        truth=truth_of(listing),
        notices=truth.notices(listing.notices, listing.language),
        rules=[rule for s in listing.schedules if (rule := rule_in_words(s))],
        dates=dates[:AT_ONCE],
        later=dates[AT_ONCE:],
        no_dates=_no_dates(listing),
        facts=list(_facts(listing, tree)),
        access=access_facts(known_access(listing)),
        getting_there=getting_there(listing),
        leads=[_lead(t, tree) for t in listing.teaches if t.level_to > t.level_from],
        next_steps=_rows(onward.next_steps(db(), listing, now=now)),
        programme=_rows(onward.programme(db(), listing, now=now)),
        wanted=[f"{t.topic_key}:{t.level_to}" for t in listing.teaches if t.level_to],
        website=listing.url,
        similar=_similar(listing, tree),
    )


def truth_of(listing: Opportunity | Space) -> dict[str, Any]:
    """How far the listing may be relied on, where it comes from, and how to say that it is wrong."""
    endpoint = "spaces" if isinstance(listing, Space) else "opportunities"
    return {
        "warning": truth.warning(listing),
        "confirmed": truth.last_confirmed(listing),
        "origins": truth.origins(listing),
        "report": url_for("reports.ask", lang=locale.tag(), what=endpoint, slug=listing.slug),
    }


def notes(listing: Any) -> Iterable[dict[str, Any]]:
    """What to know about the texts: another language, a stale or machine translation."""
    title = words(listing, "title", locale.tag())
    description = words(listing, "description", locale.tag()) or words(
        listing, "summary", locale.tag()
    )
    shown = description or title
    if shown.language != locale.tag():
        language = labels.language_name(shown.language)
        yield {"text": gettext("This text is in %(language)s.", language=language), "warn": False}
    elif shown.state in {"machine", "stale"}:
        yield {"text": str(labels.TEXT_STATES[shown.state]), "warn": True}


def access_facts(facts: dict[str, bool]) -> dict[str, Any]:
    """Access facts that are so, that are not, and that nobody has said."""
    return {
        "yes": [str(labels.ACCESS[a]) for a in Access if facts.get(a) is True],
        "no": [str(labels.ACCESS[a]) for a in Access if facts.get(a) is False],
        "unknown": formats.listing([str(labels.ACCESS[a]) for a in Access if a not in facts]),
    }


def getting_there(listing: Opportunity) -> dict[str, Any] | None:
    """Address and coordinates of where it takes place."""
    space = listing.space
    if space is None or space.lat is None or space.lon is None:
        return None
    return {
        "address": formats.joined(space.address, space.postcode, presenting.district_name(space)),
        "lat": space.lat,
        "lon": space.lon,
        "coordinates": f"{space.lat:.5f}, {space.lon:.5f}",
    }


def _date(occurrence: Occurrence) -> dict[str, Any]:
    start = formats.local(occurrence.start, occurrence.timezone)
    return {
        "iso": start.isoformat(timespec="minutes"),
        "label": formats.joined(formats.long_date(start), formats.time_range(occurrence)),
        "off": occurrence.status == OccurrenceStatus.CANCELLED,
    }


def _no_dates(listing: Opportunity) -> str:
    label = presenting.when(None, anytime=is_anytime(listing))
    if listing.schedules:
        return gettext("All its dates have passed.")
    return (
        gettext("Any time: it has no fixed dates.")
        if label == gettext("Any time")
        else gettext("The dates are not known here; ask whoever offers it.")
    )


def _kind_line(listing: Opportunity) -> str:
    return f"{labels.FORMATS[listing.format]} · {labels.SETTINGS[listing.setting]}"


def _crumbs(listing: Opportunity, tree: Tree) -> list[Link]:
    lang = locale.tag()
    crumbs = [Link(url_for("search.results", lang=lang), gettext("Search"))]
    if listing.teaches:
        crumbs += [
            Link(url_for("topics.show", lang=lang, key=key), tree.label(key, lang))
            for key in reversed(tree.ancestors(listing.teaches[0].topic_key))
        ]
    return crumbs


def _facts(listing: Opportunity, tree: Tree) -> Iterable[Fact]:
    lang, space, provider = locale.tag(), listing.space, listing.provider
    if space:
        yield Fact(
            gettext("Where"),
            words(space, "title", lang).value,
            url_for("spaces.show", lang=lang, slug=space.slug),
            presenting.district_name(space),
        )
    yield Fact(
        gettext("Price"),
        formats.price(listing.price, listing.currency),
        note=listing.price_note,
    )
    yield Fact(gettext("Who"), ages(listing))
    if areas := presenting.areas(listing.residents_of):
        yield Fact(gettext("Only for residents of"), areas)
    if listing.languages is not None:
        yield Fact(gettext("Language it is held in"), presenting.language_names(listing.languages))
    else:
        yield Fact(gettext("Language it is held in"), gettext("Not stated"))
    if listing.requires:
        yield Fact(gettext("Before you come"), in_words(listing.requires, tree, lang))
    if listing.booking:
        yield Fact(gettext("Booking"), str(labels.BOOKING[listing.booking]))
    if listing.capacity:
        yield Fact(gettext("Room for"), formats.number(listing.capacity))
    if provider:
        yield Fact(
            gettext("Offered by"),
            words(provider, "title", lang).value,
            url_for("providers.show", lang=lang, slug=provider.slug),
        )
    if listing.commitments:
        names = [str(labels.COMMITMENTS[n]) for n in listing.commitments]
        yield Fact(gettext("It contributes to"), formats.listing(names))


def ages(listing: Opportunity) -> str:
    """Who may come, by age."""
    low, high = listing.age_min, listing.age_max
    if low is not None and high is not None:
        return ngettext(
            "From %(low)s to %(high)s year", "From %(low)s to %(high)s years", high,
            low=formats.number(low), high=formats.number(high),
        )  # fmt: skip
    if low is not None:
        return ngettext(
            "From %(low)s year on", "From %(low)s years on", low, low=formats.number(low)
        )
    if high is not None:
        return ngettext(
            "Up to %(high)s year", "Up to %(high)s years", high, high=formats.number(high)
        )
    return gettext("No age limit stated")


def _lead(teaches: Teaches, tree: Tree) -> dict[str, Any]:
    return {
        "topic": tree.label(teaches.topic_key, locale.tag()),
        "url": url_for("topics.show", lang=locale.tag(), key=teaches.topic_key),
        "before": gettext(
            "Before: %(level)s", level=str(labels.LEVELS[teaches.level_from]).lower()
        ),
        "after": gettext("after: %(level)s", level=str(labels.LEVELS[teaches.level_to]).lower()),
    }


def _rows(dated: Iterable[tuple[Opportunity, Occurrence | None]]) -> list[presenting.Row]:
    return [presenting.opportunity_row(listing, next_) for listing, next_ in dated]


def _similar(listing: Opportunity, tree: Tree) -> list[dict[str, Any]]:
    found = guidance.similar(db(), house().guide, listing, settings=house().settings)
    return [
        {
            "row": presenting.opportunity_row(each.listing, each.upcoming),
            "because": [
                *(reason_in_words(r, tree) for r in telling(each.reasons)),
                *place_in_words(each.note),
            ],
        }
        for each in found
    ]
