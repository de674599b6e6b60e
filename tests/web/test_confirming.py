"""The page a mailed link leads to: looking changes nothing, one press confirms, once."""

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import select

from directory.database import unit_of_work
from directory.edge import links
from directory.edge.house import House
from directory.edge.post import Post
from directory.models import Mail, Opportunity, Report, Space, Unsubscribed
from directory.models.freshness import Speaker
from directory.models.vocabulary import ListingState
from directory.services import indexing, mail, reminding, tokens
from directory.services.freshness import Terms
from tests.factories import (
    Put,
    opportunity_record,
    provider_record,
    schedule_record,
    space_record,
)
from tests.pages import Visit, visitor

AGES = timedelta(days=200)


@pytest.fixture
def neglected(put: Put, house: House) -> House:
    """A city of which nobody has confirmed two listings for 200 days."""
    put(
        provider_record(external_id="p", title={"es": "Molino"}, email="molino@example.org"),
        space_record(external_id="s", title={"es": "Noria"}, provider="p"),
        opportunity_record(
            external_id="o", title={"es": "Barro"}, provider="p", space="s",
            schedules=(schedule_record(rule="FREQ=WEEKLY"),),
        ),
    )  # fmt: skip
    with unit_of_work(house.engine) as db:
        for table in (Space, Opportunity):
            row = db.exec(select(table)).one()
            row.confirmed = house.settings.clock() - AGES
    return house


def path(house: House, **options: object) -> str:
    provider = {"providers": [1], "now": house.settings.clock(), **options}
    return links.still_true(house.settings, "en", **provider).removeprefix(  # type: ignore[arg-type]
        "http://127.0.0.1:8000"
    )


def remind(house: House) -> None:
    with unit_of_work(house.engine) as db:
        reminding.remind(db, terms=Terms.of(house.settings), now=house.settings.clock())
    Post(house).deliver()


def expire(house: House) -> reminding.Expired:
    with unit_of_work(house.engine) as db:
        done = reminding.expire(db, terms=Terms.of(house.settings), now=house.settings.clock())
    indexing.sync(house.engine, house.index, currency="EUR")
    return done


def confirmed(house: House) -> list[datetime | None]:
    with unit_of_work(house.engine) as db:
        return [db.exec(select(table)).one().confirmed for table in (Space, Opportunity)]


def later(house: House, **by: float) -> None:
    moment = house.settings.clock() + timedelta(**by)
    house.settings = house.settings.model_copy(update={"now": moment})


def test_looking_changes_nothing(neglected: House, visit_city: Visit) -> None:
    before = confirmed(neglected)
    page = visit_city(path(neglected))
    assert "Is this still true?" in page.text()
    assert "Yes, all 2 are still true" in page.text()
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.response.headers["X-Robots-Tag"] == "noindex"
    assert confirmed(neglected) == before


@pytest.mark.parametrize("name", ["all", "space-1"])
def test_one_press_confirms_all_or_one(
    neglected: House, city: FlaskClient, visit_city: Visit, name: str
) -> None:
    now, old = neglected.settings.clock(), neglected.settings.clock() - AGES
    answer = city.post(path(neglected), data={"confirm": name, "rhythm": "12"})
    assert answer.status_code == 303
    assert confirmed(neglected) == [now, now if name == "all" else old]
    page = visit_city(answer.headers["Location"])
    assert "Confirmed on Nov 23, 2026. Thank you." in page.text()
    assert ("Waiting for you" in page.text()) is (name != "all")
    with unit_of_work(neglected.engine) as db:
        space = db.exec(select(Space)).one()
        assert (space.confirmed_by, space.rhythm) == (Speaker.PROVIDER, 12)
    assert "Last confirmed on Nov 23, 2026 by whoever offers it." in visit_city("/en/spaces/noria").text()  # fmt: skip


def test_an_old_link_does_not_confirm_again_what_it_confirmed(
    neglected: House, city: FlaskClient
) -> None:
    link = path(neglected)
    city.post(link, data={"confirm": "all"})
    first = confirmed(neglected)
    later(neglected, days=100)
    assert city.post(link, data={"confirm": "all"}).status_code == 303
    assert confirmed(neglected) == first


def test_a_link_of_another_purpose_too_old_or_forged_is_none(
    neglected: House, visit_city: Visit, city: FlaskClient
) -> None:
    link, settings = path(neglected), neglected.settings
    other = tokens.sign(
        settings.signing_key(), tokens.UNSUBSCRIBE, {"p": [1]}, now=settings.clock()
    )
    for wrong in (link[:-1] + ("A" if link[-1] != "A" else "B"), f"/en/still-true/{other}", "/en/still-true/x"):  # fmt: skip
        assert "This link no longer works" in visit_city(wrong, status=404).text()
        assert city.post(wrong, data={"confirm": "all"}).status_code == 404
    later(neglected, days=121)
    visit_city(link, status=404)
    assert neglected.settings.clock() - AGES not in confirmed(neglected)


def test_a_link_is_for_its_providers_listings_alone(
    put: Put, neglected: House, city: FlaskClient
) -> None:
    put(provider_record(external_id="q"), space_record(external_id="t", provider="q"))
    city.post(path(neglected, providers=[2]), data={"confirm": "space-1"})
    assert confirmed_space(neglected) == neglected.settings.clock() - AGES


def confirmed_space(house: House) -> datetime | None:
    with unit_of_work(house.engine) as db:
        return db.get_one(Space, 1).confirmed


