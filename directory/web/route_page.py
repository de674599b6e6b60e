"""What the routes page shows of a plan: one route in full, the others beside it, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from directory.edge import formats, itineraries, locale
from directory.edge.comparing import Compared, Comparison, comparison
from directory.edge.house import city, house
from directory.edge.itineraries import Station
from directory.edge.reasons import label_in_words, other_in_words, reason_in_words
from directory.edge.requirements import in_words
from directory.edge.speech import gettext, ngettext
from directory.edge.weeks import Week, weeks
from directory.services import carrying
from directory.services import itineraries as services
from directory.services.guidance import Planned
from directory.services.itineraries import Itinerary
from directory.services.texts import Words, words
from directory.services.topics import Tree
from directory.web.route_acts import slug_of

_NOISE = 0.02


@dataclass(frozen=True)
class Share:
    """A reason and its part of a score."""

    text: str
    percent: str


@dataclass(frozen=True)
class Sum:
    """A number a route is judged by, and what it is."""

    value: str
    label: str


@dataclass(frozen=True)
class Choice:
    """One of the routes to choose from."""

    value: str
    label: str
    current: bool


@dataclass(frozen=True)
class OtherShown:
    """Another listing that could stand in a step's place, and why it does not."""

    title: Words
    why: str
    swap: str


@dataclass(frozen=True)
class PlannedStation:
    """A station of one's own route: why it is there, and what may be done about it.

    Attributes:
        needs: what one has to know or have done before.
        known, book, miss: what the buttons send; empty where there is nothing to be said.
        first: the date that may be missed.
    """

    shown: Station
    slug: str
    shares: tuple[Share, ...]
    needs: str
    others: tuple[OtherShown, ...]
    known: str
    book: str
    miss: str
    first: str
    is_booked: bool


@dataclass(frozen=True)
class RouteShown:
    """One route in full."""

    title: str
    sums: tuple[Sum, ...]
    stations: tuple[PlannedStation, ...]
    weeks: tuple[Week, ...]
    shares: tuple[Share, ...]
    payload: str
    on_map: bool


@dataclass(frozen=True)
class PlanShown:
    """What came of a form."""

    choices: tuple[Choice, ...]
    route: RouteShown | None
    comparison: Comparison | None


def plan_shown(planned: Planned, *, wanted: str, booked: Iterable[str]) -> PlanShown:
    """A plan, with the route called ``wanted`` in full, or the first."""
    routes = planned.plan.routes
    taken = [services.of(planned, route) for route in routes]
    labels = [route.label for route in routes]
    at = labels.index(wanted) if wanted in labels else 0
    compared = [_compared(route, each) for route, each in zip(routes, taken, strict=True)]
    return PlanShown(
        tuple(Choice(n, label_in_words(n), current=n == labels[at]) for n in labels),
        _route(planned, routes[at], taken[at], {slug_of(each) for each in booked})
        if routes
        else None,
        comparison(compared) if len(routes) > 1 else None,
    )


def _compared(route: Any, itinerary: Itinerary) -> Compared:
    return Compared(
        label_in_words(route.label), itinerary, route.travel_minutes, route.hours_per_week
    )


@dataclass(frozen=True)
class Shown:
    """One route of a plan, at hand in every form the page needs."""

    planned: Planned
    route: Any
    itinerary: Itinerary
    stations: list[Station]
    tree: Tree

    def named(self, n: int, *, only: int | None = None) -> str:
        """A step and its dates, or the first of them, as a decision names them."""
        carried = self.itinerary.alone(n, now=house().settings.clock(), only=only)
        return f"{self.stations[n].row.slug}@{carrying.pack(carried)}"


def _route(planned: Planned, route: Any, itinerary: Itinerary, booked: set[str]) -> RouteShown:
    tree = city().tree
    shown = Shown(planned, route, itinerary, itineraries.stations(itinerary, tree), tree)
    return RouteShown(
        title=label_in_words(route.label),
        sums=tuple(_sums(route, itinerary)),
        stations=tuple(_station(n, shown, booked) for n in range(len(shown.stations))),
        weeks=tuple(weeks(itinerary)),
        shares=_shares(route.reasons, route.score, tree),
        payload=carrying.pack(itinerary.carried(now=house().settings.clock())),
        on_map=any(station.row.lat is not None for station in shown.stations),
    )


def _sums(route: Any, itinerary: Itinerary) -> Iterable[Sum]:
    count = ngettext(
        "%(count)s week", "%(count)s weeks", route.weeks, count=formats.number(route.weeks)
    )
    yield Sum(count, itineraries.span(itinerary))
    yield Sum(formats.duration(round(route.hours_per_week * 60)), gettext("A week, at most"))
    yield Sum(itineraries.cost(itinerary), gettext("In all"))
    if route.travel_minutes:
        yield Sum(formats.duration(round(route.travel_minutes)), gettext("Longest way"))


def _station(n: int, shown: Shown, booked: set[str]) -> PlannedStation:
    step, station = shown.route.steps[n], shown.stations[n]
    slug = station.row.slug
    return PlannedStation(
        shown=station,
        slug=slug,
        shares=_shares(step.reasons, step.score, shown.tree),
        needs=in_words(step.requires, shown.tree, locale.tag()) if step.requires else "",
        others=tuple(_other(slug, other, shown.planned) for other in step.others),
        known=f"{slug}@{_gains(step.gains)}" if step.gains else "",
        book=shown.named(n),
        miss=shown.named(n, only=1) if station.dates else "",
        first=station.dates[0].label if station.dates else "",
        is_booked=slug in booked,
    )


def _gains(gains: Mapping[str, int]) -> str:
    return ",".join(f"{topic}:{level}" for topic, level in gains.items())


def _other(slug: str, other: Any, planned: Planned) -> OtherShown:
    listing = planned.listings[other.item_id]
    return OtherShown(
        words(listing, "title", locale.tag()),
        other_in_words(other),
        f"swap:{slug}:{listing.slug}",
    )


def _shares(reasons: Iterable[Any], score: float, tree: Tree) -> tuple[Share, ...]:
    """Each reason with its share of the score in per cent; the smallest are left to the JSON."""
    return tuple(
        Share(reason_in_words(reason, tree), formats.percent(reason.share / score))
        for reason in reasons
        if score and reason.share / score >= _NOISE
    )
