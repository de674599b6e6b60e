"""The best route there can be, as a mixed-integer linear programme solved by HiGHS.

Independent of the planner: it knows the rules from ``judge`` only. A binary variable stands for
attending one item in one way, one for each lesson learned there, and one for each part of a
prerequisite. It says for certain that there is no route, or how early, cheap and near one can be.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations, pairwise

import judge
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from recommender import Item, Learner, Session

HOURS_A_WEEK = 7.0
IN_A_ROW = 2
"""Self-paced items that begin when another one is done, one after the other."""
Row = dict[int, float]


@dataclass(frozen=True)
class Way:
    """One item, attended in one way."""

    item: Item
    sessions: tuple[Session, ...]
    start: datetime
    end: datetime


@dataclass
class Programme:
    """Variables between 0 and 1 (whole but for the last, the goal), and rows of ``row @ x <= most``."""

    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[Row, float]] = field(default_factory=list)

    def new(self, *, whole: bool = True) -> int:
        """A new variable."""
        self.whole.append(whole)
        return len(self.whole) - 1

    def at_most(self, row: Row, most: float) -> None:
        """Require a sum not to exceed a number."""
        self.rows.append((row, most))

    def only_if(self, one: int, of: list[int], times: float = 1.0) -> None:
        """Require ``times`` of some variables for one."""
        row: Row = defaultdict(float)
        row[one] += times
        for other in of:
            row[other] -= 1.0
        self.at_most(row, 0.0)


def ways(learner: Learner, items: list[Item], now: datetime) -> list[Way]:
    """Every way to attend every item that breaks no limit by itself.

    What is done at any time begins at the start or when something else ends, an hour a day.
    """
    start = max(now, learner.earliest)
    found = []
    for item in items:
        if item.anytime or list(judge.item_faults(learner, item)):
            continue
        for sessions in [item.sessions] if item.whole else [(each,) for each in item.sessions]:
            if sessions and _can_come(learner, sessions, start):
                begin, end = min(s.start for s in sessions), max(s.end for s in sessions)
                found.append(Way(item, tuple(sessions), begin, end))
    moments = {start} | {way.end for way in found}
    paced = [i for i in items if i.anytime and not list(judge.item_faults(learner, i))]
    lengths = [timedelta(weeks=(item.hours or 2.0) / HOURS_A_WEEK) for item in paced]
    for _ in range(IN_A_ROW):
        moments |= {moment + length for moment in moments for length in set(lengths)}
    for item, length in zip(paced, lengths, strict=True):
        found += [Way(item, (), moment, moment + length) for moment in sorted(moments)]
    last = learner.latest
    return [way for way in found if last is None or way.end <= last]


def _can_come(learner: Learner, sessions: tuple[Session, ...], start: datetime) -> bool:
    faults = any(True for s in sessions for _ in judge.session_faults(learner, s))
    return not faults and all(s.start >= start for s in sessions)


class Exact:
    """One learner's question, once for each goal."""

    def __init__(
        self, learner: Learner, items: list[Item], parents: dict[str, str | None], now: datetime
    ) -> None:
        self._learner, self._parents = learner, parents
        self._start = max(now, learner.earliest)
        self._known = judge.raised({}, learner.knows, parents)
        self._ways = ways(learner, items, now)
        self._programme = Programme()
        self._take = [self._programme.new() for _ in self._ways]
        self._learns: list[dict[str, int]] = [
            {topic: self._programme.new() for topic in judge.lessons(way.item)}
            for way in self._ways
        ]
        self._build()

    def soonest(self) -> datetime | None:
        """When the earliest route ends; None when there is none at all."""
        weeks = [(way.end - self._start).total_seconds() / 604800 for way in self._ways]
        most = self._best_of_longest(weeks)
        return None if most is None else self._start + timedelta(weeks=most)

    def cheapest(self) -> float | None:
        """What the cheapest route costs."""
        return self._solve({t: float(w.item.price or 0.0) for t, w in self._pairs()})

    def nearest(self) -> float | None:
        """The longest way of the nearest route, in minutes."""
        home = self._learner.home
        if home is None:
            return None
        places = [judge.place(way.item) for way in self._ways]
        far = [judge.minutes_between(home, p) if p else 0.0 for p in places]
        return self._best_of_longest(far)

    def _pairs(self) -> list[tuple[int, Way]]:
        return list(zip(self._take, self._ways, strict=True))

    def _best_of_longest(self, lengths: list[float]) -> float | None:
        """The least that the longest of what is taken can be."""
        ceiling = Programme(list(self._programme.whole), list(self._programme.rows))
        goal = ceiling.new(whole=False)
        scale = max(lengths, default=1.0) or 1.0
        for take, length in zip(self._take, lengths, strict=True):
            ceiling.at_most({take: length / scale, goal: -1.0}, 0.0)
        best = _solved(ceiling, {goal: 1.0})
        return None if best is None else best * scale

    def _solve(self, cost: Row) -> float | None:
        return _solved(self._programme, cost)

    # The rules

    def _build(self) -> None:
        self._once_each()
        self._no_clashes()
        self._money_and_hours()
        for number, way in enumerate(self._ways):
            self._prerequisites(number, way)
        self._goals()

    def _once_each(self) -> None:
        of_item: dict[str, list[int]] = defaultdict(list)
        for take, way in self._pairs():
            of_item[way.item.id].append(take)
        for takes in of_item.values():
            self._programme.at_most(dict.fromkeys(takes, 1.0), 1.0)

    def _no_clashes(self) -> None:
        for (one, a), (other, b) in combinations(self._pairs(), 2):
            if a.item.id != b.item.id and _clash(a, b):
                self._programme.at_most({one: 1.0, other: 1.0}, 1.0)

    def _money_and_hours(self) -> None:
        if self._learner.budget is not None:
            prices = {take: float(way.item.price or 0.0) for take, way in self._pairs()}
            self._programme.at_most(prices, self._learner.budget)
        if self._learner.hours_per_week is not None:
            weeks: dict[tuple[int, int], Row] = defaultdict(dict)
            for take, way in self._pairs():
                for week, hours in judge.week_hours([(way.item, way.sessions)]).items():
                    weeks[week][take] = hours
            for row in weeks.values():
                self._programme.at_most(row, self._learner.hours_per_week)

    def _prerequisites(self, number: int, way: Way) -> None:
        take, learns = self._take[number], self._learns[number]
        for topic, (low, _) in judge.lessons(way.item).items():
            self._programme.only_if(learns[topic], [take])
            if self._known.get(topic, 0) < low:
                self._programme.only_if(learns[topic], self._teachers(topic, low, way.start))
        if learns:
            self._programme.only_if(take, list(learns.values()))
        if not judge.holds(way.item.requires, self._known, set(self._learner.done)):
            self._programme.only_if(take, [self._met(way.item.requires, way.start)])

    def _teachers(self, topic: str, level: int, by: datetime | None) -> list[int]:
        """Lessons that raise a topic to a level by a moment."""
        return [
            self._learns[number][taught]
            for number, way in enumerate(self._ways)
            if by is None or way.end <= by
            for taught, (_, high) in judge.lessons(way.item).items()
            if high >= level and topic in judge.ancestors(taught, self._parents)
        ]

    def _met(self, requirement: object, by: datetime) -> int:
        """A variable that may be 1 only when a requirement is met by a moment."""
        met = self._programme.new()
        match requirement:
            case {"topic": topic, "level": level}:
                if self._known.get(topic, 0) < level:
                    self._programme.only_if(met, self._teachers(topic, level, by))
            case {"opportunity": item_id}:
                done = [t for t, w in self._pairs() if w.item.id == item_id and w.end <= by]
                if item_id not in self._learner.done:
                    self._programme.only_if(met, done)
            case {"all": parts}:
                for part in parts:
                    self._programme.only_if(met, [self._met(part, by)])
            case {"any": parts}:
                self._programme.only_if(met, [self._met(part, by) for part in parts])
            case {"at_least": count, "of": parts}:
                self._programme.only_if(met, [self._met(p, by) for p in parts], float(count))
        return met

    def _goals(self) -> None:
        for topic, level in self._learner.wants.items():
            if self._known.get(topic, 0) < level:
                teachers = self._teachers(topic, level, None)
                self._programme.at_most(dict.fromkeys(teachers, -1.0), -1.0)


