"""A copy of Villaclara to write in, and a counsellor with a case in it."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from directory.edge.house import House
from directory.services import backups
from tests.conftest import settings_in
from tests.pages import Person

CASE = {
    "pseudonym": "Qorvental Azul",
    "language": "ar",
    "goals": "trabajar en una zorzalera",
    "limits": "solo con mi xilofaria",
    "consent": "spoken",
    "consent_day": "2026-11-20",
    "months": "12",
    "want-1": "Spanish",
    "want-level-1": "2",
    "languages": "es",
    "budget": "123",
}


@pytest.fixture
def house(tmp_path: Path, villaclara: House) -> Iterator[House]:
    """Villaclara, to be written in."""
    backups.backup(villaclara.engine, tmp_path / "vereda.sqlite3")
    shutil.copytree(villaclara.settings.index_dir, tmp_path / "index")
    opened = House.of(settings_in(tmp_path))
    opened.guide = villaclara.guide
    yield opened
    opened.engine.dispose()


@pytest.fixture(autouse=True)
def _quick(quick_hashes: None) -> None:
    """Many people sign in here."""


@dataclass
class Work:
    """A counsellor and the address of a case."""

    person: Person
    case: str

    def visit(self, rest: str = "", lang: str = "en", status: int = 200):
        return self.person.visit(f"/{lang}{self.case}{rest}", status=status)

    def post(self, rest: str, **data: object):
        return self.person.post(f"/en{self.case}{rest}", **data)

    def keep(self, most: int = 3) -> list[int]:
        """Plan and keep what was found; the numbers of the routes."""
        page = self.visit("/plan")
        found = [e.get("value") for e in page.all("input") if e.get("name") == "route"]
        assert found
        assert self.post("/routes", route=found[:most]).status_code == 303
        return self.routes()

    def routes(self) -> list[int]:
        page = self.visit()
        return sorted({int(n) for n in re.findall(rf"{self.case}/routes/(\d+)\"", page.html)})


@pytest.fixture
def work(signed_in: Callable[..., Person]) -> Work:
    """A counsellor with a new case."""
    person = signed_in()
    answer = person.post("/en/desk/cases/new", **CASE)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return Work(person, answer.location.removeprefix("/en"))
