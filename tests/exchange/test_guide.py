"""The guide for clerks says what is true."""

import re
from pathlib import Path

import pytest
from sqlmodel import select

from directory.exchange import mapping
from directory.exchange.csv_writer import COLUMNS
from directory.models import Occurrence, Opportunity, Topic
from directory.services import transfers
from directory.settings import Settings

GUIDE = (Path(__file__).parents[2] / "docs" / "import.md").read_text(encoding="utf-8")


@pytest.fixture
def example() -> mapping.Mapping:
    return mapping.parse(re.search(r"```toml\n(.*?)```", GUIDE, re.DOTALL)[1], "guide")


def test_its_example_imports(db, example):
    db.add(Topic(key="baking"))
    file = "\n".join(re.findall(r"^    ((?:NUM|17);.*)$", GUIDE, re.MULTILINE))
    report = transfers.import_csv(
        db, file.encode(), name="f", mapping=example, settings=Settings(_env_file=None)
    )
    row = db.exec(select(Opportunity)).one()
    assert not report.refused + report.warnings
    assert (row.format, row.price, row.space.address) == ("workshop", 0, "Mayor 3")
    assert [t.topic_key for t in row.teaches] == ["baking"]
    assert len(db.exec(select(Occurrence)).all()) == 27


def test_it_names_the_columns_there_are():
    table = GUIDE.split("## Vereda's own columns")[1].split("##")[0]
    first_cells = re.findall(r"^\| (`[^|]+?) \|", table, re.MULTILINE)
    named = {name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)}
    assert named == set(COLUMNS[: COLUMNS.index("url") + 1])
