"""The recommender is fitted beside the pages; what a reader is shown of it is true at this moment."""

import threading
import time
from datetime import timedelta

import pytest

from directory.database import reading, unit_of_work
from directory.models.vocabulary import ListingState, OccurrenceStatus
from directory.services import fitting, guidance, mapped, profiles, topics
from directory.services.fitting import Guide
from directory.services.profiles import Profile
from tests.factories import opportunity_record


@pytest.fixture
def workshops(house, db, put):
    """Three workshops of the same topic, and one of another."""
    topics.load_shipped(db, now=house.settings.clock())
    alike = [
        opportunity_record(title={"es": f"Taller de cerámica {n}"}, teaches=_teaches("ceramics"))
        for n in ("uno", "dos", "tres")
    ]
    return put(*alike, opportunity_record(title={"es": "Ajedrez"}, teaches=_teaches("chess")))


def _teaches(topic):
    return ({"topic": topic, "level_from": 0, "level_to": 1},)


@pytest.fixture
def similar(house, db):
    """Titles of what is similar to a listing, by a guide."""

    def ask(guide, listing):
        found = guidance.similar(db, guide, listing, settings=house.settings)
        return [next(t.value for t in each.listing.texts) for each in found]

    return ask


def test_what_is_alike_says_why(house, db, workshops):
    first = guidance.similar(db, house.guide, workshops[0], settings=house.settings)[0]
    assert {"same-topics", "same-words"} <= {reason.code for reason in first.reasons}
    assert sum(r.share for r in first.reasons) <= 1


def test_stems_of_the_listings_own_language_are_compared(house, db, put):
    one, other, _ = put(
        opportunity_record(title={"es": "Reparar bicicletas"}),
        opportunity_record(title={"es": "Reparación de una bicicleta"}),
        opportunity_record(title={"es": "Acordes de guitarra"}),
    )
    first = guidance.similar(db, house.guide, one, settings=house.settings)[0]
    assert first.listing.id == other.id
    assert next(r for r in first.reasons if r.code == "same-words").values["words"]


def test_a_withdrawn_listing_is_not_shown_though_the_fit_knows_it(house, db, workshops, similar):
    guide = house.guide
    guide.fitted(db, now=house.settings.clock())
    guide.start(house.engine, house.settings.clock, _stopped())
    assert "Taller de cerámica dos" in similar(guide, workshops[0])
    workshops[1].state = ListingState.WITHDRAWN
    db.commit()
    assert "Taller de cerámica dos" not in similar(guide, workshops[0])
    assert str(workshops[1].id) in guide.recommender(db, now=house.settings.clock()).catalogue_.row


def test_no_route_leads_through_what_is_gone(house, db, workshops):
    guide, settings = house.guide, house.settings
    guide.start(house.engine, settings.clock, _stopped())
    profile = Profile(wants={"ceramics": 1})
    planned = guidance.plan_routes(db, guide, profile, settings=settings)
    steps = {step.item_id for route in planned.plan.routes for step in route.steps}
    assert steps
    for listing in workshops:
        if str(listing.id) in steps:
            listing.state = ListingState.WITHDRAWN
    db.commit()
    again = guidance.plan_routes(db, guide, profile, settings=settings)
    assert not steps & {step.item_id for route in again.plan.routes for step in route.steps}


def test_no_route_leads_to_a_meeting_that_was_called_off(house, db, workshops):
    now = house.settings.clock()
    recommender = house.guide.recommender(db, now=now)
    assert fitting.gone(db, recommender, now=now) == []
    workshops[0].occurrences[0].status = OccurrenceStatus.CANCELLED
    db.commit()
    assert fitting.gone(db, recommender, now=now) == [str(workshops[0].id)]


def test_a_learner_is_recommended_what_suits(house, db, workshops):
    tree = topics.tree(db)
    profile = profiles.read(db, {"wants": {"chess": 1}}, tree=tree)
    found = guidance.recommended(db, house.guide, profile, settings=house.settings)
    assert found[0].listing.id == workshops[3].id
    assert found[0].reasons[0].code == "topic-wanted"


# When it is fitted


def _stopped() -> threading.Event:
    stop = threading.Event()
    stop.set()
    return stop


def test_without_a_background_it_is_fitted_when_asked(house, db, put, workshops, similar):
    similar(house.guide, workshops[0])
    put(opportunity_record(title={"es": "Taller de cerámica cuatro"}, teaches=_teaches("ceramics")))
    assert "Taller de cerámica cuatro" in similar(house.guide, workshops[0])