def test_what_has_changed_reaches_the_editors_and_confirms_nothing(
    neglected: House, city: FlaskClient, visit_city: Visit
) -> None:
    before = confirmed(neglected)
    page = visit_city(path(neglected), data={"changed": "space-1", "words-space-1": " "}, status=422)  # fmt: skip
    assert page.links()["Say in a few words what is wrong."] == "#f-words-space-1"
    answer = city.post(path(neglected), data={"changed": "space-1", "words-space-1": "We moved"})
    assert "The editors have been told" in visit_city(answer.headers["Location"]).text()
    assert confirmed(neglected) == before
    with unit_of_work(neglected.engine) as db:
        report = db.exec(select(Report)).one()
        assert (report.words, report.by_provider, report.space_id) == ("We moved", True, 1)
        assert db.exec(select(Mail)).all() == [], "they know already"


def test_readers_are_told_and_it_comes_later_then_it_is_withdrawn_then_back(
    put: Put, neglected: House, city: FlaskClient, visit_city: Visit
) -> None:
    put(space_record(title={"es": "Noria"}))
    search = "/en/search?q=noria&type=space"
    found = "/api/v1/search?q=noria&type=space"
    assert [each["id"] for each in city.get(found).get_json()["items"]] == [1, 2]
    assert expire(neglected).marked == 2
    page = visit_city(search)
    assert "Not confirmed since May 2026" in page.text()
    assert "Not confirmed since May 2026. Ask before you go." in visit_city("/en/spaces/noria").text()  # fmt: skip
    fresh, item = city.get(found).get_json()["items"]
    assert (fresh["id"], fresh["not_confirmed_since"]) == (2, None)
    assert item["not_confirmed_since"].startswith("2026-05-")
    document = city.get("/api/v1/spaces/noria").get_json()
    assert document["freshness"] == "overdue"
    assert document["confirm_by"] > document["confirmed"] == item["not_confirmed_since"]
    later(neglected, days=61)
    assert (expire(neglected).withdrawn, expire(neglected).withdrawn) == (2, 0)
    gone = visit_city("/en/spaces/noria", status=410).text()
    assert "was withdrawn on Jan 23, 2027 because nobody had confirmed" in gone
    assert city.get("/api/v1/spaces/noria").get_json()["expired"].startswith("2027-01-23")
    assert len(visit_city(search).rows()) == 1
    Post(neglected).deliver()
    (notice,) = (neglected.settings.data_dir / "outbox").iterdir()
    link = re.search(r"/es/still-true/\S+", notice.read_text())[0]  # type: ignore[index]
    assert "retirado desde entonces" in visit_city(link).text()
    city.post(link, data={"confirm": "all"})
    assert visit_city("/en/spaces/noria").text()
    indexing.sync(neglected.engine, neglected.index, currency="EUR")
    assert len(visit_city(search).rows()) == 2
    with unit_of_work(neglected.engine) as db:
        assert db.get_one(Space, 1).state is ListingState.PUBLISHED


def test_the_reminder_leads_to_the_page_and_ends_with_one_press_of_a_mail_program(
    neglected: House, city: FlaskClient, visit_city: Visit
) -> None:
    remind(neglected)
    (letter,) = (neglected.settings.data_dir / "outbox").iterdir()
    said = letter.read_text()
    for each in set(re.findall(r"/es/still-true/[\w.-]+", said)):
        visit_city(each)
    stop = re.search(r"/es/unsubscribe/[\w.-]+", said)[0]  # type: ignore[index]
    assert "Dejamos de preguntarte" in visit_city(stop).text()
    with unit_of_work(neglected.engine) as db:
        assert db.exec(select(Unsubscribed)).all() == []
    assert city.post(stop, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    later(neglected, days=30)
    with unit_of_work(neglected.engine) as db:
        done = reminding.remind(db, terms=Terms.of(neglected.settings), now=neglected.settings.clock())  # fmt: skip
        assert (done.mails, done.declined) == (0, 2)
        assert mail.is_unsubscribed(db, "MOLINO@example.org")
    city.post(stop, data={"again": "1"})
    with unit_of_work(neglected.engine) as db:
        assert not mail.is_unsubscribed(db, "molino@example.org")


def test_where_it_comes_from_is_on_the_page_and_in_json(put: Put, house: House, city: FlaskClient, visit_city: Visit) -> None:  # fmt: skip
    put(opportunity_record(title={"es": "Barro"}, price=5))
    words = visitor(city, house.engine)("/en/opportunities/barro").text()
    assert "Where this comes from" in words
    assert "The source “tests”, Nov 23, 2026 title, dates, kind" in words
    provenance = city.get("/api/v1/opportunities/barro").get_json()["provenance"]
    assert provenance["price"] == {"who": "source", "source": "tests", "when": "2026-11-23T11:00:00+00:00"}  # fmt: skip


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2026-11-23T00:00", "2026-11-24T00:00", "Barrio en obras (Until Nov 23, 2026)"),
        ("2026-11-20T00:00", None, "Barrio en obras"),
        ("2026-11-24T00:00", None, ""),
        ("2026-11-20T00:00", "2026-11-23T12:00", ""),
    ],
)
def test_a_notice_is_shown_while_it_holds(
    put: Put, city: FlaskClient, visit_city: Visit, start: str, end: str | None, shown: str
) -> None:
    notice = {"start": start, "end": end, "message": {"es": "Barrio en obras"}}
    put(opportunity_record(title={"es": "Barro"}, notices=(notice,)))
    for place in ("/en/opportunities/barro", "/en/search?q=barro"):
        words = visit_city(place).text()
        assert shown in words if shown else "en obras" not in words
    (said,) = city.get("/api/v1/opportunities/barro").get_json()["notices"]
    assert said["message"] == {"es": "Barrio en obras"}
