"""Opening: when a space is open, from its hours, special days, closures and public holidays.

Of what a space says of a day, the first of these counts: a closure (which cuts whatever it meets),
a special day, public holidays, the season's weekly hours, the weekly hours of the whole year.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from directory.models.occurring import instant
from directory.models.public_holidays import Holidays, no_holidays
from directory.models.records import ClosureRecord, HoursRecord, SpecialDayRecord

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HOLIDAY = "PH"
# Somebody who helps goes before nothing said, and that before nobody.
SERVICES = ("staffed", "", "unstaffed")
DAY = 24 * 60
# A stretch that goes on for longer has no end worth telling.
_LONGEST = 15
_FARTHEST = 400


class Hourly(Protocol):
    """A space's row or record, as far as its hours go."""

    hours: Any
    special_days: Any
    closures: Any
    holidays: Any


@dataclass(frozen=True, order=True)
class Interval:
    """An opening of one day, in minutes of its wall clock; past midnight it is over 1440."""

    opens: int
    closes: int
    service: str = ""


@dataclass(frozen=True, order=True)
class Span:
    """An opening between two instants in UTC."""

    start: datetime
    end: datetime
    service: str = ""


@dataclass(frozen=True)
class State:
    """How things are at an instant.

    Attributes:
        open: None when it is not known.
        service: who is there while it is open: staffed, unstaffed, or empty where nothing is said.
        until: the end of this opening; None when it is closed, or open without end in sight.
        opens_next: the beginning of the next opening; None when it is open, or none is in sight.
        message: why it is not as usual, by language.
        holiday: name of the public holiday; None when there is none.
        doubtful: it is a public holiday, and nothing is said of those.
    """

    open: bool | None
    service: str = ""
    until: datetime | None = None
    opens_next: datetime | None = None
    message: Mapping[str, str] = field(default_factory=dict)
    holiday: str | None = None
    doubtful: bool = False


