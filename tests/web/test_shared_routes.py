"""A shared route: as it is now, what changed since, on paper, in a calendar; nothing of a person."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlmodel import Session, col, select

from directory.edge.house import House
from directory.models import Occurrence, Opportunity
from directory.models.vocabulary import ListingState
from directory.services import carrying
from directory.services.itineraries import Itinerary, Stop
from tests.factories import Put, opportunity_record, schedule_record, space_record
from tests.pages import Visit
from tests.services.test_carrying import HOSTILE

WEEKLY = schedule_record(rule="FREQ=WEEKLY;COUNT=4")


def carried_of(db: Session, house: House, *rows: Opportunity) -> str:
    stops = []
    for row in rows:
        statement = select(Occurrence).where(Occurrence.opportunity_id == row.id)
        dates = db.exec(statement.order_by(col(Occurrence.start))).all()
        stops.append(Stop(row, tuple(dates), {}))
    return carrying.pack(Itinerary(tuple(stops)).carried(now=house.settings.clock()))


@pytest.fixture
def course(db: Session, house: House, put: Put) -> str:
    """A link to a weekly course at a library, and a talk after it."""
    _, row, talk = put(
        space_record(external_id="here"),
        opportunity_record(
            external_id="course", title={"es": "Barro"}, space="here", price=12, schedules=(WEEKLY,)
        ),
        opportunity_record(
            external_id="talk",
            title={"es": "Charla"},
            schedules=(schedule_record(start=datetime(2026, 12, 22, 19)),),
        ),
    )
    return carried_of(db, house, row, talk)  # type: ignore[arg-type]


def test_it_shows_the_steps_the_dates_and_what_it_costs(visit_city: Visit, course: str) -> None:
    page = visit_city(f"/en/routes/shared/{course}")
    text = page.text()
    assert [page.links()[title] for title in ("Barro", "Charla")] == [
        "/en/opportunities/barro",
        "/en/opportunities/charla",
    ]
    assert "Thursday, 18:00–19:30" in text
    assert "4 times, from Nov 26, 2026 to Dec 17, 2026" in text
    assert "€12" in text
    assert "Since this link was made" not in text
    assert "noindex" in page.html


def test_what_changed_since_is_said_on_the_next_visit(
    visit_city: Visit, course: str, put: Put
) -> None:
    off = schedule_record(rule="FREQ=WEEKLY;COUNT=4", cancelled=(datetime(2026, 12, 3, 18),))
    put(
        space_record(external_id="there", title={"es": "Otra biblioteca"}),
        opportunity_record(
            external_id="course", title={"es": "Barro"}, space="there", price=15, schedules=(off,)
        ),
        opportunity_record(
            external_id="talk",
            title={"es": "Charla"},
            schedules=(schedule_record(start=datetime(2026, 12, 23, 19)),),
        ),
    )
    text = visit_city(f"/en/routes/shared/{course}").text()
    assert "“Barro”: called off on Dec 3." in text
    assert "“Barro” – price before: €12; now: €15." in text
    assert "“Barro” takes place somewhere else now: Otra biblioteca." in text
    assert (
        "“Charla” does not take place on Dec 22 any more; "
        "the nearest date is Wednesday, December 23, 2026, 19:00–20:30." in text
    )


def test_a_step_that_was_withdrawn_says_so_and_the_rest_stands(
    visit_city: Visit, course: str, put: Put
) -> None:
    put(
        opportunity_record(external_id="talk", title={"es": "Charla"}, state=ListingState.WITHDRAWN)
    )
    page = visit_city(f"/es/routes/shared/{course}")
    assert "“Charla” ya no se ofrece." in page.text()
    kept = [i.get("value") for i in page.all("input") if i.get("name") == "keep"]
    assert kept == ["barro"]


def test_a_date_that_has_passed_is_no_change(
    visit_city: Visit, db: Session, house: House, put: Put
) -> None:
    past = schedule_record(start=datetime(2026, 11, 2, 18), rule="FREQ=WEEKLY;COUNT=5")
    (row,) = put(opportunity_record(external_id="p", schedules=(past,)))
    link = carried_of(db, house, row)  # type: ignore[arg-type]
    put(opportunity_record(external_id="p", schedules=(past.model_copy(update={
        "cancelled": (datetime(2026, 11, 9, 18),)}),)))  # fmt: skip
    assert "Since this link was made" not in visit_city(f"/en/routes/shared/{link}").text()


def test_a_draft_is_not_told_of(
    visit_city: Visit, city: FlaskClient, db: Session, house: House, put: Put
) -> None:
    shown, hidden = put(
        opportunity_record(title={"es": "Abierto"}), opportunity_record(title={"es": "Secreto"})
    )
    hidden.state = ListingState.DRAFT  # type: ignore[attr-defined]
    db.commit()
    page = visit_city(f"/en/routes/shared/{carried_of(db, house, shown, hidden)}")  # type: ignore[arg-type]
    assert "Secreto" not in page.html
    assert "One step is not listed here any more." in page.text()
    alone = carried_of(db, house, hidden)  # type: ignore[arg-type]
    for end in ("", "/sheet", ".ics"):
        answer = city.get(f"/en/routes/shared/{alone}{end}")
        assert answer.status_code == 404
        assert b"Secreto" not in answer.data


@pytest.mark.parametrize(
    "text", [t for t in HOSTILE.values() if t], ids=[k for k in HOSTILE if k != "nothing"]
)
def test_what_is_no_route_is_a_sentence_and_no_failure(client: FlaskClient, text: str) -> None:
    for end in ("", "/sheet", ".ics"):
        answer = client.get(f"/en/routes/shared/{text}{end}")
        assert answer.status_code == 404, answer.status_code
        assert b"There is no route in this link" in answer.data


def test_the_calendar_is_in_the_readers_language_with_every_date(
    client: FlaskClient, carried: str
) -> None:
    answers = {lang: client.get(f"/{lang}/routes/shared/{carried}.ics") for lang in ("en", "ar")}
    for lang, answer in answers.items():
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        assert "attachment" in answer.headers["Content-Disposition"]
        read = Calendar.from_ical(answer.data)
        assert {e["summary"].params["LANGUAGE"] for e in read.walk("VEVENT")} == {lang}
    uids = [
        [str(e["uid"]) for e in Calendar.from_ical(a.data).walk("VEVENT")] for a in answers.values()
    ]
    assert uids[0] == uids[1]
    starts = [s for leg in carrying.unpack(carried).legs for s in leg.starts]
    assert len(uids[0]) == len(set(uids[0])) == len(starts)


def test_the_same_route_has_the_same_names_in_every_file(client: FlaskClient, carried: str) -> None:
    first, second = (client.get(f"/es/routes/shared/{carried}.ics").data for _ in range(2))
    assert first == second


def test_a_cancelled_date_is_cancelled_in_the_calendar(
    city: FlaskClient, course: str, put: Put
) -> None:
    before = Calendar.from_ical(city.get(f"/es/routes/shared/{course}.ics").data).walk("VEVENT")
    off = WEEKLY.model_copy(update={"cancelled": (datetime(2026, 12, 3, 18),)})
    put(opportunity_record(external_id="course", title={"es": "Barro"}, schedules=(off,)))
    after = Calendar.from_ical(city.get(f"/es/routes/shared/{course}.ics").data).walk("VEVENT")
    assert [e["uid"] for e in before] == [e["uid"] for e in after]
    assert [e["status"] for e in after].count("CANCELLED") == 1


def test_the_sheet_has_addresses_dates_and_the_code(visit: Visit, carried: str) -> None:
    page = visit(f"/en/routes/shared/{carried}/sheet")
    assert "Calle" in page.text() or "Plaza" in page.text() or "Paseo" in page.text()
    assert any("qr" in (e.get("class") or "") for e in page.tree.iter())
