"""The JSON interface: the fixed points, and problems that name the parameter."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from directory.app import create_app
from directory.edge.house import House
from directory.models.vocabulary import Day
from tests.factories import Put, opportunity_record, schedule_record, space_record


def test_a_search_answers_in_the_agreed_shape(put: Put, city: FlaskClient) -> None:
    put(space_record(external_id="s"), opportunity_record(title={"es": "Barro"}, space="s"))
    answer = city.get("/api/v1/search?q=barro&lang=es&near=41.0,-4.5").get_json()
    assert {
        "total",
        "page",
        "per_page",
        "items",
        "facets",
        "suggestion",
        "relax",
        "took_ms",
    } <= set(answer)
    (item,) = answer["items"]
    assert {"id", "external_id", "type", "title", "language", "url", "score", "distance_km"} <= set(
        item
    )
    assert item["distance_km"] == 0.0
    assert item["walking_minutes"] == 1
    assert answer["near"] == {"lat": 41.0, "lon": -4.5, "place": None}
    assert item["next_occurrence"]["start"] == "2026-11-26T18:00:00+01:00"
    assert item["matched_occurrence"] == item["next_occurrence"]
    kind = answer["facets"]["kind"][0]
    assert (
        kind == {"value": "library", "label": "Biblioteca", "count": 1, "selected": False}
        or kind["label"]
    )


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("foo=1", "foo"), ("kind=castle", "kind"), ("day=someday", "day"), ("after=25:00", "after"),
        ("near=nowhere", "near"), ("near=91,0", "near"), ("within=2", "within"), ("from=2026-13-01", "from"),
        ("from=2026-12-02&to=2026-12-01", "to"), ("age=-1", "age"), ("age=old", "age"), ("price_max=free", "price_max"),
        ("price_max=NaN", "price_max"), ("level=9", "level"), ("topic=alchemy", "topic"), ("district=atlantis", "district"),
        ("language=!!", "language"), ("access=wings", "access"), ("sort=best", "sort"), ("sort=distance", "sort"),
        ("page=0", "page"), ("per_page=1000", "per_page"), ("open_at=noon", "open_at"), ("lang=xx", "lang"), ("type=person", "type"),
        ("age=3&age=4", "age"), ("q=" + "a" * 201, "q"),
    ],
)  # fmt: skip
def test_an_unknown_or_malformed_parameter_is_a_problem_that_names_it(
    city: FlaskClient, query: str, parameter: str
) -> None:
    answer = city.get(f"/api/v1/search?{query}")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert [e["parameter"] for e in answer.get_json()["errors"]] == [parameter]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("from=", "from"), ("kind=", "kind"), ("kind=museum,", "kind"), ("near=&within=2", "near"),
        ("within=2", "within"), ("lang=", "lang"), ("page=%20", "page"),
    ],
)  # fmt: skip
def test_a_parameter_without_a_value_is_named(
    city: FlaskClient, query: str, parameter: str
) -> None:
    answer = city.get(f"/api/v1/search?{query}")
    assert answer.status_code == 422
    assert parameter in [e["parameter"] for e in answer.get_json()["errors"]]
    assert city.get("/api/v1/search?q=").status_code == 200


def test_a_document_takes_no_parameter_but_its_language(put: Put, city: FlaskClient) -> None:
    space, listing = put(space_record(), opportunity_record())
    for path in ("topics", f"opportunities/{listing.id}", f"spaces/{space.id}"):
        assert city.get(f"/api/v1/{path}?lang=ar").status_code == 200
        for query, parameter in (("foo=1", "foo"), ("lang=xx", "lang"), ("lang=", "lang")):
            answer = city.get(f"/api/v1/{path}?{query}")
            assert answer.status_code == 422, path
            assert [e["parameter"] for e in answer.get_json()["errors"]] == [parameter]
    answer = city.post("/api/v1/routes?foo=1", json={})
    assert [e["parameter"] for e in answer.get_json()["errors"]] == ["foo"]


def test_a_method_that_is_not_allowed_says_which_are(city: FlaskClient) -> None:
    answer = city.put("/api/v1/search")
    assert answer.status_code == 405
    assert answer.content_type == "application/problem+json"
    assert "GET" in answer.headers["Allow"]
    assert "POST" in city.get("/api/v1/routes").headers["Allow"]
    assert "GET" in city.delete("/en/search").headers["Allow"]


def test_what_is_wrong_is_said_in_the_language_of_the_address(city: FlaskClient) -> None:
    spanish = {"Accept-Language": "es"}
    assert 'lang="ar"' in city.get("/ar/nothing", headers=spanish).get_data(as_text=True)
    assert 'lang="ar"' in city.get("/nothing?lang=ar", headers=spanish).get_data(as_text=True)
    assert 'lang="es"' in city.get("/nothing", headers=spanish).get_data(as_text=True)
    answer = city.get("/api/v1/search?lang=ar&foo=1", headers=spanish).get_json()
    assert "لا يوجد" in answer["detail"]


def test_what_is_wrong_with_a_profile_is_said_in_our_own_words(city: FlaskClient) -> None:
    body = {
        "age": "old", "budget": -1, "hours_per_week": 0, "from": "soon", "languages": "es", "knows": [], "keep": [{}],
        "free": [{"day": "someday", "from": "9", "to": "10:00"}, {"day": "mon"}], "home": 7, "max_travel_minutes": 601,
        "interests": 7, "skip": [None], "access": [1],
    }  # fmt: skip
    answer = city.post("/api/v1/routes?lang=ar", json=body).get_json()
    told = {e["parameter"]: e["detail"] for e in answer["errors"]}
    assert set(body) - {"free"} <= {name.partition(".")[0] for name in told}
    for name, detail in told.items():
        words = set(re.findall(r"[A-Za-z]+", detail)) - set(re.findall(r"[A-Za-z]+", name))
        assert not words - {"old", "soon", "someday", *Day}, detail
    assert len(answer["errors"]) == len(told)


def test_a_lost_listing_is_named_and_the_others_stay(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?type=opportunity&lang=es&q=español").get_json()["items"]
    kept = found[0]["id"]
    body = {"wants": {"spanish": 2}, "keep": ["torno-perdido", kept], "skip": ["gone-too"]}
    answer = client.post("/api/v1/routes?lang=en", json=body)
    assert answer.status_code == 200
    told = answer.get_json()
    (note,) = [n for n in told["notes"] if n["code"] == "keep-not-found"]
    assert "torno-perdido" in note["text"]
    for route in told["routes"]:
        assert kept in [step["opportunity"]["id"] for step in route["steps"]]
    assert told["routes"]


def test_parameters_may_be_repeated_or_joined_by_commas(put: Put, city: FlaskClient) -> None:
    put(
        space_record(title={"es": "A"}, kind="museum"),
        space_record(title={"es": "B"}),
        space_record(title={"es": "C"}, kind="park"),
    )
    for query in ("kind=museum,library", "kind=museum&kind=library", "kind=Museum, Library"):
        assert city.get(f"/api/v1/search?{query}").get_json()["total"] == 2


def test_a_place_may_be_a_district_a_postcode_or_a_name(put: Put, city: FlaskClient, db) -> None:
    from directory.models import District

    db.add(
        District(
            key="centro",
            names={"es": "Centro", "ar": "وسط المدينة"},
            postcode="59001",
            lat=41.0,
            lon=-4.5,
        )
    )
    db.commit()
    put(space_record(title={"es": "Molino Viejo"}))
    for place in ("Centro", "59001", "molino viejo", "وسط المدينة"):
        assert (
            city.get("/api/v1/search", query_string={"near": place, "within": "1"}).get_json()[
                "total"
            ]
            == 1
        )


def test_a_listing_is_given_whole(put: Put, city: FlaskClient) -> None:
    (row,) = put(
        opportunity_record(
            title={"es": "Barro", "en": "Clay"},
            price=None,
            schedules=(schedule_record(rule="FREQ=WEEKLY;COUNT=2"),),
        )
    )
    answer = city.get(f"/api/v1/opportunities/{row.id}").get_json()
    assert answer == city.get("/api/v1/opportunities/barro").get_json()
    assert answer["price"] is None
    assert answer["teaches"] == []
    assert answer["requires"] is None
    assert answer["ages"] == {"min": None, "max": None}
    assert [o["start"] for o in answer["occurrences"]] == [
        "2026-11-26T18:00:00+01:00",
        "2026-12-03T18:00:00+01:00",
    ]
    assert answer["access"]["step-free"] is None
    assert answer["space"] is None


def test_a_space_is_given_whole(put: Put, city: FlaskClient) -> None:
    (row,) = put(space_record(hours=({"days": ("MO",), "opens": "09:00", "closes": "14:00"},)))
    answer = city.get(f"/api/v1/spaces/{row.id}").get_json()
    assert answer["kind"] == "library"
    assert answer["opening_hours"] == [{"days": ["MO"], "opens": "09:00", "closes": "14:00"}]
    assert (answer["special_days"], answer["closures"], answer["holidays"]) == ([], [], None)
    assert answer["open"] == {
        "open": True,
        "until": "2026-11-23T14:00:00+01:00",
        "opens_next": None,
        "service": None,
        "message": {},
    }


def test_what_is_not_there_is_a_problem(city: FlaskClient) -> None:
    for path in (
        "/api/v1/opportunities/1",
        "/api/v1/spaces/x",
        "/api/v1/nothing",
        "/api/v1/opportunities/" + "9" * 30,
    ):
        answer = city.get(path)
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"


def test_health_is_plain(city: FlaskClient) -> None:
    answer = city.get("/healthz")
    assert (answer.status_code, answer.get_data(as_text=True)) == (200, "ok\n")


@pytest.mark.parametrize(
    "path",
    [
        "/en/opportunities/%00", "/en/spaces/%00", "/en/providers/%00", "/api/v1/opportunities/%00x", "/en/opportunities/%F0%9F%98%80",
        "/api/v1/search?provider=%00", "/api/v1/search?near=%00", "/api/v1/search?series=%00", "/api/v1/search?open_at=0001-01-01T00:00",
        "/api/v1/search?open_at=9999-12-31T23:59", "/api/v1/search?from=0001-01-01", "/api/v1/search?to=9999-12-31",
        "/api/v1/search?near=90,180&within=500", "/api/v1/search?page=10000&per_page=100", "/api/v1/search?q=%ED%A0%80",
        "/en/routes?want=%00", "/en/topics/%00",
    ],
)  # fmt: skip
def test_the_ends_of_every_scale_are_no_fault_of_ours(city: FlaskClient, path: str) -> None:
    assert city.get(path).status_code in {200, 404, 422}


@pytest.mark.parametrize(
    "body",
    [
        [], "x", 7, None, {"keep": ["\ud800", "\x00", "9" * 40]}, {"interests": "\ud800\x00"}, {"to": "9999-12-31"}, {"from": "0001-01-01"},
        {"wants": {"\x00": 1}}, {"wants": []}, {"home": {"lat": 90, "lon": 180}}, {"home": {}}, {"free": [{}]}, {"budget": 1e308}, {"age": 10**30},
    ],
)  # fmt: skip
def test_no_profile_is_a_fault_of_ours(city: FlaskClient, body: object) -> None:
    import json

    answer = city.post("/api/v1/routes", data=json.dumps(body), content_type="application/json")
    assert answer.status_code in {200, 400, 422}, answer.get_data(as_text=True)[:300]


@pytest.fixture
def behind_a_proxy(villaclara: House) -> FlaskClient:
    """Villaclara, which the world knows by an address of its own."""
    changed = {"public_url": "https://learn.example.org/", "trusted_hosts": "inner.example"}
    settings = villaclara.settings.model_copy(update=changed)
    app = create_app(house=replace(villaclara, settings=settings))
    app.testing = True
    return app.test_client()


def test_whole_addresses_are_the_public_ones(behind_a_proxy: FlaskClient) -> None:
    client, forged = behind_a_proxy, {"X-Forwarded-Host": "evil.example", "Host": "inner.example"}
    asked = "/api/v1/search?lang=en&per_page=1&type=opportunity"
    item = client.get(asked, headers=forged).get_json()["items"][0]
    assert item["url"].startswith("https://learn.example.org/en/")
    whole = client.get(f"/api/v1/opportunities/{item['id']}?lang=es")
    assert whole.get_json()["url"].startswith("https://learn.example.org/es/")
    page = client.get("/en/", headers=forged).get_data(as_text=True)
    assert 'hreflang="ar" href="https://learn.example.org/ar/"' in page
    assert "evil.example" not in page
    suggested = client.get("/api/v1/suggest?q=esp&lang=es").get_json()
    entries = [*suggested["topics"], *suggested["spaces"], *suggested["opportunities"]]
    assert entries
    assert all(each["url"].startswith("/es/") for each in entries)


def test_a_name_that_is_not_ours_is_refused(
    behind_a_proxy: FlaskClient, client: FlaskClient
) -> None:
    stranger = {"Host": "evil.example"}
    for path in ("/en/", "/api/v1/topics", "/nothing"):
        answer = behind_a_proxy.get(path, headers=stranger)
        assert answer.status_code == 421
        assert "evil" not in answer.get_data(as_text=True)
        own = behind_a_proxy.get(path, headers={"Host": "learn.example.org"})
        assert own.status_code != 421
    assert behind_a_proxy.get("/healthz", headers=stranger).status_code == 200
    assert client.get("/en/", headers=stranger).status_code == 200
