"""How well items fit a learner, one fact at a time, each from 0 to 1.

What is not known fits half. Each fit says why in a message id with values.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from recommender.catalogue import Bools, Catalogue, Floats, Ints, primary, teaching
from recommender.features import Texts, Vectors
from recommender.items import Item, Learner

HALF = 0.5
HIGHEST_LEVEL = 5
USUAL_WAY_MINUTES = 30.0
"""A way this long fits 1/e when the learner names no longest way."""
USUAL_WAIT_DAYS = 60.0
"""Starting this late fits 1/e."""
DAY_SECONDS = 86400.0
TINY = 1e-9

Why = tuple[str, Mapping[str, object]]
"""A message id and its values."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One value for each row asked for, and why: `explain(position, row)`."""

    values: Floats
    explain: Callable[[int, int], Why]


def topic(catalogue: Catalogue, vectors: Vectors, wants: tuple[str, ...], rows: Ints) -> Fit:
    """Cosine of the item's topics and the wanted ones, ancestors included."""
    vector = vectors.of(catalogue.tree.with_ancestors(wants))
    if vector is None:
        return _unknown(rows, "topic-unknown")

    def explain(_: int, row: int) -> Why:
        carried = teaching(catalogue.items[row])
        shared = sorted(t for t in carried if set(catalogue.tree.line(t)) & set(wants))
        if shared:
            return "topic-wanted", {"topics": shared}
        near = vectors.shared(row, vector)
        return ("topic-near", {"topics": near}) if near else ("topic-other", {})

    return Fit(vectors.near(rows, vector), explain)


def interest(vectors: Texts, interests: str, rows: Ints) -> Fit:
    """How near the item's words are to the words of the learner's interests."""
    vector = vectors.of(interests)
    if vector is None:
        return _unknown(rows, "interest-unknown")

    def explain(_: int, row: int) -> Why:
        shared = vectors.shared(row, vector)
        return ("interest-words", {"words": shared}) if shared else ("interest-other", {})

    return Fit(vectors.near(rows, vector), explain)


def level(
    catalogue: Catalogue, levels: Mapping[str, int], wants: tuple[str, ...], rows: Ints
) -> Fit:
    """1 where the learner stands between from and to; less by a fifth a missing level."""
    values = np.full(len(rows), HALF)
    for position in np.flatnonzero(_teaches(catalogue, wants)[rows]).tolist():
        values[position] = level_of(catalogue, catalogue.items[rows[position]], levels, wants)[0]
    return Fit(values, lambda _, row: level_of(catalogue, catalogue.items[row], levels, wants)[1])


def _teaches(catalogue: Catalogue, wants: tuple[str, ...]) -> Bools:
    """Tell which items teach a wanted topic; of no wishes, all of them may."""
    teaches = np.full(len(catalogue), not wants)
    for name in wants:
        number = catalogue.topic.get(name)
        if number in catalogue.lessons:
            teaches[catalogue.lessons[number].rows] = True
    return teaches


def level_of(
    catalogue: Catalogue, item: Item, levels: Mapping[str, int], wants: tuple[str, ...]
) -> tuple[float, Why]:
    """Return the fit of the wanted topic of an item that fits best, and why."""
    wanted = set(wants)
    best: tuple[float, Why] = (HALF, ("level-unknown", {}))
    fitting = -1.0
    for name in sorted(item.teaches):
        if wanted and not wanted.intersection(catalogue.tree.line(name)):
            continue
        value, why = _taught_level(name, item.teaches[name], levels.get(name, 0))
        if value > fitting:
            fitting, best = value, (value, why)
    return best


def _taught_level(name: str, taught: tuple[int, int], now: int) -> tuple[float, Why]:
    lowest, highest = taught
    values = {"topic": name, "from": lowest, "to": highest, "level": now}
    if now >= highest:
        return 0.0, ("level-reached", values)
    if now < lowest:
        return max(0.0, 1 - (lowest - now) / HIGHEST_LEVEL), ("level-too-high", values)
    return 1.0, ("level-fits", values)


def language(catalogue: Catalogue, learner: Learner, rows: Ints) -> Fit:
    """1 for a shared language or none needed, 0 for others only."""
    spoken = {primary(tag) for tag in learner.languages}
    shared = np.zeros(len(catalogue), dtype=np.bool_)
    for tag in spoken:
        shared |= catalogue.language.get(tag, False)
    unknown = catalogue.language_unknown if spoken else ~catalogue.language_free
    values = np.where(shared | catalogue.language_free, 1.0, np.where(unknown, HALF, 0.0))
    return Fit(values[rows], lambda _, row: _language_of(catalogue.items[row], spoken))


