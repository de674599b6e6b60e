"""How much of a route stands when one of its occurrences is called off."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from recommender import Learner, LinearRecommender, Plan, Route, Step, plan


@dataclass(frozen=True)
class Replanned:
    """One route, one called off occurrence, and what became of it."""

    learner: Learner
    """As asked again: what is booked, what is called off, and the route there was."""
    answer: Plan
    kept: float | None
    """Share of the other steps that stay; None when there were none, or there is no route any more."""
    booked: int
    booked_kept: int


def replanned(
    learner: Learner,
    route: Route,
    recommender: LinearRecommender,
    now: datetime,
    rng: random.Random,
) -> Replanned | None:
    """Call off one occurrence of a route, with half of the other steps booked, and plan again."""
    dated = [step for step in route.steps if step.sessions]
    if not dated:
        return None
    hit = rng.choice(dated)
    gone = rng.choice(hit.sessions).id
    others = [step for step in route.steps if step is not hit]
    booked = [step for step in others if step.sessions and rng.random() < 0.5]
    sessions = _sessions(route.steps)
    again = replace(
        learner,
        booked=_sessions(booked),
        missed=(gone,),
        prefer=tuple(step.item_id for step in route.steps),
        prefer_sessions=tuple(each for each in sessions if each != gone),
    )
    answer = plan(again, recommender, now)
    first = answer.routes[0].steps if answer.routes else ()
    stay = {step.item_id for step in first}
    left = {session.id for step in first for session in step.sessions}
    measurable = bool(others and first)
    kept = sum(step.item_id in stay for step in others) / len(others) if measurable else None
    return Replanned(again, answer, kept, len(booked), sum(_is_in(step, left) for step in booked))


def measured(found: Iterable[Replanned]) -> tuple[float, float, int]:
    """Mean share of the remaining steps kept, share of the bookings kept, and how many routes."""
    found = list(found)
    shares = [each.kept for each in found if each.kept is not None]
    routed = [each for each in found if each.answer.routes]
    booked = sum(each.booked for each in routed)
    held = sum(each.booked_kept for each in routed)
    return sum(shares) / max(1, len(shares)), held / max(1, booked), len(shares)


def _sessions(steps: Sequence[Step]) -> tuple[str, ...]:
    return tuple(session.id for step in steps for session in step.sessions)


def _is_in(step: Step, sessions: set[str]) -> bool:
    return all(session.id in sessions for session in step.sessions)
