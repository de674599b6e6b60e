"""A linear, content-based recommender in the manner of scikit-learn.

score = sum of weight * fit, with weights that add up to 1 and fits from 0 to 1. Because it is
linear, the share of each reason is exactly its weight times its fit.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import numpy as np
from sklearn.base import BaseEstimator

from recommender import fits
from recommender.catalogue import Bools, Catalogue, Floats, Ints
from recommender.features import RARITY, SLOPE, TITLE_WEIGHT, Split, Texts, Vectors
from recommender.fits import Why
from recommender.items import Item, Learner
from recommender.limits import home_minutes, item_verdicts
from recommender.ranking import UNKNOWN, Place, Taste, ranked
from recommender.reasons import Reason, Scored, strongest_first
from recommender.timetable import next_start

WEIGHTS: Mapping[str, float] = {
    "topic": 0.25,
    "interest": 0.15,
    "level": 0.20,
    "language": 0.08,
    "price": 0.10,
    "distance": 0.10,
    "time": 0.07,
    "access": 0.05,
}
LIKENESS: Mapping[str, float] = {
    "topic": 0.5,
    "words": 0.3,
    "kind": 0.08,
    "format": 0.08,
    "setting": 0.04,
}
VARIED_OVER = ("space_kind", "setting", "provider")
SMALL = 3
"""A provider with at most so many items is a small one."""
MOST_FRESH = 1 / 3
"""Where more than this of the items are new, none of them is new in particular."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The fits of some rows by name, and their weighted sum."""

    rows: Ints
    fits: Mapping[str, fits.Fit]
    weights: Mapping[str, float]
    total: Floats

    def scored(
        self,
        position: int,
        item_id: str,
        level: tuple[float, Why] | None = None,
        *,
        note: str | None = None,
    ) -> Scored:
        """Explain one of the rows; `level` is how its level fits by another time."""
        row = int(self.rows[position])
        reasons = []
        for name, fit in self.fits.items():
            value, why = float(fit.values[position]), fit.explain(position, row)
            if name == "level" and level is not None:
                value, why = level
            reasons.append(Reason(why[0], self.weights[name] * value, why[1]))
        return Scored(item_id, sum(r.share for r in reasons), strongest_first(reasons), note)


