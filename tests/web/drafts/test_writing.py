"""A listing is written in five steps, handed in, sent back, put right, published and found."""

import re

import pytest
from sqlmodel import Session, select

from directory.database import unit_of_work
from directory.edge.house import House
from directory.models import Account, AuditEvent, Draft, Membership, Opportunity, Provider, Space
from directory.models.vocabulary import DraftState, ListingState, MemberRole
from directory.services import audit, catalogue, topics
from tests.factories import provider_record, space_record
from tests.pages import Person, Visited, token

WHAT = {
    "language": "en",
    "title": "Bicycle repair",
    "summary": "Mend your own bicycle.",
    "description": "Bring it along.",
    "format": "workshop",
    "setting": "informal",
}
WHOM = {"topic1": "", "held_in": "these", "held": ["es", "ar"], "age_min": "16"}
WHEN = {
    "when": "weekly",
    "first": "2026-12-01",
    "starts": "18:00",
    "ends": "19:30",
    "weekdays": ["TU", "TH"],
    "every": "1",
    "last": "2026-12-31",
    "skip": "2026-12-24\n2026-12-29",
    "off": "2026-12-08",
}
WHERE = {"price": "12,50", "booking": "required"}
WORDS = {"title_es": "Arreglar bicicletas", "title_ar": "إصلاح الدراجات"}
STEPS = {"what": WHAT, "whom": WHOM, "when": WHEN, "where": WHERE, "words": WORDS}


@pytest.fixture
def place(house: House) -> tuple[int, int]:
    """The numbers of a provider and of a space of theirs."""
    with unit_of_work(house.engine) as db:
        now = house.settings.clock()
        topics.load_shipped(db, now=now)
        among = catalogue.known(db, source="tests")
        provider, _ = catalogue.apply(db, provider_record(), among=among, now=now)
        space, _ = catalogue.apply(db, space_record(), among=among, now=now)
        db.flush()
        return provider.id or 0, space.id or 0


def _member(house: House, account: Account, provider: int) -> None:
    with unit_of_work(house.engine) as db:
        number, now = account.id or 0, house.settings.clock()
        row = Membership(account_id=number, provider_id=provider, role=MemberRole.WRITER, since=now)
        db.add(row)


@pytest.fixture
def writer(house: House, signed_in, place) -> Person:
    """Somebody of the provider."""
    person = signed_in("provider")
    _member(house, person.account, place[0])
    return person


def _draft(house: House, number: int) -> Draft:
    with Session(house.engine) as db:
        return db.get_one(Draft, number)


def _begun(writer: Person, provider: int) -> int:
    answer = writer.post("/en/desk/listings/new", provider=provider)
    return int(re.search(r"/drafts/(\d+)/what", answer.location)[1])  # type: ignore[index]


def _filled(house: House, writer: Person, place: tuple[int, int], **changes: object) -> int:
    number = _begun(writer, place[0])
    for step, fields in STEPS.items():
        given = {**fields, **({"space": f"#{place[1]}"} if step == "where" else {}), **changes}
        revision = _draft(house, number).revision
        answer = writer.post(f"/en/desk/drafts/{number}/{step}", revision=revision, **given)
        assert answer.status_code == 303, (step, answer.get_data(as_text=True))
    return number


def _sent(person: Person, path: str, status: int, given: dict[str, object]) -> Visited:
    """The page that answers a form."""
    carried = token(person.client, "/en/desk")
    return person.visit(path, status=status, data={**given, "csrf_token": carried})


def _moved(house: House, person: Person, number: int, move: str, **fields: object) -> int:
    revision = _draft(house, number).revision
    path = f"/en/desk/drafts/{number}/move"
    return person.post(path, move=move, revision=revision, **fields).status_code


