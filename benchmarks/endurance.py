"""Endurance: what is saved is found, whatever is killed or harmed; exit code 1 if that fails.

Writers and readers at once, processes killed with no warning, files harmed, the index made anew
while it serves. Everything is done by real processes on one data folder in a temporary place.
"""

import argparse
import http.client
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlmodel import select

from directory.database import reading, unit_of_work
from directory.edge.house import House
from directory.models import Opportunity, Provider, Space
from directory.models.records import OpportunityRecord
from directory.models.vocabulary import Format, ListingState, Setting
from directory.search.index import IndexUnavailable
from directory.services import catalogue, indexing, upkeep
from directory.settings import Settings

SOURCE = "endurance"
NOW = "2026-11-23T12:00"
WORD = "rosquillas"  # in every text, so that no log may have it
LISTINGS = 12  # each writer goes round so many of its own
WAIT = 60.0
_ADDRESSES = (f"/es/search?q={WORD}", f"/api/v1/search?q={WORD}&sort=name", "/en/search?q=torno")
_VERSION = re.compile(r"\d+$")
_LOCKED = re.compile(r"locked|LockError|Timeout|Traceback", re.IGNORECASE)


def house_in(folder: Path, database: str = "") -> House:
    """The house of the city in a folder."""
    return House.of(
        Settings(
            _env_file=None, data_dir=folder, database_url=database, now=NOW, secret_key="endurance"
        )
    )


def environment(folder: Path, database: str = "") -> dict[str, str]:
    """The same settings, for commands."""
    ours = {"DATA_DIR": str(folder), "DATABASE_URL": database, "NOW": NOW, "SECRET_KEY": SOURCE}
    return {**os.environ, **{f"VEREDA_{name}": value for name, value in ours.items()}}


# Saving


def record(name: str, version: int) -> OpportunityRecord:
    """A listing in one of its versions; every fifth is withdrawn."""
    withdrawn = version % 5 == 0
    return OpportunityRecord(
        source=SOURCE,
        external_id=name,
        language="es",
        title={"es": f"Ensayo {name} {version}"},
        description={"es": f"Torno y {WORD}, vez {version}."},
        url=f"https://example.org/{version}",
        format=Format.ONLINE_COURSE,
        setting=Setting.NON_FORMAL,
        state=ListingState.WITHDRAWN if withdrawn else ListingState.PUBLISHED,
    )


def save(house: House, name: str, version: int) -> None:
    """Save one version of a listing."""
    with unit_of_work(house.engine) as db:
        found = db.exec(_ours().where(Opportunity.external_id == name)).all()
        rows = {Provider: {}, Space: {}, Opportunity: {row.external_id: row for row in found}}
        among = catalogue.Known(rows=rows, slugs={table: set() for table in rows})
        catalogue.apply(db, record(name, version), among=among, now=house.settings.clock())


def _ours() -> "select[Opportunity]":
    return select(Opportunity).where(Opportunity.source == SOURCE)


def fill(house: House, count: int) -> None:
    """Save many listings."""
    for begin in range(0, count, 500):
        with unit_of_work(house.engine) as db:
            among = catalogue.known(db, source=SOURCE)
            records = [
                record(f"many-{n}", 10 * n + 1) for n in range(begin, min(begin + 500, count))
            ]
            catalogue.apply_all(db, records, among=among, now=house.settings.clock())


@dataclass
class Writers:
    """Threads that save on and on, and note what has been acknowledged, unless told to pause."""

    folder: Path
    name: str
    count: int
    database: str = ""

    def start(self) -> None:
        """Begin."""
        house = house_in(self.folder, self.database)
        for n in range(self.count):
            threading.Thread(target=self._save, args=(house, n), daemon=True).start()

    def _save(self, house: House, writer: int) -> None:
        paused = self.folder / "pause"
        with (self.folder / "acknowledged" / f"{self.name}-{writer}").open("ab", 0) as done:
            while True:
                for n in range(LISTINGS):
                    while paused.exists():
                        time.sleep(0.02)
                    name, version = f"{self.name}-{writer}-{n}", time.time_ns()
                    try:
                        save(house, name, version)
                    except Exception as error:  # noqa: BLE001 - whatever it is, it is counted
                        note = f"{type(error).__name__} {str(error)[:80]!r}\n"
                        (self.folder / "failed" / f"{self.name}-{writer}").open("a").write(note)
                    else:
                        done.write(f"{name} {version}\n".encode())


