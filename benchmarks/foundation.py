"""Import rows a second, index time and size, search p50 and p95: the demo, and 10,000 listings.

The machines are noisy, so each search is asked several times and medians are what to compare.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import generated
from rich.console import Console
from rich.table import Table

from directory.database import reading, unit_of_work
from directory.edge.house import House
from directory.exchange import mapping
from directory.search.grammar import parse
from directory.search.request import Near, SearchRequest
from directory.services import demo, finding, indexing, topics, transfers, upkeep
from directory.settings import Settings

ROUNDS = 5
NOW = "2026-11-23T12:00"
FILTERS: list[dict[str, object]] = [
    {},
    {"kind": ("library",)},
    {"district": ("ribera",), "price_max": 0.0},
    {"day": (5,), "after": 17 * 60},
    {"near": Near(41.0, -4.5, 2.0)},
]


def opened(folder: Path) -> House:
    """A city's house with tables and topics, and nothing else."""
    house = House.of(Settings(_env_file=None, data_dir=folder, now=NOW, secret_key="bench"))
    upkeep.migrate(house.engine)
    with unit_of_work(house.engine) as db:
        topics.load_shipped(db, now=house.settings.clock())
    return house


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Seconds something takes, and what it gives."""
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def searches(house: House) -> tuple[list[float], list[float]]:
    """Milliseconds of each search: of the index alone, and with the listings of the page loaded."""
    now = house.settings.clock()
    with reading(house.engine) as db:
        city = house.known.city(db)
    alone: list[float] = []
    whole: list[float] = []
    for round_ in range(ROUNDS + 1):
        for q in generated.QUERIES:
            for filters in FILTERS:
                request = SearchRequest(
                    now=now, zone="Europe/Madrid", ask=parse(q), ui_language="es", **filters
                )
                spent, _ = timed(lambda request=request: house.index.search(request, city.lexicon))
                with reading(house.engine) as db:
                    spent_whole, _ = timed(
                        lambda request=request, db=db: finding.search(
                            db, house.index, request, city=city, plain=house.plain
                        )
                    )
                if round_:  # the first round warms up
                    alone.append(spent * 1000)
                    whole.append(spent_whole * 1000)
    return alone, whole


def percentile(values: list[float], share: int) -> float:
    """The value below which so many of a hundred lie."""
    return statistics.quantiles(values, n=100)[share - 1]


def load_demo(house: House) -> int:
    """Load Villaclara; how many listings that is."""
    with unit_of_work(house.engine) as db:
        report = demo.load(db, now=house.settings.clock(), settings=house.settings)
    return sum(report.counts.values())


def load_generated(house: House, folder: Path, count: int) -> int:
    """Import a generated city from a CSV file; how many rows that is."""
    path = folder / "generated.csv"
    written = generated.write(path, count)
    with unit_of_work(house.engine) as db:
        transfers.import_csv(
            db,
            path.read_bytes(),
            name=path.name,
            mapping=mapping.load("vereda"),
            settings=house.settings,
        )
    return written


def main() -> None:
    """Measure both cities and print one table."""
    table = Table("", "demo", "10,000 generated", title="Vereda, foundation")
    columns: list[list[str]] = []
    for count in (0, 10_000):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            house = opened(folder / "data")
            load = (
                (lambda h=house: load_demo(h))
                if not count
                else (lambda h=house, f=folder, c=count: load_generated(h, f, c))
            )
            spent, loaded = timed(load)
            built, held = timed(lambda h=house: indexing.rebuild(h.engine, h.index, currency="EUR"))
            alone, whole = searches(house)
            columns.append(
                [
                    f"{loaded}",
                    f"{int(str(loaded)) / spent:,.0f}",
                    f"{held}",
                    f"{built:.2f} s",
                    f"{size(house.settings.index_dir) / 1e6:.1f} MB",
                    f"{statistics.median(alone):.2f} / {percentile(alone, 95):.2f} ms",
                    f"{statistics.median(whole):.2f} / {percentile(whole, 95):.2f} ms",
                ]
            )
            house.engine.dispose()
    names = [
        "rows imported", "import rows/s", "listings indexed", "index time", "index size",
        "search p50 / p95, index", "search p50 / p95, with listings loaded",
    ]  # fmt: skip
    for name, *values in zip(names, *columns, strict=True):
        table.add_row(name, *values)
    Console().print(table)


if __name__ == "__main__":
    main()
