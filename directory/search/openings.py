"""Opening columns: which of many spaces are open at an instant, by array arithmetic.

They say exactly what ``directory.models.opening`` says of one space, which the tests compare.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from directory.models.occurring import instant
from directory.models.opening import DAY, DAYS, HOLIDAY, Opening, stretch
from directory.models.records import ClosureRecord, HoursRecord, SpecialDayRecord

Bools = NDArray[np.bool_]
Rows = NDArray[np.int64]

_CODES = (*DAYS, HOLIDAY)
_SERVICES = ("", "staffed", "unstaffed")
_POLICIES = ("", "closed", "usual")
_ALWAYS = -1
_CLOSED = -1
_HOLIDAY_BIT = 1 << len(DAYS)
_WEEK_BITS = _HOLIDAY_BIT - 1
_ENDLESS = np.iinfo(np.int32).max
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall clocks have no zone
# Wall clocks of these days around a date may show an instant of that date, or begin what covers it.
_BEFORE, _AFTER = 2, 1


def opening_facts(opening: Opening) -> dict[str, Any] | None:
    """What columns are compiled from, as plain values; None when nothing is known.

    Closures are told in minutes of the wall clock since 1970: the zone is the city's to set.
    """
    if not opening.is_known:
        return None
    return {
        "rules": [_rule(rule) for rule in opening.hours or ()],
        "special": [row for special in opening.special_days for row in _special(special)],
        "closures": [_closure(closure) for closure in opening.closures],
        "policy": _POLICIES.index(opening.policy),
    }


@dataclass(frozen=True)
class OpeningColumns:
    """Flat arrays over documents numbered from 0.

    Attributes:
        rule_days: bit n for day n of the week, bit 7 for public holidays.
        rule_from, rule_to: minutes of the day; the end may be past midnight, over 1440.
        season_from, season_to: month * 100 + day, both included; -1 for all year.
        rule_service: 0 nothing said, 1 staffed, 2 unstaffed.
        special_first, special_last: ordinals of dates, both included.
        special_from, special_to: as of rules; -1 for a day that is closed.
        closure_from, closure_to: minutes of the wall clock since 1970.
        policy: a document's public holidays: 0 not known, 1 closed, 2 as usual.
    """

    rule_document: NDArray[np.int32]
    rule_days: NDArray[np.int16]
    rule_from: NDArray[np.int16]
    rule_to: NDArray[np.int16]
    season_from: NDArray[np.int16]
    season_to: NDArray[np.int16]
    rule_service: NDArray[np.int8]
    special_document: NDArray[np.int32]
    special_first: NDArray[np.int32]
    special_last: NDArray[np.int32]
    special_from: NDArray[np.int16]
    special_to: NDArray[np.int16]
    closure_document: NDArray[np.int32]
    closure_from: NDArray[np.int32]
    closure_to: NDArray[np.int32]
    policy: NDArray[np.int8]

    @classmethod
    def compile(cls, facts: Sequence[Mapping[str, Any]]) -> "OpeningColumns":
        """Columns of documents' facts, in the order given; ``opening`` of each may be None."""
        said = [(number, f["opening"]) for number, f in enumerate(facts) if f.get("opening")]
        rules, special = _table(said, "rules", 7), _table(said, "special", 5)
        closures = _table(said, "closures", 3)
        policy = np.zeros(len(facts), dtype=np.int8)
        for number, opening in said:
            policy[number] = opening["policy"]
        return cls(
            rule_document=rules[0],
            rule_days=rules[1].astype(np.int16),
            rule_from=rules[2].astype(np.int16),
            rule_to=rules[3].astype(np.int16),
            season_from=rules[4].astype(np.int16),
            season_to=rules[5].astype(np.int16),
            rule_service=rules[6].astype(np.int8),
            special_document=special[0],
            special_first=special[1],
            special_last=special[2],
            special_from=special[3].astype(np.int16),
            special_to=special[4].astype(np.int16),
            closure_document=closures[0],
            closure_from=closures[1],
            closure_to=closures[2],
            policy=policy,
        )

    def open_at(
        self, size: int, minute_utc: int, zone: str, is_holiday: Callable[[date], bool]
    ) -> Bools:
        """Which of ``size`` documents are open at a minute since 1970 UTC."""
        here = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute_utc)).astimezone(
            ZoneInfo(zone)
        )
        around = here.date()
        walls = _walls(zone, around)
        opened = np.zeros(size, dtype=np.bool_)
        for offset in range(-_BEFORE, _AFTER + 1):
            day = around + timedelta(days=offset)
            begin = (offset + _BEFORE) * DAY
            clock = walls[begin : begin + 2 * DAY + 1]
            if clock.min() <= minute_utc < clock.max():
                self._open_from(opened, day, _Clock(clock, minute_utc), is_holiday=is_holiday(day))
        opened[self._shut(minute_utc, walls, around)] = False
        return opened

    def _open_from(self, opened: Bools, day: date, clock: "_Clock", *, is_holiday: bool) -> None:
        """Mark what is open because of an opening that begins on a date."""
        ordinal = day.toordinal()
        there = (self.special_first <= ordinal) & (ordinal <= self.special_last)
        documents = self.special_document[there]
        usual = np.ones(opened.size, dtype=np.bool_)
        usual[documents] = False
        on = clock.within(self.special_from[there], self.special_to[there])
        opened[documents[on & (self.special_from[there] != _CLOSED)]] = True
        # First what the hour leaves, which is least: the day before has next to nothing left.
        rows = np.flatnonzero(clock.within(self.rule_from, self.rule_to))
        if is_holiday:
            of_holidays = np.flatnonzero((self.rule_days & _HOLIDAY_BIT) != 0)
            chosen = self._chosen(of_holidays, _HOLIDAY_BIT, day, usual)
            opened[self.rule_document[np.intersect1d(chosen, rows)]] = True
            usual[self.rule_document[chosen]] = False
            usual &= self.policy != _POLICIES.index("closed")
        rows = rows[(self.rule_days[rows] & (1 << day.weekday())) != 0]
        opened[self.rule_document[self._chosen(rows, _WEEK_BITS, day, usual)]] = True

    def _chosen(self, rows: Rows, bits: int, day: date, among: Bools) -> Rows:
        """Rules in force among some, seasonal ones in place of others of their service."""
        rows = rows[among[self.rule_document[rows]] & self._in_season(rows, day)]
        seasonal = np.flatnonzero(self.season_from != _ALWAYS)
        seasonal = seasonal[(self.rule_days[seasonal] & bits) != 0]
        seasonal = seasonal[self._in_season(seasonal, day)]
        if not seasonal.size:
            return rows
        replaced = np.zeros(among.size * len(_SERVICES), dtype=np.bool_)
        replaced[self._service(seasonal)] = True
        kept: Bools = (self.season_from[rows] != _ALWAYS) | ~replaced[self._service(rows)]
        return rows[kept]

    def _service(self, rows: Rows) -> Rows:
        """A number for each service of each document."""
        document = self.rule_document[rows].astype(np.int64)
        return document * len(_SERVICES) + self.rule_service[rows]

    def _in_season(self, rows: Rows, day: date) -> Bools:
        today = day.month * 100 + day.day
        first, last = self.season_from[rows], self.season_to[rows]
        after, before = first <= today, today <= last
        wraps = first > last
        found = (wraps & (after | before)) | (~wraps & after & before) | (first == _ALWAYS)
        return np.asarray(found, dtype=np.bool_)

    def _shut(self, minute_utc: int, walls: NDArray[np.int32], around: date) -> NDArray[np.int32]:
        """Documents with a closure in force."""
        base = _wall_minute(datetime.combine(around - timedelta(days=_BEFORE), time()))

        def begun(wall: NDArray[np.int32]) -> Bools:
            place = np.clip(wall.astype(np.int64) - base, 0, walls.size - 1)
            return np.asarray(walls[place] <= minute_utc, dtype=np.bool_)

        return self.closure_document[begun(self.closure_from) & ~begun(self.closure_to)]


