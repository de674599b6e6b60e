"""Suggestions as documents: three groups, addresses that lead somewhere, problems that name the parameter."""

import pytest
from flask.testing import FlaskClient

from tests.factories import Put, opportunity_record, space_record


def test_suggestions_come_in_three_groups_that_lead_somewhere(client: FlaskClient) -> None:
    answer = client.get("/api/v1/suggest?q=bi&lang=en")
    found = answer.get_json()
    assert set(found) == {"topics", "spaces", "opportunities", "total", "said"}
    groups = {"topics": "topic", "spaces": "space", "opportunities": "opportunity"}
    for name, type_ in groups.items():
        assert {each["type"] for each in found[name]} <= {type_}
    everything = [each for name in groups for each in found[name]]
    assert found["total"] == len(everything) > 2
    assert found["said"] == f"{len(everything)} suggestions"
    for each in everything:
        assert client.get(each["url"]).status_code == 200
    for topic in found["topics"]:
        assert f"{topic['total']} " in topic["note"]


def test_a_topic_suggested_finds_as_many_as_it_says(client: FlaskClient) -> None:
    (topic, *_) = client.get("/api/v1/suggest?q=cerámica&lang=es").get_json()["topics"]
    key = topic["url"].partition("topic=")[2]
    assert client.get(f"/api/v1/search?topic={key}").get_json()["total"] == topic["total"]


def test_it_may_be_kept_for_a_minute_by_the_browser_alone(client: FlaskClient) -> None:
    answer = client.get("/api/v1/suggest?q=ce")
    assert answer.headers["Cache-Control"] == "private, max-age=60"
    assert "Accept-Language" in answer.headers["Vary"]


def test_the_language_is_said_where_it_is_not_the_readers(put: Put, city: FlaskClient) -> None:
    put(space_record(title={"es": "Molino", "en": "Mill"}), opportunity_record(title={"es": "Mil"}))
    found = city.get("/api/v1/suggest?q=mil&lang=en").get_json()
    assert [(s["label"], s.get("language")) for s in found["spaces"]] == [("Mill", None)]
    assert [(s["label"], s.get("language")) for s in found["opportunities"]] == [("Mil", "es")]


@pytest.mark.parametrize("q", ["", "%20", "(((", "%00", "%ED%A0%80", "-", '"', "a" * 200, "語"])
def test_no_beginning_breaks_it(client: FlaskClient, q: str) -> None:
    answer = client.get(f"/api/v1/suggest?q={q}")
    assert answer.status_code == 200
    assert answer.get_json()["total"] >= 0


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("q=a&foo=1", "foo"), ("q=a&topic=spanish", "topic"), ("lang=xx", "lang"), ("lang=en&lang=es", "lang"),
     ("q=" + "a" * 201, "q")],
)  # fmt: skip
def test_an_unknown_or_malformed_parameter_is_a_problem_that_names_it(
    client: FlaskClient, query: str, parameter: str
) -> None:
    answer = client.get(f"/api/v1/suggest?{query}")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert [e["parameter"] for e in answer.get_json()["errors"]] == [parameter]


def test_it_answers_while_the_index_is_broken(put: Put, city: FlaskClient, house) -> None:
    put(space_record(title={"es": "Molino"}))
    for path in house.index.folder.rglob("*.columns"):
        path.write_bytes(b"broken")
    found = city.get("/api/v1/suggest?q=mol&lang=es").get_json()
    assert [each["label"] for each in found["spaces"]] == ["Molino"]
