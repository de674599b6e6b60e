"""A linear, content-based recommender in the manner of scikit-learn.

score = sum of weight * fit, with weights that add up to 1 and fits from 0 to 1. Because it is
linear, the share of each reason is exactly its weight times its fit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import numpy as np

from recommender import fits
from recommender.catalogue import Bools, Catalogue, Floats, Ints
from recommender.features import Vectors, word_splitter
from recommender.fits import Why
from recommender.items import Item, Learner
from recommender.limits import home_minutes, item_verdicts
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


@dataclass(frozen=True, slots=True)
class Scores:
    """The fits of some rows by name, and their weighted sum."""

    rows: Ints
    fits: Mapping[str, fits.Fit]
    weights: Mapping[str, float]
    total: Floats

    def scored(self, position: int, item_id: str, level: tuple[float, Why] | None = None) -> Scored:
        """Explain one of the rows; `level` is how its level fits by another time."""
        row = int(self.rows[position])
        reasons = []
        for name, fit in self.fits.items():
            value, why = float(fit.values[position]), fit.explain(position, row)
            if name == "level" and level is not None:
                value, why = level
            reasons.append(Reason(why[0], self.weights[name] * value, why[1]))
        return Scored(item_id, sum(r.share for r in reasons), strongest_first(reasons))


class LinearRecommender:
    """Recommends items to learners and says why; planning asks it for its catalogue."""

    catalogue_: Catalogue

    def fit(self, items: Sequence[Item], topic_parents: Mapping[str, str | None]) -> Self:
        """Learn the items; `topic_parents` maps each topic to the one above it."""
        self._split = word_splitter()
        self.catalogue_ = Catalogue(items, topic_parents)
        tree = self.catalogue_.tree
        self._words = Vectors([self._split(item.text) for item in items])
        self._topics = Vectors([tree.with_ancestors({*i.topics, *i.teaches}) for i in items])
        return self

    def recommend(self, learner: Learner, k: int) -> list[Scored]:
        """Return the k best items that break no limit of the learner, best first."""
        rows = np.flatnonzero(self._allowed(learner))
        scores = self.scores(learner, rows, learner.earliest)
        possible = scores.fits["time"].values > 0
        best = _best(np.where(possible, scores.total, -1.0), min(k, int(possible.sum())))
        return [scores.scored(at, self.catalogue_.items[rows[at]].id) for at in best]

    def similar(self, item_id: str, k: int) -> list[Scored]:
        """Return the k items most like one item, best first."""
        this = self.catalogue_.row[item_id]
        rows = np.delete(np.arange(len(self.catalogue_)), this)
        likeness = {
            "topic": self._like("same-topics", "topics", self._topics, this, rows),
            "words": self._like("same-words", "words", self._words, this, rows),
            "kind": self._same("same-kind", "kind", "space_kind", this, rows),
            "format": self._same("same-format", "format", "format", this, rows),
            "setting": self._same("same-setting", "setting", "setting", this, rows),
        }
        scores = _weighted(rows, likeness, LIKENESS)
        best = _best(scores.total, min(k, len(rows)))
        return [scores.scored(at, self.catalogue_.items[rows[at]].id) for at in best]

    def scores(self, learner: Learner, rows: Ints, now: datetime) -> Scores:
        """Score some rows for a learner."""
        catalogue = self.catalogue_
        wants = tuple(sorted(learner.wants))
        start = next_start(catalogue, learner, now, rows)
        way = home_minutes(catalogue, learner)
        found = {
            "topic": fits.topic(catalogue, self._topics, wants, rows),
            "interest": fits.interest(self._words, self._split(learner.interests), rows),
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

    def _like(self, code: str, key: str, vectors: Vectors, this: int, rows: Ints) -> fits.Fit:
        vector = vectors.of_row(this)
        return fits.Fit(
            vectors.cosine(rows, vector),
            lambda _, row: (code, {key: vectors.shared(row, vector)}),
        )

    def _same(self, code: str, key: str, attribute: str, this: int, rows: Ints) -> fits.Fit:
        items = self.catalogue_.items
        value = getattr(items[this], attribute)
        same = [value is not None and getattr(items[row], attribute) == value for row in rows]
        return fits.Fit(
            np.array(same, dtype=np.float64),
            lambda position, _: (code, {key: value if same[position] else None}),
        )


def _weighted(rows: Ints, found: Mapping[str, fits.Fit], weights: Mapping[str, float]) -> Scores:
    total = np.zeros(len(rows))
    for name, fit in found.items():
        total += weights[name] * fit.values
    return Scores(rows, found, weights, total)


def _best(total: Floats, k: int) -> list[int]:
    """Return the positions of the k highest, the earlier of equals first."""
    order: list[int] = np.argsort(-total, kind="stable")[:k].tolist()
    return order
