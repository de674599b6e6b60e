"""Somebody at the desk, a machine to be fetched from, and a city that trusts it."""

from collections.abc import Callable, Iterator

import pytest
from sqlmodel import Session, select

from directory.database import reading, unit_of_work
from directory.edge.house import House
from directory.models import Account, Opportunity, Source, Transfer, TransferLine
from directory.models.vocabulary import FileKind
from directory.services import provenance
from directory.services.bulk import sources
from directory.services.bulk.sources import Wanted
from tests.services.fetching.servers import Machine, says


class Feed(Machine):
    """A machine whose one file a test may change."""

    def holds(self, text: str | bytes, **headers: str) -> None:
        body = text.encode() if isinstance(text, str) else text
        self.answer = says(body, Content_Length=str(len(body)), **headers)


@pytest.fixture
def feed() -> Iterator[Feed]:
    there = Feed(says(status="404 Not Found"))
    yield there
    there.close()


@pytest.fixture
def editor(house: House, make_account: Callable[..., Account]) -> Account:
    return make_account(role="editor")


@pytest.fixture
def source(house: House, feed: Feed) -> Callable[..., Source]:
    def make(**changes: object) -> Source:
        fields = {
            "name": "Agenda", "address": "http://feeds.city.org/agenda", "kind": FileKind.CSV,
            "mapping": "vereda", "rhythm": 24, "owned": provenance.FACTS, **changes,
        }  # fmt: skip
        with unit_of_work(house.engine) as db:
            row = sources.add(db, None, Wanted(**fields), settings=house.settings)  # type: ignore[arg-type]
            row.address = feed.url("/agenda")
        return row

    return make


@pytest.fixture
def fetched(house: House, feed: Feed) -> Callable[..., Transfer]:
    """Fetch a source; what came of it."""

    def run(source: Source, *, many: bool = False) -> Transfer:
        with unit_of_work(house.engine) as db:
            row = sources.begin(db, sources.by_key(db, source.key), settings=house.settings)
        policy = feed.policy()
        sources.run(house.engine, house.settings, row.id or 0, policy=policy, many=many)
        with reading(house.engine) as db:
            return db.get_one(Transfer, row.id)

    return run


@pytest.fixture
def titles(house: House) -> Callable[[], dict[str, str]]:
    """Every opportunity's id and state."""

    def look() -> dict[str, str]:
        with reading(house.engine) as db:
            return {row.external_id: str(row.state) for row in db.exec(select(Opportunity)).all()}

    return look


def lines(db: Session, row: Transfer) -> list[tuple[int, str, str]]:
    found = db.exec(select(TransferLine).where(TransferLine.transfer_id == row.id)).all()
    return sorted((each.line, str(each.outcome), each.code or each.title) for each in found)