def _language_of(item: Item, spoken: set[str]) -> Why:
    if item.languages == ():
        return "language-not-needed", {}
    if item.languages is None or not spoken:
        return "language-unknown", {}
    shared = [tag for tag in item.languages if primary(tag) in spoken]
    if shared:
        return "language-shared", {"languages": shared}
    return "language-other", {"languages": list(item.languages)}


def price(catalogue: Catalogue, learner: Learner, rows: Ints) -> Fit:
    """1 for free, falling to a half at the budget; without a budget u / (u + price).

    u is the usual (median) price, at least 1.
    """
    amount = catalogue.price[rows]
    most = learner.budget
    if most is None:
        usual = max(1.0, catalogue.usual_price)
        values = usual / (usual + amount)
    else:
        values = np.where(amount <= most, 1 - HALF * amount / max(most, TINY), 0.0)

    def explain(position: int, _: int) -> Why:
        cost = float(amount[position])
        if math.isnan(cost):
            return "price-unknown", {}
        if cost == 0:
            return "price-free", {}
        if most is None:
            return "price-is", {"price": cost}
        code = "price-within" if cost <= most else "price-over"
        return code, {"price": cost, "budget": most}

    return Fit(np.where(np.isnan(amount), HALF, values), explain)


def distance(catalogue: Catalogue, learner: Learner, way: Floats, rows: Ints) -> Fit:
    """1 at home, falling to a half at the longest way; without one exp(-minutes / 30)."""
    minutes = way[rows]
    most = learner.max_travel_minutes
    if most is None:
        values = np.exp(-minutes / USUAL_WAY_MINUTES)
    else:
        values = np.where(minutes <= most, 1 - HALF * minutes / max(most, TINY), 0.0)

    def explain(position: int, row: int) -> Why:
        if catalogue.placeless[row]:
            return "distance-none", {}
        if math.isnan(minutes[position]):
            return "distance-unknown", {}
        far = most is not None and minutes[position] > most
        return "distance-over" if far else "distance-is", {"minutes": float(minutes[position])}

    return Fit(np.where(np.isnan(minutes), HALF, values), explain)


def time(catalogue: Catalogue, start: Floats, now: datetime, rows: Ints) -> Fit:
    """exp(-days until the first session one can attend / 60)."""
    days = np.maximum(0.0, (start - now.timestamp()) / DAY_SECONDS)
    timeless = catalogue.first_slot[rows + 1] == catalogue.first_slot[rows]
    values = np.where(
        np.isnan(days), np.where(timeless, HALF, 0.0), np.exp(-days / USUAL_WAIT_DAYS)
    )

    def explain(position: int, row: int) -> Why:
        if catalogue.anytime[row]:
            return "time-any", {}
        if math.isnan(days[position]):
            return ("time-unknown" if timeless[position] else "time-never"), {}
        moment = datetime.fromtimestamp(float(start[position]), tz=now.tzinfo)
        return "time-soon", {"start": moment, "days": int(days[position])}

    return Fit(values, explain)


def access(catalogue: Catalogue, learner: Learner, rows: Ints) -> Fit:
    """1 where every needed fact holds, 0 where one does not, a half where one is unknown."""
    nobody = np.zeros(len(catalogue), dtype=np.bool_)
    met, not_met = ~nobody, nobody
    for fact in learner.access:
        met = met & catalogue.access_met.get(fact, nobody)
        not_met = not_met | catalogue.access_not_met.get(fact, nobody)
    values = np.where(met, 1.0, np.where(not_met, 0.0, HALF))
    return Fit(values[rows], lambda _, row: _access_of(catalogue.items[row], learner.access))


def _access_of(item: Item, needed: tuple[str, ...]) -> Why:
    if not needed:
        return "access-not-needed", {}
    lacking = [fact for fact in needed if item.access.get(fact) is False]
    if lacking:
        return "access-not-met", {"facts": lacking}
    unknown = [fact for fact in needed if fact not in item.access]
    if unknown:
        return "access-unknown", {"facts": unknown}
    return "access-met", {"facts": list(needed)}


def _unknown(rows: Ints, code: str) -> Fit:
    return Fit(np.full(len(rows), HALF), lambda _position, _row: (code, {}))