def acknowledged(folder: Path) -> dict[str, int]:
    """The last version of every listing that somebody was told is saved."""
    found: dict[str, int] = {}
    for path in (folder / "acknowledged").iterdir():
        for line in path.read_text().splitlines():
            name, _, version = line.partition(" ")
            found[name] = int(version)
    return found


def last_save(folder: Path) -> float:
    """When the last save was acknowledged."""
    return max(path.stat().st_mtime for path in (folder / "acknowledged").iterdir())


def until_all_brought(house: House) -> float:
    """Seconds from the last save until the index has it, once the writers pause."""
    empty, ended = time.time(), time.time() + WAIT
    waits = True
    while time.time() < ended:
        waited, waits = waits, indexing.waiting(house.engine)
        if waited and not waits:
            empty = time.time()
        last = last_save(house.settings.data_dir)
        if not waits and time.time() - last > 1:
            return max(0.0, empty - last)
        time.sleep(0.01)
    return float("inf")


def lost(house: House) -> list[str]:
    """Listings of which the database has an older version than somebody was told is saved."""
    told = acknowledged(house.settings.data_dir)  # first: writers may go on meanwhile
    with reading(house.engine) as db:
        held = dict(db.exec(select(Opportunity.external_id, Opportunity.url)).all())
    return [name for name, version in told.items() if _version(held.get(name, "")) < version]


def _version(url: str) -> int:
    found = _VERSION.search(url)
    return int(found[0]) if found else 0


def in_step(house: House) -> bool:
    """Whether the index has everything, as the database says it, and nothing else."""
    if indexing.waiting(house.engine):
        return False
    try:
        return not indexing.outdated(house.engine, house.index, currency="EUR")
    except IndexUnavailable:
        return False


def until(true: Callable[[], bool], most: float = WAIT, pause: float = 0.05) -> float:
    """Seconds until something is true; infinite when it does not become so."""
    begun = time.monotonic()
    while not true():
        if time.monotonic() - begun > most:
            return float("inf")
        time.sleep(pause)
    return time.monotonic() - begun


# Processes


@dataclass
class Worker:
    """A process of its own: ``serve`` with writers inside, or ``sync`` again and again."""

    kind: str
    name: str
    folder: Path
    writers: int = 0
    database: str = ""
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def log(self) -> Path:
        """What it prints."""
        return self.folder / "logs" / self.name

    def start(self) -> "Worker":
        """Begin; does not wait until it is ready."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - this file
                [sys.executable, __file__, self.kind, str(self.folder), self.name,
                 str(self.writers), self.database],
                stdout=log, stderr=log, start_new_session=True,
                env=environment(self.folder, self.database),
            )  # fmt: skip
        return self

    def kill(self) -> None:
        """End it and what it started, with no warning."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def port(self) -> int:
        """Where it serves, by the last line that says so; 0 before that."""
        found = re.findall(r"http://127\.0\.0\.1:(\d+)", self.log.read_text())
        return int(found[-1]) if found else 0

    def ready(self) -> bool:
        """Whether it answers."""
        return self.port() > 0 and _get(self.port(), "/robots.txt") is not None

    def alive(self) -> bool:
        """Whether it has not ended."""
        return self.process is not None and self.process.poll() is None

    def memory(self) -> float:
        """Megabytes it holds."""
        if self.process is None:
            return 0.0
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) / 1000 if found else 0.0


