"""Who may go where at the desk: every role, every address, their own things and others'.

The table says for whom an address is; an address that is not in it fails, so that a new page is
for nobody until somebody decided.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlmodel import Session, select
from werkzeug.routing import Rule

from directory.app import create_app
from directory.database import unit_of_work
from directory.edge.house import House
from directory.models import Account, Case, Draft, Membership, Opportunity, Provider
from directory.models.vocabulary import MemberRole, Role
from directory.services import catalogue, drafting
from tests.factories import opportunity_record, provider_record
from tests.pages import Person
from tests.web.cases.conftest import CASE

EVERYBODY = frozenset(Role)
COUNSELLORS = frozenset({Role.COUNSELLOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
EDITORS = frozenset({Role.EDITOR, Role.ADMINISTRATOR})
WRITERS = EDITORS | {Role.PROVIDER}

# For whom the addresses of a blueprint are, and of single ones that differ.
TABLE: dict[str, frozenset[Role]] = {
    "cases": COUNSELLORS,
    "desk": EVERYBODY,
    "own": EVERYBODY,
    "second": EVERYBODY,
    "people": ADMINISTRATORS,
    "drafts": WRITERS,
    "listed": WRITERS,
    "listed.find": EDITORS,
    "review": EDITORS,
    "duplicates": EDITORS,
    "imports": EDITORS,
    "sources": EDITORS,
    "searches": EDITORS,
    "reach": EDITORS,
    "ideas_desk": WRITERS,
    "ideas_desk.publish": EDITORS,
    "ideas_desk.refuse": EDITORS,
    "unmet": EDITORS | COUNSELLORS,
}
# Whose things are somebody's own: to others of the same role there are none.
OWNED = {"cases": {"name"}, "drafts": {"number"}, "listed": {"number"}}
ALWAYS_THEIRS = EDITORS  # editors write for every provider
# Of these there is one, so whoever may see it does.
MADE = {"drafts", "people"}
NOWHERE = 404


@dataclass
class Things:
    """One thing of each sort, of a provider and of a counsellor."""

    draft: int
    listing: int
    case: str
    account: int


@pytest.fixture
def app(house: House) -> Flask:
    """The application of the small city."""
    return create_app(house=house)


def _desk(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/<lang:lang>/desk"):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def _allowed(endpoint: str) -> frozenset[Role]:
    """For whom an address is; for nobody where the table is silent."""
    return TABLE.get(endpoint, TABLE.get(_blueprint(endpoint), frozenset()))


def _blueprint(endpoint: str) -> str:
    return endpoint.partition(".")[0]


def test_every_address_of_the_desk_is_for_whom_the_table_says(app: Flask) -> None:
    rules = list(_desk(app))
    assert len(rules) > 80
    for rule, _ in rules:
        view = app.view_functions[rule.endpoint]
        assert _allowed(rule.endpoint), f"{rule.endpoint} is not in the table"
        assert getattr(view, "needs", None) == _allowed(rule.endpoint), rule.endpoint


def _path(app: Flask, rule: Rule, things: Things) -> str:
    number = {"drafts": things.draft, "listed": things.listing, "people": things.account}
    values = {
        "lang": "en",
        "name": things.case,
        "step": "what",
        "provider": 1,
        "number": number.get(_blueprint(rule.endpoint), 1),
    }
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})


@pytest.fixture
def things(house: House, signed_in) -> Things:
    """A draft and a listing of a provider, a case of a counsellor, an account."""
    writer, counsellor = signed_in("provider"), signed_in("counsellor")
    now = house.settings.clock()
    case = counsellor.post("/en/desk/cases/new", **CASE).location.rsplit("/", 1)[1]
    with unit_of_work(house.engine) as db:
        among = catalogue.known(db, source="tests")
        catalogue.apply(db, provider_record(), among=among, now=now)
        offered = opportunity_record(provider=provider_record().external_id, space=None, teaches=())
        catalogue.apply(db, offered, among=among, now=now)
        db.flush()
        provider = db.exec(select(Provider.id)).one() or 0
        account = db.get_one(Account, writer.account.id)
        owner = Membership(
            account_id=account.id or 0, provider_id=provider, role=MemberRole.OWNER, since=now
        )
        db.add(owner)
        db.flush()
        draft = drafting.begin(
            db, account, listing="opportunity", provider_id=provider, content={}, now=now
        )
        listing = db.exec(select(Opportunity.id)).one()
        return Things(draft.id or 0, listing or 0, case, account.id or 0)


def _answer(person: Person, path: str, method: str) -> int:
    if method == "GET":
        return person.client.get(path).status_code
    return person.post(path).status_code


@pytest.mark.parametrize("role", list(Role))
def test_to_all_others_there_is_no_such_page(app, house, signed_in, things, role: Role) -> None:
    person = signed_in(role.value)
    before = _state(house)
    for rule, method in _desk(app):
        endpoint, path = rule.endpoint, _path(app, rule, things)
        owned = OWNED.get(_blueprint(endpoint), set()) & rule.arguments
        is_barred = role not in _allowed(endpoint) or (owned and role not in ALWAYS_THEIRS)
        if is_barred:
            assert _answer(person, path, method) == NOWHERE, (method, path, role)
        elif method == "GET" and (_blueprint(endpoint) in MADE or rule.arguments == {"lang"}):
            assert _answer(person, path, method) == 200, (method, path, role)
    assert _state(house) == before


def test_whoever_is_not_signed_in_is_asked_to_and_changes_nothing(
    app, house, stranger, things
) -> None:
    person = stranger()
    before = _state(house)
    for rule, method in _desk(app):
        path = _path(app, rule, things)
        answer = person.client.open(path, method=method)
        assert answer.status_code in {303, 400}, (method, path)
        if method == "GET":
            assert "/sign-in" in answer.location
    assert _state(house) == before


def _state(house: House) -> list[object]:
    """What nobody who was turned away may have changed."""
    with Session(house.engine) as db:
        drafts = [(row.id, row.revision, row.state) for row in db.exec(select(Draft))]
        listings = [(row.id, row.state, row.modified) for row in db.exec(select(Opportunity))]
        return [drafts, listings, len(db.exec(select(Case)).all())]
