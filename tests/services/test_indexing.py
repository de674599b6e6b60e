"""The outbox reaches the index, however often and whoever brings it."""

import threading

from sqlmodel import Session, select

from directory.database import unit_of_work
from directory.edge.house import House
from directory.models import Outbox
from directory.models.vocabulary import ListingState
from directory.search.grammar import parse
from directory.search.request import SearchRequest
from directory.services import catalogue, indexing
from tests.factories import SOURCE, opportunity_record


def save(house: House, **fields: object) -> None:
    with unit_of_work(house.engine) as db:
        among = catalogue.known(db, source=SOURCE)
        catalogue.apply(db, opportunity_record(**fields), among=among, now=house.settings.clock())


def found(house: House, q: str) -> int:
    now = house.settings.clock()
    return house.index.search(SearchRequest(now=now, ask=parse(q), ui_language="es")).total


def sync(house: House) -> int:
    return indexing.sync(house.engine, house.index, currency="EUR")


def test_what_is_saved_is_found_and_what_is_withdrawn_is_not(house: House) -> None:
    save(house, external_id="a", title={"es": "Barro"})
    assert sync(house) == 1
    assert found(house, "barro") == 1
    save(house, external_id="a", title={"es": "Barro"}, state=ListingState.WITHDRAWN)
    sync(house)
    assert found(house, "barro") == 0


def test_an_empty_outbox_is_no_work(house: House) -> None:
    save(house)
    sync(house)
    assert sync(house) == 0


def test_rows_stay_until_the_index_has_them(house: House) -> None:
    save(house, title={"es": "Barro"})
    sync(house)
    save(house, title={"es": "Torno"})
    with house.index.writing(timeout=1):
        assert sync(house) == 0
    with Session(house.engine) as db:
        assert len(db.exec(select(Outbox)).all()) == 1
    assert sync(house) == 1
    assert found(house, "torno") == 1


def test_a_rebuilt_index_holds_the_same(house: House) -> None:
    for title in ("Barro", "Torno"):
        save(house, title={"es": title})
    sync(house)
    assert indexing.rebuild(house.engine, house.index, currency="EUR") == 2
    assert indexing.differences(house.engine, house.index) == (set(), set())
    assert found(house, "torno") == 1


def test_a_lost_index_is_made_again(house: House) -> None:
    import shutil

    save(house, title={"es": "Barro"})
    sync(house)
    shutil.rmtree(house.index.folder)
    assert sync(house) == 1
    assert found(house, "barro") == 1


def test_many_who_bring_at_once_meet_no_lock_error_and_lose_nothing(house: House) -> None:
    save(house)
    sync(house)
    errors: list[Exception] = []

    def work(n: int) -> None:
        try:
            for m in range(5):
                save(house, external_id=f"{n}-{m}", title={"es": f"Barro {n} {m}"})
                sync(house)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sync(house)
    assert errors == []
    assert found(house, "barro") == 20
    assert indexing.differences(house.engine, house.index) == (set(), set())
