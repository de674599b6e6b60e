"""Frame: what every page of the desk shows around its own content."""

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request, url_for

from directory.edge import access, labels, locale
from directory.edge.messages import problem_message
from directory.edge.speech import lazy_gettext as _l
from directory.errors import Invalid
from directory.models.vocabulary import Role
from directory.web.page import Link

UNPROCESSABLE = 422


@dataclass(frozen=True)
class Entry:
    """A line of the desk's menu, for those roles."""

    endpoint: str
    label: str
    roles: frozenset[Role]


# What each role finds on its desk, in this order.
ENTRIES: tuple[Entry, ...] = (
    Entry("cases.index", _l("Cases"), frozenset({Role.COUNSELLOR})),
    Entry(
        "listed.index",
        _l("Listings"),
        frozenset({Role.PROVIDER, Role.EDITOR, Role.ADMINISTRATOR}),
    ),
    Entry("review.index", _l("Handed in"), frozenset({Role.EDITOR, Role.ADMINISTRATOR})),
    Entry("imports.index", _l("Bring in a file"), frozenset({Role.EDITOR, Role.ADMINISTRATOR})),
    Entry("sources.index", _l("Sources"), frozenset({Role.EDITOR, Role.ADMINISTRATOR})),
    Entry("people.index", _l("People"), frozenset({Role.ADMINISTRATOR})),
    Entry(
        "duplicates.index",
        _l("Listings told twice"),
        frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
    ),
    Entry(
        "searches.index",
        _l("Searches that failed"),
        frozenset({Role.EDITOR, Role.ADMINISTRATOR}),
    ),
    Entry(
        "ideas_desk.index",
        _l("Ideas"),
        frozenset({Role.EDITOR, Role.ADMINISTRATOR, Role.PROVIDER}),
    ),
    Entry(
        "unmet.show",
        _l("What was not found"),
        frozenset({Role.COUNSELLOR, Role.EDITOR, Role.ADMINISTRATOR}),
    ),
)
OWN = Entry("own.show", _l("Your account"), frozenset(Role))


@dataclass(frozen=True)
class Desk:
    """Who is signed in, and what there is for them."""

    name: str
    role: str
    menu: tuple[Link, ...]


def desk() -> Desk:
    """The desk of whoever is signed in."""
    account = access.account()
    entries = [entry for entry in (*ENTRIES, OWN) if account.role in entry.roles]
    return Desk(
        account.name, str(labels.ROLES[account.role]), tuple(_link(entry) for entry in entries)
    )


def render(template: str, *, status: int = 200, **values: Any) -> Response:
    """A page of the desk."""
    return make_response(render_template(template, desk=desk(), **values), status)


def messages(invalid: Invalid) -> dict[str, str]:
    """Field to sentence, for what a rule refused in a form."""
    return {problem.field: problem_message(problem) for problem in reversed(invalid.problems)}


def typed() -> dict[str, str]:
    """What was typed into a form, to be shown again; what is secret is not."""
    secret = {"password", "present", "code", "csrf_token"}
    return {name: value for name, value in request.form.items() if name not in secret}


def _link(entry: Entry) -> Link:
    here = (request.endpoint or "").split(".")[0] == entry.endpoint.split(".")[0]
    return Link(url_for(entry.endpoint, lang=locale.tag()), str(entry.label), current=here)