def test_whatever_changes_a_listing_asks_for_a_new_fit(house, db, workshops):
    guide, now = house.guide, house.settings.clock()
    guide.fitted(db, now=now)
    assert not guide.refresh(house.engine, now=now)
    workshops[0].occurrences[0].status = OccurrenceStatus.CANCELLED
    db.commit()
    assert guide.refresh(house.engine, now=now)
    workshops[1].state = ListingState.WITHDRAWN
    db.commit()
    assert guide.refresh(house.engine, now=now)
    assert not guide.refresh(house.engine, now=now)
    assert guide.refresh(house.engine, now=now + timedelta(days=1))


def test_the_background_fits_and_pages_do_not_wait(house, db, workshops, monkeypatch):
    monkeypatch.setattr(fitting, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(fitting, "REST", 0.0)
    guide, stop = house.guide, threading.Event()
    before = guide.fitted(db, now=house.settings.clock()).recommender
    db.commit()  # lets go of the right to write
    slow = threading.Event()
    fit = fitting._fitted

    def slowly(session, now, opened):
        slow.wait(10)
        return fit(session, now, opened)

    monkeypatch.setattr(fitting, "_fitted", slowly)
    thread = guide.start(house.engine, house.settings.clock, stop)
    with unit_of_work(house.engine) as other:
        other.merge(workshops[0]).state = ListingState.WITHDRAWN
    with reading(house.engine) as page:
        assert guide.recommender(page, now=house.settings.clock()) is before
        slow.set()
        until = time.monotonic() + 10
        while guide.recommender(page, now=house.settings.clock()) is before:
            assert time.monotonic() < until
            time.sleep(0.02)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_page_does_not_wait_for_the_very_first_fit(house, db, workshops, similar):
    guide = house.guide
    guide.start(house.engine, house.settings.clock, _stopped())
    assert similar(guide, workshops[0]) == []
    guide.refresh(house.engine, now=house.settings.clock())
    assert similar(guide, workshops[0]) != []


def test_a_trouble_is_told_once_and_does_not_end_the_background(house, monkeypatch):
    monkeypatch.setattr(fitting, "LOOK_EVERY", 0.01)
    told: list[str] = []
    rounds = threading.Semaphore(0)

    def broken(_db):
        rounds.release()
        raise RuntimeError("a listing's words")

    monkeypatch.setattr(fitting, "_stamp", broken)
    guide, stop = Guide(tell=told.append), threading.Event()
    thread = guide.start(house.engine, house.settings.clock, stop)
    for _ in range(3):
        assert rounds.acquire(timeout=10)
    stop.set()
    thread.join(10)
    assert told == ["What is alike could not be worked out: RuntimeError"]


# The file


def test_a_restart_serves_from_the_file(house, db, workshops, similar, monkeypatch):
    asked = similar(house.guide, workshops[0])
    monkeypatch.delattr(fitting, "_fitted")
    again = Guide(house.settings.guide_dir)
    assert similar(again, workshops[0]) == asked
    recommender = again.recommender(db, now=house.settings.clock())
    assert not recommender.topics_.matrix_.data.flags.owndata
    assert (house.settings.guide_dir.iterdir().__next__().stat().st_mode & 0o077) == 0


def test_routes_are_planned_from_the_file(house, db, workshops):
    house.guide.fitted(db, now=house.settings.clock())
    again = Guide(house.settings.guide_dir)
    planned = guidance.plan_routes(db, again, Profile(wants={"chess": 1}), settings=house.settings)
    assert planned.plan.routes


@pytest.mark.parametrize("harm", ["cut", "turned", "emptied"])
def test_a_harmed_file_is_made_anew(house, db, workshops, similar, harm):
    asked = similar(house.guide, workshops[0])
    (path,) = house.settings.guide_dir.glob("*.fit")
    whole = path.read_bytes()
    middle = len(whole) // 2
    turned = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    path.unlink()
    path.write_bytes({"cut": whole[:middle], "turned": turned, "emptied": b""}[harm])
    with pytest.raises(ValueError):  # noqa: PT011 - mmap refuses an empty file in its own words
        mapped.read(path)
    assert similar(Guide(house.settings.guide_dir), workshops[0]) == asked


def test_only_the_newest_fit_is_kept(house, db, workshops):
    now = house.settings.clock()
    for days in range(3):
        house.guide.fitted(db, now=now + timedelta(days=days))
    assert len(list(house.settings.guide_dir.glob("*.fit"))) == 1
