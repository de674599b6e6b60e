"""The desk's pages, on SQLite alone and with quick hashes: the rules below them know both."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from directory.edge.house import House
from tests.conftest import settings_in


@pytest.fixture
def house(tmp_path: Path, empty_sqlite: Path) -> Iterator[House]:
    """An empty city with all tables."""
    shutil.copy(empty_sqlite, tmp_path / "vereda.sqlite3")
    opened = House.of(settings_in(tmp_path))
    yield opened
    opened.engine.dispose()


@pytest.fixture(autouse=True)
def _quick(quick_hashes: None) -> None:
    """Many people sign in here."""
