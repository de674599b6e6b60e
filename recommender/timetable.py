"""Which sessions a learner can attend, and from when an item can be begun."""

from collections.abc import Collection
from datetime import datetime

import numpy as np

from recommender.catalogue import Bools, Catalogue, Floats, Ints
from recommender.items import Learner
from recommender.limits import session_allowed


def slots_of(catalogue: Catalogue, rows: Ints) -> tuple[Ints, Ints]:
    """Return the slots of the rows, and for each the position of its row in `rows`."""
    first = catalogue.first_slot[rows]
    count = catalogue.first_slot[rows + 1] - first
    owner = np.repeat(np.arange(len(rows)), count)
    skipped = np.repeat(np.cumsum(count) - count, count)
    return np.repeat(first, count) + np.arange(int(count.sum())) - skipped, owner


def attendable(
    catalogue: Catalogue, learner: Learner, now: datetime, rows: Ints
) -> tuple[Ints, Ints]:
    """Return the sessions the learner can attend, and for each its row's position in `rows`.

    Of a course these are all of them or none. A kept course that has begun counts as joined: its
    remaining sessions are attended.
    """
    slots, owner = slots_of(catalogue, rows)
    allowed = session_allowed(catalogue, learner, now, slots)
    joined = _joined(catalogue, learner.keep, rows)
    past = catalogue.slot_start[slots] < max(now, learner.earliest).timestamp()
    refused = ~allowed & ~(past & joined[owner])
    broken = np.zeros(len(rows), dtype=np.bool_)
    broken[owner[refused]] = True
    broken &= catalogue.whole[rows]
    good = allowed & ~broken[owner]
    return slots[good], owner[good]


def next_start(catalogue: Catalogue, learner: Learner, now: datetime, rows: Ints) -> Floats:
    """Return when each item can first be begun, in seconds; NaN is never, or unknown."""
    slots, owner = attendable(catalogue, learner, now, rows)
    first = np.full(len(rows), np.inf)
    np.minimum.at(first, owner, catalogue.slot_start[slots])
    first[catalogue.anytime[rows]] = max(now, learner.earliest).timestamp()
    return np.where(np.isinf(first), np.nan, first)


def _joined(catalogue: Catalogue, keep: Collection[str], rows: Ints) -> Bools:
    kept = [catalogue.row[item_id] for item_id in keep if item_id in catalogue.row]
    joined: Bools = np.isin(rows, kept)
    return joined
