"""What if a limit were a little looser: the effect, found by planning with it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from recommender.items import Learner
from recommender.model import LinearRecommender
from recommender.ranks import LABELS, Ranking, cheapest, nearest, soonest
from recommender.relaxations import Relaxation, relaxations
from recommender.routes import Change
from recommender.solve import Solver
from recommender.state import State
from recommender.understood import understood

DAY_SECONDS = 86400.0
LATER = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A small change of one limit, tried.

    Attributes:
        limit: which limit: `free`, `budget`, `travel`, `hours`, `latest` or `start`.
        change: what would change; None where not even without the limit anything gets better.
        effect: `sooner`, `cheaper`, `nearer`, `later`, `same` or `impossible`.
        by: days, money or minutes.
    """

    limit: str
    change: Change | None
    effect: str
    by: float = 0.0


@dataclass(frozen=True, slots=True)
class _Aim:
    """Something a route can be better in, and by how much it has to be to matter."""

    effect: str
    ranking: Ranking
    least: float

    def of(self, state: State) -> float:
        """Return the number that gets lower: days, money or minutes."""
        first = self.ranking(state)[0]
        return first / DAY_SECONDS if self.effect == "sooner" else first


_AIMS = (
    _Aim("sooner", soonest, 1.0),
    _Aim("cheaper", cheapest, 0.5),
    _Aim("nearer", nearest, 3.0),
)
_Best = Mapping[str, State]


def what_if(learner: Learner, recommender: LinearRecommender, now: datetime) -> tuple[WhatIf, ...]:
    """Try each limit the learner has a little looser, and a start four weeks later.

    Every effect is that of a route which was found with just that change. Of a learner for whom
    there is no route nothing is tried: that is what a plan's smallest change is for.
    """
    learner, _ = understood(recommender.catalogue_, learner, now)
    known = recommender.catalogue_.tree.levels(learner.knows)
    goals = {topic: level for topic, level in learner.wants.items() if level > known.get(topic, 0)}
    solver = Solver(recommender, goals, now)
    base = _best(solver, learner)
    if not base:
        return ()
    ways = [way for way in relaxations(recommender.catalogue_) if way.is_set(learner)]
    tried = [_loosened(solver, learner, way, base) for way in ways]
    return (*tried, _later(solver, learner, base))


def _best(solver: Solver, learner: Learner) -> _Best:
    aims = {aim.effect: aim.ranking for aim in _AIMS}
    if learner.home is None:
        del aims["nearer"]
    found = solver.search(solver.problem(learner), aims)
    return {effect: states[0] for effect, states in found.items() if states}


def _loosened(solver: Solver, learner: Learner, way: Relaxation, base: _Best) -> WhatIf:
    opened = _best(solver, way.opened(learner))
    for aim in _AIMS:
        if aim.effect not in opened or aim.effect not in base:
            continue
        if _gain(aim, base[aim.effect], opened[aim.effect]) < aim.least:
            continue
        for loose in way.loosened(learner, opened[aim.effect]):
            state = solver.best(loose.learner, aim.ranking)
            by = _gain(aim, base[aim.effect], state) if state else 0.0
            if by >= aim.least:
                return WhatIf(way.constraint, loose.change, aim.effect, by)
    return WhatIf(way.constraint, None, "same")


def _gain(aim: _Aim, before: State, after: State) -> float:
    return aim.of(before) - aim.of(after)


def _later(solver: Solver, learner: Learner, base: _Best) -> WhatIf:
    begin = max(solver.now, learner.earliest) + LATER
    change = Change("start-later", {"from": begin, "days": LATER.days})
    if learner.latest is not None and begin >= learner.latest:
        return WhatIf("start", change, "impossible")
    state = solver.best(replace(learner, earliest=begin), LABELS["soonest"])
    if state is None:
        return WhatIf("start", change, "impossible")
    by = (state.finish - base["sooner"].finish) / DAY_SECONDS
    return WhatIf("start", change, "later" if by >= 1 else "same", max(0.0, by))
