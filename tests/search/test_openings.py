"""Opening columns say of many spaces exactly what the opening of each one says."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.models.opening import Opening
from directory.search.openings import OpeningColumns, opening_facts
from tests.hours import ZONES, everything, holiday, instants


def compiled(openings: list[Opening]) -> OpeningColumns:
    facts = [{"opening": opening_facts(opening)} for opening in openings]
    return OpeningColumns.compile(json.loads(json.dumps(facts)))


def minutes(instant: datetime) -> int:
    return int(instant.timestamp() // 60)


def mask(columns: OpeningColumns, size: int, at: datetime, zone: str) -> list[bool]:
    found = columns.open_at(size, minutes(at), zone, lambda day: holiday(day) is not None)
    return list(map(bool, found))


@settings(max_examples=25, deadline=None)
@pytest.mark.parametrize("zone", ZONES)
@given(data=st.data())
def test_the_mask_is_the_state_of_each(zone: str, data: st.DataObject) -> None:
    openings = data.draw(st.lists(everything(zone), max_size=5))
    columns = compiled(openings)
    spans = [s for o in openings for s in o.intervals(*[instants_day(data)] * 2)]
    edges = [
        edge + timedelta(minutes=m) for s in spans for edge in (s.start, s.end) for m in (-1, 0)
    ]
    for at in (*edges, *data.draw(st.lists(instants(), min_size=1, max_size=8))):
        shown = mask(columns, len(openings), at, zone)
        assert shown == [opening.state(at).open is True for opening in openings], at


def instants_day(data: st.DataObject):
    return data.draw(instants()).date()


@settings(max_examples=25, deadline=None)
@pytest.mark.parametrize("zone", ["America/St_Johns", "Africa/Cairo", "America/Sao_Paulo"])
@given(data=st.data())
def test_also_where_the_clocks_change_at_midnight(zone: str, data: st.DataObject) -> None:
    openings = data.draw(st.lists(everything(zone), min_size=1, max_size=3))
    columns = compiled(openings)
    for turn in (datetime(2006, 10, 29, tzinfo=UTC), datetime(2026, 4, 24, tzinfo=UTC), datetime(2018, 2, 18, tzinfo=UTC)):  # fmt: skip
        at = turn + timedelta(minutes=data.draw(st.integers(-600, 900)))
        shown = mask(columns, len(openings), at, zone)
        assert shown == [opening.state(at).open is True for opening in openings], at


def test_nothing_known_is_nothing_open() -> None:
    facts = [{"opening": None}, {}]
    columns = OpeningColumns.compile(facts)
    assert mask(columns, 2, datetime(2026, 11, 24, 12, tzinfo=UTC), "Europe/Madrid") == [False] * 2


def test_a_hundred_thousand_spaces_take_milliseconds() -> None:
    week = {"rules": [[31, 540, 840, -1, -1, 0], [31, 1020, 1200, -1, -1, 0]], "special": [[739000, 739003, -1, -1]], "closures": [], "policy": 1}  # fmt: skip
    columns = OpeningColumns.compile([{"opening": week}] * 100_000)
    at = datetime(2026, 11, 24, 11, tzinfo=UTC)
    assert all(mask(columns, 100_000, at, "Europe/Madrid"))
    begun = time.perf_counter()
    columns.open_at(100_000, minutes(at), "Europe/Madrid", lambda _day: False)
    assert time.perf_counter() - begun < 0.1
