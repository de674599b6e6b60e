"""What a form decided about listings, as the planner takes it: numbers of dates, slugs, levels."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from directory.edge.house import db
from directory.errors import Invalid
from directory.services import carrying, itineraries
from directory.services.carrying import Carried
from directory.web.profile_form import ProfileForm
from directory.web.route_acts import slug_of


def request_body(form: ProfileForm, before: str, *, known: str = "") -> dict[str, Any]:
    """The body of ``POST /api/v1/routes`` for a form.

    Args:
        form: as it was understood.
        before: the route on the page when something about it was changed; what of it can stay
            stays. Empty where nothing was.
        known: slug of the step that was just said to teach nothing new.
    """
    given = dict(form.given)
    booked, missed = given.pop("booked", []), given.pop("missed", [])
    given["booked"] = _dates(booked)
    given["missed"] = _dates(missed)
    out = {known, *(slug_of(value) for _, value in form.several("skip", "done"))}
    earlier = _without(_carried(before), out)
    if earlier is not None:
        given["prefer"] = list(itineraries.named(db(), earlier).values())
        given["prefer_dates"] = itineraries.numbers(db(), [earlier])
    return {name: value for name, value in given.items() if value not in ([], {})}


def _without(carried: Carried | None, out: set[str]) -> Carried | None:
    """A route without some of its steps."""
    if carried is None:
        return None
    slugs = itineraries.named(db(), carried)
    legs = [leg for leg in carried.legs if slugs.get(leg.opportunity, "") not in out]
    return replace(carried, legs=tuple(legs))


def _dates(values: Iterable[str]) -> list[int]:
    """Numbers of the occurrences that booked or missed values name."""
    carried = [_carried(value.partition("@")[2]) for value in values]
    return itineraries.numbers(db(), [each for each in carried if each is not None])


def _carried(text: str) -> Carried | None:
    if not text:
        return None
    try:
        return carrying.unpack(text)
    except Invalid:
        return None
