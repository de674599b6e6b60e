"""Which sessions a learner can attend, and from when an item can be begun."""

from datetime import datetime

import numpy as np

from recommender.catalogue import Bools, Catalogue, Floats, Ints
from recommender.items import Learner
from recommender.limits import CENT, session_allowed

WEEKS = 1_000_000
"""More than there are weeks until the year 9999."""


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
    remaining sessions are attended, but for those that were missed. What is booked is attended
    whatever the limits of the learner are now, and of its item nothing else.
    """
    slots, owner = slots_of(catalogue, rows)
    booked = np.isin(slots, booked_slots(catalogue, learner, now))
    missed = np.isin(slots, catalogue.slots_named(learner.missed))
    over = catalogue.slot_start[slots] < max(now, learner.earliest).timestamp()
    begun = catalogue.slot_start[slots] < now.timestamp()
    allowed = session_allowed(catalogue, learner, now, slots) & ~missed
    joined: Bools = np.isin(rows, kept_rows(catalogue, learner, now))
    has_booked = _any(owner, booked, len(rows))
    whole = catalogue.whole[rows]
    refused = ~allowed & ~((over | missed) & joined[owner])
    left = ~over & ~missed
    overfull = _overfull(catalogue, learner, slots[left], owner[left], len(rows))
    broken = whole & ~has_booked & (_any(owner, refused, len(rows)) | overfull)
    taken = booked | (whole[owner] & ~begun & ~missed)
    good = np.where(has_booked[owner], taken, allowed & ~broken[owner])
    return slots[good], owner[good]


def next_start(catalogue: Catalogue, learner: Learner, now: datetime, rows: Ints) -> Floats:
    """Return when each item can first be begun, in seconds; NaN is never, or unknown."""
    slots, owner = attendable(catalogue, learner, now, rows)
    first = np.full(len(rows), np.inf)
    np.minimum.at(first, owner, catalogue.slot_start[slots])
    first[catalogue.anytime[rows]] = max(now, learner.earliest).timestamp()
    return np.where(np.isinf(first), np.nan, first)


def kept_rows(catalogue: Catalogue, learner: Learner, now: datetime) -> Ints:
    """Return the rows a route has to have: what is kept, and what is booked and still to come."""
    kept = [catalogue.row[item_id] for item_id in learner.keep if item_id in catalogue.row]
    every = np.union1d(
        np.array(kept, dtype=np.int64), catalogue.row_of_slot(booked_slots(catalogue, learner, now))
    )
    done = [catalogue.row[item_id] for item_id in learner.done if item_id in catalogue.row]
    return np.setdiff1d(every, np.array(done, dtype=np.int64))


def booked_slots(catalogue: Catalogue, learner: Learner, now: datetime) -> Ints:
    """Return the slots that are booked, still to come and not called off."""
    booked = catalogue.slots_named(learner.booked)
    coming = booked[catalogue.slot_start[booked] >= now.timestamp()]
    return np.setdiff1d(coming, catalogue.slots_named(learner.missed))


def _overfull(
    catalogue: Catalogue, learner: Learner, slots: Ints, owner: Ints, count: int
) -> Bools:
    """Tell of each row whether its sessions of one week are more than the hours of a week."""
    if learner.hours_per_week is None:
        return np.zeros(count, dtype=np.bool_)
    weeks, of = np.unique(owner * WEEKS + catalogue.slot_week[slots], return_inverse=True)
    hours = np.bincount(of, weights=catalogue.slot_hours[slots], minlength=len(weeks))
    full: Bools = np.zeros(count, dtype=np.bool_)
    full[weeks[hours > learner.hours_per_week + CENT] // WEEKS] = True
    return full


def _any(owner: Ints, which: Bools, count: int) -> Bools:
    """Tell of each row whether any of its slots is one of these."""
    found = np.zeros(count, dtype=np.bool_)
    found[owner[which]] = True
    return found
