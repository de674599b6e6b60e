"""Learning routes measured: in a large city, and against the best that can be in small ones.

``make bench-routes``. The large city has 10,000 things to learn with and about 100,000 dates; each
of 1,000 people plans once. A judge that shares no code with the planner looks at every route. Small
cities are solved exactly by mixed-integer programming (``routing/exact.py``). Others may run their
own planner on the same: ``--write FOLDER`` writes cities, people and optima as JSON.
"""

import argparse
import gc
import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import combinations
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent / "routing"))

import big_city
import cities
import exact
import judge
from rich.console import Console
from rich.table import Table

from recommender import Learner, LinearRecommender, Plan, Route, plan

GIVEN_UP = {"goes-only-to", "nothing-teaches"}
SIZES = (8, 14, 20, 26)
DAY = 86400.0


@dataclass
class Measured:
    """What came of planning for many people; times in milliseconds of one core."""

    times: list[float] = field(default_factory=list)
    routed: list[float] = field(default_factory=list)
    blocked: list[float] = field(default_factory=list)
    nothing: int = 0
    faults: list[str] = field(default_factory=list)
    unsolved: int = 0
    coverage: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    travel: list[float] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    jumps: int = 0
    shared: list[float] = field(default_factory=list)
    alternatives: list[int] = field(default_factory=list)


def goals_of(learner: Learner, planned: Plan) -> dict[str, int]:
    """What the routes lead to: what is wanted, less what the notes say cannot be had."""
    goals = dict(learner.wants)
    for note in planned.notes:
        if note.code == "goes-only-to":
            goals[str(note.values["topic"])] = int(str(note.values["level"]))
        elif note.code == "nothing-teaches":
            goals.pop(str(note.values["topic"]), None)
    return goals


def shared(one: Route, other: Route) -> float:
    """The share of steps two routes have in common."""
    a, b = ({step.item_id for step in route.steps} for route in (one, other))
    return len(a & b) / max(len(a), len(b))


def loosened(learner: Learner, code: str, values: Any) -> Learner:
    """A learner with a change that was proposed."""
    if code == "several":
        for change in values["changes"]:
            learner = loosened(learner, change.code, change.values)
        return learner
    windows = [big_city.Window(w["day"], w["from"], w["to"]) for w in values.get("windows", ())]
    changes: dict[str, dict[str, Any]] = {
        "more-budget": {"budget": values.get("budget")},
        "more-travel": {"max_travel_minutes": values.get("minutes")},
        "later": {"latest": values.get("latest")},
        "more-hours": {"hours_per_week": values.get("hours")},
        "more-free-time": {"free": (*learner.free, *windows)},
    }
    return replace(learner, **changes[code])


def large(people: int, verify: int) -> Measured:
    """Plan for many people of a large city."""
    items, parents, now = big_city.city(), big_city.topics(), big_city.NOW
    by_id = {item.id: item for item in items}
    recommender = LinearRecommender().fit(items, parents)
    # As serving does: what stays is not looked through for garbage again and again.
    gc.collect()
    gc.freeze()
    found = Measured()
    for learner in big_city.learners(people):
        begun = time.process_time()
        planned = plan(learner, recommender, now)
        spent = (time.process_time() - begun) * 1000
        found.times.append(spent)
        if planned.blocked is not None:
            found.blocked.append(spent)
            change = planned.blocked.smallest_change
            if change is not None and len(found.blocked) <= verify:
                again = plan(loosened(learner, change.code, change.values), recommender, now)
                found.unsolved += not again.routes
            continue
        if not planned.routes:
            found.nothing += 1
            continue
        found.routed.append(spent)
        _judged(found, learner, planned, (items, by_id, parents, now))
    return found


def _judged(found: Measured, learner: Learner, planned: Plan, city: Any) -> None:
    items, by_id, parents, now = city
    goals = goals_of(learner, planned)
    asked = sum(learner.wants.values())
    found.coverage.append(sum(goals.values()) / asked if asked else 1.0)
    for route in planned.routes:
        found.faults += judge.faults(learner, items, parents, route, now, goals, by_id=by_id)
        found.costs.append(route.cost)
        found.steps.append(len(route.steps))
        if route.travel_minutes is not None:
            found.travel.append(route.travel_minutes)
        found.kinds.append(len({by_id[step.item_id].space_kind for step in route.steps}))
        spans = [(by_id[s.item_id], s.starts, s.ends) for s in route.steps]
        found.jumps += sum("advanced" in f for f in judge.walk(learner, parents, spans)[0])
    found.alternatives.append(len(planned.routes))
    found.shared += [shared(a, b) for a, b in combinations(planned.routes, 2)]


@dataclass
class Gaps:
    """Small cities against their optimum."""

    solved: int = 0
    impossible: int = 0
    disagreed: list[int] = field(default_factory=list)
    unproved: int = 0
    gaps: dict[str, list[float]] = field(
        default_factory=lambda: {"soonest": [], "cheapest": [], "nearest": []}
    )


def small(count: int, folder: Path | None) -> Gaps:
    """Plan in so many small cities in which every wish can be had, limits aside, and solve them."""
    found, seed = Gaps(), 0
    while found.solved + found.impossible + len(found.disagreed) < count:
        _one(found, seed, folder)
        seed += 1
    return found


