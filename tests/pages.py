"""One way to visit a page, which each time checks what must hold on every page."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from directory.app import create_app
from directory.edge.house import House
from directory.edge.sessions import is_desk
from directory.languages import INTERFACE
from directory.models import Account
from tests.factories import PASSWORD

MOST_QUERIES = 40
_NS = "{http://www.w3.org/1999/xhtml}"
# The document itself may say nothing of a table's context and the like; these are no faults of ours.
_TOLERATED: set[str] = set()


@dataclass(frozen=True)
class Visited:
    """A page that has passed every check."""

    response: TestResponse
    html: str
    tree: Element
    queries: int

    def text(self, selector: str = "main") -> str:
        """All words of the first element of a name, spaces evened out."""
        found = next(self.all(selector))
        return " ".join("".join(found.itertext()).split())

    def all(self, name: str) -> Iterator[Element]:
        """Every element of a name."""
        return self.tree.iter(f"{_NS}{name}")

    def links(self) -> dict[str, str]:
        """Text to address of every link; the last of equal texts."""
        return {" ".join("".join(a.itertext()).split()): a.get("href", "") for a in self.all("a")}

    def rows(self) -> list[str]:
        """Titles of the listings on the page."""
        return [
            " ".join("".join(heading.itertext()).split())
            for li in self.all("li")
            if "row" in li.get("class", "").split()
            for heading in li
            if heading.tag in {f"{_NS}h2", f"{_NS}h3"}
        ]


Visit = Callable[..., Visited]


@pytest.fixture
def visit(client: FlaskClient, villaclara: House) -> Visit:
    """Visit a page of Villaclara."""
    return visitor(client, villaclara.engine)


@pytest.fixture
def visit_city(city: FlaskClient, house: House) -> Visit:
    """Visit a page of the city of ``house``."""
    return visitor(city, house.engine)


@dataclass
class Person:
    """Somebody at the desk with a browser of their own."""

    client: FlaskClient
    visit: Visit
    account: Account | None = None

    def post(self, path: str, **data: object) -> TestResponse:
        """Send a form of the desk, with the token a page of it carries."""
        home = "/en/desk" if self.account else "/en/sign-in"
        return self.client.post(path, data={**data, "csrf_token": token(self.client, home)})

    def sign_in(self, account: Account, password: str = PASSWORD, **more: object) -> TestResponse:
        """Fill in the sign-in form."""
        answer = self.post("/en/sign-in", email=account.email, password=password, **more)
        if answer.status_code == 303 and "/desk" in answer.location:
            self.account = account
        return answer


def token(client: FlaskClient, path: str) -> str:
    """The token against forged posts on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(path).get_data(as_text=True))
    assert found, f"{path} has no form of the desk"
    return found[1]


@pytest.fixture
def stranger(house: House) -> Callable[[], Person]:
    """A new browser in the city of ``house``, each time it is called."""
    app = create_app(house=house)
    app.testing = True

    def come() -> Person:
        client = app.test_client()
        return Person(client, visitor(client, house.engine))

    return come


@pytest.fixture
def signed_in(
    stranger: Callable[[], Person], make_account: Callable[..., Account]
) -> Callable[..., Person]:
    """A new browser, signed in with a new account of a role."""

    def come(role: str = "counsellor", **changes: object) -> Person:
        person = stranger()
        assert person.sign_in(make_account(role=role, **changes)).status_code == 303
        return person

    return come


def visitor(client: FlaskClient, engine: Engine) -> Visit:
    """A function that visits pages with a client and checks each."""

    def visit(path: str, *, status: int = 200, data: dict[str, object] | None = None) -> Visited:
        with counted(engine) as queries:
            response = client.post(path, data=data) if data is not None else client.get(path)
        assert response.status_code == status, f"{path}: {response.status_code}"
        html = response.get_data(as_text=True)
        page = Visited(response, html, valid(html), len(queries))
        _check(path, page)
        return page

    return visit


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements an engine runs meanwhile."""
    statements: list[str] = []

    def note(_c: object, _cu: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def valid(html: str) -> Element:
    """The tree of a document without any parse error of the HTML standard."""
    parser = html5lib.HTMLParser(strict=False)
    tree = parser.parse(html)
    faults = [
        f"{code} at {position} {values}"
        for position, code, values in parser.errors
        if code not in _TOLERATED
    ]
    assert not faults, faults[:5]
    return tree


def _check(path: str, page: Visited) -> None:
    _check_frame(path, page)
    _check_ids(page)
    _check_labels(page)
    _check_headings(page)
    _check_headers(path, page)
    assert page.queries <= MOST_QUERIES, f"{path}: {page.queries} queries"


def _check_frame(path: str, page: Visited) -> None:
    root = next(page.all("html"))
    lang = root.get("lang", "")
    wanted = path.split("/")[1]
    assert lang == (wanted if wanted in INTERFACE else lang)
    assert root.get("dir") == INTERFACE[lang].direction
    headings = list(page.all("h1"))
    assert len(headings) == 1, [h.itertext() for h in headings]
    title = "".join(next(page.all("title")).itertext())
    assert " · Vereda" in title
    alternates = [x for x in page.all("link") if x.get("rel") == "alternate" and x.get("hreflang")]
    assert {x.get("hreflang") for x in alternates} == set(INTERFACE)
    assert all(x.get("href", "").startswith("http") for x in alternates)
    assert "None" not in page.text("body").split()


def _check_ids(page: Visited) -> None:
    ids = [e.get("id") for e in page.tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids)), [i for i in ids if ids.count(i) > 1]
    named = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list")
    for element in page.tree.iter():
        for attribute in named:
            for reference in (element.get(attribute) or "").split():
                assert reference in ids, f"{attribute}={reference} points nowhere"
    targets = [a.get("href", "")[1:] for a in page.all("a") if a.get("href", "").startswith("#")]
    assert set(targets) <= set(ids), set(targets) - set(ids)


def _check_labels(page: Visited) -> None:
    labelled = {x.get("for") for x in page.all("label")}
    within = {id(c) for x in page.all("label") for c in x.iter()}
    for name in ("input", "select", "textarea"):
        for control in page.all(name):
            if control.get("type") in {"hidden", "submit"}:
                continue
            named = control.get("aria-label") or control.get("id") in labelled
            assert named or id(control) in within, f"{control.get('name')} has no label"
    for button in page.all("button"):
        assert "".join(button.itertext()).strip() or button.get("aria-label")
    for link in page.all("a"):
        assert "".join(link.itertext()).strip() or link.get("aria-label"), link.get("href")
    for image in page.all("img"):
        assert image.get("alt") is not None


def _check_headings(page: Visited) -> None:
    levels = [int(e.tag[-1]) for e in page.tree.iter() if re.fullmatch(rf"{_NS}h[1-6]", str(e.tag))]
    assert all(below - above <= 1 for above, below in pairwise(levels)), levels


def _check_headers(path: str, page: Visited) -> None:
    headers = page.response.headers
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    if is_desk(path.partition("?")[0]):
        assert headers["Cache-Control"] == "no-store"
    else:
        assert "Set-Cookie" not in headers
        assert "Cookie" not in headers.get("Vary", "")
    assert not any(e.get("style") for e in page.tree.iter())
    assert not any(k.startswith("on") for e in page.tree.iter() for k in e.attrib)
