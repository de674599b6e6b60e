"""Against everything tried, on small random cities."""

import cities
import exhaustive
import judge
import pytest

from recommender import LinearRecommender, plan

SEEDS = range(480)


@pytest.fixture(scope="module")
def cases():
    found = []
    for seed in SEEDS:
        rng = cities.seeded(seed)
        weekly = seed % 2
        items = cities.random_city(rng, 6, paced=not weekly, unknown=False)
        learner = cities.random_learner(
            rng, hours_per_week=rng.choice([2, 3, 4]) if weekly else None, age=None, access=()
        )
        planned = plan(learner, LinearRecommender().fit(items, cities.PARENTS), cities.NOW)
        lowered = {"goes-only-to", "nothing-teaches", "already-known"}
        if not lowered.intersection(note.code for note in planned.notes):
            exact = list(exhaustive.valid_choices(learner, items, cities.PARENTS, cities.NOW))
            found.append((learner, items, planned, exact))
    return found


@pytest.fixture(scope="module")
def solved(cases):
    routed = [(planned, exact) for _, _, planned, exact in cases if planned.routes]
    assert len(routed) >= 30
    return routed


def finish(route):
    return max(step.ends for step in route.steps)


def test_a_route_is_found_exactly_where_one_exists(cases):
    assert len(cases) >= 100
    for _, _, planned, exact in cases:
        assert bool(planned.routes) == bool(exact)


def test_soonest_finishes_as_early_as_possible(solved):
    for planned, exact in solved:
        earliest = min(end for end, _, _ in exact)
        assert planned.routes[0].label == "soonest"
        assert abs((finish(planned.routes[0]) - earliest).total_seconds()) < 1


def test_cheapest_costs_the_minimum(solved):
    for planned, exact in solved:
        assert min(r.cost for r in planned.routes) == pytest.approx(min(c for _, c, _ in exact))


def test_nearest_has_the_shortest_longest_way(solved):
    for planned, exact in solved:
        ways = [route.travel_minutes or 0.0 for route in planned.routes]
        assert min(ways) == pytest.approx(min(way for *_, way in exact), abs=1e-3)


def test_no_route_of_these_cities_has_a_fault(cases):
    for learner, items, planned, _ in cases:
        for route in planned.routes:
            assert judge.faults(learner, items, cities.PARENTS, route, cities.NOW) == []
