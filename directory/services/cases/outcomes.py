"""Outcomes: what became of the steps of a route, and what learners could not find."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from directory.errors import Invalid, Problem
from directory.models import Account, Case, CaseRoute, Outcome, Teaches, Unmet, UnmetCount
from directory.models.vocabulary import CaseEventKind, OutcomeKind
from directory.services import carrying
from directory.services.cases import planning
from directory.services.cases.contents import sealed_words
from directory.services.cases.opening import touch
from directory.settings import Settings

# What may have been in the way of a learner who dropped out; the planner's own words first.
LIMITS = (
    "free", "budget", "travel", "hours", "latest", "language", "access", "age", "full", "other",
)  # fmt: skip
# Of fewer cases than these nothing is told: somebody might be known by it.
LEAST = 5


@dataclass(frozen=True)
class Told:
    """What became of a step, and of one that was dropped: what was in the way, and words."""

    what: str
    limit: str = ""
    why: str = ""


@dataclass(frozen=True)
class Group:
    """In how many cases a topic could not be found because of a limit."""

    topic: str
    limit: str
    cases: int


def tell(
    db: Session,
    by: Account,
    case: Case,
    route: CaseRoute,
    opportunity_id: int,
    *,
    told: Told,
    settings: Settings,
) -> None:
    """Note what became of a step; again changes it.

    Raises:
        Invalid: it is no step of this route, or nothing that may become of one.
    """
    steps = {leg.opportunity for leg in carrying.unpack(route.carried).legs}
    if told.what not in set(OutcomeKind) or opportunity_id not in steps:
        raise Invalid((Problem("what", "unknown-value", told.what[:20], tuple(OutcomeKind)),))
    dropped = told.what == OutcomeKind.DROPPED
    if dropped and told.limit not in LIMITS:
        raise Invalid((Problem("limit", "limit-missing"),))
    row = db.exec(
        select(Outcome).where(
            Outcome.route_id == route.id, Outcome.opportunity_id == opportunity_id
        )
    ).first()
    now = settings.clock()
    row = row or Outcome(
        case_id=case.id or 0,
        route_id=route.id or 0,
        opportunity_id=opportunity_id,
        what=OutcomeKind(told.what),
        at=now,
    )
    row.what, row.at = OutcomeKind(told.what), now
    row.limit = told.limit if dropped else ""
    row.sealed = sealed_words(told.why, key=settings.signing_key())
    db.add(row)
    if dropped:
        taught = db.exec(
            select(Teaches.topic_key).where(Teaches.opportunity_id == opportunity_id)
        ).all()
        planning.not_found(db, case, taught, told.limit)
    touch(db, by, case, CaseEventKind.CHANGED, now=now)


def outcomes(db: Session, cases: Sequence[Case]) -> dict[tuple[int, int], Outcome]:
    """What became of steps, by route and listing."""
    numbers = [case.id for case in cases]
    rows = db.exec(select(Outcome).where(col(Outcome.case_id).in_(numbers))).all()
    return {(row.route_id, row.opportunity_id): row for row in rows}


def not_found(db: Session) -> tuple[list[Group], int]:
    """What learners could not find, most first; and how many groups are too small to be told."""
    counted: Counter[tuple[str, str]] = Counter()
    for topic, limit, cases in db.exec(
        select(Unmet.topic, Unmet.limit, func.count()).group_by(Unmet.topic, Unmet.limit)
    ).all():
        counted[topic, limit] += cases
    for row in db.exec(select(UnmetCount)).all():
        counted[row.topic, row.limit] += row.cases
    told = [Group(*key, cases) for key, cases in counted.items() if cases >= LEAST]
    told.sort(key=lambda group: (-group.cases, group.topic, group.limit))
    return told, len(counted) - len(told)
