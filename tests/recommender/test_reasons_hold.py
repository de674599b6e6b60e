"""What a plan says of others, of limits and of small changes is true: checked by planning with it."""

from dataclasses import replace

import cities
import pytest

from recommender import LinearRecommender, plan, what_if

PARENTS, NOW = cities.PARENTS, cities.NOW
SIZE = 14
OPENED = {
    "language": {"languages": ()},
    "age": {"age": None},
    "access": {"access": ()},
    "area": {"area": None},
    "budget": {"budget": None},
    "travel": {"max_travel_minutes": None},
    "free": {"free": ()},
    "hours": {"hours_per_week": None},
    "dates": {"latest": None},
}


@pytest.fixture(scope="module")
def cases():
    found = []
    for seed in range(48):
        rng = cities.seeded(seed)
        items = cities.random_city(rng, SIZE)
        learner = cities.random_learner(rng)
        found.append((items, learner, LinearRecommender().fit(items, PARENTS)))
    return found


def finish(route):
    return max(step.ends for step in route.steps)


def test_the_other_does_what_the_step_does_and_is_not_in_the_route(cases):
    seen = 0
    for items, learner, recommender in cases:
        by_id = {item.id: item for item in items}
        for route in plan(learner, recommender, NOW).routes:
            used = {step.item_id for step in route.steps}
            for step in route.steps:
                for other in step.others:
                    seen += 1
                    assert other.item_id not in used
                    taken, spare = by_id[step.item_id], by_id[other.item_id]
                    if other.code == "other-price-unknown":
                        assert spare.price is None
                    if other.code == "other-dearer" and taken.price is not None:
                        by = spare.price - taken.price
                        assert by == pytest.approx(other.values["by"], abs=0.01)
    assert seen >= 8


def test_without_the_limit_what_it_left_out_can_be_had(cases):
    seen = 0
    for items, learner, recommender in cases:
        for note in plan(learner, recommender, NOW).shaped_by:
            seen += 1
            item_id = note.values["item"]
            assert item_id in {item.id for item in items}
            assert 1 <= note.values["items"] <= SIZE
            asked = replace(learner, wants={})
            assert not possible(asked, item_id, items)
            assert possible(replace(asked, **OPENED[note.values["limit"]]), item_id, items)
    assert seen >= 20


def possible(learner, item_id, items):
    """Tell whether an item, freed of what it requires, can be attended by itself."""
    free = [replace(item, requires=None) for item in items if item.id == item_id]
    return bool(plan(replace(learner, keep=(item_id,)), free, NOW).routes)


def test_a_small_change_does_what_is_said_of_it(cases):
    effects = {}
    for _, learner, recommender in cases:
        before = plan(learner, recommender, NOW).routes
        for tried in what_if(learner, recommender, NOW):
            effects[tried.effect] = effects.get(tried.effect, 0) + 1
            if tried.change is None or tried.effect == "same":
                continue
            after = plan(changed(learner, tried.change), recommender, NOW).routes
            check(tried, before, after)
    assert effects.get("sooner", 0) + effects.get("cheaper", 0) + effects.get("nearer", 0) >= 5


def check(tried, before, after):
    if tried.effect == "impossible":
        return
    assert after
    if tried.effect in {"sooner", "later"}:
        days = (min(map(finish, after)) - min(map(finish, before))).total_seconds() / 86400
        sign = -1 if tried.effect == "sooner" else 1
        assert sign * days == pytest.approx(tried.by, abs=0.01)
    if tried.effect == "nearer":
        ways = [min(r.travel_minutes or 0.0 for r in routes) for routes in (before, after)]
        assert ways[0] - ways[1] >= 0


def changed(learner, change):
    values = change.values
    windows = [cities.Window(w["day"], w["from"], w["to"]) for w in values.get("windows", ())]
    facts = {
        "more-budget": {"budget": values.get("budget")},
        "more-travel": {"max_travel_minutes": values.get("minutes")},
        "later": {"latest": values.get("latest")},
        "more-hours": {"hours_per_week": values.get("hours")},
        "more-free-time": {"free": (*learner.free, *windows)},
        "start-later": {"earliest": values.get("from")},
    }
    return replace(learner, **facts[change.code])


def test_two_alternatives_share_at_most_half_of_their_steps_on_average():
    shares = []
    for seed in range(30):
        rng = cities.seeded(seed)
        recommender = LinearRecommender().fit(cities.random_city(rng, 40), PARENTS)
        learner = cities.random_learner(rng, budget=None, latest=None, hours_per_week=None)
        routes = plan(learner, recommender, NOW).routes
        steps = [{step.item_id for step in route.steps} for route in routes]
        shares += [
            len(one & other) / min(len(one), len(other))
            for at, one in enumerate(steps)
            for other in steps[:at]
        ]
    assert len(shares) >= 20
    assert sum(shares) / len(shares) <= 0.5
