"""Duplicates: found in a real agenda told by two hands, and how long that takes in large cities.

``make bench-duplicates``; FILE is Madrid's agenda as published. Seed 1 is what the weights were
chosen on; the others were not looked at before.
"""

import argparse
import gc
import random
import resource
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import resources
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table
from sqlmodel import Session, SQLModel, select

from directory.database import make_engine, unit_of_work
from directory.exchange import mapping
from directory.models import Opportunity, Space, Text, Topic
from directory.services import transfers
from directory.services.duplicates import finding, loading
from directory.services.duplicates.traits import Place, Traits, When
from directory.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))

from differently import Row, mapping_text, read, two_exports, written

SHARED = Path(__file__).parents[1].parent / "shared" / "data"
AGENDA = SHARED / "madrid_agenda" / "agenda_original.csv"
ZONE = "Europe/Madrid"
NOW = datetime(2022, 12, 8, 10, tzinfo=ZoneInfo(ZONE))
Pair = tuple[int, int]
_BEGINS = datetime(2026, 11, 23)  # noqa: DTZ001 - dates are compared in local time


@dataclass(frozen=True)
class Result:
    """How well pairs were found.

    Attributes:
        true: pairs there are.
        found: pairs that were offered.
        right: those of them that are true.
        twins: pairs of listings with the same title that are not one, none of which may be offered.
        parted: those of them that were not offered.
    """

    listing: str
    true: frozenset[Pair]
    found: frozenset[Pair]
    twins: frozenset[Pair]

    @property
    def right(self) -> frozenset[Pair]:
        """Pairs offered that are true."""
        return self.true & self.found

    @property
    def precision(self) -> float:
        """Of what was offered, the share that is true."""
        return len(self.right) / max(1, len(self.found))

    @property
    def recall(self) -> float:
        """Of what is true, the share that was offered."""
        return len(self.right) / max(1, len(self.true))


def measured(db: Session, rows: Sequence[Row], seed: int) -> list[Result]:
    """Import an agenda as two hands tell it, and look for what is told twice."""
    _bring(db, rows, seed)
    pairs = {
        "space": finding.alike("space", loading.spaces(db)),
        "opportunity": finding.alike("opportunity", loading.opportunities(db, now=NOW, zone=ZONE)),
    }
    events, venues = _truth(db, rows, seed)
    titles = {row["ID-EVENTO"]: row["TITULO"].strip().casefold() for row in rows}
    twins = _together(
        (number, titles[event.split("-", 1)[1]])
        for number, event in db.exec(select(Opportunity.id, Opportunity.external_id)).all()
    )
    return [
        Result("space", venues, frozenset(pairs["space"]), frozenset()),
        Result("opportunity", events, frozenset(pairs["opportunity"]), twins - events),
    ]


def _bring(db: Session, rows: Sequence[Row], seed: int) -> None:
    shipped = resources.files("directory.data.mappings").joinpath("madrid_agenda.toml")
    text = shipped.read_text("utf-8")
    settings = Settings(_env_file=None, now=NOW)
    topics: set[str] = set()
    for prefix, copy in zip("ab", two_exports(rows, seed), strict=True):
        wanted = mapping.parse(mapping_text(text, f"hand-{prefix}"), f"hand-{prefix}")
        named = {topic for rule in wanted.rules for topic in rule.then.topics} - topics
        db.add_all([Topic(key=key) for key in sorted(named)])
        topics |= named
        db.flush()
        transfers.import_csv(
            db, written(copy, prefix, seed), name=prefix, mapping=wanted, settings=settings
        )
    db.flush()


def _truth(db: Session, rows: Sequence[Row], seed: int) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """What is one: rows that say the same of the same venue, and venues of one name."""
    same = ("TITULO", "NOMBRE-INSTALACION", "FECHA", "FECHA-FIN", "HORA", "DIAS-SEMANA")
    said = {row["ID-EVENTO"]: tuple(row[name].strip().casefold() for name in same) for row in rows}
    events = _together(
        (number, said[event.split("-", 1)[1]])
        for number, event in db.exec(select(Opportunity.id, Opportunity.external_id)).all()
    )
    names: dict[tuple[str, str], str] = {}
    for prefix, copy in zip("ab", two_exports(rows, seed), strict=True):
        original = {row["ID-EVENTO"]: row["NOMBRE-INSTALACION"] for row in rows}
        for row in copy:
            names[f"hand-{prefix}", row["NOMBRE-INSTALACION"]] = original[row["ID-EVENTO"]]
    titled = select(Space.id, Space.source, Text.value).join(Text).where(Text.field == "title")
    venues = _together(
        (number, names.get((source, title), f"{number}"))
        for number, source, title in db.exec(titled).all()
    )
    return events, venues


