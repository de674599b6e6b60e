"""What is understood of wishes that contradict each other, and a note for each that was put right.

The rest is planned.
"""

from dataclasses import replace
from datetime import datetime

import numpy as np

from recommender.catalogue import Catalogue
from recommender.items import Learner
from recommender.routes import Note
from recommender.timetable import kept_rows
from recommender.travel import minutes_from

OUTSIDE_MINUTES = 180.0
"""A home this far from everything is not in the city: no way from there is looked at."""


def understood(
    catalogue: Catalogue, learner: Learner, now: datetime
) -> tuple[Learner, tuple[Note, ...]]:
    """Return the learner as one can be planned for, and what had to be put right."""
    notes: list[Note] = []
    learner = _chosen(catalogue, learner, now, notes)
    learner = _home(catalogue, learner, notes)
    _over(catalogue, learner, now, notes)
    if learner.budget == 0:
        notes.append(Note("only-free", {}))
    return learner, tuple(notes)


def _chosen(catalogue: Catalogue, learner: Learner, now: datetime, notes: list[Note]) -> Learner:
    """What is kept or booked is not skipped, and what is done is not kept."""
    rows = kept_rows(catalogue, learner, now).tolist()
    kept = {*learner.keep, *(catalogue.items[row].id for row in rows)} - set(learner.done)
    both = [item_id for item_id in learner.skip if item_id in kept]
    notes.extend(Note("kept-and-skipped", {"item": item_id}) for item_id in both)
    done = [item_id for item_id in learner.keep if item_id in learner.done]
    notes.extend(Note("kept-and-done", {"item": item_id}) for item_id in done)
    return replace(
        learner,
        skip=tuple(item_id for item_id in learner.skip if item_id not in both),
        keep=tuple(item_id for item_id in learner.keep if item_id not in done),
    )


def _home(catalogue: Catalogue, learner: Learner, notes: list[Note]) -> Learner:
    """A home far from everything says nothing about ways inside the city."""
    if learner.home is None:
        return learner
    ways = minutes_from(learner.home, catalogue.lat, catalogue.lon)
    known = ways[~np.isnan(ways)]
    if not known.size or float(known.min()) <= OUTSIDE_MINUTES:
        return learner
    notes.append(Note("home-outside", {"minutes": float(known.min())}))
    return replace(learner, home=None, max_travel_minutes=None)


def _over(catalogue: Catalogue, learner: Learner, now: datetime, notes: list[Note]) -> None:
    """Of something booked nothing is to come: it is done or was missed, and nobody said which."""
    sessions = [name for name in learner.booked if name not in learner.missed]
    rows = set(catalogue.row_of_slot(catalogue.slots_named(sessions)).tolist())
    open_ = rows - set(kept_rows(catalogue, learner, now).tolist())
    items = (catalogue.items[row].id for row in sorted(open_))
    notes.extend(Note("booked-over", {"item": i}) for i in items if i not in learner.done)
