"""Planning for a form: what was understood of it is planned with, what was not is said."""

from dataclasses import dataclass

from directory.edge.house import city, db, house
from directory.errors import Invalid
from directory.services import guidance, profiles
from directory.services.guidance import Planned
from directory.services.profiles import Profile
from directory.web.profile_form import ProfileForm
from directory.web.route_wishes import request_body


@dataclass(frozen=True)
class Made:
    """A plan, and the profile it was made for."""

    planned: Planned
    profile: Profile


def planned_for(form: ProfileForm, before: str = "", *, known: str = "") -> Made | None:
    """Plan with what was understood; what was not is said beside its field.

    Args:
        form: as it was understood.
        before: the route that is to stay as far as it can; empty where there was none.
        known: slug of the step that was said to be known already.
    """
    given = request_body(form, before, known=known)
    while True:
        try:
            profile = profiles.read(db(), given, tree=city().tree)
        except Invalid as invalid:
            names = {problem.field.split(".")[0] for problem in invalid.problems}
            for problem in invalid.problems:
                form.note(problem)
            if not names & set(given):
                return None
            for name in names:
                given.pop(name, None)
            continue
        here = house()
        return Made(
            guidance.plan_routes(db(), here.guide, profile, settings=here.settings), profile
        )
