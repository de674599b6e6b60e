"""Small random cities and learners."""

import random
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from recommender import Item, Learner, Session, Window

ZONE = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)
PARENTS = {"digital": None, "web": "digital", "office": "digital", "cooking": None}
TOPICS = tuple(PARENTS)
HOME = (41.65, -0.88)


def session(name, day, hour, minutes=90):
    start = NOW.replace(hour=0) + timedelta(days=day)
    start = start.replace(hour=int(hour), minute=int(hour % 1 * 60))
    return Session(name, start, start + timedelta(minutes=minutes))


def random_item(rng, number, *, paced=True, unknown=True, count=8):
    anytime = paced and rng.random() < 0.15
    whole = not anytime and rng.random() < 0.4
    teaches = {}
    for topic in rng.sample(TOPICS, rng.choice([1, 1, 2])):
        low = rng.choice([0, 0, 0, 1, 1, 2])
        teaches[topic] = (low, low + rng.choice([1, 1, 2]))
    day = rng.randrange(-2, 20)
    hour = rng.choice([10, 11, 17, 18, 18.5, 19])
    gap = rng.choice([1, 7])
    sessions = tuple(
        session(f"{number}-{n}", day + n * gap, hour) for n in range(rng.choice([1, 2, 3]))
    )
    requires = rng.choice(
        [
            None,
            None,
            None,
            None,
            {"topic": rng.choice(TOPICS), "level": 1},
            {"opportunity": f"i{rng.randrange(count)}"},
            {"any": [{"topic": "cooking", "level": 1}, {"topic": "web", "level": 1}]},
            {
                "at_least": 2,
                "of": [
                    {"topic": "cooking", "level": 1},
                    {"topic": "office", "level": 1},
                    {"opportunity": "i0"},
                ],
            },
        ]
    )
    maybe = [None] if unknown else []
    return Item(
        id=f"i{number}",
        text=rng.choice(["sew and mend", "bake bread", "write a web page", ""]),
        topics=(rng.choice(TOPICS),) if rng.random() < 0.2 else (),
        teaches=teaches,
        requires=requires,
        format=rng.choice(["course", "workshop", "talk", None]),
        setting=rng.choice(["formal", "informal", None]),
        space_kind=rng.choice(["library", "park", "online", None]),
        languages=rng.choice([("es",), ("es", "en"), ("en",), (), *maybe]),
        price=rng.choice([0, 0, 5.5, 10, 25, *maybe]),
        age_min=rng.choice([None, None, 16, 60]),
        access={"step-free": rng.random() < 0.8} if rng.random() < 0.7 else {},
        lat=41.65 + rng.uniform(-0.04, 0.04),
        lon=-0.88 + rng.uniform(-0.04, 0.04),
        sessions=() if anytime else sessions,
        anytime=anytime,
        whole=whole,
        hours=rng.choice([2, 5, 12]) if anytime else None,
    )


def random_city(rng, count=8, **kinds):
    return tuple(random_item(rng, number, count=count, **kinds) for number in range(count))


def random_learner(rng, **fixed):
    evenings = tuple(Window(day, 17 * 60, 22 * 60) for day in range(rng.choice([3, 5, 7])))
    facts = {
        "earliest": NOW + timedelta(days=rng.choice([0, 0, 3])),
        "latest": rng.choice([None, None, NOW + timedelta(days=21)]),
        "knows": {rng.choice(TOPICS): 1} if rng.random() < 0.4 else {},
        "wants": {t: rng.choice([1, 2, 2, 3]) for t in rng.sample(TOPICS, rng.choice([1, 1, 2]))},
        "languages": rng.choice([(), ("es",), ("es", "en")]),
        "age": rng.choice([None, 30, 70]),
        "access": rng.choice([(), (), ("step-free",)]),
        "budget": rng.choice([None, 0, 10, 40]),
        "hours_per_week": rng.choice([None, 2, 4]),
        "free": rng.choice([(), (), evenings]),
        "home": HOME,
        "max_travel_minutes": rng.choice([None, None, 25]),
        "interests": rng.choice(["", "bread"]),
    }
    return Learner(**{**facts, **fixed})


def seeded(seed):
    return random.Random(seed)