def _get(port: int, path: str) -> int | None:
    """The status of an answer; None when there was none."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAIT)
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        connection.close()
    except (OSError, http.client.HTTPException):
        return None
    return response.status


@dataclass
class Readers:
    """Threads that search on and on, each one server after the other."""

    servers: Sequence[Worker]
    count: int = 8
    seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    # A server that was killed cannot answer; one that is alive must.
    some_are_killed: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def reading(self) -> Iterator["Readers"]:
        """Search until the end of the block."""
        threads = [threading.Thread(target=self._read, args=(n,)) for n in range(self.count)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _read(self, n: int) -> None:
        while not self._stop.is_set():
            n += 1
            path = _ADDRESSES[n % len(_ADDRESSES)]
            begun = time.monotonic()
            status = _get(self.servers[n % len(self.servers)].port(), path)
            if status == 200:
                self.seconds.append(time.monotonic() - begun)
            elif status is None and self.some_are_killed:
                time.sleep(0.05)
            else:
                self.failed.append(f"{status} {path}")


@contextmanager
def city(folder: Path, database: str = "") -> Iterator[House]:
    """An empty city in a folder, with places for what the processes tell."""
    for name in ("acknowledged", "failed", "logs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    house = house_in(folder, database)
    if not database:
        upkeep.migrate(house.engine)
    try:
        yield house
    finally:
        house.engine.dispose()


@contextmanager
def running(workers: Sequence[Worker]) -> Iterator[None]:
    """Workers that are at work until the end of the block."""
    try:
        for worker in workers:
            worker.start()
        for worker in workers:
            if worker.kind == "serve" and until(worker.ready) > WAIT:
                raise RuntimeError(
                    f"{worker.name} does not serve: {worker.log.read_text()[-2000:]}"
                )
        yield
    finally:
        for worker in workers:
            worker.kill()


# What is measured


@dataclass
class Report:
    """Rows of a table, and whether all is well."""

    rows: list[tuple[str, str, bool]] = field(default_factory=list)

    def add(self, what: str, figure: object, *, well: bool = True) -> None:
        """One figure."""
        shown = f"{figure:.2f}" if isinstance(figure, float) else str(figure)
        self.rows.append((what, shown, well))

    def none(self, what: str, found: Sequence[object]) -> None:
        """How many of something there should be none of."""
        shown = f"{len(found)}: {found[0]}" if found else "0"
        self.add(what, shown, well=not found)

    @property
    def well(self) -> bool:
        """Whether everything holds."""
        return all(well for _, _, well in self.rows)

    def faults(self) -> list[str]:
        """What does not hold."""
        return [f"{what}: {figure}" for what, figure, well in self.rows if not well]


def crew(folder: Path, writers: int, database: str = "") -> list[Worker]:
    """Two that serve and one that synchronises, with writers in each."""
    kinds = {"one": "serve", "two": "serve", "sync": "sync"}
    share = [writers // 3 + (n < writers % 3) for n in range(3)]
    return [
        Worker(kind, name, folder, count, database)
        for (name, kind), count in zip(kinds.items(), share, strict=True)
    ]


def crowd(
    house: House,
    report: Report,
    *,
    writers: int,
    seconds: float,
    within: float = WAIT,
    database: str = "",
) -> None:
    """Many writers and readers at once; what they saved is to be found within some seconds."""
    folder = house.settings.data_dir
    workers = crew(folder, writers, database)
    readers = Readers(workers[:2])
    with running(workers), readers.reading():
        before = [w.memory() for w in workers[:2]]
        time.sleep(seconds)
        (folder / "pause").touch()
        after = until_all_brought(house)
        wrong = 0.0 if in_step(house) else until(lambda: in_step(house))
        memory = [w.memory() for w in workers[:2]]
    failed = [
        line for path in (folder / "failed").iterdir() for line in path.read_text().splitlines()
    ]
    saves = sum(len(p.read_bytes().splitlines()) for p in (folder / "acknowledged").iterdir())
    report.add(f"crowd: saves acknowledged to {writers} writers", saves, well=saves > 0)
    report.none("crowd: saves refused", failed)
    report.add("crowd: searches answered", len(readers.seconds), well=bool(readers.seconds))
    report.none("crowd: searches failed", readers.failed)
    report.none("crowd: saves lost", lost(house))
    report.add(
        "crowd: seconds from the last save until all are found",
        after + wrong,
        well=after + wrong <= within,
    )
    report.add(
        "crowd: MB a server holds, before and after", f"{max(before):.0f} → {max(memory):.0f}"
    )
    logs(folder, report, "crowd")


def logs(folder: Path, report: Report, part: str) -> None:
    """Look through what was printed."""
    lines = [line for path in (folder / "logs").iterdir() for line in path.read_text().splitlines()]
    report.none(f"{part}: lock errors printed", [line for line in lines if _LOCKED.search(line)])
    report.none(
        f"{part}: lines that quote a listing", [ln for ln in lines if WORD in ln or "Ensayo" in ln]
    )


def kills(house: House, report: Report, *, writers: int, rounds: int, database: str = "") -> None:
    """Processes killed at random moments; after each, the index must come to equal the database."""
    folder = house.settings.data_dir
    workers = crew(folder, writers, database)
    rebuild = Worker("rebuild", "rebuild", folder, database=database)
    readers = Readers(workers[:2], count=2, some_are_killed=True)
    dice = random.Random(5)
    gone: list[str] = []
    caught: list[float] = []
    (folder / "pause").unlink(missing_ok=True)
    with running(workers), readers.reading():
        for n in range(rounds):
            (folder / "pause").unlink(missing_ok=True)
            victim = rebuild.start() if n % 4 == 3 else dice.choice(workers)
            time.sleep(dice.uniform(0.2, 2.5 if victim is rebuild else 1.2))
            victim.kill()
            (folder / "pause").touch()
            if victim is not rebuild:
                victim.start()
            caught.append(until(lambda: in_step(house)))
            gone += lost(house)
    report.add("kills: rounds", rounds)
    report.none("kills: saves lost", gone)
    report.none(
        "kills: rounds after which the index was not equal", [c for c in caught if c > WAIT]
    )
    report.add("kills: seconds until it was equal, median", statistics.median(caught))
    report.add("kills: seconds until it was equal, longest", max(caught))
    report.none("kills: searches that live servers failed", readers.failed)
    left = [p.name for p in house.settings.index_dir.glob("g[0-9]*")]
    report.add("kills: generations left", len(left), well=len(left) <= 2)
    report.add(
        "kills: files left", sum(1 for p in house.settings.index_dir.rglob("*") if p.is_file())
    )
    logs(folder, report, "kills")


# Harm


def files(folder: Path, pattern: str) -> list[Path]:
    """Files with something in them."""
    return [p for p in folder.rglob(pattern) if p.is_file() and p.stat().st_size]


def delete(folder: Path, pattern: str) -> None:
    """Remove files."""
    for path in files(folder, pattern):
        path.unlink(missing_ok=True)


def truncate(folder: Path, pattern: str) -> None:
    """Cut files to half their length."""
    for path in files(folder, pattern):
        os.truncate(path, path.stat().st_size // 2)


def flip(folder: Path, pattern: str) -> None:
    """Change one bit of each file."""
    for path in files(folder, pattern):
        with path.open("r+b") as file:
            file.seek(path.stat().st_size // 2)
            byte = file.read(1)[0]
            file.seek(-1, os.SEEK_CUR)
            file.write(bytes([byte ^ 16]))


def mount(folder: Path, *options: str) -> bool:
    """Mount a small disk on a folder, or again with other options; False where that is forbidden."""
    command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "none", str(folder)]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603


def stuff(folder: Path) -> Path:
    """Fill the disk a folder is on."""
    path = folder / "ballast"
    with suppress(OSError), path.open("wb", 0) as file:
        while file.write(bytes(4096)):
            pass
    return path


HARMS: dict[str, Callable[[Path], None]] = {
    f"{name} {pattern}": lambda folder, do=do, pattern=pattern: do(folder, pattern)
    for name, do in (("deleted", delete), ("cut short", truncate), ("bit flipped", flip))
    for pattern in ("*.columns", "*.seg", "*.toc", "state", "*")
}


def harm(house: House, report: Report) -> None:
    """Harm the index in every way while it serves."""
    folder, index = house.settings.data_dir, house.settings.index_dir
    index.mkdir(exist_ok=True)
    mounted = mount(index, "size=24m")
    server = Worker("serve", "harmed", folder)
    readers = Readers([server], count=4)
    try:
        fill(house, 500)
        with running([server]), readers.reading():
            until(lambda: in_step(house))
            for n, (name, do) in enumerate(HARMS.items()):
                _harmed(house, report, name, lambda do=do: do(index), 100 + n)
            if mounted:
                _suffered(house, report, server, index)
            report.add("harm: the server lives", server.alive(), well=server.alive())
        report.add("harm: searches answered", len(readers.seconds))
        report.none("harm: searches failed", readers.failed)
        logs(folder, report, "harm")
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(index)], check=False)  # noqa: S603, S607


def _harmed(house: House, report: Report, name: str, do: Callable[[], None], n: int) -> None:
    begun = time.monotonic()
    with suppress(FileNotFoundError):
        do()
    for more in range(10):  # so many commits that segments are merged
        save(house, f"harm-{n}-{more}", 1)
        until(lambda: not indexing.waiting(house.engine))
    well = until(lambda: in_step(house)) < WAIT
    report.add(f"harm: {name}, seconds until healed", time.monotonic() - begun, well=well)


def _suffered(house: House, report: Report, server: Worker, index: Path) -> None:
    """A disk that cannot be written to, for a while."""
    for number, name in enumerate(("read-only", "full")):
        ballast = None
        if name == "full":
            ballast = stuff(index)
        else:
            until(lambda: mount(index, "remount", "ro"))
        save(house, f"{name}-1", 1)
        time.sleep(3)
        waits = indexing.waiting(house.engine) and server.alive()
        report.add(f"harm: disk {name}, the save waits", waits, well=waits)
        if ballast is not None:
            ballast.unlink()
        else:
            mount(index, "remount", "rw")
        _harmed(house, report, f"disk {name}, then not", lambda: None, 200 + number)


def rebuilds(house: House, report: Report, *, listings: int, times: int) -> None:
    """The index made anew while people search and save."""
    folder = house.settings.data_dir
    fill(house, listings)
    server = Worker("serve", "rebuilt", folder, 4)
    (folder / "pause").touch()
    plain, during = Readers([server]), Readers([server])
    with running([server]):
        until(lambda: in_step(house))
        (folder / "pause").unlink()
        with plain.reading():
            time.sleep(10)
        begun = time.monotonic()
        with during.reading():
            for _ in range(times):
                Worker("rebuild", "rebuild", folder).start().process.wait()
        spent = time.monotonic() - begun
        (folder / "pause").touch()
        equal = until(lambda: in_step(house))
    report.add(f"rebuild: seconds for each, over {listings} listings", spent / times)
    report.add("rebuild: searches meanwhile", len(during.seconds))
    report.none("rebuild: searches failed", plain.failed + during.failed)
    for name, readers in (("before", plain), ("during", during)):
        ordered = sorted(s * 1000 for s in readers.seconds)
        shown = f"{statistics.median(ordered):.0f} / {ordered[-1]:.0f} ms"
        report.add(f"rebuild: search {name}, median / longest", shown)
    report.none("rebuild: saves lost", lost(house))
    report.add("rebuild: seconds until equal", equal, well=equal < WAIT)
    logs(folder, report, "rebuild")


# Inside a process of its own


def work(kind: str, folder: Path, name: str, writers: int, database: str) -> None:
    """Be a worker, until killed."""
    from directory.cli import cli  # noqa: PLC0415 - only a worker is a command

    Writers(folder, name, writers, database).start()
    match kind:
        case "serve":
            cli(["serve", "--port", "0"])
        case "rebuild":
            cli(["index", "rebuild"])
        case _:
            while True:
                command = [sys.executable, "-m", "directory.cli", "index", "sync"]
                subprocess.run(command, check=False)  # noqa: S603


def main() -> None:
    """Run everything and print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--rounds", type=int, default=100)
    options.add_argument("--listings", type=int, default=5000)
    options.add_argument("--only", default="crowd,kills,harm,rebuilds")
    chosen = options.parse_args()
    # What was started ends with this, however it is ended.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parts: dict[str, Callable[[House, Report], None]] = {
        "crowd": lambda h, r: crowd(h, r, writers=32, seconds=chosen.seconds, within=1),
        "kills": lambda h, r: kills(h, r, writers=32, rounds=chosen.rounds),
        "harm": harm,
        "rebuilds": lambda h, r: rebuilds(h, r, listings=chosen.listings, times=3),
    }
    well = True
    for part in chosen.only.split(","):
        report = Report()
        with tempfile.TemporaryDirectory() as name, city(Path(name)) as house:
            parts[part](house, report)
        show(report, part)
        well = well and report.well
    sys.exit(0 if well else 1)


def show(report: Report, part: str) -> None:
    """Print a table."""
    table = Table("", "", "", title=f"Vereda, endurance: {part}")
    for what, figure, well in report.rows:
        table.add_row(what, figure, "" if well else "FAILED")
    Console().print(table)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in {"serve", "sync", "rebuild"}:
        work(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5])
    else:
        main()
