"""From a searched state to the route that is shown: gains, scores and reasons."""

from collections.abc import Mapping
from datetime import datetime
from math import ceil, isnan

import numpy as np

from recommender.fits import level_of
from recommender.model import Scores
from recommender.others import others_of
from recommender.problem import Problem
from recommender.reasons import averaged
from recommender.routes import Other, Route, Step
from recommender.state import Placed, State

WEEK_SECONDS = 7 * 86400


def route_of(label: str, problem: Problem, scores: Scores, state: State) -> Route:
    """Build the route of a complete state."""
    order = sorted(state.placed, key=lambda p: (p.option.start, p.option.end, p.offer.row))
    gains: list[tuple[float, str, int]] = []
    steps = []
    for placed in order:
        levels = _levels(problem, gains, placed.option.start)
        gained = _gained(placed, levels)
        gains += [(placed.option.end, topic, level) for topic, level in gained.items()]
        others = others_of(label, problem, state, placed)
        steps.append(_step(problem, scores, placed, gained, levels, others))
    score = sum(step.score for step in steps) / len(steps)
    seconds = state.finish - order[0].option.start
    return Route(
        label=label,
        score=score,
        reasons=averaged([step.reasons for step in steps]),
        cost=sum(placed.offer.cost for placed in order),
        cost_known=state.unknown_prices == 0,
        travel_minutes=max((p.offer.way for p in order if not isnan(p.offer.way)), default=None),
        weeks=max(1, ceil(seconds / WEEK_SECONDS)),
        hours_per_week=max(state.load.values(), default=0.0),
        steps=tuple(steps),
    )


def _levels(
    problem: Problem, gains: list[tuple[float, str, int]], moment: float
) -> Mapping[str, int]:
    levels = dict(problem.known)
    for when, topic, level in gains:
        if when <= moment:
            for above in problem.catalogue.tree.line(topic):
                levels[above] = max(level, levels.get(above, 0))
    return levels


def _gained(placed: Placed, levels: Mapping[str, int]) -> dict[str, int]:
    return {
        lesson.taught: lesson.highest
        for lesson in placed.offer.lessons
        if lesson.lowest <= levels.get(lesson.taught, 0) < lesson.highest
    }


def _step(
    problem: Problem,
    scores: Scores,
    placed: Placed,
    gained: Mapping[str, int],
    levels: Mapping[str, int],
    others: tuple[Other, ...],
) -> Step:
    offer, option = placed
    wants = tuple(sorted(problem.learner.wants))
    level = level_of(problem.catalogue, offer.item, levels, wants)
    position = int(np.searchsorted(scores.rows, offer.row))
    scored = scores.scored(position, offer.item.id, level)
    sessions = tuple(problem.catalogue.session[slot] for slot in option.slots)
    zone = sessions[0].start.tzinfo if sessions else problem.learner.earliest.tzinfo
    return Step(
        item_id=offer.item.id,
        sessions=sessions,
        gains=gained,
        requires=offer.item.requires,
        reasons=scored.reasons,
        score=scored.score,
        starts=datetime.fromtimestamp(option.start, tz=zone),
        ends=datetime.fromtimestamp(option.end, tz=zone),
        weekly_hours={_week(number): hours for number, hours in option.load},
        others=others,
    )


def _week(number: int) -> str:
    year, week, _ = datetime.fromordinal(number * 7 + 1).isocalendar()
    return f"{year}-W{week:02d}"