def _together(named: Iterable[tuple[int | None, object]]) -> frozenset[Pair]:
    groups: dict[object, list[int]] = defaultdict(list)
    for number, name in named:
        groups[name].append(number or 0)
    return frozenset(two for group in groups.values() for two in combinations(sorted(group), 2))


def of_agenda(rows: Sequence[Row], seed: int) -> tuple[list[Result], float]:
    """The results in a database of its own, and the seconds that importing and finding took."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/x.sqlite3")
        SQLModel.metadata.create_all(engine)
        began = time.perf_counter()
        with unit_of_work(engine) as db:
            results = measured(db, rows, seed)
        engine.dispose()
        return results, time.perf_counter() - began


def large(total: int, seed: int = 5) -> tuple[list[Traits], frozenset[Pair]]:
    """A generated city: every tenth listing is told twice, every tenth has a twin next week."""
    draw = random.Random(seed)
    letters = [c + v for c in "bcdfglmnprstv" for v in "aeiou"]
    words = ["".join(draw.choices(letters, k=draw.randint(2, 4))) for _ in range(6000)]
    weights = [1 / (n + 10) for n in range(len(words))]
    venues = [_venue(draw, words, n) for n in range(max(20, total // 20))]
    found: list[Traits] = []
    true: set[Pair] = set()
    while len(found) < total:
        number, kind = len(found), draw.randrange(10)
        one = _event(draw, words, weights, venues, number)
        found.append(one)
        if kind == 0:
            found.append(_again(draw, one, number + 1))
            true.add((number, number + 1))
        elif kind == 1:
            found.append(_next_week(one, number + 1))
    return found, frozenset(true)


def _venue(draw: random.Random, words: list[str], number: int) -> Place:
    lat, lon = 41 + draw.uniform(-0.06, 0.06), -4.5 + draw.uniform(-0.08, 0.08)
    return Place(number, f"Centro {' '.join(draw.choices(words, k=2))}", lat, lon)


def _event(
    draw: random.Random, words: list[str], weights: list[float], venues: list[Place], number: int
) -> Traits:
    begins = _BEGINS + timedelta(days=draw.randrange(90), hours=draw.randrange(9, 21))
    return Traits(
        number=number,
        source="first",
        title=" ".join(draw.choices(words, weights, k=draw.randint(3, 6))),
        place=draw.choice(venues),
        kind="workshop",
        text=" ".join(draw.choices(words, weights, k=40)),
        when=When(begins, begins, 1, all_day=False),
    )


def _next_week(one: Traits, number: int) -> Traits:
    week = timedelta(days=7)
    when = one.when and replace(one.when, first=one.when.first + week, last=one.when.last + week)
    return replace(one, number=number, when=when)


def _again(draw: random.Random, one: Traits, number: int) -> Traits:
    words = one.title.split()
    draw.shuffle(words)
    at = one.place
    moved = Place(None, at.name.upper(), (at.lat or 0) + 0.0003, (at.lon or 0) - 0.0003)
    return replace(one, number=number, source="second", title=" ".join(words), place=moved)


def _show_agenda(console: Console, file: Path, seeds: Sequence[int]) -> None:
    table = Table(
        "seed", "what", "pairs", "offered", "precision", "recall", "twins kept apart", "s"
    )
    rows = read(file)
    for seed in seeds:
        results, seconds = of_agenda(rows, seed)
        for result in results:
            apart = len(result.twins - result.found)
            table.add_row(
                str(seed), result.listing, str(len(result.true)), str(len(result.found)),
                f"{result.precision:.3f}", f"{result.recall:.3f}",
                f"{apart} of {len(result.twins)}", f"{seconds:.1f}",
            )  # fmt: skip
    console.print(table)


def _show_large(console: Console, sizes: Sequence[int]) -> None:
    table = Table("listings", "pairs", "precision", "recall", "seconds", "peak memory, MB")
    for size in sizes:
        traits, true = large(size)
        gc.collect()
        began = time.perf_counter()
        found = frozenset(finding.alike("opportunity", traits))
        seconds = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        result = Result("opportunity", true, found, frozenset())
        table.add_row(
            f"{size:,}", str(len(true)), f"{result.precision:.3f}", f"{result.recall:.3f}",
            f"{seconds:.1f}", f"{peak:.0f}",
        )  # fmt: skip
    console.print(table)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path, default=AGENDA)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--sizes", type=int, nargs="+", default=[2_000, 20_000, 100_000])
    given = parser.parse_args()
    console = Console()
    if given.file.exists():
        _show_agenda(console, given.file, given.seeds)
    else:
        console.print(f"{given.file} is not here; only generated cities are looked through.")
    _show_large(console, given.sizes)


if __name__ == "__main__":
    main()
