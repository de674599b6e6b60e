"""Itineraries: a route as it is taken along, with its listings and dates as they are now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from directory.models import Occurrence, Opportunity
from directory.models.vocabulary import ListingState, OccurrenceStatus
from directory.services.carrying import Carried, Leg
from directory.services.guidance import Planned
from directory.services.listings import load_opportunities

_PUBLIC = {ListingState.PUBLISHED, ListingState.WITHDRAWN}


@dataclass(frozen=True)
class Stop:
    """One step: a listing, the dates to go, in order, and what it brings."""

    listing: Opportunity
    dates: tuple[Occurrence, ...]
    gains: dict[str, int]

    @property
    def held(self) -> tuple[Occurrence, ...]:
        """The dates that were not called off."""
        return tuple(o for o in self.dates if o.status != OccurrenceStatus.CANCELLED)


@dataclass(frozen=True)
class Itinerary:
    """Stops in order. It knows nothing of who goes."""

    stops: tuple[Stop, ...]

    @property
    def dates(self) -> list[Occurrence]:
        """Every date that holds, in order."""
        return sorted((o for stop in self.stops for o in stop.held), key=lambda o: o.start)

    def carried(self, *, now: datetime) -> Carried:
        """What a link to it carries."""
        return Carried(now.date(), tuple(_leg(stop) for stop in self.stops))

    def alone(self, number: int, *, now: datetime, only: int | None = None) -> Carried:
        """What a link to one of its stops carries, or to the first dates of it."""
        leg = _leg(self.stops[number])
        return Carried(now.date(), (replace(leg, starts=leg.starts[:only]),))


@dataclass(frozen=True)
class Change:
    """One thing that is no longer as it was when the link was made.

    Attributes:
        code: ``withdrawn``, ``unlisted``, ``cancelled``, ``moved``, ``price`` or ``place``.
        listing: None where it is not known any more.
        when: the dates it is about.
        instead: of ``moved``, the nearest date there is now.
    """

    code: str
    listing: Opportunity | None
    when: tuple[datetime, ...] = ()
    instead: Occurrence | None = None
    price: Decimal | None = None


@dataclass(frozen=True)
class Opened:
    """A link opened: what still holds, what changed, what there is no more."""

    itinerary: Itinerary
    changes: tuple[Change, ...]
    made: date


def of(planned: Planned, route: Any) -> Itinerary:
    """The itinerary of a planned route."""
    return Itinerary(
        tuple(
            Stop(planned.listings[step.item_id], tuple(planned.dates(step)), dict(step.gains))
            for step in route.steps
        )
    )


def open_carried(db: Session, carried: Carried, *, now: datetime) -> Opened:
    """A carried route as it is now; what changed is said, once each."""
    (opened,) = open_all(db, [carried], now=now)
    return opened


def open_all(db: Session, several: Sequence[Carried], *, now: datetime) -> list[Opened]:
    """Carried routes as they are now, for no more questions to the database than one of them."""
    rows = load_opportunities(db, {leg.opportunity for each in several for leg in each.legs})
    dates = _dates(db, rows)
    return [_opened(each, rows, dates, now) for each in several]


def _opened(
    carried: Carried,
    rows: dict[int, Opportunity],
    dates: dict[int, list[Occurrence]],
    now: datetime,
) -> Opened:
    stops: list[Stop] = []
    changes: list[Change] = []
    for leg in carried.legs:
        row = rows.get(leg.opportunity)
        if row is None or row.state not in _PUBLIC:
            changes.append(Change("unlisted", None))
            continue
        there = {o.start: o for o in dates.get(leg.opportunity, ())}
        changes += _changes(leg, row, there, now)
        chosen = tuple(there[start] for start in leg.starts if start in there)
        stops.append(Stop(row, chosen, {t.topic_key: t.level_to for t in row.teaches}))
    return Opened(Itinerary(tuple(stops)), tuple(changes), carried.made)


def numbers(db: Session, carried: Iterable[Carried]) -> list[int]:
    """Numbers of the occurrences that links name, those that are still there."""
    legs = [leg for each in carried for leg in each.legs]
    if not legs:
        return []
    there = _dates(db, {leg.opportunity for leg in legs})
    return [
        occurrence.id or 0
        for leg in legs
        for occurrence in there.get(leg.opportunity, ())
        if occurrence.start in leg.starts
    ]


def named(db: Session, carried: Carried) -> dict[int, str]:
    """Slugs of the published listings a link names, by number and in its order."""
    numbers_ = [leg.opportunity for leg in carried.legs]
    rows = db.exec(
        select(Opportunity.id, Opportunity.slug).where(
            col(Opportunity.id).in_(numbers_), col(Opportunity.state) == ListingState.PUBLISHED
        )
    ).all()
    slugs = dict(rows)
    return {number: slugs[number] for number in numbers_ if number in slugs}


def _leg(stop: Stop) -> Leg:
    listing = stop.listing
    starts = tuple(sorted(o.start for o in stop.dates))
    return Leg(listing.id or 0, listing.space_id, listing.price, starts)


def _dates(db: Session, rows: Iterable[int]) -> dict[int, list[Occurrence]]:
    found: dict[int, list[Occurrence]] = {}
    statement = select(Occurrence).where(col(Occurrence.opportunity_id).in_(list(rows)))
    for occurrence in db.exec(statement.order_by(col(Occurrence.start))).all():
        found.setdefault(occurrence.opportunity_id, []).append(occurrence)
    return found


def _changes(
    leg: Leg, row: Opportunity, there: dict[datetime, Occurrence], now: datetime
) -> list[Change]:
    if row.state == ListingState.WITHDRAWN:
        return [Change("withdrawn", row)]
    coming = [start for start in leg.starts if start > now]
    lost = [start for start in coming if start not in there]
    off = [
        start
        for start in coming
        if start in there and there[start].status == OccurrenceStatus.CANCELLED
    ]
    found = []
    if off:
        found.append(Change("cancelled", row, tuple(off)))
    if lost:
        found.append(Change("moved", row, tuple(lost), _nearest(lost[0], there.values(), now)))
    if leg.price != row.price:
        found.append(Change("price", row, price=leg.price))
    if leg.space != row.space_id:
        found.append(Change("place", row))
    return found


def _nearest(start: datetime, there: Iterable[Occurrence], now: datetime) -> Occurrence | None:
    held: Sequence[Occurrence] = [
        o for o in there if o.status == OccurrenceStatus.SCHEDULED and o.start > now
    ]
    return min(held, key=lambda o: abs(o.start - start), default=None)
