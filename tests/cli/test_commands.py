"""The commands, as a person types them."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.cli import main
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
    assert vereda("audit", "verify").stdout == "0 rows, all as they were written.\n"
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


@pytest.mark.parametrize(
    ("changed", "words", "says"),
    [
        ({"VEREDA_TIMEZONE": "Mars/Olympus"}, ("init",), "VEREDA_TIMEZONE: “Mars/Olympus” is no IANA time zone"),
        ({"VEREDA_NOW": "noon"}, ("init",), "VEREDA_NOW"),
        ({"VEREDA_PUBLIC_URL": "learn.example"}, ("init",), "VEREDA_PUBLIC_URL"),
        ({"VEREDA_SUBDIVISION": "ATLANTIS"}, ("init",), "no public holidays are known"),
        ({"VEREDA_DATABASE_URL": "nonsense"}, ("init",), "VEREDA_DATABASE_URL"),
        ({"VEREDA_DATABASE_URL": "mysql://x:secret@y/z"}, ("init",), "VEREDA_DATABASE_URL"),
        ({"VEREDA_DATABASE_URL": "postgresql+psycopg://x:secret@127.0.0.1:1/z"}, ("init",), "does not answer"),
        ({"VEREDA_DATA_DIR": "/dev/null/x"}, ("init",), "/dev/null"),
        ({}, ("export", "csv", "nowhere/x.csv"), "there is no such folder"),
        ({}, ("export", "csv", "/dev/full"), "No space left"),
        ({}, ("backup", "/dev/null/x"), "/dev/null"),
        ({}, ("import", "csv", "nowhere.csv"), "there is no such file"),
        ({}, ("import", "csv", "."), "it is a folder"),
        ({}, ("serve", "--port", "99999"), "99999"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_sentence_and_no_traceback(
    here, capsys, monkeypatch, changed: dict[str, str], words: tuple[str, ...], says: str
) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    assert here(*words) == 2
    told = capsys.readouterr().err
    assert says in told
    assert "Traceback" not in told
    assert "secret" not in told


def test_a_port_in_use_is_said(here, capsys) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert here("serve", "--port", port) == 2
    assert f"127.0.0.1:{port} cannot be served" in capsys.readouterr().err


@pytest.fixture
def here(tmp_path: Path, empty_sqlite: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command in this process, in a city that has its tables; its exit code."""
    (tmp_path / "data").mkdir()
    shutil.copy(empty_sqlite, tmp_path / "data" / "vereda.sqlite3")
    monkeypatch.setenv("VEREDA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VEREDA_NOW", NOW)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["vereda", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    return run


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