def _clash(a: Way, b: Way) -> bool:
    """Whether one cannot get from one to the other, session by session."""
    here, there = judge.place(a.item), judge.place(b.item)
    way = timedelta(minutes=judge.minutes_between(here, there) if here and there else 0.0)
    attended = sorted(
        [(s.start, s.end, 0) for s in a.sessions] + [(s.start, s.end, 1) for s in b.sessions]
    )
    return any(
        end + (way if whose != next_ else timedelta()) > start
        for (_, end, whose), (start, _, next_) in pairwise(attended)
    )


def _solved(programme: Programme, cost: Row) -> float | None:
    """The least cost; None when nothing is possible."""
    size = len(programme.whole)
    if not size or any(not row and most < 0 for row, most in programme.rows):
        return None
    data = [(n, at, v) for n, (row, _) in enumerate(programme.rows) for at, v in row.items()]
    lines, places, values = zip(*data, strict=True)
    matrix = csr_array((values, (lines, places)), shape=(len(programme.rows), size))
    weights = np.zeros(size)
    for at, value in cost.items():
        weights[at] = value
    found = milp(
        weights,
        constraints=LinearConstraint(matrix, -np.inf, [most for _, most in programme.rows]),
        integrality=np.array(programme.whole, dtype=int),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0.0},
    )
    return float(found.fun) if found.success else None
