"""What the planner answers: routes, or what stands in their way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from recommender.items import Session
from recommender.reasons import Reason


@dataclass(frozen=True, slots=True)
class Other:
    """An item that could stand in a step's place, and why it does not: a code in words' stead."""

    item_id: str
    code: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Step:
    """One item of a route, with the sessions to attend and what it is there for."""

    item_id: str
    sessions: tuple[Session, ...]
    gains: Mapping[str, int]
    requires: Mapping[str, object] | None
    reasons: tuple[Reason, ...]
    score: float
    starts: datetime
    ends: datetime
    weekly_hours: Mapping[str, float]
    """Hours in each ISO week, such as `{"2026-W49": 2.0}`."""
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """An ordered set of steps that reaches what is wanted and breaks no limit."""

    label: str
    """`steady` (like an earlier route), `soonest`, `cheapest`, `nearest` or `varied`."""
    score: float
    """Mean of the steps' scores."""
    reasons: tuple[Reason, ...]
    cost: float
    """Sum of the known prices."""
    cost_known: bool
    travel_minutes: float | None
    """Longest way from home, one way; None when home or every place is unknown."""
    weeks: int
    hours_per_week: float
    """The fullest week."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something the learner should know about a plan."""

    code: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one limit, in words' stead."""

    code: str
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Blocked:
    """What stands in the way, and the smallest change that was tried and allows a route."""

    constraint: str
    smallest_change: Change | None
    other_changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Up to four routes that differ, or why there is none."""

    routes: tuple[Route, ...]
    blocked: Blocked | None
    notes: tuple[Note, ...]
    shaped_by: tuple[Note, ...] = ()
    """Each limit that left out something helpful; of an empty plan none."""