@dataclass(frozen=True)
class Opening:
    """All that is known of when a space is open."""

    hours: tuple[HoursRecord, ...] | None
    special_days: tuple[SpecialDayRecord, ...]
    closures: tuple[ClosureRecord, ...]
    policy: str
    zone: ZoneInfo
    holiday: Holidays = no_holidays

    @classmethod
    def of(cls, space: Hourly, zone: ZoneInfo, holiday: Holidays = no_holidays) -> "Opening":
        """The opening of a space's row or record."""
        hours = space.hours
        return cls(
            hours=None if hours is None else tuple(map(HoursRecord.model_validate, hours)),
            special_days=tuple(map(SpecialDayRecord.model_validate, space.special_days)),
            closures=tuple(map(ClosureRecord.model_validate, space.closures)),
            policy=str(space.holidays),
            zone=zone,
            holiday=holiday,
        )

    @property
    def is_known(self) -> bool:
        """Whether anything is said of it at all."""
        return self.hours is not None or bool(self.special_days or self.closures)

    def on(self, day: date) -> tuple[Interval, ...]:
        """The openings that begin on a local date, before closures cut them."""
        special = self.special(day)
        if special is not None:
            return tuple(sorted({Interval(*stretch(o.opens, o.closes)) for o in special.openings}))
        rules = self._rules(day)
        return tuple(sorted({Interval(*stretch(r.opens, r.closes), r.service) for r in rules}))

    def special(self, day: date) -> SpecialDayRecord | None:
        """What is said of a date in particular."""
        return next((s for s in self.special_days if s.first <= day <= s.last), None)

    def closure(self, at: datetime) -> ClosureRecord | None:
        """The closure in force at an instant."""
        for closure in self.closures:
            start, end = self._closed(closure)
            if start <= at < end:
                return closure
        return None

    def closures_on(self, day: date) -> list[ClosureRecord]:
        """The closures that touch a local date."""
        start, end = self._wall(day, 0), self._wall(day, DAY)
        return [c for c in self.closures if _meet(self._closed(c), (start, end))]

    def intervals(self, first: date, last: date) -> tuple[Span, ...]:
        """The openings that begin on some dates, as instants, without what closures take."""
        return tuple(sorted(self._spans(first, last)))

    def state(self, at: datetime) -> State:
        """How things are at an instant."""
        day = at.astimezone(self.zone).date()
        # Where clocks go back over midnight, the next date has begun once already.
        near = self.intervals(day - timedelta(days=2), day + timedelta(days=1))
        now = [span for span in near if span.start <= at < span.end]
        special, closure = self.special(day), self.closure(at)
        holiday = self.holiday(day)
        known = self.hours is not None or special is not None or closure is not None
        said = closure or special
        return State(
            open=True if now else False if known else None,
            service=min((s.service for s in now), key=SERVICES.index, default=""),
            until=self._end(at, day) if now else None,
            opens_next=None if now else self._next(at, day),
            message=said.message if said else {},
            holiday=holiday,
            doubtful=self.is_doubtful(day),
        )

    def is_doubtful(self, day: date) -> bool:
        """Whether it is a public holiday on which the usual hours may not hold."""
        if self.holiday(day) is None or self.special(day) is not None or not self.hours:
            return False
        return not self.policy and not any(HOLIDAY in r.days for r in _in_force(self.hours, day))

    def _rules(self, day: date) -> Iterable[HoursRecord]:
        hours = self.hours or ()
        if self.holiday(day) is not None:
            of_holidays = _chosen([r for r in hours if HOLIDAY in r.days], day)
            if of_holidays or self.policy == "closed":
                return of_holidays
        code = DAYS[day.weekday()]
        weekly = [r for r in hours if any(each != HOLIDAY for each in r.days)]
        return [r for r in _chosen(weekly, day) if code in r.days]

    def _spans(self, first: date, last: date) -> Iterator[Span]:
        closed = [self._closed(closure) for closure in self.closures]
        for day in _dates(first, last):
            for interval in self.on(day):
                start, end = self._wall(day, interval.opens), self._wall(day, interval.closes)
                for piece in _without((start, end), closed):
                    yield Span(*piece, interval.service)

    def _wall(self, day: date, minute: int) -> datetime:
        return instant(datetime.combine(day, time()) + timedelta(minutes=minute), self.zone)

    def _closed(self, closure: ClosureRecord) -> tuple[datetime, datetime]:
        end = datetime.max.replace(tzinfo=UTC)
        return (
            instant(closure.start, self.zone),
            end if closure.end is None else instant(closure.end, self.zone),
        )

    def _end(self, at: datetime, day: date) -> datetime | None:
        """The end of the stretch of openings that an instant is in."""
        end = at
        for span in self.intervals(day - timedelta(days=2), day + timedelta(days=_LONGEST)):
            if span.start <= end:
                end = max(end, span.end)
        local = end.astimezone(self.zone).date()
        return end if local - day < timedelta(days=_LONGEST) else None

    def _next(self, at: datetime, day: date) -> datetime | None:
        for each in _dates(day - timedelta(days=1), day + timedelta(days=_FARTHEST)):
            if any(span.start > at for span in self._spans(each, each)):
                # The next date may begin before the rest of a night that a closure has cut.
                two = self._spans(each, each + timedelta(days=1))
                return min(span.start for span in two if span.start > at)
        return None


def in_season(season: tuple[str, str] | None, day: date) -> bool:
    """Whether a date is in a season; without one, always."""
    if season is None:
        return True
    first, last = season
    today = f"{day:%m-%d}"
    return first <= today <= last if first <= last else today >= first or today <= last


def _in_force(rules: Iterable[HoursRecord], day: date) -> list[HoursRecord]:
    return [rule for rule in rules if in_season(rule.season, day)]


def _chosen(rules: Iterable[HoursRecord], day: date) -> list[HoursRecord]:
    """Rules in force; those of a season replace what holds all year of the same service."""
    there = _in_force(rules, day)
    replaced = {rule.service for rule in there if rule.season is not None}
    return [r for r in there if r.season is not None or r.service not in replaced]


def stretch(opens: str, closes: str) -> tuple[int, int]:
    """Minutes of the day from opening to closing, which past midnight is over 1440."""
    start, end = _minute(opens), _minute(closes)
    return start, end + DAY if end <= start else end


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _dates(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


_Stretch = tuple[datetime, datetime]


def _meet(one: _Stretch, other: _Stretch) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _without(whole: _Stretch, closed: Iterable[_Stretch]) -> list[_Stretch]:
    """The pieces of a stretch that no closure covers; none where the clocks leave nothing of it."""
    pieces = [whole] if whole[0] < whole[1] else []
    for shut in closed:
        if shut[0] >= shut[1]:
            continue
        rest = []
        for start, end in pieces:
            before, after = (start, min(end, shut[0])), (max(start, shut[1]), end)
            rest += [piece for piece in (before, after) if piece[0] < piece[1]]
        pieces = rest
    return pieces
