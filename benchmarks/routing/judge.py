"""An independent judge of routes: it knows the rules and shares no code with the planner."""

import math
from datetime import timedelta
from itertools import pairwise

SLACK = 1e-6


def ancestors(topic, parents):
    line = [topic]
    while parents.get(line[-1]) and parents[line[-1]] not in line:
        line.append(parents[line[-1]])
    return line


def raised(levels, gains, parents):
    levels = dict(levels)
    for topic, level in gains.items():
        for above in ancestors(topic, parents):
            levels[above] = max(levels.get(above, 0), level)
    return levels


def lessons(item):
    return {**dict.fromkeys(item.topics, (0, 1)), **item.teaches}


def holds(requirement, levels, done):
    match requirement:
        case None:
            return True
        case {"all": inner}:
            return all(holds(part, levels, done) for part in inner)
        case {"any": inner}:
            return any(holds(part, levels, done) for part in inner)
        case {"at_least": number, "of": inner}:
            return sum(holds(part, levels, done) for part in inner) >= number
        case {"topic": topic, "level": level}:
            return levels.get(topic, 0) >= level
        case {"opportunity": item_id}:
            return item_id in done
    raise AssertionError(requirement)


def minutes_between(a, b):
    (la, lo), (lb, lp) = (map(math.radians, place) for place in (a, b))
    cosine = math.sin(la) * math.sin(lb) + math.cos(la) * math.cos(lb) * math.cos(lo - lp)
    km = 6371.0088 * math.acos(max(-1.0, min(1.0, cosine))) * 1.3
    return km / 4.5 * 60 if km <= 2.5 else km / 15 * 60 + 8


def place(item):
    if item.lat is None or item.lon is None or item.space_kind == "online":
        return None
    return (item.lat, item.lon)


def is_booked(learner, item):
    return bool({s.id for s in item.sessions} & (set(learner.booked) - set(learner.missed)))


def session_faults(learner, session):
    if session.id in learner.missed:
        yield "missed session"
    if session.id in learner.booked:
        return
    start, end = session.start, session.end
    if start < learner.earliest or (learner.latest and end > learner.latest):
        yield "dates"
    begin = start.hour * 60 + start.minute
    finish = begin + (end - start).total_seconds() / 60
    if learner.free and not any(
        w.weekday == start.weekday() and w.start <= begin and finish <= w.end for w in learner.free
    ):
        yield "free"


def item_faults(learner, item):
    if is_booked(learner, item):
        return
    if learner.area and item.areas and learner.area not in item.areas:
        yield "area"
    if learner.languages and item.languages and not set(learner.languages) & set(item.languages):
        yield "language"
    if learner.age is not None and not (
        (item.age_min or 0) <= learner.age <= (item.age_max or 200)
    ):
        yield "age"
    if any(item.access.get(fact) is False for fact in learner.access):
        yield "access"
    if (item.id in learner.skip and item.id not in learner.keep) or item.id in learner.done:
        yield "skip"
    if too_far(learner, item):
        yield "travel"


def too_far(learner, item):
    if not learner.home or learner.max_travel_minutes is None or not place(item):
        return False
    return minutes_between(learner.home, place(item)) > learner.max_travel_minutes + 0.001


def coming(learner, sessions, now):
    return {s.id for s in sessions if s.start >= now and s.id not in learner.missed}


def booked_faults(learner, items, pairs, now):
    """What is booked and to come stays, with these sessions and no others."""
    attended = {item.id: {s.id for s in sessions} for item, sessions in pairs}
    for item in items:
        booked = coming(learner, [s for s in item.sessions if s.id in learner.booked], now)
        if not booked or item.id in learner.done:
            continue
        if item.id not in attended:
            yield f"booked {item.id} is left out"
        elif not booked <= attended[item.id]:
            yield f"booked {item.id} on other dates"
        elif not item.whole and attended[item.id] != booked:
            yield f"booked {item.id} on more dates"


def attendance_faults(learner, item, sessions, now):
    if is_booked(learner, item):
        return
    if item.anytime:
        if sessions:
            yield "sessions of an item without any"
    elif item.whole:
        joined = item.id in learner.keep
        if {s.id for s in sessions} != (
            coming(learner, item.sessions, now) if joined else {s.id for s in item.sessions}
        ):
            yield "half a course"
        if not joined and any(s.start < now for s in item.sessions):
            yield "begun course"
    elif len(sessions) != 1:
        yield "more than one visit"


