"""Attention: what in a caseload should be looked at today, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from directory.models import Case, CaseRoute, HandOver, Outcome
from directory.models.vocabulary import OutcomeKind
from directory.services.cases import outcomes, planning
from directory.services.itineraries import Change, Opened, Stop

SOON = timedelta(days=7)
SILENT = timedelta(days=30)
EXPIRING = timedelta(days=30)


@dataclass(frozen=True)
class Need:
    """One reason to look at a case.

    Attributes:
        code: ``changed``, ``begins``, ``outcome``, ``expires`` or ``silent``, the most urgent first.
        route: number of the route it is about.
        when: the day it is about.
    """

    code: str
    route: int | None = None
    changes: tuple[Change, ...] = ()
    stop: Stop | None = None
    when: datetime | None = None


def needs(db: Session, cases: Sequence[Case], *, now: datetime) -> dict[int, list[Need]]:
    """Number of a case to what it needs today; a case that needs nothing is not in it."""
    going = _going(db, cases, now)
    opened = planning.opened(db, going, now=now)
    told = outcomes.outcomes(db, cases)
    found: dict[int, list[Need]] = {}
    for row, now_ in zip(going, opened, strict=True):
        found.setdefault(row.case_id, []).extend(_of_route(row, now_, told, now))
    for case in cases:
        found.setdefault(case.id or 0, []).extend(_of_case(case, now))
    return {number: listed for number, listed in found.items() if listed}


def _going(db: Session, cases: Sequence[Case], now: datetime) -> list[CaseRoute]:
    """Routes that learners go: those chosen, and those handed over by a link that is good."""
    handed = select(HandOver.route_id).where(
        col(HandOver.revoked).is_(None), col(HandOver.expires) > now
    )
    return list(
        db.exec(
            select(CaseRoute)
            .where(
                col(CaseRoute.case_id).in_([case.id for case in cases]),
                col(CaseRoute.chosen) | col(CaseRoute.id).in_(handed),
            )
            .order_by(col(CaseRoute.id))
        ).all()
    )


def _of_route(
    row: CaseRoute, opened: Opened, told: dict[tuple[int, int], Outcome], now: datetime
) -> Iterable[Need]:
    if opened.changes:
        yield Need("changed", row.id, changes=opened.changes)
    for stop in opened.itinerary.stops:
        dates = stop.held
        outcome = told.get((row.id or 0, stop.listing.id or 0))
        if dates and now < dates[0].start <= now + SOON:
            yield Need("begins", row.id, stop=stop, when=dates[0].start)
        over = dates and dates[-1].end <= now
        if over and (outcome is None or outcome.what == OutcomeKind.STARTED):
            yield Need("outcome", row.id, stop=stop, when=dates[-1].end)


def _of_case(case: Case, now: datetime) -> Iterable[Need]:
    if case.expires <= now + EXPIRING:
        yield Need("expires", when=case.expires)
    if case.contact <= now - SILENT:
        yield Need("silent", when=case.contact)
