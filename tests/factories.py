"""Factories: records with everything that does not matter filled in."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import count

import pytest
from argon2 import PasswordHasher
from sqlmodel import Session

from directory.database import unit_of_work
from directory.edge.house import House
from directory.models import Account
from directory.models.records import (
    OpportunityRecord,
    ProviderRecord,
    Record,
    ScheduleRecord,
    SpaceRecord,
)
from directory.models.vocabulary import Role
from directory.search.documents import Document
from directory.search.index import Index
from directory.services import accounts, catalogue, indexing, passwords

SOURCE = "tests"
PASSWORD = "tortuga canta bajo lluvia"
_numbers = count(1)


def provider_record(**changes: object) -> ProviderRecord:
    """A provider."""
    fields = {
        "source": SOURCE,
        "external_id": f"provider-{next(_numbers)}",
        "language": "es",
        "title": {"es": "Asociación de prueba"},
    }
    return ProviderRecord(**{**fields, **changes})


def space_record(**changes: object) -> SpaceRecord:
    """A library in the middle of the city."""
    fields = {
        "source": SOURCE,
        "external_id": f"space-{next(_numbers)}",
        "language": "es",
        "title": {"es": "Biblioteca de prueba"},
        "kind": "library",
        "district": "centro",
        "lat": 41.0,
        "lon": -4.5,
    }
    return SpaceRecord(**{**fields, **changes})


def schedule_record(**changes: object) -> ScheduleRecord:
    """Thursday 26 November 2026, 18:00 to 19:30, once."""
    fields = {"timezone": "Europe/Madrid", "start": datetime(2026, 11, 26, 18), "minutes": 90}
    return ScheduleRecord(**{**fields, **changes})


def opportunity_record(**changes: object) -> OpportunityRecord:
    """A free workshop on one evening."""
    fields = {
        "source": SOURCE,
        "external_id": f"opportunity-{next(_numbers)}",
        "language": "es",
        "title": {"es": "Taller de prueba"},
        "format": "workshop",
        "setting": "non-formal",
        "languages": ("es",),
        "price": 0,
        "currency": "EUR",
        "schedules": (schedule_record(),),
    }
    return OpportunityRecord(**{**fields, **changes})


Put = Callable[..., list[object]]


@pytest.fixture
def put(house: House, db: Session) -> Put:
    """Apply records, commit them, and bring the index up to date."""

    def applied(*records: Record) -> list[object]:
        now = house.settings.clock()
        among = catalogue.known(db, source=SOURCE)
        rows = [catalogue.apply(db, record, among=among, now=now)[0] for record in records]
        db.commit()
        indexing.sync(house.engine, house.index, currency="EUR")
        return list(rows)

    return applied


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords at a thousandth of the usual cost."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", quick)
    monkeypatch.setattr(passwords, "_NOBODYS", quick.hash("of nobody"))


@pytest.fixture
def make_account(house: House) -> Callable[..., Account]:
    """Make accounts that can sign in with ``PASSWORD``."""

    def made(password: str = PASSWORD, **changes: object) -> Account:
        fields = {
            "email": f"person-{next(_numbers)}@villaclara.example",
            "name": "Persona de prueba",
            "role": Role.COUNSELLOR,
            "language": "en",
            "now": house.settings.clock(),
        }
        given = {**fields, **changes}
        given["role"] = Role(str(given["role"]))
        with unit_of_work(house.engine) as db:
            account = accounts.make(db, None, **given)  # type: ignore[arg-type]
            if password:
                accounts.set_password(db, None, account, password=password, now=given["now"])  # type: ignore[arg-type]
        return account

    return made


def rebuild(index: Index, documents: Iterable[Document]) -> None:
    """An index of these documents."""
    with index.rebuilding() as new:
        assert new is not None
        new.fill(documents)
        new.take_over(lambda _keys: [])


def write(index: Index, documents: Iterable[Document], gone: Iterable[str] = ()) -> bool:
    """Put documents in and take keys out; whether nobody else was at it."""
    with index.writing() as right:
        if right is not None:
            right.apply(documents, gone)
        return right is not None
