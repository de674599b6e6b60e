"""How early each level could be reached if nothing clashed, cost or filled a week.

A fixed point over the offers. What it cannot reach no route can.
"""

from collections.abc import Callable, Mapping, Sequence
from math import inf

from recommender.offers import Offer
from recommender.requirements import Requirement, parts, topic_and_level

LEVELS = 16
EndFrom = Callable[[Offer, float], float]
"""The earliest end of an offer begun at a moment or later."""


class Reach:
    """Earliest moments of levels and of finished items."""

    def __init__(self, start: float, known: Mapping[str, int], done: frozenset[str]) -> None:
        self._start = start
        self._known = known
        self._level: dict[str, list[float]] = {}
        self._done = dict.fromkeys(done, start)
        self.ready: dict[int, float] = {}
        """Earliest moment each offer's row can be begun."""

    def level(self, topic: str, level: int) -> float:
        """Return when a level of a topic is reached; infinity is never."""
        if level <= self._known.get(topic, 0):
            return self._start
        return self._level[topic][level] if topic in self._level else inf

    def highest(self, topic: str) -> int:
        """Return the highest level of a topic that is ever reached."""
        reached = [n for n, when in enumerate(self._level.get(topic, ())) if when < inf]
        return max([self._known.get(topic, 0), *reached])

    def item(self, item_id: str) -> float:
        """Return when an item is finished; infinity is never."""
        return self._done.get(item_id, inf)

    def met(self, requirement: Requirement | None) -> float:
        """Return when a requirement is met; infinity is never."""
        if requirement is None:
            return self._start
        if "topic" in requirement:
            return self.level(*topic_and_level(requirement))
        if "opportunity" in requirement:
            return self.item(str(requirement["opportunity"]))
        needed, inner = parts(requirement)
        moments = sorted(self.met(part) for part in inner)
        if needed <= 0:
            return self._start
        return moments[needed - 1] if needed <= len(moments) else inf

    def spread(self, offers: Sequence[Offer], end_from: EndFrom) -> None:
        """Go over the offers until nothing gets earlier."""
        news = True
        while news:
            news = False
            for offer in offers:
                news |= self._learn(offer, end_from)
            offers = [offer for offer in offers if not self._is_settled(offer)]

    def _is_settled(self, offer: Offer) -> bool:
        """Tell whether an offer was open from the start, so that it cannot get earlier."""
        return self.met(offer.item.requires) == self._start and all(
            self.level(lesson.taught, lesson.lowest) == self._start for lesson in offer.lessons
        )

    def _learn(self, offer: Offer, end_from: EndFrom) -> bool:
        ready = self._start if offer.booked else self.met(offer.item.requires)
        if ready == inf:
            return False
        news = False
        begun = inf if offer.lessons and not offer.kept else ready
        for lesson in offer.lessons:
            moment = max(ready, self.level(lesson.taught, lesson.lowest))
            begun = min(begun, moment)
            if moment < inf and lesson.raises:
                end = end_from(offer, moment)
                for topic in lesson.raises:
                    news |= self._raise(topic, lesson.highest, end)
        return self._finish(offer, begun, end_from) or news

    def _raise(self, topic: str, highest: int, end: float) -> bool:
        moments = self._level.setdefault(topic, [inf] * LEVELS)
        news = False
        for level in range(highest, 0, -1):
            if moments[level] <= end:
                break
            moments[level] = end
            news = True
        return news

    def _finish(self, offer: Offer, begun: float, end_from: EndFrom) -> bool:
        if begun >= self.ready.get(offer.row, inf):
            return False
        self.ready[offer.row] = begun
        self._done[offer.item.id] = end_from(offer, begun)
        return True
