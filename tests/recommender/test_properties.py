"""What holds for every city and learner."""

from dataclasses import replace

import cities
import judge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender import LinearRecommender, plan

quick = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
seeds = st.integers(0, 10**6)
sizes = st.integers(3, 14)


def case(seed, size):
    rng = cities.seeded(seed)
    items = cities.random_city(rng, size)
    keep = (rng.choice(items).id,) if rng.random() < 0.2 else ()
    skip = (rng.choice(items).id,) if rng.random() < 0.2 else ()
    learner = cities.random_learner(rng, keep=keep, skip=skip)
    return items, learner, LinearRecommender().fit(items, cities.PARENTS)


def reached(learner, planned):
    """Return the goals after the notes that lower them."""
    goals = dict(learner.wants)
    for note in planned.notes:
        if note.code == "goes-only-to":
            goals[note.values["topic"]] = note.values["level"]
        elif note.code == "nothing-teaches":
            del goals[note.values["topic"]]
    return goals


@quick
@given(seeds, sizes)
def test_no_route_breaks_a_limit(seed, size):
    items, learner, recommender = case(seed, size)
    planned = plan(learner, recommender, cities.NOW)
    begun = {note.values["item"] for note in planned.notes if note.code == "already-begun"}
    assert begun <= set(learner.keep)
    for route in planned.routes:
        found = judge.faults(
            learner, items, cities.PARENTS, route, cities.NOW, reached(learner, planned)
        )
        allowed = {"half a course", "begun course"} if begun else set()
        assert set(found) <= allowed


@quick
@given(seeds, sizes)
def test_the_reasons_of_a_route_and_of_each_step_add_up_to_its_score(seed, size):
    _, learner, recommender = case(seed, size)
    for route in plan(learner, recommender, cities.NOW).routes:
        assert abs(sum(r.share for r in route.reasons) - route.score) < 1e-9
        mean = sum(step.score for step in route.steps) / len(route.steps)
        assert abs(mean - route.score) < 1e-9
        for step in route.steps:
            assert abs(sum(r.share for r in step.reasons) - step.score) < 1e-9


@quick
@given(seeds, sizes)
def test_the_reasons_of_a_recommendation_add_up_to_its_score(seed, size):
    items, learner, recommender = case(seed, size)
    for scored in (*recommender.recommend(learner, 20), *recommender.similar(items[0].id, 20)):
        assert abs(sum(r.share for r in scored.reasons) - scored.score) < 1e-9
        assert 0 <= scored.score <= 1 + 1e-9


@quick
@given(seeds, sizes)
def test_the_same_question_has_the_same_answer(seed, size):
    items, learner, recommender = case(seed, size)
    again = LinearRecommender().fit(items, cities.PARENTS)
    assert plan(learner, recommender, cities.NOW) == plan(learner, again, cities.NOW)
    assert recommender.recommend(learner, 5) == again.recommend(learner, 5)


@quick
@given(seeds, sizes)
def test_routes_differ_in_their_items_and_have_different_labels(seed, size):
    _, learner, recommender = case(seed, size)
    routes = plan(learner, recommender, cities.NOW).routes
    assert len(routes) <= 4
    assert len({route.label for route in routes}) == len(routes)
    assert len({frozenset(s.item_id for s in route.steps) for route in routes}) == len(routes)


@quick
@given(seeds, sizes)
def test_a_plan_has_routes_or_says_what_blocks_or_has_nothing_to_do(seed, size):
    _, learner, recommender = case(seed, size)
    planned = plan(learner, recommender, cities.NOW)
    done = all(
        any(n.code == "already-known" and n.values["topic"] == topic for n in planned.notes)
        for topic in learner.wants
    )
    assert bool(planned.routes) != bool(planned.blocked) or (done and not learner.keep)


@quick
@given(seeds, sizes)
def test_the_smallest_change_allows_a_route(seed, size):
    _, learner, recommender = case(seed, size)
    blocked = plan(learner, recommender, cities.NOW).blocked
    if blocked is None or blocked.smallest_change is None:
        return
    for change in (blocked.smallest_change, *blocked.other_changes):
        assert plan(changed(learner, change.code, change.values), recommender, cities.NOW).routes


def changed(learner, code, values):
    if code == "several":
        for change in values["changes"]:
            learner = changed(learner, change.code, change.values)
        return learner
    windows = [cities.Window(w["day"], w["from"], w["to"]) for w in values.get("windows", ())]
    facts = {
        "more-budget": {"budget": values.get("budget")},
        "more-travel": {"max_travel_minutes": values.get("minutes")},
        "later": {"latest": values.get("latest")},
        "more-hours": {"hours_per_week": values.get("hours")},
        "more-free-time": {"free": (*learner.free, *windows)},
        "drop-kept": {"keep": tuple(k for k in learner.keep if k != values.get("item"))},
        "drop-booked": {
            "booked": tuple(b for b in learner.booked if not b.startswith(f"{values.get('item')}-"))
        },
        "use-skipped": {"skip": tuple(s for s in learner.skip if s not in values.get("items", ()))},
    }
    return replace(learner, **facts[code])


@quick
@given(seeds, sizes)
def test_recommendations_never_break_a_limit(seed, size):
    items, learner, recommender = case(seed, size)
    by_id = {item.id: item for item in items}
    for scored in recommender.recommend(learner, 20):
        assert list(judge.item_faults(learner, by_id[scored.item_id])) == []
