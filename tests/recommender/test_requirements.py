import pytest

from recommender.requirements import UnknownRequirementError, is_met, missing

WEB = {"topic": "web", "level": 2}
TOUR = {"opportunity": "tour"}


def test_nothing_required_is_met():
    assert is_met(None, {}, ())


def test_a_level_is_met_from_that_level_on():
    assert [is_met(WEB, {"web": n}, ()) for n in (1, 2, 3)] == [False, True, True]


def test_a_topic_without_a_level_asks_for_the_first():
    assert is_met({"topic": "web"}, {"web": 1}, ())


def test_combinations_nest():
    either = {"any": [WEB, {"all": [TOUR, {"topic": "office", "level": 1}]}]}
    assert is_met(either, {"office": 1}, {"tour"})
    assert not is_met(either, {"office": 1}, set())


def test_at_least_counts():
    two = {"at_least": 2, "of": [WEB, TOUR, {"topic": "office"}]}
    assert is_met(two, {"web": 2}, {"tour"})
    assert not is_met(two, {"web": 2}, set())


def test_what_is_missing_is_told_fact_by_fact():
    assert missing({"all": [WEB, TOUR]}, {}, {"tour"}) == (WEB,)
    assert missing({"any": [WEB, TOUR]}, {}, {"tour"}) == ()


def test_an_unknown_form_is_refused():
    with pytest.raises(UnknownRequirementError):
        is_met({"mood": "good"}, {}, ())