class LinearRecommender(BaseEstimator):  # type: ignore[misc]
    """Recommends items to learners and says why; planning asks it for its catalogue.

    Args:
        split: cuts a text of a language into words; without one, as scikit-learn does.
        title_weight: how often a word of a title counts.
        rarity: how much a rare word says, see `Vectors`.
        slope: how far texts are brought to one length, see `Vectors`.
        taste: how much variety a list has, and how much room for newcomers.
    """

    catalogue_: Catalogue

    def __init__(
        self,
        split: Split | None = None,
        title_weight: int = TITLE_WEIGHT,
        rarity: float = RARITY,
        slope: float = SLOPE,
        taste: Taste | None = None,
    ) -> None:
        self.split = split
        self.title_weight = title_weight
        self.rarity = rarity
        self.slope = slope
        self.taste = taste

    def fit(self, items: Sequence[Item], topic_parents: Mapping[str, str | None]) -> Self:
        """Learn the items; `topic_parents` maps each topic to the one above it."""
        self.catalogue_ = Catalogue(items, topic_parents)
        tree = self.catalogue_.tree
        self.texts_ = Texts(self.split, self.title_weight, self.rarity, self.slope).fit(items)
        self.topics_ = Vectors().fit([tree.with_ancestors({*i.topics, *i.teaches}) for i in items])
        self.codes_ = {
            name: _codes([getattr(item, name) for item in items])
            for name in (*VARIED_OVER, "format")
        }
        self.newcomers_ = _newcomers(items)
        return self

    def recommend(self, learner: Learner, k: int) -> list[Scored]:
        """Return the k best items that break no limit of the learner, best first."""
        rows = np.flatnonzero(self._allowed(learner))
        scores = self.scores(learner, rows, learner.earliest)
        possible = np.flatnonzero(scores.fits["time"].values > 0)
        return self._told(scores, possible, k)

    def similar(self, item_id: str, k: int) -> list[Scored]:
        """Return the k items most like one item, best first."""
        return self.like((item_id,), k)

    def like(self, item_ids: Sequence[str], k: int) -> list[Scored]:
        """Return the k items most like some items taken together, best first."""
        scores = self.likeness(item_ids)
        return self._told(scores, np.arange(len(scores.rows)), k)

    def likeness(self, item_ids: Sequence[str]) -> Scores:
        """Score all other items by how like some items they are, each of which counts the same."""
        these = np.array([self.catalogue_.row[name] for name in item_ids], dtype=np.int64)
        rows = np.delete(self.catalogue_.every_row, these)
        likeness = {
            "topic": self._like("same-topics", "topics", self.topics_, self.topics_, these, rows),
            "words": self._like(
                "same-words", "words", self.texts_, self.texts_.vectors_, these, rows
            ),
            "kind": self._same("same-kind", "kind", "space_kind", these, rows),
            "format": self._same("same-format", "format", "format", these, rows),
            "setting": self._same("same-setting", "setting", "setting", these, rows),
        }
        return _weighted(rows, likeness, LIKENESS)

    def scores(self, learner: Learner, rows: Ints, now: datetime) -> Scores:
        """Score some rows for a learner."""
        catalogue = self.catalogue_
        wants = tuple(sorted(learner.wants))
        start = next_start(catalogue, learner, now, rows)
        way = home_minutes(catalogue, learner)
        found = {
            "topic": fits.topic(catalogue, self.topics_, wants, rows),
            "interest": fits.interest(self.texts_, learner.interests, rows),
            "level": fits.level(catalogue, catalogue.tree.levels(learner.knows), wants, rows),
            "language": fits.language(catalogue, learner, rows),
            "price": fits.price(catalogue, learner, rows),
            "distance": fits.distance(catalogue, learner, way, rows),
            "time": fits.time(catalogue, start, max(now, learner.earliest), rows),
            "access": fits.access(catalogue, learner, rows),
        }
        return _weighted(rows, found, WEIGHTS)

    def _allowed(self, learner: Learner) -> Bools:
        verdicts = item_verdicts(self.catalogue_, learner)
        allowed: Bools = np.logical_and.reduce([verdict.allowed for verdict in verdicts])
        return allowed

    def _told(self, scores: Scores, possible: Ints, k: int) -> list[Scored]:
        """The best k of some positions in the order of the list's taste, with their reasons."""
        rows = scores.rows[possible]
        places = ranked(
            scores.total[possible],
            min(k, len(possible)),
            {name: self.codes_[name][rows] for name in VARIED_OVER},
            self.newcomers_[rows],
            self.taste or Taste(),
        )
        return [self._scored(scores, int(possible[p.position]), p) for p in places]

    def _scored(self, scores: Scores, position: int, place: Place) -> Scored:
        name = self.catalogue_.items[scores.rows[position]].id
        return scores.scored(position, name, note=place.note)

    def _like(
        self, code: str, key: str, named: Texts | Vectors, vectors: Vectors, these: Ints, rows: Ints
    ) -> fits.Fit:
        vector = vectors.of_rows(these)
        return fits.Fit(
            vectors.near(rows, vector),
            lambda _, row: (code, {key: named.shared(row, vector)}),
        )

    def _same(self, code: str, key: str, attribute: str, these: Ints, rows: Ints) -> fits.Fit:
        """How many of some items an item is the same as; what is unknown is the same as nothing."""
        codes, items = self.codes_[attribute], self.catalogue_.items
        known = codes[these][codes[these] != UNKNOWN]
        often = np.bincount(known, minlength=int(codes.max(initial=0)) + 1) / len(these)
        values = np.where(codes[rows] == UNKNOWN, 0.0, often[codes[rows]])

        def explain(position: int, row: int) -> Why:
            return code, {key: getattr(items[row], attribute) if values[position] else None}

        return fits.Fit(values, explain)


def _codes(values: Sequence[str | None]) -> Ints:
    """A number for each value; -1 for an unknown one."""
    numbers = {value: n for n, value in enumerate(sorted({v for v in values if v is not None}))}
    codes = [UNKNOWN if value is None else numbers[value] for value in values]
    return np.array(codes, dtype=np.int64)


def _newcomers(items: Sequence[Item]) -> Bools:
    """Which items are new, or of a provider that has few."""
    fresh = np.array([item.fresh for item in items], dtype=np.bool_)
    if fresh.sum() > MOST_FRESH * len(items):
        fresh[:] = False
    offered = Counter(item.provider for item in items)
    small = [item.provider is not None and offered[item.provider] <= SMALL for item in items]
    newcomers: Bools = fresh | np.array(small, dtype=np.bool_)
    return newcomers


def _weighted(rows: Ints, found: Mapping[str, fits.Fit], weights: Mapping[str, float]) -> Scores:
    total = np.zeros(len(rows))
    for name, fit in found.items():
        total += weights[name] * fit.values
    return Scores(rows, found, weights, total)
