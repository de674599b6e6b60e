"""What editors do about what people look for: noted, compared, taken back; on both databases."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from directory.database import unit_of_work
from directory.edge.house import House
from directory.errors import Invalid
from directory.models import Account, Mail, Sought, SoughtDay, SoughtReach, Topic, Views
from directory.models.seeking import ActKind
from directory.services import topics
from directory.services.seeking import acting, figures, writing
from directory.services.seeking.figures import Figures
from directory.services.seeking.reach import reach
from directory.services.topics import tree
from tests.factories import Put, opportunity_record, provider_record

TODAY = date(2026, 11, 23)


@pytest.fixture
def editor(quick_hashes: None, make_account: Callable[..., Account]) -> Account:
    return make_account(role="editor")


@pytest.fixture
def sought(house: House) -> int:
    """Something looked for on days of three weeks, counted by two processes on one of them."""
    with unit_of_work(house.engine) as db:
        topics.load_shipped(db, now=house.settings.clock())
        row = Sought(words="kintsugi", language="es")
        db.add(row)
        db.flush()
        for days, part, people, nothing, unopened in (
            (3, "a", 8, 5, 1), (3, "b", 5, 5, 0), (12, "a", 6, 0, 3), (20, "a", 5, 5, 0), (800, "a", 9, 9, 0),
        ):  # fmt: skip
            db.add(SoughtDay(sought_id=row.id or 0, day=TODAY - timedelta(days=days), part=part, people=people, found_nothing=nothing, opened_nothing=unopened))  # fmt: skip
        return row.id or 0


def test_figures_are_of_twelve_weeks(house: House, sought: int) -> None:
    with unit_of_work(house.engine) as db:
        told = figures.of(db, figures.load(db, sought), today=TODAY)
        assert told == Figures(24, 15, 4, 3, TODAY - timedelta(days=3))
        assert told.failed == 19
        (line,) = figures.lines(db, kinds=None, today=TODAY)
        assert line.figures == told
        writing.forget(db, today=TODAY)
        assert len(db.exec(select(SoughtDay)).all()) == 4


def test_what_fails_few_of_many_is_no_failure() -> None:
    assert not Figures(people=100, found_nothing=4).is_failure
    assert not Figures(people=100, opened_nothing=24).is_failure
    assert Figures(people=100, opened_nothing=25).is_failure


@pytest.mark.parametrize("table", [SoughtDay, SoughtReach])
def test_the_database_itself_refuses_fewer_than_five(house: House, sought: int, table: type) -> None:  # fmt: skip
    extra = {"found_nothing": 0, "opened_nothing": 0} if table is SoughtDay else {"listing": "space", "listing_id": 1}  # fmt: skip
    with pytest.raises(sa.exc.IntegrityError), unit_of_work(house.engine) as db:
        db.add(table(sought_id=sought, day=TODAY, part="x", people=4, **extra))


def test_acts_are_noted_once_each_and_taken_back(house: House, editor: Account, put: Put, sought: int) -> None:  # fmt: skip
    now = house.settings.clock()
    (provider,) = put(provider_record(email="barro@example.org", language="ar", title={"ar": "طين"}))  # fmt: skip
    with unit_of_work(house.engine) as db:
        row = figures.load(db, sought, to_change=True)
        acting.mark_gap(db, editor, row, note="Nadie", now=now)
        db.refresh(row)
        acting.mark_gap(db, editor, row, note="", now=now)
        for _ in range(2):  # asked again it is another letter
            acting.ask_providers(db, editor, row, providers=[provider.id], note="", tree=tree(db), now=now)  # type: ignore[attr-defined]  # fmt: skip
        with pytest.raises(Invalid):
            acting.ask_providers(db, editor, row, providers=[999], note="", tree=tree(db), now=now)
    with unit_of_work(house.engine) as db:
        row = figures.load(db, sought)
        kinds = [act.kind for act in figures.active(row)]
        assert kinds == [ActKind.GAP, ActKind.ASKED, ActKind.ASKED]
        assert row.acts[0].note == "Nadie"
        assert {mail.language for mail in db.exec(select(Mail)).all()} == {"ar"}
        acting.undo(db, editor, row.acts[1].id or 0, now=now)
        assert len(db.exec(select(Mail)).all()) == 1
        assert figures.lines(db, kinds=None, today=TODAY) == []
        assert len(figures.lines(db, kinds={ActKind.GAP}, today=TODAY)) == 1


def test_a_synonym_is_given_to_the_topic_beside_what_is_shipped(house: House, editor: Account, sought: int) -> None:  # fmt: skip
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        row = figures.load(db, sought, to_change=True)
        acting.link_topic(db, editor, row, topic="ceramics", now=now)
        topic = db.get_one(Topic, "ceramics")
        assert topic.called["es"][-1] == "kintsugi"
        assert topics.load_shipped(db, now=now) == 0
        assert topics.resolve(tree(db), "Kintsugi") == "ceramics"


def test_who_teaches_something_like_it_comes_first(house: House, put: Put, sought: int) -> None:
    near, far, _ = put(
        provider_record(external_id="near"), provider_record(external_id="far"),
        opportunity_record(provider="near", teaches=({"topic": "painting"},)),
    )  # fmt: skip
    with unit_of_work(house.engine) as db:
        found = acting.teaching_near(db, "ceramics", tree(db))
        assert near.id in found  # type: ignore[attr-defined]
        assert far.id not in found  # type: ignore[attr-defined]


def test_reach_adds_up_days_and_keeps_to_its_listing(house: House, db: Session, put: Put, sought: int) -> None:  # fmt: skip
    one, two = put(opportunity_record(), opportunity_record())
    with unit_of_work(house.engine) as work:
        for listing, days, people in ((one, 1, 5), (one, 8, 6), (two, 1, 40)):
            work.add(SoughtReach(sought_id=sought, day=TODAY - timedelta(days=days), part="a", listing="opportunity", listing_id=listing.id, people=people))  # type: ignore[attr-defined]  # fmt: skip
        work.add(Views(listing="opportunity", listing_id=one.id, week=TODAY, views=3))  # type: ignore[attr-defined]
    told = reach(db, one, today=TODAY)  # type: ignore[arg-type]
    assert [each.people for each in told.searches] == [11]
    assert told.views == 3
