"""Readers report a mistake and are told what came of it; what they typed is never lost."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from directory.app import create_app
from directory.database import unit_of_work
from directory.edge.house import House
from directory.edge.post import Post
from directory.errors import Invalid
from directory.models import Mail, Report
from directory.models.reports import ReportOutcome
from directory.models.vocabulary import ListingState
from directory.services import reports
from tests.factories import Put, provider_record, space_record
from tests.pages import Visit

FORM = "/en/spaces/noria/report"
GOOD = {"kind": "price", "words": "It costs 5", "email": "ana@example.org"}


@pytest.fixture(autouse=True)
def noria(put: Put) -> None:
    put(
        provider_record(external_id="p", email="molino@example.org"),
        space_record(external_id="s", title={"es": "Noria"}, provider="p"),
    )


def test_the_page_of_a_listing_leads_to_the_form(visit_city: Visit) -> None:
    assert visit_city("/en/spaces/noria").links()["Report a mistake"] == FORM
    visit_city(FORM)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "prices"}, "kind"),
        ({"kind": "other", "words": " "}, "words"),
        ({"words": "x" * 2001}, "words"),
        ({"email": "ana at example"}, "email"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "email"),
        ({"nickname": "robot"}, "nickname"),
    ],
)
def test_what_is_wrong_is_listed_and_what_was_typed_is_kept(
    house: House, visit_city: Visit, typed: dict[str, str], field: str
) -> None:
    page = visit_city(FORM, data={**GOOD, **typed}, status=422)
    assert f"#f-{field}" in page.links().values()
    kept = {i.get("name"): i.get("value") for i in page.all("input") if i.get("type") != "radio"}
    wanted = {**GOOD, **typed}
    assert kept["email"].split() == wanted["email"].split()
    assert next(page.all("textarea")).text == wanted["words"]
    chosen = [i.get("value") for i in page.all("input") if i.get("checked") is not None]
    assert chosen == ([wanted["kind"]] if wanted["kind"] in {"price", "other"} else [])
    with unit_of_work(house.engine) as db:
        assert db.exec(select(Report)).all() == []


def test_a_report_its_page_the_answer_and_the_erased_address(
    house: House, city: FlaskClient, visit_city: Visit
) -> None:
    answer = city.post("/ar/spaces/noria/report", data=GOOD)
    assert answer.status_code == 303
    own = answer.headers["Location"].replace("/ar/", "/en/")
    words = visit_city(own).text()
    assert "Thank you for the report" in words
    assert "It costs 5" in words
    assert "ana@" not in words
    with unit_of_work(house.engine) as db:
        (to_provider,) = db.exec(select(Mail)).all()
        assert (to_provider.kind, to_provider.recipient) == ("reported", "molino@example.org")
        assert "ana@" not in str(to_provider.facts)
        reports.answer(db, 1, outcome=ReportOutcome.CORRECTED, note="Now €5", now=house.settings.clock())  # fmt: skip
    assert "It was wrong, and it has been corrected." in visit_city(own).text()
    assert "Now €5" in visit_city(own).text()
    Post(house).deliver()
    letters = {f.name.split("-")[2]: f.read_text() for f in (house.settings.data_dir / "outbox").iterdir()}  # fmt: skip
    assert "Content-Language: ar" in letters["answered.eml"]
    assert "ana@example.org" in letters["answered.eml"]
    path = re.search(r"/ar/reports/[\w.-]+", letters["answered.eml"])[0]  # type: ignore[index]
    assert "It was wrong" in visit_city(path.replace("/ar/", "/en/")).text()
    with unit_of_work(house.engine) as db:
        assert db.exec(select(Report)).one().email == ""
        assert not [row for row in db.exec(select(Mail)).all() if row.recipient]
    with pytest.raises(Invalid), unit_of_work(house.engine) as db:
        reports.answer(db, 1, outcome=ReportOutcome.NOT_SO, now=house.settings.clock())


def test_the_same_pressed_twice_is_one_report_and_a_flood_is_one_mail_and_ends(
    house: House, city: FlaskClient, visit_city: Visit
) -> None:
    for _ in range(2):
        assert city.post(FORM, data=GOOD).status_code == 303
    for n in range(reports.MOST_OPEN - 1):
        assert city.post(FORM, data={**GOOD, "words": str(n)}).status_code == 303
    page = visit_city(FORM, data={**GOOD, "words": "one more"}, status=422)
    assert "waiting for the editors already" in page.text()
    with unit_of_work(house.engine) as db:
        assert len(db.exec(select(Report)).all()) == reports.MOST_OPEN
        assert len(db.exec(select(Mail)).all()) == 1


def test_many_presses_at_once_are_one_report_and_one_mail(house: House) -> None:
    app = create_app(house=house)
    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(lambda _n: app.test_client().post(FORM, data=GOOD).status_code, range(8)))  # fmt: skip
    assert statuses == [303] * 8
    with unit_of_work(house.engine) as db:
        assert len(db.exec(select(Report)).all()) == 1
        assert len(db.exec(select(Mail)).all()) == 1


def test_an_address_is_erased_after_ninety_days_unanswered(house: House, city: FlaskClient) -> None:
    city.post(FORM, data=GOOD)
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        assert reports.forget_addresses(db, now=now + timedelta(days=89)) == 0
        assert reports.forget_addresses(db, now=now + timedelta(days=91)) == 1
        assert db.exec(select(Report)).one().words == "It costs 5"


def test_withdrawn_takes_the_listing_out(house: House, city: FlaskClient, visit_city: Visit) -> None:  # fmt: skip
    own = city.post(FORM, data={**GOOD, "email": ""}).headers["Location"]
    with unit_of_work(house.engine) as db:
        report = reports.answer(db, 1, outcome=ReportOutcome.WITHDRAWN, now=house.settings.clock())
        assert report.listing.state is ListingState.WITHDRAWN
    visit_city("/en/spaces/noria", status=410)
    visit_city(FORM, status=410)
    assert city.post(FORM, data=GOOD).status_code in {404, 410}
    assert "the listing has been withdrawn" in visit_city(own).text()


def test_a_report_is_seen_by_its_own_address_alone(city: FlaskClient, visit_city: Visit) -> None:
    city.post(FORM, data=GOOD)
    for wrong in ("1", "eyJyIjoxfQ.x"):
        visit_city(f"/en/reports/{wrong}", status=404)
