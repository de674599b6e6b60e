"""The same searches, filters and facets in Vereda, Tantivy, SQLite FTS5 and plain Whoosh.

``make bench-search`` asks 10,000 and 100,000 listings; ``make bench-search SIZES=1000000`` more. Of
several sizes Vereda is asked once more in turns, to tell how its times grow.
Engines take turns at every question, so that a machine's mood is shared; the order of turns changes.
Memory is that of a process of its own which opens one engine's index and asks it everything.
Built indexes stay in benchmarks/.cache until ``--fresh`` makes them anew: after a change to how an
engine indexes, ``--engines vereda --fresh`` and then a run of all.
"""

import argparse
import gc
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path

from engines.base import ENGINES, Answer, Engine, load
from questions import APPROXIMATE, Question, questions
from rich.console import Console
from rich.table import Table

from directory.search.documents import Document
from directory.search.grammar import parse

CACHE = Path(__file__).parent / ".cache"
ROUNDS = 5
SAVES = 10
# The impatient get a part of the questions; a prime, so that the part has all kinds and filters.
PART = 11
MEGA = 1e6
MS = 1e-6

Memory = dict[str, float]


@dataclass
class Measured:
    """What was measured of one engine over one number of listings; times in milliseconds."""

    built: dict[str, float]
    first: list[float] = field(default_factory=list)
    spent: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    answers: dict[int, Answer] = field(default_factory=dict)
    memory: Memory = field(default_factory=dict)
    saved: list[float] = field(default_factory=list)
    only_part: bool = False

    def times(self, chosen: Callable[[int], bool] = lambda _: True) -> list[float]:
        """All times of the questions chosen."""
        return [t for n, times in self.spent.items() if chosen(n) for t in times]


class Clocked:
    """Documents, and how long drawing them took, so that it is not counted as indexing."""

    def __init__(self, documents: Iterator[Document]) -> None:
        self._documents = documents
        self.spent = 0.0

    def __iter__(self) -> Iterator[Document]:
        return self

    def __next__(self) -> Document:
        begun = time.perf_counter()
        document = next(self._documents)
        self.spent += time.perf_counter() - begun
        return document


def percentile(values: list[float], share: int) -> float:
    """The value below which so many of a hundred lie."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def memory() -> Memory:
    """Megabytes of this process: its own, shared with others, and the most it ever had."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    found = dict(line.split(":", 1) for line in lines)
    names = {"private": ("RssAnon",), "shared": ("RssFile", "RssShmem"), "peak": ("VmHWM",)}
    return {
        name: sum(int(found[field].split()[0]) for field in fields) / 1024
        for name, fields in names.items()
    }


# In a process of its own


def child_build(name: str, folder: Path, count: int) -> Memory:
    """Build an index; seconds and megabytes."""
    import listings  # noqa: PLC0415 - its pools are not an engine's memory

    engine = load(name, folder)
    documents = Clocked(listings.documents(count))
    begun = time.perf_counter()
    engine.build(documents)
    spent = time.perf_counter() - begun - documents.spent
    engine.close()
    return {"seconds": spent, **memory()}


def child_memory(name: str, folder: Path, count: int) -> Memory:
    """Open an index and ask everything once; megabytes. Without a name: what any engine starts from."""
    asked = questions()
    if name != "none":
        engine = load(name, folder)
        for question in asked[:: PART if count > engine.patient_until else 1]:
            engine.search(question.request)
    gc.collect()
    return memory()


CHILDREN = {"build": child_build, "memory": child_memory}


