"""Wishes that contradict each other are put right and told; the rest is planned."""

from dataclasses import replace

import pytest
from cities import HOME, NOW, PARENTS, session

from recommender import Item, Learner, LinearRecommender, plan

BASE = Learner(earliest=NOW, wants={"web": 1}, home=HOME)
COURSE = Item(
    id="course",
    teaches={"web": (0, 1)},
    price=0.0,
    languages=("es",),
    lat=HOME[0],
    lon=HOME[1],
    sessions=(session("old", -7, 18), session("new", 2, 18)),
)


def planned(learner):
    return plan(learner, LinearRecommender().fit([COURSE], PARENTS), NOW)


def notes(answer):
    return {note.code: note.values for note in answer.notes}


def test_what_is_kept_is_not_skipped():
    answer = planned(replace(BASE, keep=("course",), skip=("course",)))
    assert [step.item_id for step in answer.routes[0].steps] == ["course"]
    assert notes(answer) == {"kept-and-skipped": {"item": "course"}}


def test_what_is_booked_is_not_skipped():
    answer = planned(replace(BASE, booked=("new",), skip=("course",)))
    assert [s.id for s in answer.routes[0].steps[0].sessions] == ["new"]
    assert notes(answer) == {"kept-and-skipped": {"item": "course"}}


def test_what_is_done_is_not_kept():
    answer = planned(replace(BASE, keep=("course",), done=("course",)))
    assert answer.routes == ()
    assert notes(answer)["kept-and-done"] == {"item": "course"}


def test_booked_dates_that_are_over_are_asked_about():
    answer = planned(replace(BASE, booked=("old",)))
    assert notes(answer) == {"booked-over": {"item": "course"}}
    assert notes(planned(replace(BASE, booked=("old",), missed=("old",)))) == {}


def test_a_booked_date_that_is_not_there_any_more_is_told():
    assert notes(planned(replace(BASE, booked=("gone",)))) == {
        "booked-not-found": {"session": "gone"}
    }


def test_a_home_outside_the_city_says_nothing_about_ways_in_it():
    answer = planned(replace(BASE, home=(48.0, 2.0), max_travel_minutes=20))
    assert [route.label for route in answer.routes] == ["soonest"]
    assert answer.routes[0].travel_minutes is None
    assert notes(answer)["home-outside"]["minutes"] > 1000


def test_a_budget_of_zero_is_told_to_mean_what_is_free():
    assert notes(planned(replace(BASE, budget=0))) == {"only-free": {}}


@pytest.mark.parametrize("known", [1, 4])
def test_a_wanted_level_below_the_known_one_is_told_with_both(known):
    answer = planned(replace(BASE, knows={"web": known}))
    assert notes(answer) == {"already-known": {"topic": "web", "level": 1, "known": known}}


def test_an_unknown_topic_is_told_and_the_rest_is_planned():
    answer = planned(replace(BASE, wants={"web": 1, "astrology": 1}))
    assert [step.item_id for step in answer.routes[0].steps] == ["course"]
    assert notes(answer)["nothing-teaches"] == {"topic": "astrology", "level": 1}
