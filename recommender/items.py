"""What the recommender is told: things to learn with, and the person who learns."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Session:
    """One dated meeting of an item, in the local time of the place where it happens."""

    id: str
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError(f"session {self.id}: times need a time zone")
        if self.end < self.start:
            raise ValueError(f"session {self.id}: ends before it starts")

    def __reduce__(self) -> tuple[type["Session"], tuple[str, datetime, datetime]]:
        """Pickled by its parts: there are many, and a dataclass with slots is slow to take up."""
        return Session, (self.id, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Passage:
    """What an item says of itself in one language."""

    language: str
    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Something one can learn with.

    `teaches` maps a topic to the levels (0 to 5) it leads from and to. A topic that is in `topics`
    only counts as taught from 0 to 1.
    """

    id: str
    text: str = ""
    topics: tuple[str, ...] = ()
    teaches: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    requires: Mapping[str, object] | None = None
    format: str | None = None
    setting: str | None = None
    space_kind: str | None = None
    provider: str | None = None
    languages: tuple[str, ...] | None = None
    """Languages of instruction; None is unknown, () is none needed."""
    price: float | None = None
    """None is unknown, 0 is free."""
    age_min: int | None = None
    age_max: int | None = None
    access: Mapping[str, bool] = field(default_factory=dict)
    """Access facts; an absent one is unknown."""
    lat: float | None = None
    lon: float | None = None
    sessions: tuple[Session, ...] = ()
    anytime: bool = False
    """Self-guided or online at one's own pace: needs no session and no free window."""
    whole: bool = False
    """A course: one attends every session and cannot join after the first."""
    areas: tuple[str, ...] = ()
    """Areas one has to live in; () is anywhere."""
    hours: float | None = None
    """Effort of an item that is done at any time; None is unknown."""
    passages: tuple[Passage, ...] = ()
    """The texts by language; `text` is what has no language or title."""
    fresh: bool = False
    """Listed or changed lately."""


@dataclass(frozen=True, slots=True)
class Window:
    """Free time on one weekday (0 is Monday), in minutes after local midnight.

    A window whose end is not after its start runs past midnight.
    """

    weekday: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Learner:
    """Who learns: what is known and wanted, and what no route may break."""

    earliest: datetime
    latest: datetime | None = None
    knows: Mapping[str, int] = field(default_factory=dict)
    wants: Mapping[str, int] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    """Languages the learner follows; () says nothing about them."""
    age: int | None = None
    access: tuple[str, ...] = ()
    """Access facts that must not be false."""
    budget: float | None = None
    hours_per_week: float | None = None
    free: tuple[Window, ...] = ()
    """Free windows; () is any time."""
    home: tuple[float, float] | None = None
    max_travel_minutes: float | None = None
    interests: str = ""
    keep: tuple[str, ...] = ()
    """Items that must be in the route. One that has begun counts as joined."""
    skip: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    """Items finished before."""
    booked: tuple[str, ...] = ()
    """Sessions that are booked: their items stay, with these sessions and no others."""
    missed: tuple[str, ...] = ()
    """Sessions missed or called off, which are not attended any more."""
    prefer: tuple[str, ...] = ()
    """Items of an earlier route, kept where that is possible."""
    prefer_sessions: tuple[str, ...] = ()
    """Sessions of that route, kept likewise."""
    area: str | None = None
    """Where one lives; None says nothing about it."""

    def __post_init__(self) -> None:
        for moment in (self.earliest, self.latest):
            if moment is not None and moment.tzinfo is None:
                raise ValueError("a learner's dates need a time zone")