def in_child(work: str, name: str, folder: Path, count: int) -> Memory:
    """Do one of these in a process of its own."""
    command = [sys.executable, __file__, "--child", work, name, str(folder), str(count)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own file
    found: Memory = json.loads(done.stdout)
    return found


# In the process that measures


def prepared(name: str, count: int, *, fresh: bool) -> tuple[Path, Memory]:
    """The folder of a built index, and what building it took."""
    folder = CACHE / str(count) / name
    notes = folder.with_suffix(".json")
    if fresh or not notes.exists():
        shutil.rmtree(folder, ignore_errors=True)
        notes.unlink(missing_ok=True)
        folder.mkdir(parents=True)
        print(f"indexing {count:,} listings with {name} …", file=sys.stderr, flush=True)
        notes.write_text(json.dumps(in_child("build", name, folder, count)), "utf-8")
    built: Memory = json.loads(notes.read_text("utf-8"))
    return folder, built


def ask(engine: Engine, question: Question) -> tuple[float, Answer]:
    """Milliseconds a search takes, and its answer."""
    begun = time.perf_counter_ns()
    answer = engine.search(question.request)
    return (time.perf_counter_ns() - begun) * MS, answer


def race(engines: dict[str, Engine], results: dict[str, Measured], rounds: int) -> None:
    """Every question to every engine: once to warm up, then so many rounds."""
    asked = questions()
    names = list(engines)
    for round_ in range(rounds + 1):
        for n, question in enumerate(asked):
            turn = (n + round_) % len(names)
            for name in names[turn:] + names[:turn]:
                result = results[name]
                if result.only_part and (n % PART or round_ > 1):
                    continue
                spent, answer = ask(engines[name], question)
                if round_:
                    result.spent[n].append(spent)
                else:
                    result.first.append(spent)
                    result.answers[n] = answer


def save_to_found(name: str, folder: Path, count: int) -> list[float]:
    """Milliseconds from handing a listing over until a search finds it; on a copy of the index."""
    import listings  # noqa: PLC0415 - not needed by a child that measures memory

    times = []
    pattern = next(iter(listings.documents(10)))
    request = questions()[0].request
    with tempfile.TemporaryDirectory(dir=CACHE) as copy:
        shutil.copytree(folder, copy, dirs_exist_ok=True)
        engine = load(name, Path(copy))
        engine.search(request)
        for n in range(SAVES):
            word = f"novedad{n}zz"
            document = replace(pattern, number=count + n + 1, titles={"es": f"Taller {word}"})
            begun = time.perf_counter_ns()
            engine.save(document)
            while document.key not in engine.search(replace(request, ask=parse(word))).keys:
                time.sleep(0.001)
            times.append((time.perf_counter_ns() - begun) * MS)
        engine.close()
    return times


def measured(count: int, names: list[str], *, rounds: int, fresh: bool) -> dict[str, Measured]:
    """Everything about these engines over so many listings."""
    folders: dict[str, Path] = {}
    results: dict[str, Measured] = {}
    for name in names:
        folders[name], built = prepared(name, count, fresh=fresh)
        results[name] = Measured(built)
    engines = {name: load(name, folders[name]) for name in names}
    for name, engine in engines.items():
        results[name].only_part = count > engine.patient_until
        results[name].built["size"] = engine.size() / MEGA
    undisturbed(engines, results, rounds)
    for name, engine in engines.items():
        engine.close()
        results[name].memory = in_child("memory", name, folders[name], count)
        results[name].saved = save_to_found(name, folders[name], count)
    return results


def undisturbed(engines: dict[str, Engine], results: dict[str, Measured], rounds: int) -> None:
    """A race in which nobody looks for garbage."""
    gc.collect()
    gc.freeze()
    gc.disable()
    race(engines, results, rounds)
    gc.enable()
    gc.unfreeze()


def growth(counts: list[int], rounds: int) -> Iterator[str]:
    """How Vereda's times grow with the number of listings, all asked in turns at each question."""
    engines = {f"{count:,}": load("vereda", CACHE / str(count) / "vereda") for count in counts}
    results = {name: Measured({}) for name in engines}
    undisturbed(engines, results, rounds)
    times = {
        name: [percentile(result.times(), share) for share in (50, 95, 99)]
        for name, result in results.items()
    }
    for engine in engines.values():
        engine.close()
    least, *others = times
    for name in others:
        grown = [
            f"{b:.2f} / {a:.2f} ms = {b / a:.2f}"
            for a, b in zip(times[least], times[name], strict=True)
        ]
        yield f"In turns, {name} / {least} listings: " + ", ".join(
            f"p{share} {one}" for share, one in zip((50, 95, 99), grown, strict=True)
        )


# What is printed


def overall(count: int, results: dict[str, Measured], base: Memory) -> Table:
    """The table of everything but kinds."""
    table = Table("", *results, title=f"{count:,} listings")
    shares = {f"search p{share}, ms": share for share in (50, 95, 99)}
    rows: dict[str, Callable[[Measured], str]] = {
        **{name: lambda m, s=s: f"{percentile(m.times(), s):.3f}" for name, s in shares.items()},
        "searches timed": lambda m: f"{len(m.times()):,}",
        "asked for the first time p50 / p95, ms": lambda m: (
            f"{percentile(m.first, 50):.2f} / {percentile(m.first, 95):.2f}"
        ),
        "memory, private / shared, MB": lambda m: (
            f"{m.memory['private']:.0f} / {m.memory['shared']:.0f}"
        ),
        "index time, s (peak memory, MB)": lambda m: (
            f"{m.built['seconds']:.1f} ({m.built['peak']:.0f})"
        ),
        "index size, MB": lambda m: f"{m.built['size']:.1f}",
        "save to found, median of 10, ms": lambda m: f"{statistics.median(m.saved):.1f}",
    }
    for name, shown in rows.items():
        table.add_row(name, *(shown(m) for m in results.values()))
    table.caption = f"A process without an engine: {base['private']:.0f} / {base['shared']:.0f} MB"
    return table


def grouped(results: dict[str, Measured], title: str, group: Callable[[Question], str]) -> Table:
    """Median and 95th percentile for each group of questions."""
    asked = questions()
    table = Table(title, *results, title="p50 / p95, ms")
    for name in dict.fromkeys(group(q) for q in asked):
        cells = []
        for result in results.values():
            times = result.times(lambda n, name=name: group(asked[n]) == name)
            cells.append(
                f"{percentile(times, 50):.3f} / {percentile(times, 95):.3f}" if times else "–"
            )
        table.add_row(name, *cells)
    return table


def agreement(results: dict[str, Measured], reference: str) -> Table:
    """How many answers of each engine are those of another: totals, and all five facets."""
    asked = questions()
    rows: dict[str, Callable[[Question], bool]] = {
        "exact words": lambda q: q.exact and q.filters not in APPROXIMATE,
        "exact words, within 3 km (Tantivy, Whoosh: a rectangle)": lambda q: (
            q.exact and q.filters in APPROXIMATE
        ),
        "ordinary words (stemmers differ)": lambda q: not q.exact and q.filters not in APPROXIMATE,
    }
    others = [name for name in results if name != reference]
    table = Table("", *others, title=f"Totals / totals and facets as in {reference}")
    for title, chosen in rows.items():
        cells = []
        for name in others:
            pairs = [
                (answer, results[reference].answers[n])
                for n, answer in results[name].answers.items()
                if chosen(asked[n]) and n in results[reference].answers
            ]
            totals = sum(a.total == b.total for a, b in pairs)
            whole = sum(a.total == b.total and a.facets == b.facets for a, b in pairs)
            cells.append(f"{totals} / {whole} of {len(pairs)}")
        table.add_row(title, *cells)
    return table


def ratios(results: dict[str, Measured]) -> Iterator[str]:
    """Times of the others over Vereda's (above 1, Vereda is faster), over questions both were asked."""
    ours = results["vereda"]
    for name, theirs in results.items():
        if name == "vereda":
            continue
        common = set(ours.spent) & set(theirs.spent)
        pair = [
            [percentile(m.times(lambda n: n in common), share) for share in (50, 95, 99)]  # noqa: B023
            for m in (ours, theirs)
        ]
        p50, p95, p99 = (b / a for a, b in zip(*pair, strict=True))
        yield f"Time of {name} over time of Vereda: {p50:.2f} at p50, {p95:.2f} at p95, {p99:.2f} at p99"


def whole(folder: Path, rounds: int) -> str:
    """The whole of a request against the search within it."""
    import whole_request  # noqa: PLC0415 - not needed by a child that measures memory

    pair = [
        [percentile(times, share) for share in (50, 95)]
        for times in whole_request.race(folder, rounds)
    ]
    (search50, search95), (whole50, whole95) = pair
    return (
        f"GET /api/v1/search: {whole50:.2f} / {whole95:.2f} ms at p50 / p95, its search with every"
        f" facet {search50:.2f} / {search95:.2f}: {whole50 / search50:.2f} and"
        f" {whole95 / search95:.2f} times as long"
    )


def machine() -> str:
    """What it was measured on."""
    model = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    names = ("numpy", "whoosh3", "tantivy", "pysqlite3")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in names)
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}"


