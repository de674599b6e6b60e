"""The catalogue: applying a record says new, changed or unchanged, and tells the index once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import Session, select

from directory.database import unit_of_work
from directory.edge.house import House
from directory.models import Occurrence, Opportunity, Outbox, Text
from directory.models.vocabulary import OccurrenceStatus, TextState
from directory.services import catalogue, indexing, listings
from directory.services.catalogue import Outcome
from directory.services.keeping import Keeper
from directory.services.texts import words
from tests.factories import (
    SOURCE,
    opportunity_record,
    provider_record,
    schedule_record,
    space_record,
)

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)


def apply(db: Session, record: object, now: datetime = NOW) -> tuple[Opportunity, Outcome]:
    return catalogue.apply(db, record, among=catalogue.known(db, source=SOURCE), now=now)  # type: ignore[return-value, arg-type]


def test_the_same_record_twice_changes_nothing(db: Session) -> None:
    record = opportunity_record()
    row, first = apply(db, record)
    modified, waiting = row.modified, len(db.exec(select(Outbox)).all())
    again, second = apply(db, record, NOW + timedelta(days=1))
    assert (first, second) == (Outcome.NEW, Outcome.UNCHANGED)
    assert (again.id, again.modified) == (row.id, modified)
    assert len(db.exec(select(Outbox)).all()) == waiting


def test_a_change_keeps_number_and_address(db: Session) -> None:
    row, _ = apply(db, opportunity_record(external_id="a", title={"es": "Barro"}))
    changed, outcome = apply(db, opportunity_record(external_id="a", title={"es": "Barro y torno"}))
    assert outcome is Outcome.CHANGED
    assert (changed.id, changed.slug) == (row.id, "barro")


def test_equal_titles_get_addresses_of_their_own(db: Session) -> None:
    slugs = [apply(db, opportunity_record(title={"es": "Taller"}))[0].slug for _ in range(3)]
    assert slugs == ["taller", "taller-2", "taller-3"]


def test_an_occurrence_keeps_its_number_when_it_is_cancelled(db: Session) -> None:
    weekly = {"external_id": "a", "schedules": (schedule_record(rule="FREQ=WEEKLY;COUNT=3"),)}
    row, _ = apply(db, opportunity_record(**weekly))
    numbers = {o.recurrence_id: o.id for o in _occurrences(db, row)}
    off = schedule_record(rule="FREQ=WEEKLY;COUNT=3", cancelled=(datetime(2026, 12, 3, 18),))
    apply(db, opportunity_record(**{**weekly, "schedules": (off,)}))
    after = _occurrences(db, row)
    assert {o.recurrence_id: o.id for o in after} == numbers
    assert [o.status for o in after] == [
        OccurrenceStatus.SCHEDULED,
        OccurrenceStatus.CANCELLED,
        OccurrenceStatus.SCHEDULED,
    ]


def test_schedules_that_go_take_their_occurrences_along(db: Session) -> None:
    row, _ = apply(
        db,
        opportunity_record(
            external_id="a",
            schedules=(schedule_record(), schedule_record(start=datetime(2026, 12, 1, 9))),
        ),
    )
    apply(db, opportunity_record(external_id="a", schedules=(schedule_record(),)))
    assert len(_occurrences(db, row)) == 1


def test_a_translation_is_stale_when_its_original_changed(db: Session) -> None:
    row, _ = apply(db, opportunity_record(external_id="a", title={"es": "Barro", "en": "Clay"}))
    apply(db, opportunity_record(external_id="a", title={"es": "Barro y torno"}))
    states = {t.language: t.state for t in row.texts if t.field == "title"}
    assert states == {"es": TextState.ORIGINAL, "en": TextState.STALE}
    assert words(row, "title", "en").value == "Clay"
    assert words(row, "title", "ar").language == "es"


def test_a_text_has_exactly_one_owner(house: House) -> None:
    with pytest.raises(Exception, match="one_owner"), unit_of_work(house.engine) as db:
        db.add(Text(field="title", language="es", value="of nobody"))


def test_a_moved_space_tells_the_index_of_what_is_on_there(db: Session) -> None:
    among = catalogue.known(db, source=SOURCE)
    space, _ = catalogue.apply(db, space_record(external_id="s"), among=among, now=NOW)
    listing, _ = catalogue.apply(db, opportunity_record(space="s"), among=among, now=NOW)
    db.exec(select(Outbox)).all()
    for row in db.exec(select(Outbox)).all():
        db.delete(row)
    db.flush()
    catalogue.apply(db, space_record(external_id="s", lat=41.5), among=among, now=NOW)
    told = {(o.listing, o.listing_id) for o in db.exec(select(Outbox)).all()}
    assert told == {("space", space.id), ("opportunity", listing.id)}


def test_a_title_of_digits_alone_gets_an_address_that_leads_to_it(db: Session) -> None:
    first, _ = apply(db, opportunity_record(title={"es": "1984"}))
    second, _ = apply(db, opportunity_record(title={"es": "1984"}))
    place, _ = apply(db, space_record(title={"es": "2001"}))
    assert (first.slug, second.slug) == ("opportunity-1984", "opportunity-1984-2")
    assert listings.opportunity(db, first.slug).id == first.id
    assert listings.opportunity(db, str(second.id)).id == second.id
    # One that an earlier version named like that is found too, unless a number is meant.
    place.slug = "2001"
    db.flush()
    assert listings.space(db, "2001").id == place.id


def test_two_may_bring_listings_of_one_title_at_once(house: House) -> None:
    begun, slugs = threading.Event(), []

    def bring(source: str, *, slowly: bool) -> None:
        with unit_of_work(house.engine) as db:
            if not slowly:
                begun.wait()
            among = catalogue.known(db, source=source)
            row, _ = catalogue.apply(db, opportunity_record(source=source), among=among, now=NOW)
            begun.set()
            if slowly:
                time.sleep(0.3)
            slugs.append(row.slug)

    with ThreadPoolExecutor() as pool:
        for done in [pool.submit(bring, "a", slowly=True), pool.submit(bring, "b", slowly=False)]:
            done.result()
    assert slugs == ["taller-de-prueba", "taller-de-prueba-2"]


def test_what_is_withdrawn_or_called_off_is_not_counted(db: Session) -> None:
    apply(db, opportunity_record(state="withdrawn", source="gone"))
    off = schedule_record(rule="FREQ=WEEKLY;COUNT=3", cancelled=(datetime(2026, 12, 3, 18),))
    apply(db, opportunity_record(schedules=(off,)))
    counted = listings.summary(db, now=NOW)
    assert (counted.opportunities, counted.occurrences) == (1, 2)
    assert counted.sources == ((SOURCE, 1),)


def test_nothing_of_a_failed_unit_of_work_stays(house: House) -> None:
    class Interrupted(Exception):
        pass

    with pytest.raises(Interrupted), unit_of_work(house.engine) as db:
        apply(db, opportunity_record())
        raise Interrupted
    with unit_of_work(house.engine) as db:
        assert db.exec(select(Opportunity)).all() == []
        assert db.exec(select(Outbox)).all() == []


def test_an_endless_rule_is_dated_further_as_time_goes_on(db: Session) -> None:
    row, _ = apply(db, opportunity_record(schedules=(schedule_record(rule="FREQ=WEEKLY"),)))
    before = _occurrences(db, row)
    assert catalogue.extend_occurrences(db, now=NOW) == 0
    later = NOW + timedelta(days=100)
    assert catalogue.extend_occurrences(db, now=later) == 14
    after = _occurrences(db, row)
    assert [o.id for o in after[: len(before)]] == [o.id for o in before]
    assert catalogue.extend_occurrences(db, now=later) == 0


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=DAILY;UNTIL=20351231T235959"])
def test_a_schedule_that_began_years_ago_has_dates_to_come_and_goes_on(
    db: Session, rule: str
) -> None:
    daily = schedule_record(start=datetime(2015, 3, 1, 18), rule=rule)
    record = opportunity_record(external_id="a", schedules=(daily,))
    row, _ = apply(db, record)
    before = _occurrences(db, row)
    assert before[-1].start > NOW + timedelta(days=390)
    assert sum(o.start > NOW for o in before) > 390
    later = NOW + timedelta(days=1500)
    assert catalogue.extend_occurrences(db, now=later) > 390
    after = _occurrences(db, row)
    assert [o.id for o in after[: len(before)]] == [o.id for o in before]
    assert sum(o.start > later for o in after) > 390
    off = daily.model_copy(update={"cancelled": (datetime(2031, 1, 2, 18),)})
    apply(db, record.model_copy(update={"schedules": (off,)}), later)
    changed = _occurrences(db, row)
    assert [o.id for o in changed] == [o.id for o in after]
    assert [o.recurrence_id for o in changed if o.status == OccurrenceStatus.CANCELLED] == [
        "20310102T180000"
    ]


def test_a_schedule_that_begins_in_years_is_dated_when_its_time_comes(db: Session) -> None:
    far = schedule_record(start=datetime(2029, 3, 1, 18), rule="FREQ=WEEKLY")
    row, _ = apply(db, opportunity_record(schedules=(far,)))
    assert _occurrences(db, row) == []
    catalogue.extend_occurrences(db, now=datetime(2028, 12, 1, tzinfo=UTC))
    assert len(_occurrences(db, row)) > 40


def test_the_serving_process_dates_once_a_day(house: House) -> None:
    with unit_of_work(house.engine) as db:
        row, _ = apply(db, opportunity_record(schedules=(schedule_record(rule="FREQ=DAILY"),)))
        before = len(_occurrences(db, row))
    keeper = Keeper(house.engine, house.index, house.settings)
    keeper.date()
    moved = house.settings.model_copy(update={"now": datetime(2027, 2, 23, 12)})
    keeper.settings = moved
    keeper.date()
    with unit_of_work(house.engine) as db:
        assert len(_occurrences(db, row)) == before + 92
        assert indexing.waiting(house.engine)
        db.execute(delete(Occurrence))
    keeper.date()
    with unit_of_work(house.engine) as db:
        assert _occurrences(db, row) == []


def test_a_provider_is_found_again_by_its_source_and_id(db: Session) -> None:
    first, _ = apply(db, provider_record(external_id="p"))
    second, outcome = apply(db, provider_record(external_id="p", url="https://p.example"))
    assert (second.id, outcome) == (first.id, Outcome.CHANGED)


def _occurrences(db: Session, row: Opportunity) -> list[Occurrence]:
    statement = select(Occurrence).where(Occurrence.opportunity_id == row.id)
    return sorted(db.exec(statement).all(), key=lambda o: o.start)