@dataclass(frozen=True)
class _Clock:
    """The UTC minutes of a date's wall clock, and the one that is asked about."""

    minutes: NDArray[np.int32]
    now: int

    def within(self, start: NDArray[np.int16], end: NDArray[np.int16]) -> Bools:
        passed = self.now - int(self.minutes[0])
        if self.minutes[-1] - self.minutes[0] == self.minutes.size - 1:
            return np.asarray((start <= passed) & (passed < end), dtype=np.bool_)
        begun, over = self.minutes[start] <= self.now, self.minutes[end] <= self.now
        return np.asarray(begun & ~over, dtype=np.bool_)


@lru_cache(maxsize=64)
def _walls(zone: str, around: date) -> NDArray[np.int32]:
    """UTC minutes of every minute that wall clocks show on the days around a date."""
    here = ZoneInfo(zone)
    first = datetime.combine(around - timedelta(days=_BEFORE), time())
    total = (_BEFORE + _AFTER + 2) * DAY
    # Where the offset is the same at both ends of an hour it is the same within it.
    found = np.arange(total + 1, dtype=np.int32)
    for begin in range(0, total, 60):
        ends = [_utc_minute(first + timedelta(minutes=begin + m), here) for m in (0, 60)]
        if ends[1] - ends[0] == 60:  # noqa: PLR2004 - minutes in an hour
            found[begin : begin + 61] = np.arange(ends[0], ends[1] + 1)
        else:
            every = (first + timedelta(minutes=begin + m) for m in range(61))
            found[begin : begin + 61] = [_utc_minute(wall, here) for wall in every]
    found.setflags(write=False)
    return found


def _utc_minute(wall: datetime, zone: ZoneInfo) -> int:
    return int(instant(wall, zone).timestamp() // 60)


def _wall_minute(wall: datetime) -> int:
    return int((wall - _EPOCH).total_seconds() // 60)


def _rule(rule: HoursRecord) -> list[int]:
    start, end = stretch(rule.opens, rule.closes)
    season = (
        (_ALWAYS, _ALWAYS)
        if rule.season is None
        else tuple(int(day.replace("-", "")) for day in rule.season)
    )
    days = sum(1 << _CODES.index(day) for day in set(rule.days))
    return [days, start, end, *season, _SERVICES.index(rule.service)]


def _special(special: SpecialDayRecord) -> Iterator[list[int]]:
    days = [special.first.toordinal(), special.last.toordinal()]
    for each in special.openings:
        yield [*days, *stretch(each.opens, each.closes)]
    if not special.openings:
        yield [*days, _CLOSED, _CLOSED]


def _closure(closure: ClosureRecord) -> list[int]:
    end = _ENDLESS if closure.end is None else _wall_minute(closure.end)
    return [_wall_minute(closure.start), int(end)]


def _table(
    said: Iterable[tuple[int, dict[str, Any]]], name: str, width: int
) -> list[NDArray[np.int32]]:
    """Columns of the rows of all documents, the first being the document."""
    rows = [(number, *row) for number, opening in said for row in opening[name]]
    table = np.array(rows, dtype=np.int32).reshape(-1, width)
    return [np.ascontiguousarray(table[:, n]) for n in range(width)]
