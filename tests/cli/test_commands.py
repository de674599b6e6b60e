"""The commands, as a person types them."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import NOW


@pytest.fixture
def vereda(tmp_path: Path):
    """Run a command in an empty data folder."""
    environment = {
        **os.environ,
        "VEREDA_DATA_DIR": str(tmp_path / "data"),
        "VEREDA_NOW": NOW,
        "COLUMNS": "200",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "directory.cli", *words]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)  # fmt: skip

    run.environment = environment  # type: ignore[attr-defined]
    return run


def test_a_city_from_nothing_to_a_backup_and_back(vereda, tmp_path: Path) -> None:
    listing = tmp_path / "city.csv"
    listing.write_text("title,starts\nTorno y barro,2026-11-28T10:00\n", encoding="utf-8")
    assert vereda("init").returncode == 0
    assert vereda("import", "csv", str(listing)).returncode == 0
    assert vereda("doctor").returncode == 0, vereda("doctor").stdout
    assert vereda("index", "check").returncode == 0
    saved = tmp_path / "saved.sqlite3"
    assert vereda("backup", str(saved)).returncode == 0
    listing.write_text("title,starts\nOtra cosa,2026-11-28T10:00\n", encoding="utf-8")
    vereda("import", "csv", str(listing))
    assert vereda("restore", str(saved), "--yes").returncode == 0
    again = vereda("index", "rebuild")
    assert "1 listings indexed" in again.stdout
    assert vereda("doctor").returncode == 0


def test_without_tables_it_says_what_to_run(vereda) -> None:
    answer = vereda("index", "sync")
    assert answer.returncode == 2
    assert "vereda init" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_backup_that_is_none_is_refused(vereda, tmp_path: Path) -> None:
    vereda("init")
    broken = tmp_path / "broken"
    broken.write_bytes(b"not a database" * 100)
    answer = vereda("restore", str(broken), "--yes")
    assert answer.returncode == 2
    assert "no SQLite database" in answer.stderr


@pytest.fixture
def served(vereda) -> Iterator[str]:
    """The demo city, served by the command itself."""
    vereda("init")
    assert vereda("demo").returncode == 0
    command = [sys.executable, "-u", "-m", "directory.cli", "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=vereda.environment
    ) as process:
        line = process.stdout.readline() if process.stdout else ""
        yield re.search(r"http://\S+", line)[0]  # type: ignore[index]
        process.terminate()


def test_the_served_city_answers(served: str) -> None:
    for path in ("/healthz", "/en/", "/es/search?q=taller", "/ar/routes"):
        with urllib.request.urlopen(served + path, timeout=20) as answer:
            assert answer.status == 200
    begun = time.monotonic()
    with urllib.request.urlopen(f"{served}/api/v1/search?q=taller&lang=es", timeout=20) as answer:
        assert json.load(answer)["total"] > 0
    assert time.monotonic() - begun < 20
