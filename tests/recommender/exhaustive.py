"""The exact optimum of a tiny city, by trying everything.

Self-paced items, used only where no weekly hours are set, take an hour a day.
"""

from datetime import timedelta
from itertools import combinations, product

import judge


def ways(item):
    if item.anytime:
        return [()]
    return [item.sessions] if item.whole else [(session,) for session in item.sessions]


def valid_choices(learner, items, parents, now):
    """Yield (finish, cost, furthest way) of every set of attended items that is a route."""
    start = max(now, learner.earliest)
    usable = [
        (item, [way for way in ways(item) if attendable(learner, item, way, start)])
        for item in items
        if not list(judge.item_faults(learner, item))
    ]
    usable = [(item, options) for item, options in usable if options]
    for size in range(1, len(usable) + 1):
        for chosen in combinations(usable, size):
            for sessions in product(*(options for _, options in chosen)):
                pairs = [(item, s) for (item, _), s in zip(chosen, sessions, strict=True)]
                yield from judged(learner, pairs, parents, start)


def attendable(learner, item, sessions, start):
    if item.whole and not sessions:
        return False
    if any(True for s in sessions for _ in judge.session_faults(learner, s)):
        return False
    return not list(judge.attendance_faults(learner, item, sessions, start)) and all(
        s.start >= start for s in sessions
    )


def judged(learner, pairs, parents, start):
    cost = sum(item.price or 0 for item, _ in pairs)
    if learner.budget is not None and cost > learner.budget:
        return
    if list(judge.timetable_faults(pairs)):
        return
    if learner.hours_per_week is not None and any(
        h > learner.hours_per_week + 1e-9 for h in judge.week_hours(pairs).values()
    ):
        return
    for steps in spans(pairs, start):
        faults, _, last = judge.walk(learner, parents, steps)
        finish = max(end for _, _, end in steps)
        reached = all(last.get(t, 0) >= level for t, level in learner.wants.items())
        if not faults and reached and (learner.latest is None or finish <= learner.latest):
            way = max(
                (
                    judge.minutes_between(learner.home, judge.place(item))
                    for item, _ in pairs
                    if judge.place(item)
                ),
                default=0.0,
            )
            yield finish, cost, way


def spans(pairs, start):
    """Self-paced items begin at the start or when something else ends."""
    fixed = [(i, min(s.start for s in ss), max(s.end for s in ss)) for i, ss in pairs if ss]
    paced = [item for item, sessions in pairs if not sessions]

    def place(placed, left):
        if not left:
            yield placed
        for item in left:
            for begin in {start, *(end for _, _, end in placed)}:
                end = begin + timedelta(weeks=item.hours / 7)
                yield from place([*placed, (item, begin, end)], [i for i in left if i is not item])

    yield from place(fixed, paced)
