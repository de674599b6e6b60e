"""What is saved is found, whatever is killed or harmed; the long version is in benchmarks."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from directory.app import create_app
from directory.edge.house import House
from directory.search import generation
from directory.search.documents import Document
from directory.services import indexing
from directory.services.keeping import Keeper

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import endurance

ROUNDS = 3


@pytest.fixture
def lone(tmp_path: Path, empty_sqlite: Path) -> Iterator[House]:
    """An empty city that processes of their own may work on."""
    shutil.copy(empty_sqlite, tmp_path / "vereda.sqlite3")
    with endurance.city(tmp_path) as opened:
        yield opened


@pytest.fixture
def small_disk(lone: House) -> Iterator[Path]:
    """A disk of its own for the index, where one may be mounted."""
    folder = lone.settings.index_dir
    folder.mkdir()
    if not endurance.mount(folder, "size=4m"):
        pytest.skip("only root may mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def kept(house: House) -> Keeper:
    return Keeper(house.engine, house.index, house.settings, tell=lambda _text: None)


def rounds(house: House) -> None:
    """What the threads of ``vereda serve`` do, a few times."""
    keeper = kept(house)
    for _ in range(ROUNDS):
        with suppress(Exception):
            keeper.sync()
        with suppress(Exception):
            keeper.heal()


def answers(house: House) -> list[int]:
    browser = create_app(house=house).test_client()
    return [browser.get(path).status_code for path in endurance._ADDRESSES]


def test_many_writers_in_processes_of_their_own(lone: House) -> None:
    report = endurance.Report()
    endurance.crowd(lone, report, writers=6, seconds=3)
    assert report.faults() == []


@pytest.mark.postgres
def test_many_writers_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    report = endurance.Report()
    with endurance.city(tmp_path, postgres_url) as house:
        endurance.crowd(house, report, writers=6, seconds=2, database=postgres_url)
    assert report.faults() == []


def test_processes_killed_at_random_moments(lone: House) -> None:
    report = endurance.Report()
    endurance.kills(lone, report, writers=6, rounds=5)
    assert report.faults() == []


@pytest.mark.parametrize("harm", endurance.HARMS)
def test_harm_is_answered_over_and_heals(lone: House, harm: str) -> None:
    for n in range(12):
        endurance.save(lone, f"{n}", 1)
        indexing.sync(lone.engine, lone.index, currency="EUR")
    assert answers(lone) == [200, 200, 200]
    endurance.HARMS[harm](lone.settings.index_dir)
    assert answers(lone) == [200, 200, 200]
    for n in range(10):
        endurance.save(lone, f"{n}", 2)
        with suppress(Exception):
            kept(lone).sync()
    rounds(lone)
    assert endurance.in_step(lone)
    assert answers(lone) == [200, 200, 200]


def test_a_read_only_disk_is_waited_for(lone: House, small_disk: Path) -> None:
    endurance.save(lone, "a", 1)
    rounds(lone)
    endurance.mount(small_disk, "remount", "ro")
    endurance.save(lone, "a", 2)
    rounds(lone)
    assert indexing.waiting(lone.engine)
    assert answers(lone) == [200, 200, 200]
    endurance.mount(small_disk, "remount", "rw")
    rounds(lone)
    assert endurance.in_step(lone)


def test_a_full_disk_is_waited_for(lone: House, small_disk: Path) -> None:
    endurance.save(lone, "a", 1)
    rounds(lone)
    ballast = endurance.stuff(small_disk)
    endurance.save(lone, "a", 2)
    rounds(lone)
    assert indexing.waiting(lone.engine)
    assert answers(lone) == [200, 200, 200]
    ballast.unlink()
    rounds(lone)
    assert endurance.in_step(lone)
    assert len(list(small_disk.glob("g[0-9]*"))) == 1


def test_saving_while_the_index_is_made_anew_loses_nothing(lone: House) -> None:
    endurance.fill(lone, 200)
    rounds(lone)
    stop = threading.Event()

    def save() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            endurance.save(lone, f"many-{n % 300}", 10 * n + 2)
            indexing.sync(lone.engine, lone.index, currency="EUR")

    writer = threading.Thread(target=save)
    writer.start()
    for _ in range(2):
        assert indexing.rebuild(lone.engine, lone.index, currency="EUR")
    stop.set()
    writer.join()
    rounds(lone)
    assert endurance.in_step(lone)


def test_a_commit_of_a_killed_writer_is_nobodys(lone: House) -> None:
    endurance.save(lone, "a", 1)
    rounds(lone)
    stray = Document(type="space", number=7, language="es", titles={"es": "Torno"})
    generation.write(*lone.index._serving(), [stray])
    assert endurance.in_step(lone)
    endurance.save(lone, "b", 1)
    rounds(lone)
    assert endurance.in_step(lone)


def test_what_a_killed_rebuild_left_is_removed(lone: House) -> None:
    endurance.save(lone, "a", 1)
    rounds(lone)
    with lone.index.rebuilding() as new:
        assert new is not None
        left = shutil.copytree(new.path, new.path.with_name("g9-killed"))
        journal = left.with_suffix(".journal")
        journal.touch()
        kept(lone).heal()
        assert left.exists()
    kept(lone).heal()
    assert not left.exists()
    assert not journal.exists()
    assert endurance.in_step(lone)


def test_a_trouble_is_told_once_until_it_is_over_and_quotes_nobody(
    lone: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    keeper = Keeper(lone.engine, lone.index, lone.settings, tell=told.append)
    stop = threading.Event()
    turns = iter([ValueError("Torno"), ValueError("Torno"), None, OSError(28, os.strerror(28))])

    def work() -> None:
        error = next(turns, None)
        if error is not None:
            raise error
        if len(told) == 2:
            stop.set()

    monkeypatch.setattr("directory.services.keeping.WAIT_AFTER_FAILURE", 0)
    keeper._repeat(work, 0, stop)
    assert [text.rpartition(": ")[2] for text in told] == ["ValueError", os.strerror(28)]
