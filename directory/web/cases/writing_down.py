"""Writing down: notes and the shortlist of a case."""

from flask.typing import ResponseReturnValue

from directory.edge import access
from directory.edge.house import house
from directory.errors import Invalid
from directory.services.cases import planning
from directory.web.cases import blueprint as at
from directory.web.cases.planning import case_page
from directory.web.desk import frame
from directory.web.route_found import found_listing


@at.post("/<name>/notes")
def note(lang: str, name: str) -> ResponseReturnValue:
    """Add a note."""
    try:
        with at.changing(name) as (work, case):
            planning.write_down(
                work, access.account(), case, text=at.given("note"), settings=house().settings
            )
    except Invalid as invalid:
        return case_page(at.opened(name), invalid, typed=frame.typed())
    return at.back(lang, name, "noted", "notes")


@at.post("/<name>/shortlist")
def shortlist(lang: str, name: str) -> ResponseReturnValue:
    """Put a listing on the shortlist, with a reason."""
    found = at.given("found")
    try:
        with at.changing(name) as (work, case):
            planning.shortlist(
                work,
                access.account(),
                case,
                slug=found_listing(found) or found,
                reason=at.given("reason"),
                settings=house().settings,
            )
    except Invalid as invalid:
        return case_page(at.opened(name), invalid, typed=frame.typed())
    return at.back(lang, name, "listed", "shortlist")


@at.post("/<name>/shortlist/<int:number>/remove")
def unlist(lang: str, name: str, number: int) -> ResponseReturnValue:
    """Take a listing off the shortlist."""
    with at.changing(name) as (work, case):
        planning.unlist(work, access.account(), case, number, now=at.now())
    return at.back(lang, name, at="shortlist")