@pytest.mark.parametrize("lang", ["en", "es", "ar"])
def test_each_step_is_a_page_like_every_other(house, writer, signed_in, place, lang) -> None:
    number = _filled(house, writer, place)
    for step in STEPS:
        writer.visit(f"/{lang}/desk/drafts/{number}/{step}")
    writer.visit(f"/{lang}/desk/drafts/{number}")
    writer.visit(f"/{lang}/desk/listings")
    assert _moved(house, writer, number, "submit") == 303
    editor = signed_in("editor")
    assert "Bicycle repair" in editor.visit(f"/{lang}/desk/review").text()
    editor.visit(f"/{lang}/desk/drafts/{number}")
    editor.visit(f"/{lang}/desk/listings")


def test_from_the_first_word_to_the_readers(house, writer, signed_in, place) -> None:
    number = _filled(house, writer, place)
    assert _moved(house, writer, number, "publish") == 422
    assert _moved(house, writer, number, "submit") == 303
    editor = signed_in("editor")
    assert _moved(house, editor, number, "send-back", reason=" ") == 422
    assert _moved(house, editor, number, "send-back", reason="Say what to bring.") == 303
    assert "Say what to bring." in writer.visit(f"/en/desk/drafts/{number}/what").text()
    revision = _draft(house, number).revision
    fixed = WHAT | {"description": "Bring tools."}
    writer.post(f"/en/desk/drafts/{number}/what", revision=revision, **fixed)
    assert _moved(house, writer, number, "submit") == 303
    assert "Bring tools." in editor.visit(f"/en/desk/drafts/{number}").text()
    assert _moved(house, editor, number, "publish") == 303
    with Session(house.engine) as db:
        row = db.exec(select(Opportunity)).one()
        assert row.state is ListingState.PUBLISHED
        assert (str(row.price), row.currency, row.languages) == ("12.50", "EUR", ["es", "ar"])
        days = {o.recurrence_id: o.status.value for o in row.occurrences}
    assert days.pop("20261208T180000") == "cancelled"
    assert set(days) == {f"202612{d:02}T180000" for d in (1, 3, 10, 15, 17, 22, 31)}
    assert "Bring tools." in writer.visit("/en/opportunities/bicycle-repair").text()
    assert "إصلاح الدراجات" in writer.visit("/ar/opportunities/bicycle-repair").text()


def test_what_is_wrong_is_kept_and_said_beside_its_field(house, writer, place) -> None:
    number = _begun(writer, place[0])
    wrong = {"when": "weekly", "first": "2026-12-08", "starts": "18:00", "last": "2026-12-01"}
    path = f"/en/desk/drafts/{number}/when"
    page = _sent(writer, path, 422, {"revision": 1, **wrong})
    assert "the last day is before the first" in page.text()
    assert _draft(house, number).content["last"] == "2026-12-01"
    assert 'value="2026-12-08"' in writer.visit(path).html
    assert _moved(house, writer, number, "submit") == 422
    assert "Title: this is still missing." in writer.visit(f"/en/desk/drafts/{number}").text()


def test_no_kind_is_proposed(house, writer, place) -> None:
    number = _begun(writer, place[0])
    assert "Choose one" in writer.visit(f"/en/desk/drafts/{number}/what").text()
    given = {**WHAT, "format": "", "revision": 1}
    page = _sent(writer, f"/en/desk/drafts/{number}/what", 422, given)
    assert "Kind: this is still missing." in page.text()


def test_a_stray_day_is_named(house, writer, place) -> None:
    number = _begun(writer, place[0])
    given = {**WHEN, "skip": "2026-12-02", "revision": 1}
    page = _sent(writer, f"/en/desk/drafts/{number}/when", 422, given)
    assert "2026-12-02 is none of the dates" in page.text()


def test_the_second_of_two_sees_what_the_first_kept(house, writer, signed_in, place) -> None:
    number = _begun(writer, place[0])
    other = signed_in("provider")
    _member(house, other.account, place[0])
    path = f"/en/desk/drafts/{number}/what"
    assert writer.post(path, revision=1, **WHAT).status_code == 303
    mine = WHAT | {"title": "Mending bicycles"}
    page = _sent(other, path, 409, {"revision": 1, **mine})
    assert "Bicycle repair" in page.text()
    assert 'value="Mending bicycles"' in page.html
    assert _draft(house, number).content["title"] == "Bicycle repair"
    assert other.post(path, revision=2, **mine).status_code == 303
    assert _draft(house, number).content["title"] == "Mending bicycles"


