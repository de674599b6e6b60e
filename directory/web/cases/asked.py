"""Asked: the questions of a route as a case keeps their answers."""

import re
from collections.abc import Mapping, Sequence

from directory.edge.house import city, db, house
from directory.errors import Invalid, Problem
from directory.web import profile_form
from directory.web.profile_form import ProfileForm
from directory.web.route_found import found_listing

_KEPT = re.compile(
    r"(want|know)(-level)?-\d{1,2}|age|budget|hours_per_week|max_travel_minutes|from|to|home"
    r"|free|languages|access|keep|skip"
)
_LONGEST = 200
_MOST = 60


def asked_values(sent: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The answers in a form; what else is in it is not kept."""
    return {
        name: [value[:_LONGEST] for value in values[:_MOST] if value.strip()]
        for name, values in sent.items()
        if _KEPT.fullmatch(name) and any(value.strip() for value in values)
    }


def asked_form(sent: Mapping[str, Sequence[str]]) -> ProfileForm:
    """Answers as they are understood today."""
    settings = house().settings
    today = settings.clock().astimezone(settings.zone).date()
    return profile_form.read(sent, db(), city(), today=today)


def with_found(asked: dict[str, list[str]], found: str) -> dict[str, list[str]]:
    """Answers with a listing that was named by hand among what is to be in the route.

    Raises:
        Invalid: there is no such listing.
    """
    if not found.strip():
        return asked
    slug = found_listing(found)
    if slug is None:
        raise Invalid((Problem("found", "unknown-opportunity", found.strip()[:80]),))
    return {**asked, "keep": [*dict.fromkeys([*asked.get("keep", []), slug])]}
