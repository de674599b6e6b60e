"""How well Vereda recommends: nDCG@20 on skills beside its peers, and lists over two cities.

``make bench-recommend`` (DATA=folder). A profile likes five skills of one occupation; what else
that occupation needs is held out and to be found among all skills. The numbers of the text model
are chosen by five-fold cross-validation over the profiles; the folds that judge never choose.
"""

import argparse
import itertools
import json
import math
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import numpy as np
import recommend_cities
from rich.console import Console
from rich.table import Table

from directory.services.splitting import split
from recommender import Item, LinearRecommender, Passage
from recommender.features import RARITY, SLOPE, TITLE_WEIGHT, Split, plain_words
from recommender.metrics import ndcg
from recommender.ranking import PLAIN

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
TOP = 20
FOLDS = 5
TITLES = (1, 2, 3, 4)
RARITIES = (1.0, 1.2, 1.4, 1.6)
SLOPES = (0.5, 0.6, 0.7, 0.8, 1.0)
CHOSEN = (TITLE_WEIGHT, RARITY, SLOPE)

Rows = list[dict[str, Any]]
Rank = Callable[[dict[str, Any]], Sequence[str]]


def read(path: Path) -> Rows:
    """The objects of a file with one a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def as_items(skills: Rows) -> list[Item]:
    """Skills as the recommender takes any listing: title, text and language, and nothing else."""
    return [
        Item(s["id"], passages=(Passage(s["lang"], s["title"], s["description"]),)) for s in skills
    ]


def judged(rank: Rank, profiles: Rows) -> list[float]:
    """The nDCG of each profile."""
    return [ndcg(rank(p), p["held_out"], TOP) for p in profiles]


def vereda(items: list[Item], numbers: tuple[int, float, float] = CHOSEN) -> Rank:
    """The product's model, as it fits a city."""
    title_weight, rarity, slope = numbers
    model = LinearRecommender(split, title_weight, rarity, slope, PLAIN).fit(items, {})

    def rank(profile: dict[str, Any]) -> list[str]:
        scores = model.likeness(profile["liked"])
        order = np.argsort(-scores.total, kind="stable")[:TOP]
        return [items[row].id for row in scores.rows[order]]

    return rank


# Peers


def bm25(skills: Rows, cut: Split, k1: float = 1.2, b: float = 0.75) -> Rank:
    """BM25 of the words of the liked texts."""
    texts = [[w.term for w in cut(f"{s['title']}\n{s['description']}", s["lang"])] for s in skills]
    row = {s["id"]: n for n, s in enumerate(skills)}
    mean = sum(map(len, texts)) / len(texts)
    found: dict[str, tuple[list[int], list[float]]] = {}
    for n, words in enumerate(texts):
        for word, often in Counter(words).items():
            rows, weights = found.setdefault(word, ([], []))
            rows.append(n)
            weights.append(often * (k1 + 1) / (often + k1 * (1 - b + b * len(words) / mean)))
    postings = {
        word: (
            np.array(rows),
            math.log(1 + (len(texts) - len(rows) + 0.5) / (len(rows) + 0.5)) * np.array(weights),
        )
        for word, (rows, weights) in found.items()
    }

    def rank(profile: dict[str, Any]) -> list[str]:
        score = np.zeros(len(skills))
        liked = [row[name] for name in profile["liked"]]
        for word, often in Counter(w for n in liked for w in texts[n]).items():
            rows, weights = postings[word]
            score[rows] += often * weights
        order = np.argsort(-score, kind="stable")
        return [skills[n]["id"] for n in order[~np.isin(order, liked)][:TOP]]

    return rank


def popularity(profiles: Rows) -> Rank:
    """What most of the other profiles have."""
    count = Counter(name for p in profiles for name in (*p["liked"], *p["held_out"]))

    def rank(profile: dict[str, Any]) -> list[str]:
        own, liked = {*profile["liked"], *profile["held_out"]}, set(profile["liked"])
        order = sorted(count, key=lambda name: (-(count[name] - (name in own)), name))
        return [name for name in order if name not in liked][:TOP]

    return rank


def at_random(skills: Rows) -> Rank:
    """Any skills, the same at every run."""
    draw = random.Random(7)
    names = [s["id"] for s in skills]
    return lambda _profile: draw.sample(names, TOP)


# Choosing the numbers


def cross_validated(
    items: list[Item], profiles: Rows
) -> tuple[float, list[tuple[int, float, float]]]:
    """The nDCG of each fold with the numbers that the other folds choose, and those numbers."""
    grid = list(itertools.product(TITLES, RARITIES, SLOPES))
    found = np.array([judged(vereda(items, numbers), profiles) for numbers in grid])
    order = list(range(len(profiles)))
    random.Random(7).shuffle(order)
    folds = [order[n::FOLDS] for n in range(FOLDS)]
    values, chosen = [], []
    for fold in folds:
        others = [n for n in order if n not in set(fold)]
        best = int(found[:, others].mean(axis=1).argmax())
        values.extend(found[best, fold].tolist())
        chosen.append(grid[best])
    return float(np.mean(values)), chosen


def skills_table(folder: Path, *, choose: bool) -> Table:
    """Vereda and its peers on the skills."""
    skills, profiles = read(folder / "skills_en.jsonl"), read(folder / "profiles.jsonl")
    items = as_items(skills)
    engines = {
        "Vereda, as it is served": lambda: vereda(items),
        "Vereda, plain cosine (no title weight, rarity 1, slope 1)": lambda: vereda(
            items, (1, 1, 1)
        ),
        "BM25 of the liked texts, words as written": lambda: bm25(skills, plain_words),
        "BM25 of the liked texts, the same stems as Vereda": lambda: bm25(skills, split),
        "popularity among the other profiles": lambda: popularity(profiles),
        "random": lambda: at_random(skills),
    }
    title = f"{len(skills):,} skills, {len(profiles)} profiles"
    table = Table("", "nDCG@20", "± error", "making", "a profile", title=title)
    for name, make in engines.items():
        begun = time.perf_counter()
        rank = make()
        made = time.perf_counter()
        values = judged(rank, profiles)
        each = 1000 * (time.perf_counter() - made) / len(profiles)
        error = np.std(values) / math.sqrt(len(values))
        table.add_row(
            name,
            f"{np.mean(values):.4f}",
            f"{error:.4f}",
            f"{made - begun:.1f} s",
            f"{each:.1f} ms",
        )
    if choose:
        value, chosen = cross_validated(items, profiles)
        told = ", ".join(f"{t}/{r:g}/{s:g}" for t, r, s in chosen)
        table.add_row(f"Vereda, numbers chosen on the other folds\n({told})", f"{value:.4f}")
    return table


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED / "skill_recommending")
    parser.add_argument(
        "--choose", action="store_true", help="cross-validate the numbers (minutes)"
    )
    parser.add_argument("--listings", type=int, default=10_000, help="of the generated city")
    given = parser.parse_args()
    console = Console(width=110)
    if given.folder.exists():
        console.print(skills_table(given.folder, choose=given.choose))
    else:
        console.print(f"{given.folder} is not there: no skills to recommend")
    with tempfile.TemporaryDirectory() as name:
        house = recommend_cities.opened(Path(name), given.listings)
        console.print(recommend_cities.serving_table(house, given.listings))
        console.print(recommend_cities.lists_table(Path(name), house, given.listings))
        house.engine.dispose()


if __name__ == "__main__":
    main()
