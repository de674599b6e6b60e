"""The command for a timer that looks for listings told twice."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import select

from directory.cli import cli
from directory.database import reading
from directory.edge.house import House
from directory.models import Duplicate
from tests.conftest import NOW
from tests.factories import Put, space_record


def test_pairs_are_kept_once_and_by_a_dry_run_not_at_all(
    put: Put, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(*(space_record(title={"es": title}) for title in ("Casa del Agua", "CASA AGUA")))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VEREDA_DATA_DIR", str(house.settings.data_dir))
    monkeypatch.setenv("VEREDA_DATABASE_URL", house.settings.database_url)
    monkeypatch.setenv("VEREDA_NOW", NOW)

    def find(*more: str) -> str:
        return CliRunner(env={"COLUMNS": "200"}).invoke(cli, ["duplicates", "find", *more]).output

    def kept() -> int:
        with reading(house.engine) as db:
            return len(db.exec(select(Duplicate)).all())

    assert "1 pairs look alike: 1 new" in find("--dry-run")
    assert kept() == 0
    assert "1 new" in find()
    assert "1 pairs look alike: 0 new" in find()
    assert kept() == 1
