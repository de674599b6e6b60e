"""Routes one can follow by reading."""

from dataclasses import replace
from datetime import timedelta

import pytest
from cities import HOME, NOW, PARENTS, session

from recommender import Item, Learner, LinearRecommender, Window, plan

BASE = Learner(earliest=NOW, wants={"web": 2}, home=HOME)


def item(name, teaches, day=1, hour=18, **facts):
    given = {"price": 0.0, "languages": ("es",), "lat": HOME[0], "lon": HOME[1]}
    given["sessions"] = (session(f"{name}-1", day, hour),)
    return Item(id=name, teaches=teaches, **{**given, **facts})


def planned(items, learner=BASE):
    return plan(learner, LinearRecommender().fit(items, PARENTS), NOW)


def steps(route):
    return [step.item_id for step in route.steps]


def codes(answer):
    return [note.code for note in answer.notes]


def test_a_level_is_reached_over_the_level_below_it():
    answer = planned([item("second", {"web": (1, 2)}, 8), item("first", {"web": (0, 1)}, 1)])
    assert steps(answer.routes[0]) == ["first", "second"]
    assert [dict(s.gains) for s in answer.routes[0].steps] == [{"web": 1}, {"web": 2}]


def test_a_step_that_ends_too_late_prepares_for_nothing():
    answer = planned([item("second", {"web": (1, 2)}, 1), item("first", {"web": (0, 1)}, 8)])
    assert [steps(route) for route in answer.routes] == [["first"]]
    assert codes(answer) == ["goes-only-to"]


def test_a_topic_below_the_wanted_one_counts():
    learner = replace(BASE, wants={"digital": 1})
    assert steps(planned([item("web", {"web": (0, 1)})], learner).routes[0]) == ["web"]


def test_a_topic_above_the_wanted_one_does_not_count():
    learner = replace(BASE, wants={"web": 1})
    answer = planned([item("all", {"digital": (0, 1)})], learner)
    assert answer.blocked.constraint == "nothing-teaches"


def test_a_topic_that_is_only_carried_leads_to_the_first_level_and_no_further():
    answer = planned([item("talk", {}, topics=("web",))])
    assert steps(answer.routes[0]) == ["talk"]
    assert answer.notes[0].code == "goes-only-to"
    assert answer.notes[0].values == {"topic": "web", "wanted": 2, "level": 1}


def test_a_prerequisite_is_put_before_what_requires_it():
    items = [
        item("lab", {"web": (0, 2)}, 8, requires={"opportunity": "tour"}),
        item("tour", {}, 2),
    ]
    assert steps(planned(items).routes[0]) == ["tour", "lab"]


def test_two_of_three_requirements_are_enough():
    requires = {
        "at_least": 2,
        "of": [
            {"topic": "office", "level": 1},
            {"topic": "cooking", "level": 1},
            {"topic": "web", "level": 1},
        ],
    }
    items = [
        item("course", {"web": (0, 2)}, 15, requires=requires),
        item("office", {"office": (0, 1)}, 2),
        item("cooking", {"cooking": (0, 1)}, 3),
    ]
    assert steps(planned(items).routes[0]) == ["office", "cooking", "course"]


def test_a_course_that_has_begun_cannot_be_joined():
    begun = (session("a", -7, 18), session("b", 1, 18))
    answer = planned([item("course", {"web": (0, 2)}, sessions=begun, whole=True)])
    assert answer.routes == ()


def test_a_kept_course_that_has_begun_goes_on_with_its_remaining_sessions():
    begun = (session("a", -7, 18), session("b", 1, 18))
    course = item("course", {"web": (0, 2)}, sessions=begun, whole=True)
    answer = planned([course], replace(BASE, keep=("course",)))
    assert [s.id for s in answer.routes[0].steps[0].sessions] == ["b"]
    assert "already-begun" in codes(answer)


def test_a_visit_takes_one_session_and_a_course_all():
    three = tuple(session(str(n), n, 18) for n in (1, 2, 3))
    visit = planned([item("a", {"web": (0, 2)}, sessions=three)]).routes[0]
    course = planned([item("a", {"web": (0, 2)}, sessions=three, whole=True)]).routes[0]
    assert [len(r.steps[0].sessions) for r in (visit, course)] == [1, 3]


def test_there_is_time_to_get_from_one_session_to_the_next():
    far = {"lat": HOME[0] + 0.045, "lon": HOME[1]}
    learner = replace(BASE, wants={"web": 1, "office": 1})
    web, tight = item("web", {"web": (0, 1)}, 1, 17), item("office", {"office": (0, 1)}, 1, 18.5)
    assert planned([web, tight], learner).routes
    assert planned([web, replace(tight, **far)], learner).routes == ()


def test_a_self_paced_course_takes_the_weeks_its_hours_need():
    course = item("online", {"web": (0, 2)}, sessions=(), anytime=True, hours=8, lat=None, lon=None)
    step = planned([course], replace(BASE, hours_per_week=4)).routes[0].steps[0]
    assert step.ends - step.starts == timedelta(weeks=2)
    assert sum(step.weekly_hours.values()) == pytest.approx(8)