def _one(found: Gaps, seed: int, folder: Path | None) -> None:
    rng = cities.seeded(seed)
    weekly = rng.random() < 0.5
    items = cities.random_city(rng, SIZES[seed % len(SIZES)], paced=not weekly, unknown=False)
    hours = rng.choice([2, 3, 4]) if weekly else None
    learner = cities.random_learner(rng, hours_per_week=hours)
    recommender = LinearRecommender().fit(items, cities.PARENTS)
    planned = plan(learner, recommender, cities.NOW)
    if (GIVEN_UP | {"already-known"}) & {note.code for note in planned.notes}:
        return
    best = exact.Exact(learner, list(items), cities.PARENTS, cities.NOW)
    optimum = {"soonest": best.soonest(), "cheapest": None, "nearest": None}
    if optimum["soonest"] is not None:
        optimum |= {"cheapest": best.cheapest(), "nearest": best.nearest()}
    if folder is not None:
        _write(folder, seed, items, learner, optimum)
    if (optimum["soonest"] is None) == bool(planned.routes):
        found.disagreed.append(seed)
        return
    if optimum["soonest"] is None:
        found.impossible += 1
        change = planned.blocked.smallest_change if planned.blocked else None
        if change is not None and change.code not in {"drop-kept", "use-skipped"}:
            again = plan(loosened(learner, change.code, change.values), recommender, cities.NOW)
            found.unproved += not again.routes
        return
    found.solved += 1
    start = max(cities.NOW, learner.earliest)
    for label, reached in _reached(planned, start).items():
        least = optimum[label]
        if isinstance(least, datetime):
            least = (least - start).total_seconds() / DAY
        found.gaps[label].append(max(0.0, reached - float(least)) / max(1.0, float(least)))


def _reached(planned: Plan, start: datetime) -> dict[str, float]:
    ends = [max(step.ends for step in route.steps) for route in planned.routes]
    return {
        "soonest": (min(ends) - start).total_seconds() / DAY,
        "cheapest": min(route.cost for route in planned.routes),
        "nearest": min(route.travel_minutes or 0.0 for route in planned.routes),
    }


def _write(folder: Path, seed: int, items: Any, learner: Learner, optimum: Any) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    city = {
        "now": cities.NOW,
        "topics": cities.PARENTS,
        "items": [asdict(item) for item in items],
        "learner": asdict(learner),
        "optimum": optimum,
    }
    text = json.dumps(city, default=str, ensure_ascii=False, indent=1)
    (folder / f"{seed:04d}.json").write_text(text, "utf-8")


def percentile(values: list[float], share: int) -> float:
    """The value below which so many of a hundred lie."""
    if len(values) < 2:
        return values[0] if values else 0.0
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def _times(values: list[float]) -> str:
    return f"{percentile(values, 50):.0f} / {percentile(values, 95):.0f} ms ({len(values)})"


def tell_large(found: Measured) -> Table:
    """The large city as a table."""
    table = Table(title="10,000 things to learn with, 100,000 dates", title_justify="left")
    table.add_column("measure")
    table.add_column("found", justify="right")
    mean = statistics.fmean
    for name, value in (
        ("planning, p50 / p95, one core", _times(found.times)),
        ("  where there is a route", _times(found.routed)),
        ("  where there is none, smallest change included", _times(found.blocked)),
        ("nothing to learn any more", str(found.nothing)),
        ("violations of a limit", str(len(found.faults))),
        ("smallest changes that do not help", str(found.unsolved)),
        ("levels reached of levels wanted, mean", f"{mean(found.coverage):.3f}"),
        ("steps begun above the learner's level", str(found.jumps)),
        ("steps of a route, mean", f"{mean(found.steps):.2f}"),
        ("cost of a route, mean", f"{mean(found.costs):.2f}"),
        ("longest way of a route, mean minutes", f"{mean(found.travel):.1f}"),
        ("kinds of space in a route, mean", f"{mean(found.kinds):.2f}"),
        ("alternatives, mean", f"{mean(found.alternatives):.2f}"),
        ("steps two alternatives share, mean", f"{mean(found.shared or [0.0]):.3f}"),
    ):
        table.add_row(name, value)
    for fault in sorted(set(found.faults))[:10]:
        table.add_row("  violated", fault)
    return table


def tell_small(found: Gaps) -> Table:
    """The small cities as a table."""
    title = (
        f"{found.solved + found.impossible} small cities: {found.solved} with a route,"
        f" {found.impossible} proved to have none; disagreements {found.disagreed},"
        f" changes that do not help {found.unproved}"
    )
    table = Table(title=title, title_justify="left")
    for name in ("gap to the optimum", "median", "mean", "worst"):
        table.add_column(name)
    for label, gaps in found.gaps.items():
        values = (statistics.median(gaps), statistics.fmean(gaps), max(gaps))
        table.add_row(label, *(f"{value:.2%}" for value in values))
    return table


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--cities", type=int, default=240)
    parser.add_argument("--verify", type=int, default=1000, help="smallest changes to try")
    parser.add_argument("--write", type=Path, help="folder for the small cities as JSON")
    options = parser.parse_args()
    console = Console(width=100)
    console.print(tell_small(small(options.cities, options.write)))
    console.print(tell_large(large(options.people, options.verify)))


if __name__ == "__main__":
    main()
