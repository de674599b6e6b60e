"""When self-paced work gets done.

In each local ISO week one works through what is left of the week's hours, spread evenly over what
is left of the week: min(hours a week - hours taken, hours a week * share of the week left).
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from math import inf

from recommender.catalogue import week_of
from recommender.offers import Option

USUAL_HOURS_A_WEEK = 7.0
"""An hour a day, when the learner sets no limit."""
MOST_WEEKS = 260
MONDAY = 1
NOTHING = 1e-9


class Pace:
    """Weeks of one time zone, and the hours one has in each."""

    def __init__(self, zone: tzinfo | None, hours_per_week: float | None) -> None:
        self._zone = zone
        self._limited = hours_per_week is not None
        self.hours = USUAL_HOURS_A_WEEK if hours_per_week is None else hours_per_week
        self._mondays: dict[int, float] = {}
        self._least: dict[tuple[float, float], float] = {}

    def work(self, start: float, effort: float, load: Mapping[int, float]) -> Option | None:
        """Return when work begun at a moment is done; None when it never is."""
        week = week_of(datetime.fromtimestamp(start, tz=self._zone))
        moment, left = start, effort
        spent: list[tuple[int, float]] = []
        for number in range(week, week + MOST_WEEKS):
            if left <= NOTHING:
                break
            begin, end = self._monday(number), self._monday(number + 1)
            room = self._room(load.get(number, 0.0), (end - moment) / (end - begin))
            if room > NOTHING:
                part = min(left, room)
                spent.append((number, part))
                left -= part
                moment += (end - moment) * part / room
            if left > NOTHING:
                moment = end
        return Option(start, moment, (), tuple(spent)) if left <= NOTHING else None

    def least(self, start: float, effort: float) -> float:
        """Return the earliest moment at which work begun at a moment can be done."""
        known = self._least.get((start, effort))
        if known is None:
            option = self.work(start, effort, {})
            known = self._least[start, effort] = inf if option is None else option.end
        return known

    def _room(self, taken: float, share: float) -> float:
        return min(self.hours - taken, self.hours * share) if self._limited else self.hours * share

    def _monday(self, week: int) -> float:
        if week not in self._mondays:
            day = datetime.fromordinal(week * 7 + MONDAY).replace(tzinfo=self._zone)
            self._mondays[week] = day.timestamp()
        return self._mondays[week]