def test_the_labels_trade_time_for_money_and_way():
    items = [
        item("now", {"web": (0, 2)}, 1, price=50.0, lat=HOME[0] + 0.02),
        item("free", {"web": (0, 2)}, 30, price=0.0, lat=HOME[0] + 0.03),
        item("next-door", {"web": (0, 2)}, 60, price=20.0),
    ]
    routes = planned(items).routes
    assert [(r.label, steps(r)) for r in routes[:3]] == [
        ("soonest", ["now"]),
        ("cheapest", ["free"]),
        ("nearest", ["next-door"]),
    ]


def test_without_a_home_nothing_is_nearest():
    answer = planned([item("a", {"web": (0, 2)})], replace(BASE, home=None))
    assert [route.label for route in answer.routes] == ["soonest"]
    assert answer.routes[0].travel_minutes is None


def test_what_is_known_already_needs_no_route():
    answer = planned([item("a", {"web": (0, 2)})], replace(BASE, knows={"web": 3}))
    assert (answer.routes, answer.blocked, codes(answer)) == ((), None, ["already-known"])


def test_a_missing_fact_is_allowed_and_told():
    mystery = item("a", {"web": (0, 2)}, price=None, languages=None, lat=None, lon=None)
    learner = replace(BASE, budget=0, languages=("fr",), access=("step-free",))
    answer = planned([mystery], learner)
    assert set(codes(answer)) == {
        "unknown-price",
        "unknown-language",
        "unknown-place",
        "unknown-access",
        "only-free",
    }
    assert not answer.routes[0].cost_known


def test_what_rules_the_teachers_out_is_told_but_never_proposed_as_a_change():
    answer = planned([item("a", {"web": (0, 2)})], replace(BASE, languages=("fr",)))
    assert answer.blocked.constraint == "nothing-teaches"
    assert answer.blocked.smallest_change is None
    assert {"topic": "web", "limit": "language", "items": 1} in [n.values for n in answer.notes]


@pytest.mark.parametrize(
    ("limit", "constraint", "code", "values"),
    [
        ({"budget": 8}, "budget", "more-budget", {"budget": 20, "by": 12}),
        ({"hours_per_week": 1}, "hours", "more-hours", {"hours": 1.5, "by": 0.5}),
        (
            {"free": (Window(0, 1080, 1320),)},
            "free",
            "more-free-time",
            {"windows": [{"day": 1, "from": 1080, "to": 1350, "part": "evening"}]},
        ),
        (
            {"latest": NOW},
            "latest",
            "later",
            {"latest": NOW + timedelta(days=1, hours=10.5), "days": 2},
        ),
    ],
)
def test_the_smallest_change_is_named(limit, constraint, code, values):
    answer = planned([item("a", {"web": (0, 2)}, price=20.0)], replace(BASE, **limit))
    assert answer.routes == ()
    assert answer.blocked.constraint == constraint
    assert answer.blocked.smallest_change.code == code
    assert answer.blocked.smallest_change.values == values


def test_the_way_that_is_missing_is_named_in_minutes():
    far = item("a", {"web": (0, 2)}, lat=HOME[0] + 0.045)
    blocked = planned([far], replace(BASE, max_travel_minutes=20)).blocked
    assert blocked.smallest_change.code == "more-travel"
    assert blocked.smallest_change.values == {"minutes": 35, "by": 15}


def test_when_no_single_change_helps_several_are_named():
    answer = planned(
        [item("a", {"web": (0, 2)}, price=20.0)],
        replace(BASE, budget=0, free=(Window(0, 0, 60),)),
    )
    assert answer.blocked.constraint == "several"
    changes = answer.blocked.smallest_change.values["changes"]
    assert {change.code for change in changes} == {"more-free-time", "more-budget"}


def test_two_kept_items_that_clash_block_and_one_may_be_dropped():
    items = [item("a", {"web": (0, 2)}), item("b", {"cooking": (0, 1)})]
    blocked = planned(items, replace(BASE, keep=("a", "b"))).blocked
    assert (blocked.constraint, blocked.smallest_change.code) == ("keep", "drop-kept")


def test_a_skipped_item_is_not_used_but_named_when_nothing_else_will_do():
    blocked = planned([item("a", {"web": (0, 2)})], replace(BASE, skip=("a",))).blocked
    assert blocked.constraint == "nothing-teaches"


def test_a_window_may_run_past_midnight():
    night = item("a", {"web": (0, 2)}, 1, 23)
    assert planned([night], replace(BASE, free=(Window(1, 1320, 60),))).routes
    assert not planned([night], replace(BASE, free=(Window(1, 1320, 1439),))).routes


def test_no_step_of_a_route_is_without_use():
    items = [item("first", {"web": (0, 1)}, 1), item("both", {"web": (0, 2)}, 2)]
    assert all(steps(route) == ["both"] for route in planned(items).routes)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        plan(BASE, [], NOW.replace(tzinfo=None))
