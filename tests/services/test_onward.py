"""Onward: the soonest first, no more than are shown, and nothing that is over or withdrawn."""

from datetime import datetime

import pytest
from sqlalchemy import event

from directory.models.vocabulary import ListingState
from directory.services import onward, topics
from tests.factories import (
    opportunity_record,
    provider_record,
    schedule_record,
    space_record,
)


def _teaches(low, high):
    return ({"topic": "ceramics", "level_from": low, "level_to": high},)


def _on(day):
    return (schedule_record(start=datetime(2026, 12, day, 18)),)


@pytest.fixture
def place(put):
    """A space."""
    return put(space_record(external_id="place"))[0]


def _ids(dated):
    return [listing.id for listing, _ in dated]


def test_the_soonest_first_and_what_has_no_dates_last(house, db, put, place):
    late, undated, soon, over = put(
        opportunity_record(space="place", schedules=_on(20)),
        opportunity_record(space="place", schedules=()),
        opportunity_record(space="place", schedules=_on(2)),
        opportunity_record(space="place", schedules=(schedule_record(start=datetime(2026, 1, 2)),)),
    )
    found = onward.at_space(db, place, now=house.settings.clock())
    assert _ids(found) == [soon.id, late.id, undated.id]
    assert [occurrence is None for _, occurrence in found] == [False, False, True]
    assert over.id not in _ids(found)
    soon.state = ListingState.WITHDRAWN
    db.commit()
    assert _ids(onward.at_space(db, place, now=house.settings.clock())) == [late.id, undated.id]


def test_a_provider_and_a_programme(house, db, put):
    provider, festival = put(
        provider_record(external_id="who"),
        opportunity_record(external_id="fest", format="festival"),
    )
    (part,) = put(opportunity_record(provider="who", series="fest"))
    now = house.settings.clock()
    assert _ids(onward.by_provider(db, provider, now=now)) == [part.id]
    assert _ids(onward.programme(db, festival, now=now)) == [part.id]


def test_next_steps_begin_where_this_ends(house, db, put):
    topics.load_shipped(db, now=house.settings.clock())
    first, next_, *_others = put(
        opportunity_record(teaches=_teaches(0, 1)),
        opportunity_record(teaches=_teaches(1, 2)),
        opportunity_record(teaches=_teaches(2, 3)),
        opportunity_record(teaches=_teaches(1, 1)),
    )
    assert _ids(onward.next_steps(db, first, now=house.settings.clock())) == [next_.id]


def test_no_more_is_loaded_than_is_shown(house, db, put, place, monkeypatch):
    monkeypatch.setattr(onward, "MOST", 3)
    put(*(opportunity_record(space="place", schedules=_on(n + 1)) for n in range(8)))
    db.expunge_all()
    loaded = []
    event.listen(
        db, "loaded_as_persistent", lambda _session, row: loaded.append(type(row).__name__)
    )
    found = onward._dated(
        db, onward.Opportunity.space_id == place.id, house.settings.clock(), most=3
    )
    assert len(found) == 3
    assert loaded.count("Opportunity") == 3
