"""What pages of a case show of its routes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from directory.edge import itineraries, locale
from directory.edge.changes import change_in_words
from directory.edge.comparing import Compared, Comparison, comparison
from directory.edge.house import city, db
from directory.edge.reasons import label_in_words
from directory.models import Case, CaseRoute, Outcome
from directory.services.cases import outcomes, planning
from directory.services.cases.contents import words as unsealed
from directory.services.cases.planning import Annotation
from directory.services.itineraries import Opened
from directory.services.texts import Words, words
from directory.web.cases import words as said
from directory.web.cases.blueprint import key, now


@dataclass(frozen=True)
class StepShown:
    """A step in a line, and what became of it."""

    opportunity: int
    title: Words
    outcome: str
    what: str
    limit: str
    why: str


@dataclass(frozen=True)
class KeptRoute:
    """A kept route as it is now."""

    id: int
    version: int
    name: str
    chosen: bool
    span: str
    cost: str
    steps: tuple[StepShown, ...]
    changes: tuple[str, ...]
    beside: Annotation
    checked: str
    opened: Opened


def kept(case: Case) -> list[KeptRoute]:
    """Every route of a case."""
    return [
        _kept(n, row, opened, told)
        for told in [outcomes.outcomes(db(), [case])]
        for rows in [planning.routes(db(), case)]
        for n, (row, opened) in enumerate(
            zip(rows, planning.opened(db(), rows, now=now()), strict=True), start=1
        )
    ]


def kept_one(case: Case, number: int) -> KeptRoute:
    """One route of a case.

    Raises:
        NotFound: it has no such route.
    """
    planning.route(db(), case, number)
    return next(each for each in kept(case) if each.id == number)


def compared(routes: Sequence[KeptRoute]) -> Comparison | None:
    """Routes side by side, if there are two."""
    if len(routes) < 2:  # noqa: PLR2004 - one has nothing beside it
        return None
    return comparison([Compared(each.name, each.opened.itinerary) for each in routes])


def _kept(
    number: int, row: CaseRoute, opened: Opened, told: dict[tuple[int, int], Outcome]
) -> KeptRoute:
    itinerary = opened.itinerary
    return KeptRoute(
        id=row.id or 0,
        version=row.version,
        name=f"{number}. {label_in_words(row.label)}",
        chosen=row.chosen,
        span=itineraries.span(itinerary),
        cost=itineraries.cost(itinerary),
        steps=tuple(
            _step(stop.listing, told.get((row.id or 0, stop.listing.id or 0)))
            for stop in itinerary.stops
        ),
        changes=tuple(change_in_words(change) for change in opened.changes),
        beside=planning.annotation(row, key=key()),
        checked=said.moment(row.checked) if row.checked else "",
        opened=opened,
    )


def _step(listing: Any, outcome: Outcome | None) -> StepShown:
    return StepShown(
        opportunity=listing.id,
        title=words(listing, "title", locale.tag()),
        outcome=str(said.OUTCOMES[outcome.what]) if outcome else "",
        what=outcome.what.value if outcome else "",
        limit=said.limit_in_words(outcome.limit) if outcome and outcome.limit else "",
        why=unsealed(outcome.sealed, key=key()) if outcome else "",
    )


def full(route: KeptRoute) -> dict[str, Any]:
    """One route in full, for a page, a sheet or the learner."""
    itinerary = route.opened.itinerary
    return {
        "stations": itineraries.stations(itinerary, city().tree),
        "ticks": itineraries.ticks(itinerary),
        "span": route.span,
        "cost": route.cost,
        "changes": route.changes,
    }
