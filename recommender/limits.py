"""What a route may not break. Each limit gives a named verdict over all items or sessions.

Unknown is never no: what is not known is allowed and marked.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from recommender.catalogue import Bools, Catalogue, Floats, Ints, primary
from recommender.items import Learner, Window
from recommender.travel import minutes_from

CENT = 1e-9
"""Slack for sums of decimal prices and hours."""
DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one limit says: which items it allows, and of which it does not know."""

    limit: str
    allowed: Bools
    unknown: Bools


def item_verdicts(catalogue: Catalogue, learner: Learner) -> tuple[Verdict, ...]:
    """Judge all items by the limits that concern an item as a whole."""
    return (
        language(catalogue, learner),
        age(catalogue, learner),
        access(catalogue, learner),
        budget(catalogue, learner),
        travel(catalogue, learner),
        area(catalogue, learner),
        skipped(catalogue, learner),
    )


def language(catalogue: Catalogue, learner: Learner) -> Verdict:
    """Allow a shared language, none needed, or an unknown one."""
    unknown = catalogue.language_unknown
    if not learner.languages:
        return Verdict("language", _all(catalogue), unknown)
    allowed = unknown | catalogue.language_free
    for tag in learner.languages:
        allowed = allowed | catalogue.language.get(primary(tag), False)
    return Verdict("language", allowed, unknown)


def age(catalogue: Catalogue, learner: Learner) -> Verdict:
    """Allow ages from `age_min` to `age_max`, both included."""
    limited = ~(np.isnan(catalogue.age_min) & np.isnan(catalogue.age_max))
    if learner.age is None:
        return Verdict("age", _all(catalogue), limited)
    too_young = learner.age < catalogue.age_min
    too_old = learner.age > catalogue.age_max
    return Verdict("age", ~(too_young | too_old), ~_all(catalogue))


def access(catalogue: Catalogue, learner: Learner) -> Verdict:
    """Exclude where a needed fact is false."""
    allowed, unknown = _all(catalogue), ~_all(catalogue)
    for fact in learner.access:
        no = catalogue.access_not_met.get(fact, ~_all(catalogue))
        allowed = allowed & ~no
        unknown = unknown | ~(no | catalogue.access_met.get(fact, ~_all(catalogue)))
    return Verdict("access", allowed, unknown)


def budget(catalogue: Catalogue, learner: Learner) -> Verdict:
    """Exclude what alone costs more than the budget."""
    unknown = np.isnan(catalogue.price)
    if learner.budget is None:
        return Verdict("budget", _all(catalogue), unknown)
    return Verdict("budget", ~(catalogue.price > learner.budget + CENT), unknown)


def travel(catalogue: Catalogue, learner: Learner) -> Verdict:
    """Exclude what is further from home than the learner travels, one way."""
    way = home_minutes(catalogue, learner)
    unknown = np.isnan(way)
    if learner.max_travel_minutes is None:
        return Verdict("travel", _all(catalogue), unknown)
    return Verdict("travel", ~(way > learner.max_travel_minutes), unknown)


def home_minutes(catalogue: Catalogue, learner: Learner) -> Floats:
    """Return the minutes from home to each item; NaN is unknown, 0 needs no way."""
    if learner.home is None:
        way = np.full(len(catalogue), np.nan)
    else:
        way = minutes_from(learner.home, catalogue.lat, catalogue.lon)
    return np.where(catalogue.placeless, 0.0, way)


def area(catalogue: Catalogue, learner: Learner) -> Verdict:
    """Exclude what is for those who live elsewhere."""
    if learner.area is None:
        return Verdict("area", _all(catalogue), catalogue.bound)
    allowed = ~catalogue.bound | catalogue.area.get(learner.area, False)
    return Verdict("area", allowed, ~_all(catalogue))


def skipped(catalogue: Catalogue, learner: Learner) -> Verdict:
    """Exclude what the learner does not want or has done."""
    allowed = _all(catalogue)
    for item_id in (*learner.skip, *learner.done):
        if item_id in catalogue.row:
            allowed[catalogue.row[item_id]] = False
    return Verdict("skip", allowed, ~_all(catalogue))


def dates(catalogue: Catalogue, learner: Learner, now: datetime, slots: Ints) -> Bools:
    """Allow sessions between now, the earliest and the latest date."""
    allowed = catalogue.slot_start[slots] >= max(now, learner.earliest).timestamp()
    if learner.latest is None:
        return allowed
    return allowed & (catalogue.slot_end[slots] <= learner.latest.timestamp())


def free(catalogue: Catalogue, learner: Learner, slots: Ints) -> Bools:
    """Allow sessions that lie inside one free window of their local weekday."""
    if not learner.free:
        return np.ones(len(slots), dtype=np.bool_)
    allowed = np.zeros(len(slots), dtype=np.bool_)
    weekday, begin, end = (
        catalogue.slot_weekday[slots],
        catalogue.slot_from[slots],
        catalogue.slot_to[slots],
    )
    for window in learner.free:
        inside = (begin >= window.start) & (end <= window_end(window))
        allowed |= (weekday == window.weekday) & inside
    return allowed


def window_end(window: Window) -> int:
    """Return the end in minutes after the midnight the window's day begins with."""
    return window.end if window.end > window.start else window.end + DAY_MINUTES


def hours(catalogue: Catalogue, learner: Learner, slots: Ints) -> Bools:
    """Exclude sessions that alone are longer than the hours of a week."""
    if learner.hours_per_week is None:
        return np.ones(len(slots), dtype=np.bool_)
    return catalogue.slot_hours[slots] <= learner.hours_per_week + CENT


def session_allowed(catalogue: Catalogue, learner: Learner, now: datetime, slots: Ints) -> Bools:
    """Judge sessions by dates, free windows and weekly hours."""
    return (
        dates(catalogue, learner, now, slots)
        & free(catalogue, learner, slots)
        & hours(catalogue, learner, slots)
    )


def _all(catalogue: Catalogue) -> Bools:
    return np.ones(len(catalogue), dtype=np.bool_)