def timetable_faults(pairs):
    attended = sorted(
        ((s.start, s.end, item) for item, sessions in pairs for s in sessions),
        key=lambda entry: entry[:2],
    )
    for (_, end, here), (start, _, there) in pairwise(attended):
        way = 0.0
        if here.id != there.id and place(here) and place(there):
            way = minutes_between(place(here), place(there))
        if end + timedelta(minutes=way - 0.001) > start:
            yield f"clash of {here.id} and {there.id}"


def week_hours(pairs):
    hours = {}
    for _, sessions in pairs:
        for s in sessions:
            week = s.start.isocalendar()[:2]
            hours[week] = hours.get(week, 0) + (s.end - s.start).total_seconds() / 3600
    return hours


def walk(learner, parents, steps):
    """Follow (item, start, end) in order; return faults, gains of each step, and last levels."""
    known = raised({}, learner.knows, parents)
    over, faults, all_gains = [], [], []
    for item, start, end in sorted(steps, key=lambda step: (step[1], step[2])):
        levels, done = known, set(learner.done)
        for item_id, ended, gains in over:
            if ended <= start:
                levels, done = raised(levels, gains, parents), done | {item_id}
        if not is_booked(learner, item) and not holds(item.requires, levels, done):
            faults.append(f"requirement of {item.id}")
        taught = lessons(item)
        if (
            taught
            and item.id not in learner.keep
            and not is_booked(learner, item)
            and not any(levels.get(t, 0) >= low for t, (low, _) in taught.items())
        ):
            faults.append(f"too advanced {item.id}")
        gains = {t: high for t, (low, high) in taught.items() if low <= levels.get(t, 0) < high}
        over.append((item.id, end, gains))
        all_gains.append(gains)
    last = known
    for _, _, gains in over:
        last = raised(last, gains, parents)
    return faults, all_gains, last


def item_and_session_faults(learner, pairs, now):
    for item, sessions in pairs:
        yield from item_faults(learner, item)
        yield from attendance_faults(learner, item, sessions, max(now, learner.earliest))
        for session in sessions:
            yield from session_faults(learner, session)


def reaching_faults(learner, by_id, parents, route, goals):
    spans = [(by_id[s.item_id], s.starts, s.ends) for s in route.steps]
    wrong, gains, last = walk(learner, parents, spans)
    yield from wrong
    if gains != [dict(step.gains) for step in route.steps]:
        yield f"gains {gains}"
    yield from (f"not reached {t}" for t, level in goals.items() if last.get(t, 0) < level)
    used = {step.item_id for step in route.steps}
    yield from (f"not kept {item_id}" for item_id in learner.keep if item_id not in used)


def money_faults(learner, pairs, route):
    cost = sum(item.price or 0 for item, _ in pairs)
    if abs(cost - route.cost) > SLACK:
        yield "cost"
    if learner.budget is not None and cost > learner.budget + SLACK:
        yield "budget"


def hour_faults(learner, pairs, route):
    weeks = {}
    for (item, _), step in zip(pairs, route.steps, strict=True):
        for week, hours in step.weekly_hours.items():
            weeks[week] = weeks.get(week, 0) + hours
        if (
            item.anytime
            and item.hours
            and abs(sum(step.weekly_hours.values()) - item.hours) > SLACK
        ):
            yield "effort"
    most = learner.hours_per_week
    if most is not None and any(hours > most + SLACK for hours in weeks.values()):
        yield "hours"
    for (year, week), hours in week_hours(pairs).items():
        if weeks.get(f"{year}-W{week:02d}", 0) < hours - SLACK:
            yield "untold hours"


def time_faults(learner, pairs, route):
    yield from timetable_faults(pairs)
    for step in route.steps:
        sessions = step.sessions
        if sessions and step.starts != min(s.start for s in sessions):
            yield "start of a step"
        if sessions and step.ends != max(s.end for s in sessions):
            yield "end of a step"
        if learner.latest and step.ends > learner.latest:
            yield "latest"


def faults(learner, items, parents, route, now, wants=None, *, by_id=None):
    """List everything wrong with a route."""
    by_id = by_id or {item.id: item for item in items}
    pairs = [(by_id[step.item_id], step.sessions) for step in route.steps]
    goals = learner.wants if wants is None else wants
    return [
        *item_and_session_faults(learner, pairs, now),
        *booked_faults(learner, items, pairs, now),
        *time_faults(learner, pairs, route),
        *reaching_faults(learner, by_id, parents, route, goals),
        *money_faults(learner, pairs, route),
        *hour_faults(learner, pairs, route),
    ]
