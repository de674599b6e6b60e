"""The routes page: what is understood is used, what is not is said, and nothing is kept."""

import json
import logging
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.edge.house import House
from tests.pages import Visit

PLANTED = {
    "budget": "4321.09",
    "interests": "zanahorias-plantadas",
    "hours_per_week": "17.25",
}


def test_a_wish_becomes_a_route_with_dates_and_reasons(visit: Visit) -> None:
    page = visit("/en/routes", data={"want-1": "Spanish", "want-level-1": "1"})
    assert "Your routes" in page.text("h1")
    assert "You leave with:" in page.text()
    assert "Why this step" in page.text()
    stations = [li for li in page.all("li") if li.get("class") == "station"]
    assert stations


def test_a_topic_may_be_named_as_people_say_it(visit: Visit) -> None:
    for said in ("español", "Spanish", "الإسبانية", "spanish"):
        page = visit("/en/routes", data={"want-1": said})
        assert [li for li in page.all("li") if li.get("class") == "station"], said


def test_what_was_typed_stays_and_what_was_not_understood_is_said(visit: Visit) -> None:
    page = visit(
        "/en/routes",
        data={
            "want-1": "alchemy",
            "want-2": "Spanish",
            "age": "old",
            "budget": "-3",
            "from": "soon",
            "district": "ribera",
        },
    )
    values = {i.get("name"): i.get("value") for i in page.all("input")}
    assert (values["want-1"], values["age"], values["budget"], values["from"]) == (
        "alchemy",
        "old",
        "-3",
        "soon",
    )
    text = page.text()
    assert "There is no topic “alchemy” here." in text
    assert "age takes a whole number" in text
    assert [li for li in page.all("li") if li.get("class") == "station"], "the rest is planned"


def test_arabic_digits_are_digits(visit: Visit) -> None:
    page = visit("/ar/routes", data={"want-1": "الإسبانية", "age": "٣٤", "budget": "١٢٫٥"})
    assert "note warn small" not in page.html


def test_a_listing_is_chosen_and_taken_out_again(visit: Visit, villaclara: House) -> None:
    slug = json.loads(visit_json(visit, villaclara))["slug"]
    page = visit("/en/routes", data={"keep": slug})
    assert [i.get("value") for i in page.all("input") if i.get("name") == "keep"] == [slug]
    page = visit("/en/routes", data={"keep": slug, "drop": slug})
    assert [i for i in page.all("input") if i.get("name") == "keep"] == []


def visit_json(_visit: Visit, villaclara: House) -> str:
    from sqlmodel import select

    from directory.database import reading
    from directory.models import Opportunity

    with reading(villaclara.engine) as db:
        return json.dumps({"slug": db.exec(select(Opportunity.slug)).first()})


def test_nothing_of_a_profile_is_in_the_database_the_logs_or_an_address(
    client: FlaskClient, villaclara: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        answer = client.post("/en/routes", data={"want-1": "Spanish", **PLANTED})
        body = {
            "wants": {"spanish": 1},
            "age": 87,
            "budget": 4321.09,
            "interests": PLANTED["interests"],
        }
        api = client.post("/api/v1/routes", json=body)
    assert answer.status_code == api.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    for planted in PLANTED.values():
        assert planted not in caplog.text
        for path in Path(villaclara.settings.data_dir).rglob("*"):
            if path.is_file():
                assert planted.encode() not in path.read_bytes(), path


def test_the_answer_has_the_agreed_shape(client: FlaskClient) -> None:
    body = {
        "wants": {"spanish": 2},
        "languages": ["es", "ar"],
        "home": {"district": "ribera"},
        "max_travel_minutes": 60,
    }
    answer = client.post("/api/v1/routes?lang=es", json=body).get_json()
    assert answer["blocked"] is None
    assert 1 <= len(answer["routes"]) <= 4
    for route in answer["routes"]:
        assert {"label", "score", "reasons", "cost", "travel_minutes", "weeks", "steps"} <= set(
            route
        )
        for step in route["steps"]:
            assert {"opportunity", "occurrences", "gains", "requires", "reasons"} <= set(step)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"wants": {"alchemy": 1}}, "wants"), ({"wants": {"spanish": 9}}, "wants.spanish"), ({"age": "old"}, "age"),
        ({"budget": -1}, "budget"), ({"free": [{"day": "tue", "from": "25:00", "to": "26:00"}]}, "free.0.from"),
        ({"home": {"district": "atlantis"}}, "home"), ({"surprise": 1}, "surprise"), ({"access": ["wings"]}, "access"),
        ({"from": "2027-01-02", "to": "2027-01-01"}, "to"),
        ({"home": {"lat": 41.0, "lon": -4.5, "district": "ribera"}}, "home"), ({"home": {"lat": 41.0}}, "home"),
        ({"keep": [{}]}, "keep.0"), ({"wants": []}, "wants"), ({"interests": "a" * 2001}, "interests"),
    ],
)  # fmt: skip
def test_a_malformed_profile_is_a_problem_that_names_the_part(
    client: FlaskClient, body: dict[str, object], field: str
) -> None:
    answer = client.post("/api/v1/routes", json=body)
    assert answer.status_code == 422
    assert field in [e["parameter"] for e in answer.get_json()["errors"]]


def test_what_is_no_json_is_said(client: FlaskClient) -> None:
    assert (
        client.post("/api/v1/routes", data="{", content_type="application/json").status_code == 400
    )


_topics = st.dictionaries(
    st.sampled_from(
        ["spanish", "digital-basics", "ceramics", "bicycle-repair", "astronomy", "english"]
    ),
    st.integers(1, 3),
    min_size=1,
    max_size=2,
)
_profiles = st.fixed_dictionaries(
    {"wants": _topics},
    optional={
        "languages": st.lists(st.sampled_from(["es", "ar", "en"]), max_size=2),
        "age": st.integers(5, 90),
        "budget": st.sampled_from([0, 20, 200]),
        "hours_per_week": st.sampled_from([2, 4, 10]),
        "home": st.sampled_from([{"district": "ribera"}, {"lat": 41.01, "lon": -4.51}]),
        "max_travel_minutes": st.sampled_from([20, 45, 90]),
        "free": st.just(
            [
                {"day": d, "from": "16:00", "to": "22:00"}
                for d in ("mon", "tue", "wed", "thu", "fri")
            ]
        ),
    },
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_profiles)
def test_reasons_add_up_and_real_occurrences_do_not_clash(
    client: FlaskClient, body: dict[str, object]
) -> None:
    answer = client.post("/api/v1/routes", json=body).get_json()
    for route in answer["routes"]:
        assert sum(r["share"] for r in route["reasons"]) == pytest.approx(route["score"], abs=1e-9)
        times = []
        for step in route["steps"]:
            assert sum(r["share"] for r in step["reasons"]) == pytest.approx(
                step["score"], abs=1e-9
            )
            listing = client.get(f"/api/v1/opportunities/{step['opportunity']['id']}").get_json()
            real = {
                (o["start"], o["end"]) for o in listing["occurrences"] if o["status"] == "scheduled"
            }
            attended = [(o["start"], o["end"]) for o in step["occurrences"]]
            assert set(attended) <= real
            assert attended or listing["anytime"]
            times += [
                (datetime.fromisoformat(begin), datetime.fromisoformat(end))
                for begin, end in attended
            ]
        times.sort()
        assert all(before[1] <= after[0] for before, after in pairwise(times))
        if "budget" in body:
            assert route["cost"] <= body["budget"]  # type: ignore[operator]
