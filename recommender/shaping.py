"""Which of the learner's limits shaped a plan: what each of them alone left out."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import numpy as np

from recommender.catalogue import Bools, Ints
from recommender.items import Learner
from recommender.limits import item_verdicts
from recommender.model import LinearRecommender
from recommender.routes import Note
from recommender.timetable import attendable

_SESSION_LIMITS: Mapping[str, Mapping[str, object]] = {
    "free": {"free": ()},
    "hours": {"hours_per_week": None},
    "dates": {"latest": None},
}


def shaped_by(
    recommender: LinearRecommender, learner: Learner, now: datetime, known: Mapping[str, int]
) -> tuple[Note, ...]:
    """Name each limit that left out something which teaches what is wanted, and the best of it.

    Only what no other limit forbids counts: without this one limit it would have been there.
    """
    rows = _helpful(recommender, learner, known)
    return tuple(
        Note(
            "left-out",
            {"limit": limit, "items": len(out), "item": _best(recommender, learner, out)},
        )
        for limit, out in _left_out(recommender, learner, now, rows)
        if len(out)
    )


def _helpful(recommender: LinearRecommender, learner: Learner, known: Mapping[str, int]) -> Ints:
    """Return the rows that teach something wanted which is not known yet."""
    catalogue = recommender.catalogue_
    found = [np.empty(0, dtype=np.int64)]
    for topic, level in learner.wants.items():
        lessons = catalogue.lessons.get(catalogue.topic.get(topic, -1))
        if lessons is not None:
            helps = (lessons.lowest < level) & (lessons.highest > known.get(topic, 0))
            found.append(lessons.rows[helps])
    return np.unique(np.concatenate(found))


def _left_out(
    recommender: LinearRecommender, learner: Learner, now: datetime, rows: Ints
) -> Iterator[tuple[str, Ints]]:
    catalogue = recommender.catalogue_
    verdicts = [v for v in item_verdicts(catalogue, learner) if v.limit != "skip"]
    allowed = np.array([verdict.allowed[rows] for verdict in verdicts])
    can_come = _can_come(recommender, learner, now, rows)
    for number, verdict in enumerate(verdicts):
        others = np.delete(allowed, number, axis=0).all(axis=0)
        yield verdict.limit, rows[~allowed[number] & others & can_come]
    fit = allowed.all(axis=0)
    for limit, opened in _SESSION_LIMITS.items():
        freer = replace(learner, **opened)  # type: ignore[arg-type]
        if freer != learner:
            yield limit, rows[fit & ~can_come & _can_come(recommender, freer, now, rows)]


def _can_come(recommender: LinearRecommender, learner: Learner, now: datetime, rows: Ints) -> Bools:
    catalogue = recommender.catalogue_
    can: Bools = catalogue.anytime[rows].copy()
    can[attendable(catalogue, learner, now, rows)[1]] = True
    return can


def _best(recommender: LinearRecommender, learner: Learner, rows: Ints) -> str:
    total = recommender.scores(learner, rows, learner.earliest).total
    return recommender.catalogue_.items[int(rows[int(np.argmax(total))])].id