def test_a_published_listing_is_changed_and_the_difference_shown(
    house, writer, signed_in, place
) -> None:
    number, editor = _filled(house, writer, place), signed_in("editor")
    assert _moved(house, editor, number, "publish") == 303
    with Session(house.engine) as db:
        listing = db.exec(select(Opportunity.id)).one()
    answer = writer.post(f"/en/desk/listings/opportunity/{listing}/change")
    changed = int(answer.location.rsplit("/", 1)[1])
    assert changed != number
    page = writer.visit(f"/en/desk/drafts/{changed}")
    assert "What changes for readers" not in page.text()
    given = {**WHERE, "space": f"#{place[1]}", "price": "0"}
    writer.post(f"/en/desk/drafts/{changed}/where", revision=1, **given)
    told = writer.visit(f"/en/desk/drafts/{changed}").text()
    assert "What changes for readers" in told
    assert "12.50" in told
    assert _draft(house, changed).content["weekdays"] == "TU TH"
    writer.post(f"/en/desk/listings/opportunity/{listing}/withdraw")
    writer.visit(f"/en/opportunities/{listing}", status=410)


def test_dates_are_shown_as_one_types_and_nothing_is_kept(house, writer, place) -> None:
    number = _begun(writer, place[0])
    answer = writer.post(f"/en/desk/drafts/{number}/dates", **WHEN)
    assert "8 dates" in answer.get_data(as_text=True)
    assert _draft(house, number).revision == 1


def test_of_another_provider_there_is_nothing(house, writer, signed_in, place) -> None:
    number = _filled(house, writer, place)
    other, counsellor = signed_in("provider"), signed_in("counsellor")
    with Session(house.engine) as db:
        assert db.exec(select(Provider)).one().id
        assert db.exec(select(Space)).one().id
    for person in (other, counsellor):
        for path in ("", *(f"/{step}" for step in STEPS)):
            person.visit(f"/en/desk/drafts/{number}{path}", status=404)
        for path in ("what", "dates", "move"):
            answer = person.post(f"/en/desk/drafts/{number}/{path}", revision=1, move="drop")
            assert answer.status_code == 404
    assert other.post("/en/desk/listings/new", provider=place[0]).status_code == 404
    assert _draft(house, number).state is DraftState.OPEN


def test_nothing_of_a_preview_stays(house, writer, place) -> None:
    number = _filled(house, writer, place)
    assert "How readers will see it" in writer.visit(f"/en/desk/drafts/{number}").text()
    with Session(house.engine) as db:
        assert db.exec(select(Opportunity)).first() is None


def test_an_administrator_lets_somebody_write_for_an_organisation(house, signed_in, place) -> None:
    person, administrator = signed_in("provider"), signed_in("administrator")
    path = f"/en/desk/people/{person.account.id}"
    assert "You do not write for any organisation yet" in person.visit("/en/desk/listings").text()
    assert "For no organisation yet" in administrator.visit(path).text()
    for _ in range(2):
        assert administrator.post(f"{path}/provider", provider=place[0]).status_code == 303
    number = _begun(person, place[0])
    assert administrator.visit(path).html.count("No longer") == 1
    assert administrator.post(f"{path}/provider/{place[0]}/remove").status_code == 303
    person.visit(f"/en/desk/drafts/{number}", status=404)
    editor = signed_in("editor")
    refused = administrator.post(f"/en/desk/people/{editor.account.id}/provider", provider=place[0])
    assert "Only an account with the role" in refused.get_data(as_text=True)
    with Session(house.engine) as db:
        told = [row.what for row in db.exec(select(AuditEvent)) if "member" in row.what]
        assert told == ["member-let-in", "member-let-out"]
        assert audit.check(db).is_whole
