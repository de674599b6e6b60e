"""A generated city of 10,000 things to learn with, and people who live in it."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from recommender import Item, Learner, Session, Window

ZONE = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
CENTRE = (40.42, -3.70)
FIELDS, BRANCHES, LEAVES = 12, 4, 3
KINDS = ("library", "museum", "park", "workplace", "community-centre", "sports-centre", "online")
LANGUAGES = (("es",), ("es",), ("es",), ("es", "en"), ("en",), ("ar", "es"), (), None)
FACTS = ("step-free", "hearing-loop", "childcare")
HOURS = (9, 10, 11, 12, 16, 17, 18, 18.5, 19, 19.5)
EVENING, MORNING, AFTERNOON = (17 * 60, 22 * 60), (8 * 60, 14 * 60), (13 * 60, 18 * 60)


def topics() -> dict[str, str | None]:
    """Three levels of topics, each with the one above it."""
    parents: dict[str, str | None] = {}
    for f in range(FIELDS):
        parents[f"f{f}"] = None
        for b in range(BRANCHES):
            parents[f"f{f}b{b}"] = f"f{f}"
            for leaf in range(LEAVES):
                parents[f"f{f}b{b}l{leaf}"] = f"f{f}b{b}"
    return parents


def _place(rng: random.Random) -> tuple[float, float]:
    return CENTRE[0] + rng.gauss(0, 0.025), CENTRE[1] + rng.gauss(0, 0.033)


def _sessions(rng: random.Random, number: int, count: int) -> tuple[Session, ...]:
    first = NOW.replace(hour=0, minute=0) + timedelta(days=rng.randrange(-20, 120))
    hour, minutes = rng.choice(HOURS), rng.choice((60, 90, 90, 120, 180))
    step = rng.choice((7, 7, 7, 1, 14))
    begin = timedelta(hours=int(hour), minutes=int(hour % 1 * 60))
    dates = [(first + timedelta(days=step * n)).replace(tzinfo=None) + begin for n in range(count)]
    starts = [date.replace(tzinfo=ZONE) for date in dates]
    return tuple(
        Session(f"{number}-{n}", start, start + timedelta(minutes=minutes))
        for n, start in enumerate(starts)
    )


def _requires(rng: random.Random, leaves: list[str], count: int) -> dict[str, object] | None:
    fact = {"topic": rng.choice(leaves), "level": 1}
    return rng.choice(
        [
            None, None, None, None, None, None, None,
            fact,
            {"opportunity": f"i{rng.randrange(count)}"},
            {"any": [fact, {"topic": rng.choice(leaves), "level": 2}]},
            {"at_least": 2, "of": [{"topic": t, "level": 1} for t in rng.sample(leaves, 3)]},
        ]
    )  # fmt: skip


def item(rng: random.Random, number: int, leaves: list[str], count: int) -> Item:
    """One thing to learn with; a third are courses, a tenth are done at any time."""
    low = rng.choice((0, 0, 0, 1, 1, 2, 3))
    teaches = {rng.choice(leaves): (low, min(5, low + rng.choice((1, 1, 2))))}
    if rng.random() < 0.2:
        teaches[rng.choice(leaves)] = (0, 1)
    anytime = rng.random() < 0.1
    lat, lon = _place(rng)
    price = rng.choice((0, 0, 0, 5, 12, 20, 35, 60, 90, None))
    return Item(
        id=f"i{number}",
        text=" ".join(rng.sample(leaves, 3)),
        teaches=teaches,
        requires=_requires(rng, leaves, count),
        format=rng.choice(("course", "workshop", "talk", "drop-in", "guided-visit")),
        setting=rng.choice(("formal", "non-formal", "informal")),
        space_kind=rng.choice(KINDS),
        provider=f"p{int(rng.paretovariate(0.8)) % 400}",
        languages=rng.choice(LANGUAGES),
        price=None if price is None else float(price),
        age_min=rng.choice((None, None, None, 16, 18, 60)),
        age_max=rng.choice((None, None, None, None, 80)),
        access={fact: rng.random() < 0.7 for fact in FACTS if rng.random() < 0.6},
        lat=lat,
        lon=lon,
        sessions=() if anytime else _sessions(rng, number, rng.randrange(2, 21)),
        anytime=anytime,
        whole=not anytime and rng.random() < 0.35,
        hours=rng.choice((2.0, 6.0, 15.0, None)) if anytime else None,
    )


def city(count: int = 10_000, seed: int = 1) -> list[Item]:
    """The city; the same for the same seed."""
    rng = random.Random(seed)
    leaves = [t for t, above in topics().items() if above is not None and "l" in t]
    return [item(rng, number, leaves, count) for number in range(count)]


def _free(rng: random.Random) -> tuple[Window, ...]:
    kind = rng.random()
    if kind < 0.35:
        return ()
    if kind < 0.7:
        days = rng.sample(range(7), rng.choice((2, 3, 5)))
        return tuple(Window(day, *EVENING) for day in days)
    parts = (MORNING, AFTERNOON, EVENING)
    return tuple(Window(day, *rng.choice(parts)) for day in rng.sample(range(7), 4))


def learner(rng: random.Random) -> Learner:
    """Somebody with one to three wishes and some limits."""
    every = list(topics())
    leaves = [t for t in every if "l" in t]
    wanted = rng.sample(leaves, rng.choice((1, 1, 1, 1, 2, 2, 3)))
    if rng.random() < 0.15:
        wanted[0] = rng.choice([t for t in every if "b" in t and "l" not in t])
    return Learner(
        earliest=NOW + timedelta(days=rng.choice((0, 0, 7, 30))),
        latest=rng.choice((None, None, NOW + timedelta(days=90), NOW + timedelta(days=200))),
        knows={t: rng.choice((1, 1, 2)) for t in rng.sample(leaves, rng.choice((0, 0, 1, 3)))},
        wants={t: rng.choice((1, 1, 1, 2, 2, 3)) for t in dict.fromkeys(wanted)},
        languages=rng.choice(((), ("es",), ("es",), ("es", "en"), ("es", "ar"), ("en",))),
        age=rng.choice((None, 17, 30, 45, 67, 82)),
        access=rng.choice(((), (), (), ("step-free",), ("step-free", "childcare"))),
        budget=rng.choice((None, None, None, 0.0, 60.0, 150.0)),
        hours_per_week=rng.choice((None, None, None, 3.0, 8.0)),
        free=_free(rng),
        home=None if rng.random() < 0.2 else _place(rng),
        max_travel_minutes=rng.choice((None, None, 30.0, 45.0, 60.0)),
        interests=rng.choice(("", " ".join(rng.sample(leaves, 2)))),
    )


def learners(count: int = 1000, seed: int = 2) -> list[Learner]:
    """People; the same for the same seed."""
    rng = random.Random(seed)
    return [learner(rng) for _ in range(count)]
