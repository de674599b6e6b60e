"""What was done at the desk cannot be changed unseen."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from directory.database import reading, unit_of_work
from directory.edge.house import House
from directory.services import audit

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EVENTS = 5
TRIGGERS = ("audit_event_stays_update", "audit_event_stays_delete")
_SWAP = ((2, 99), (3, 2), (99, 3))
CHANGES = {
    "at": "at = '2026-11-23 12:00:09'",
    "account_id": "account_id = 1",
    "what": "what = 'draft-dropped'",
    "about": "about = 'opportunity:9'",
    "detail": "detail = '{\"n\": 9}'",
    "before": "before = 'x'",
    "digest": "digest = 'x'",
    "id": "id = 99",
}


@pytest.fixture
def chain(house: House) -> House:
    with unit_of_work(house.engine) as db:
        for n in range(EVENTS):
            audit.note(
                db, None, what="draft-published", about=f"opportunity:{n}", detail={"n": n},
                now=NOW + timedelta(seconds=n),
            )  # fmt: skip
    return house


def checked(house: House, known: str = "") -> audit.Checked:
    with reading(house.engine) as db:
        return audit.check(db, known=known)


def behind_its_back(house: House, *statements: str) -> None:
    """Change rows as somebody would who owns the database."""
    with house.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            stop = [f"DROP TRIGGER {name}" for name in TRIGGERS]
        else:
            stop = [
                "ALTER TABLE audit_event DISABLE TRIGGER USER",
                "ALTER TABLE audit_event DROP CONSTRAINT fk_audit_event_account_id",
            ]
        for statement in (*stop, *statements):
            connection.execute(sa.text(statement))


def test_a_chain_is_whole(chain: House) -> None:
    found = checked(chain)
    assert found.is_whole
    assert found.head.rows == EVENTS
    assert checked(chain, found.head.digest).is_whole


@pytest.mark.parametrize("column", CHANGES)
def test_any_change_is_caught(chain: House, column: str) -> None:
    if column == "account_id":
        pytest.importorskip("argon2")
        with unit_of_work(chain.engine) as db:
            _account(db)
    behind_its_back(chain, f"UPDATE audit_event SET {CHANGES[column]} WHERE id = 3")  # noqa: S608
    found = checked(chain)
    assert not found.is_whole
    assert found.broken in {3, 4}


def test_a_removed_row_is_caught(chain: House) -> None:
    behind_its_back(chain, "DELETE FROM audit_event WHERE id = 2")
    assert checked(chain).broken == 3


def test_swapped_rows_are_caught(chain: House) -> None:
    swaps = [f"UPDATE audit_event SET id = {to} WHERE id = {of}" for of, to in _SWAP]  # noqa: S608
    behind_its_back(chain, *swaps)
    assert checked(chain).broken == 2


def test_another_number_of_the_last_row_is_caught(chain: House) -> None:
    behind_its_back(chain, "UPDATE audit_event SET id = 6 WHERE id = 5")
    assert checked(chain).broken == 6


def test_a_cut_tail_is_caught_by_who_knows_the_head(chain: House) -> None:
    head = checked(chain).head.digest
    behind_its_back(chain, "DELETE FROM audit_event WHERE id = 5")
    assert checked(chain).is_whole
    assert checked(chain, head).missing


def test_the_database_refuses_to_change_a_row(chain: House) -> None:
    for statement in ("UPDATE audit_event SET what = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(DatabaseError), chain.engine.begin() as connection:
            connection.execute(sa.text(statement))


def test_many_writers_make_one_chain(house: House) -> None:
    def write() -> None:
        for _ in range(EVENTS):
            with unit_of_work(house.engine) as db:
                audit.note(db, None, what="listing-withdrawn", now=NOW)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = checked(house)
    assert found.is_whole
    assert found.head.rows == 4 * EVENTS


def _account(db: Session) -> None:
    from directory.models.vocabulary import Role
    from directory.services import accounts

    accounts.make(
        db, None, email="ed@desk.example", name="Ed", role=Role.EDITOR, language="es", now=NOW
    )
