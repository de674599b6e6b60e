"""What lists of a city look like: how varied they are, and who is seen in them."""

import itertools
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import foundation
from rich.table import Table

from directory.database import reading
from directory.models import Opportunity
from directory.services import guidance, onward
from directory.services import offered as listings
from directory.services.fitting import Guide
from directory.services.splitting import split
from directory.services.topics import tree
from recommender import Item, LinearRecommender
from recommender.metrics import coverage, diversity, gini, novelty, share_of
from recommender.model import SMALL, VARIED_OVER
from recommender.ranking import PLAIN, Taste

LISTS = 300
PLACES = 10
ASKED = 100
FRESH = 0.05
PROVIDERS = 0.1
"""So many providers a listing in the generated city, the largest of which have most of it."""

City = tuple[list[Item], dict[str, str | None]]


def demo_city(folder: Path) -> City:
    """Villaclara."""
    house = foundation.opened(folder / "demo")
    foundation.load_demo(house)
    city = _items(house)
    house.engine.dispose()
    return city


def generated_city(house: foundation.House) -> City:
    """A generated city, with providers of all sizes and a few new listings."""
    items, parents = _items(house)
    draw = random.Random(7)
    names = [f"provider {n}" for n in range(max(2, int(PROVIDERS * len(items))))]
    sizes = list(itertools.accumulate(1 / (n + 1) for n in range(len(names))))
    return [
        replace(
            item,
            provider=draw.choices(names, cum_weights=sizes)[0],
            fresh=draw.random() < FRESH,
        )
        for item in items
    ], parents


def _items(house: foundation.House) -> City:
    now = house.settings.clock()
    with reading(house.engine) as db:
        parents = {key: topic.parent for key, topic in tree(db).topics.items()}
        items = list(listings.items(db, now=now))
    # A city that was loaded just now is new altogether, which tells nobody apart.
    return [replace(item, fresh=False) for item in items], parents


def opened(folder: Path, count: int) -> foundation.House:
    """A generated city of so many listings."""
    house = foundation.opened(folder / "generated")
    foundation.load_generated(house, folder, count)
    return house


def lists_table(folder: Path, house: foundation.House, count: int) -> Table:
    """Both cities, by score alone and with the product's taste."""
    columns = {}
    for name, (items, parents) in {
        "demo": demo_city(folder),
        f"{count:,} generated": generated_city(house),
    }.items():
        for told, taste in (("by score alone", PLAIN), ("as served", Taste())):
            columns[f"{name}, {told}"] = _measured(items, parents, taste)
    table = Table("", *columns, title=f"Similar to {LISTS} listings, {PLACES} places each")
    for name in next(iter(columns.values())):
        table.add_row(name, *(f"{column[name]:.3f}" for column in columns.values()))
    return table


def serving_table(house: foundation.House, count: int) -> Table:
    """What it takes to fit a city, to start again, and to answer."""
    now, stop = house.settings.clock(), threading.Event()
    stop.set()  # as served, but nothing goes on beside the measuring
    with reading(house.engine) as db:
        made, _ = foundation.timed(lambda: house.guide.fitted(db, now=now))
        saved = foundation.size(house.settings.guide_dir)
        again = Guide(house.settings.guide_dir)
        again.start(house.engine, house.settings.clock, stop)
        listings = [
            db.get_one(Opportunity, int(name))
            for name in random.Random(7).sample(
                sorted(again.recommender(db, now=now).catalogue_.row), ASKED
            )
        ]
        restarted = Guide(house.settings.guide_dir)
        restarted.start(house.engine, house.settings.clock, stop)
        answer = partial(guidance.similar, db, settings=house.settings)
        first, _ = foundation.timed(lambda: answer(restarted, listings[0]))
        similar = [
            foundation.timed(lambda one=one: answer(restarted, one))[0] for one in listings[1:]
        ]
        onwards = [
            foundation.timed(lambda one=one: onward.at_space(db, one.space, now=now))[0]
            for one in listings
            if one.space is not None
        ]
    table = Table("", "", title=f"Serving {count:,} generated listings")
    rows = {
        "reading and fitting": f"{made:.1f} s",
        "memory it takes, in another process": f"{_memory(house.settings.guide_dir):.0f} MB",
        "its file": f"{saved / 1e6:.0f} MB",
        "first answer after a restart": f"{first:.2f} s",
        "similar, p50 / p95": _percentiles(similar),
        "what is on at a space, p50 / p95": _percentiles(onwards),
    }
    for name, value in rows.items():
        table.add_row(name, value)
    return table


def _percentiles(seconds: list[float]) -> str:
    middle, high = (1000 * foundation.percentile(seconds, share) for share in (50, 95))
    return f"{middle:.0f} / {high:.0f} ms"


def _memory(folder: Path) -> float:
    """Megabytes that a process grows by when it opens a saved fit and answers from it."""
    asked = """
import resource, sys
from pathlib import Path
from directory.services import fitting, mapped
def size():
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6
before = size()
recommender = mapped.read(next(Path(sys.argv[1]).glob("*.fit"))).recommender
recommender.similar(next(iter(recommender.catalogue_.row)), 10)
print(size() - before)
"""
    command = [sys.executable, "-c", asked, str(folder)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)  # noqa: S603 - our own words


def _measured(items: list[Item], parents: dict[str, str | None], taste: Taste) -> dict[str, float]:
    model = LinearRecommender(split, taste=taste).fit(items, parents)
    asked = random.Random(7).sample(items, min(LISTS, len(items)))
    scored = [model.similar(item.id, PLACES) for item in asked]
    lists = [[each.item_id for each in one] for one in scored]
    by_id = {item.id: item for item in items}
    providers = [_providers(one, by_id) for one in lists]
    offered = Counter(item.provider for item in items if item.provider)
    small = [name for name, number in offered.items() if number <= SMALL]
    return {
        "mean score": sum(s.score for one in scored for s in one) / sum(map(len, scored)),
        "diversity within a list": sum(_diversity(one, by_id) for one in lists) / len(lists),
        "coverage of all listings": coverage(lists, by_id),
        "listings of small providers, part of all": sum(offered[s] for s in small)
        / max(1, sum(offered.values())),
        "exposure of small providers": share_of(small, providers),
        "Gini of exposure over providers": gini(providers, offered),
        "new listings, part of all": sum(i.fresh for i in items) / len(items),
        "novelty: exposure of new by their part": novelty(
            lists, [i.id for i in items if i.fresh], by_id
        ),
    }


def _providers(ranked: Sequence[str], by_id: dict[str, Item]) -> list[str]:
    return [name for each in ranked if (name := by_id[each].provider)]


def _diversity(ranked: Sequence[str], by_id: dict[str, Item]) -> float:
    return diversity([tuple(getattr(by_id[n], f) for f in VARIED_OVER) for n in ranked])