def report(count: int, names: list[str], options: argparse.Namespace) -> None:
    """Measure and print one number of listings."""
    console = Console(width=max(Console().width, 110))
    results = measured(count, names, rounds=options.rounds, fresh=options.fresh)
    console.print(overall(count, results, in_child("memory", "none", CACHE, count)))
    for name, result in results.items():
        if result.only_part:
            console.print(f"{name} was asked one question in {PART}, timed once.")
    console.print(grouped(results, "words", lambda q: q.kind))
    console.print(grouped(results, "filters", lambda q: q.filters))
    if "fts5" in results:
        console.print(agreement(results, "fts5"))
    if "vereda" in results:
        for line in ratios(results):
            console.print(line)
        console.print(whole(CACHE / str(count) / "vereda", options.rounds))
    console.print(machine())


def able(count: int, names: list[str]) -> list[str]:
    """The engines that are up to so many listings."""
    with tempfile.TemporaryDirectory() as folder:
        engines = {name: load(name, Path(folder) / name) for name in names}
        kept = [name for name, engine in engines.items() if count <= engine.able_until]
        for engine in engines.values():
            engine.close()
    return kept


def main() -> None:
    """Read what is wanted, and do it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--engines", default=",".join(ENGINES), help="names, with commas")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--fresh", action="store_true", help="index again")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        work, name, folder, count = options.child
        print(json.dumps(CHILDREN[work](name, Path(folder), int(count))))
        return
    for count in options.sizes:
        report(count, able(count, options.engines.split(",")), options)
    if len(options.sizes) > 1 and "vereda" in options.engines.split(","):
        for line in growth(sorted(options.sizes), options.rounds):
            print(line)


if __name__ == "__main__":
    main()
