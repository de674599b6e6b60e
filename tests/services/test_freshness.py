"""Freshness: what holds how long, who says it again, and what becomes of what nobody confirms."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from directory.database import unit_of_work
from directory.edge.house import House
from directory.models import Mail, Opportunity, Outbox, Space
from directory.models.freshness import By, Speaker
from directory.models.vocabulary import ListingState
from directory.services import catalogue, expiring, freshness, reminding
from directory.services.freshness import State, Terms
from tests.factories import (
    SOURCE,
    opportunity_record,
    provider_record,
    schedule_record,
    space_record,
)
from tests.pages import counted

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
TERMS = Terms(
    rhythm=6,
    remind=timedelta(days=14),
    again=timedelta(days=21),
    overdue=timedelta(days=14),
    withdraw=timedelta(days=60),
)
DUE = datetime(2027, 5, 23, 11, tzinfo=UTC)
OVERDUE = DUE + TERMS.overdue
PROVIDER = By(Speaker.PROVIDER)
ENDLESS = (schedule_record(rule="FREQ=WEEKLY"),)


def put(db: Session, *records: object, now: datetime = NOW) -> list:
    among = catalogue.known(db, source=SOURCE)
    return [catalogue.apply(db, each, among=among, now=now)[0] for each in records]  # type: ignore[arg-type]


def city(db: Session, email: str = "casa@example.org") -> list:
    return put(
        db,
        provider_record(external_id="p", email=email),
        space_record(external_id="s", provider="p"),
        opportunity_record(external_id="o", provider="p", space="s", schedules=ENDLESS),
    )


def told(db: Session) -> list[tuple[str, int]]:
    db.flush()
    rows = db.exec(select(Outbox)).all()
    for row in rows:
        db.delete(row)
    db.flush()
    return sorted((row.listing, row.listing_id) for row in rows)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (-15, State.FRESH),
        (-14, State.DUE),
        (13, State.DUE),
        (14, State.OVERDUE),
        (500, State.OVERDUE),
    ],
)
def test_what_nobody_confirms_is_due_and_then_overdue(db: Session, days: int, state: State) -> None:
    (space,) = put(db, space_record())
    assert freshness.confirm_by(space, terms=TERMS) == DUE
    assert freshness.state(space, terms=TERMS, now=DUE + timedelta(days=days)) is state


def test_a_rhythm_that_was_chosen_goes_before_the_citys(db: Session) -> None:
    (space,) = put(db, space_record())
    freshness.confirm(db, [space], by=PROVIDER, now=NOW, rhythm=1)
    assert freshness.confirm_by(space, terms=TERMS) == datetime(2026, 12, 23, 11, tzinfo=UTC)


def test_confirming_is_no_modification(db: Session) -> None:
    (space,) = put(db, space_record())
    before = (space.modified, space.fingerprint, list(space.said))
    told(db)
    later = NOW + timedelta(days=3)
    assert freshness.confirm(db, [space], by=PROVIDER, now=later) == 0
    assert (space.modified, space.fingerprint, space.said) == before
    assert (space.confirmed, space.confirmed_by) == (later, Speaker.PROVIDER)
    assert told(db) == [], "readers see nothing else than before"


def test_what_is_over_needs_nobody(db: Session) -> None:
    (listing,) = put(db, opportunity_record())
    assert freshness.state(listing, terms=TERMS, now=OVERDUE) is State.FRESH
    assert expiring.mark(db, terms=TERMS, now=OVERDUE) == 0


def test_first_marked_then_withdrawn_never_deleted_and_back_when_confirmed(db: Session) -> None:
    _p, space, listing = city(db)
    told(db)
    assert expiring.mark(db, terms=TERMS, now=OVERDUE - timedelta(hours=1)) == 0
    assert expiring.mark(db, terms=TERMS, now=OVERDUE) == 2
    assert expiring.mark(db, terms=TERMS, now=OVERDUE) == 0
    assert told(db) == [("opportunity", listing.id), ("space", space.id)]
    soon = OVERDUE + TERMS.withdraw - timedelta(hours=1)
    assert expiring.withdraw(db, terms=TERMS, now=soon) == []
    end = OVERDUE + TERMS.withdraw
    assert {x.id for x in expiring.withdraw(db, terms=TERMS, now=end)} == {space.id, listing.id}
    assert expiring.withdraw(db, terms=TERMS, now=end) == []
    assert (space.state, space.expired) == (ListingState.WITHDRAWN, end)
    assert freshness.confirm(db, [space, listing], by=PROVIDER, now=end) == 2
    assert (space.state, space.expired, space.overdue) == (ListingState.PUBLISHED, None, None)


def test_nothing_is_withdrawn_that_readers_were_not_told_of_first(db: Session) -> None:
    (space,) = put(db, space_record())
    years_later = NOW + timedelta(days=3000)
    assert expiring.withdraw(db, terms=TERMS, now=years_later) == []
    expiring.mark(db, terms=TERMS, now=years_later)
    assert expiring.withdraw(db, terms=TERMS, now=years_later) == []
    assert space.state is ListingState.PUBLISHED


def test_a_file_read_again_confirms_without_modifying(house: House) -> None:
    records = [space_record(external_id=f"s{n}") for n in range(40)]
    with unit_of_work(house.engine) as db:
        put(db, *records)
        told(db)
    later = NOW + timedelta(days=30)
    with unit_of_work(house.engine) as db, counted(house.engine) as statements:
        among = catalogue.known(db, source=SOURCE)
        catalogue.apply_all(db, records, among=among, now=later)
        rows = db.exec(select(Space)).all()
    writes = [each for each in statements if each.split()[0] in {"UPDATE", "INSERT", "DELETE"}]
    assert len(writes) == 1, writes
    assert {(row.confirmed, row.modified) for row in rows} == {(later, NOW)}
    with unit_of_work(house.engine) as db, counted(house.engine) as statements:
        among = catalogue.known(db, source=SOURCE)
        catalogue.apply_all(db, records, among=among, now=later + timedelta(hours=1))
        assert told(db) == []
    assert not [each for each in statements if each.split()[0] == "UPDATE"], "nothing within a day"


def test_a_file_read_again_brings_back_what_had_expired_and_tells_the_index(db: Session) -> None:
    record = space_record(external_id="s")
    (space,) = put(db, record)
    expiring.mark(db, terms=TERMS, now=OVERDUE)
    expiring.withdraw(db, terms=TERMS, now=OVERDUE + TERMS.withdraw)
    told(db)
    put(db, record, now=OVERDUE + timedelta(days=100))
    assert (space.state, space.overdue, space.modified) == (ListingState.PUBLISHED, None, NOW)
    assert told(db) == [("space", space.id)]


def test_each_fact_has_who_said_it_last_and_when(db: Session) -> None:
    first = {"external_id": "o", "title": {"es": "Barro"}, "price": 5, "age_min": 16}
    (listing,) = put(db, opportunity_record(**first))
    later = NOW + timedelta(days=9)
    among = catalogue.known(db, source=SOURCE)
    changed = opportunity_record(**{**first, "price": 7, "title": {"es": "Barro", "ar": "طين"}})
    catalogue.apply(db, changed, among=among, now=later, by=PROVIDER)
    said = {fact: (s["who"], s["name"], s["when"]) for s in listing.said for fact in s["facts"]}
    assert said["price"] == ("provider", "", later.isoformat())
    assert said["title"] == ("provider", "", later.isoformat())
    assert said["ages"] == said["dates"] == ("source", SOURCE, NOW.isoformat())
    assert "booking" not in said, "nobody has said anything of it"
    assert len([f for s in listing.said for f in s["facts"]]) == len(said)


def test_a_provider_gets_one_mail_for_all_and_not_again_at_once(db: Session) -> None:
    city(db)
    put(db, space_record(external_id="of nobody"))
    when = DUE - timedelta(days=3)
    done = reminding.remind(db, terms=TERMS, now=when)
    assert (done.mails, done.listings, done.unreachable) == (1, 2, 1)
    (mail,) = db.exec(select(Mail)).all()
    assert (mail.kind, mail.recipient, mail.language) == ("remind", "casa@example.org", "es")
    assert [each["title"] for each in mail.facts["listings"]] == [
        "Biblioteca de prueba",
        "Taller de prueba",
    ]
    assert reminding.remind(db, terms=TERMS, now=when).mails == 0
    assert reminding.remind(db, terms=TERMS, now=when + TERMS.again).mails == 1


def test_expiring_tells_the_provider_once(db: Session) -> None:
    city(db)
    assert reminding.expire(db, terms=TERMS, now=OVERDUE).marked == 2
    end = OVERDUE + TERMS.withdraw
    done = reminding.expire(db, terms=TERMS, now=end)
    assert (done.marked, done.withdrawn, done.mails) == (0, 2, 1)
    assert reminding.expire(db, terms=TERMS, now=end).withdrawn == 0
    assert [mail.kind for mail in db.exec(select(Mail)).all()] == ["expired"]


def test_two_at_once_remind_once(house: House) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with unit_of_work(house.engine) as db:
        city(db)

    def remind(_n: int) -> int:
        with unit_of_work(house.engine) as db:
            return reminding.remind(db, terms=TERMS, now=DUE).mails

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(remind, range(4))) == 1


def test_what_is_confirmed_while_it_would_be_withdrawn_stays(house: House) -> None:
    end = OVERDUE + TERMS.withdraw
    with unit_of_work(house.engine) as db:
        city(db)
        expiring.mark(db, terms=TERMS, now=OVERDUE)
    begun, done = threading.Event(), []

    def expire() -> None:
        begun.set()
        with unit_of_work(house.engine) as db:
            done.append(len(expiring.withdraw(db, terms=TERMS, now=end)))

    other = threading.Thread(target=expire)
    with unit_of_work(house.engine) as db:
        (space,) = [
            row
            for row in expiring.answerable(db, [1], since=end, terms=TERMS, now=end, to_change=True)
            if isinstance(row, Space)
        ]
        other.start()
        begun.wait()
        time.sleep(0.2)  # it waits for us meanwhile
        freshness.confirm(db, [space], by=PROVIDER, now=end)
    other.join()
    assert done == [1], "only the opportunity, which nobody confirmed"
    with unit_of_work(house.engine) as db:
        assert db.exec(select(Space)).one().state is ListingState.PUBLISHED


def test_an_opportunity_without_a_provider_is_of_whoever_has_the_space(db: Session) -> None:
    _p, space, _o = city(db)
    (listing,) = put(db, opportunity_record(external_id="guest", space="s", schedules=ENDLESS))
    db.refresh(listing)
    assert freshness.provider_of(listing).external_id == "p"
    waiting = expiring.answerable(db, [space.provider_id], since=DUE, terms=TERMS, now=DUE)
    assert listing in waiting
    assert isinstance(listing, Opportunity)
