"""The routes page: what is understood is used, what is not is said, and nothing is kept."""

import json
import logging
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import brotli
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.edge.house import House
from directory.services import carrying
from tests.pages import Visit, Visited

PLANTED = {
    "budget": "4321.09",
    "interests": "zanahorias-plantadas",
    "hours_per_week": "17.25",
    "words": "quiero aprender apicultura-plantada",
    "home": "40.98765,-4.51234",
}


def test_a_wish_becomes_a_route_with_dates_and_reasons(visit: Visit) -> None:
    page = visit("/en/routes", data={"want-1": "Spanish", "want-level-1": "1"})
    assert page.text("h1") == "Your route to Spanish"
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
    assert "Age takes a whole number" in text
    assert [li for li in page.all("li") if li.get("class") == "station"], "the rest is planned"


def test_arabic_digits_are_digits(visit: Visit) -> None:
    page = visit("/ar/routes", data={"want-1": "الإسبانية", "age": "٣٤", "budget": "١٢٫٥"})
    assert "note warn small" not in page.html


def test_a_listing_is_chosen_and_taken_out_again(visit: Visit, villaclara: House) -> None:
    slug = json.loads(visit_json(visit, villaclara))["slug"]
    page = visit("/en/routes", data={"keep": slug})
    assert {i.get("value") for i in page.all("input") if i.get("name") == "keep"} == {slug}
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


def test_contradictions_are_said_and_the_rest_is_planned(visit: Visit) -> None:
    page = visit(
        "/en/routes",
        data={
            "want-1": "Spanish",
            "want-level-1": "1",
            "know-1": "Spanish",
            "know-level-1": "1",
            "from": "2026-01-05",
            "to": "2026-02-05",
            "budget": "0",
            "hours_per_week": "0",
            "home": "40.4,-3.7",
        },
    )
    text = page.text()
    for said in (
        "You know Spanish up to “starting” already; the route goes on to “basic”.",
        "Jan 5, 2026 has passed; the route begins today at the earliest.",
        "Feb 5, 2026 has passed; no last day was used.",
        "Understood as: only what is free.",
        "With no hours a week there is no route; no limit was used.",
        "km outside the city; the way there was left out.",
    ):
        assert said in text, said
    assert list(stations(page))


def test_a_last_day_before_the_first_is_said_and_left_out(visit: Visit) -> None:
    page = visit("/en/routes", data={"want-1": "Spanish", "from": "2027-02-01", "to": "2027-01-01"})
    assert "The last day is before the first" in page.text()
    assert list(stations(page))


@pytest.mark.parametrize(
    "said", ["Ribera", "ribera", "59001", "Biblioteca del Puente", "41.0,-4.5"]
)
def test_where_from_is_a_district_a_postcode_a_place_or_coordinates(
    visit: Visit, said: str
) -> None:
    page = visit("/en/routes", data={"want-1": "Spanish", "home": said})
    assert 'id="p-home"' not in page.html, said


def test_a_place_the_city_does_not_know_is_said(visit: Visit) -> None:
    page = visit("/en/routes", data={"want-1": "Spanish", "home": "Atlantis"})
    assert "The city knows no place “Atlantis”; it was left out." in page.text()
    assert list(stations(page))


def stations(page: Visited) -> list[str]:
    return [
        " ".join("".join(li.itertext()).split())
        for li in page.all("li")
        if li.get("class") == "station"
    ]


def steps(page: Visited) -> list[str]:
    buttons = [b.get("value", "") for b in page.all("button")]
    return [v.removeprefix("swap:") for v in buttons if v.startswith("swap:") and v.count(":") == 1]


def again(page: Visited, **pressed: str) -> dict[str, object]:
    """What the hidden form of a page would send, with a button pressed."""
    form = next(f for f in page.all("form") if f.get("id") == "again")
    sent: dict[str, object] = {}
    for field in form.iter():
        if str(field.tag).endswith("input"):
            sent.setdefault(field.get("name", ""), [])
            sent[field.get("name", "")].append(field.get("value", ""))  # type: ignore[attr-defined]
    return {**sent, **pressed}


WISH = {"want-1": "Spanish", "want-level-1": "2", "free": ["mon-evening", "wed-evening"]}


def test_a_step_is_swapped_and_the_swap_taken_back(visit: Visit) -> None:
    page = visit("/en/routes", data=WISH)
    first = steps(page)
    page = visit("/en/routes", data=again(page, act=f"swap:{first[0]}"))
    assert first[0] not in steps(page)
    assert "Without “" in page.text()
    page = visit("/en/routes", data=again(page, act=f"undo:skip:{first[0]}"))
    assert steps(page) == first


def test_what_one_knows_already_is_not_taught_again(visit: Visit) -> None:
    page = visit("/en/routes", data=WISH)
    known = next(
        b.get("value", "") for b in page.all("button") if b.get("value", "").startswith("known:")
    )
    page = visit("/en/routes", data=again(page, act=known))
    values = {i.get("name"): i.get("value") for i in page.all("input")}
    assert values["know-1"] == "Spanish"
    assert len(steps(page)) == 1


def test_an_act_that_means_nothing_changes_nothing(visit: Visit) -> None:
    page = visit("/en/routes", data=WISH)
    for act in (
        "",
        "swap:",
        "fly:away",
        "undo:age:34",
        "known:x@alchemy:9,:,",
        "book:no-such-listing",
    ):
        after = visit("/en/routes", data=again(page, act=act))
        assert steps(after) == steps(page), act


def test_one_route_is_in_full_and_the_others_are_beside_it(visit: Visit) -> None:
    page = visit("/en/routes", data={"want-1": "Spanish", "want-level-1": "2"})
    table = next(t for t in page.all("table") if t.get("class") == "compare")
    heads = [e for e in table.iter() if str(e.tag).endswith("th")]
    assert {e.get("scope") for e in heads} == {"col", "row"}
    other = [b for b in page.all("button") if b.get("name") == "show"][1]
    after = visit("/en/routes", data=again(page, show=other.get("value", "")))
    assert steps(after) != steps(page)
    assert "What changed" not in after.text()


@pytest.mark.parametrize("said", ["by address", "by name"])
def test_something_found_is_added_by_its_name_or_its_address(
    visit: Visit, opportunity: str, said: str
) -> None:
    found = f"http://localhost/ar/opportunities/{opportunity}?x=1"
    if said == "by name":
        found = visit(f"/en/opportunities/{opportunity}").text("h1")
    page = visit("/en/routes", data={**WISH, "found": found})
    assert opportunity in {i.get("value") for i in page.all("input") if i.get("name") == "keep"}
    page = visit("/en/routes", data={**WISH, "found": "zzzz qqqq"})
    assert "Nothing here is called “zzzz qqqq”" in page.text()


def test_a_sentence_fills_the_form_and_says_what_it_did_not_understand(visit: Visit) -> None:
    page = visit(
        "/en/routes",
        data={
            "words": "Spanish from the start, Saturdays from 10 to 14, I am 34 years old, flugelbinder"
        },
    )
    text = page.text()
    assert "You want Spanish: starting “Spanish from the start”" in text
    assert "Saturday 10:00–14:00" in text
    assert "Not understood: “flugelbinder”" in text
    values = {
        i.get("name"): i.get("value") for i in page.all("input") if i.get("type") != "checkbox"
    }
    assert (values["want-1"], values["age"]) == ("Spanish", "34")
    assert "sat-10:00-14:00" in {
        i.get("value") for i in page.all("input") if i.get("name") == "free"
    }


def test_what_is_booked_stays_with_its_dates_whatever_else_changes(visit: Visit) -> None:
    page = visit("/en/routes", data={"want-1": "ceramics", "want-level-1": "1"})
    book = next(
        b.get("value", "") for b in page.all("button") if b.get("value", "").startswith("book:")
    )
    slug = book.removeprefix("book:").partition("@")[0]
    booked = visit("/en/routes", data=again(page, act=book))
    assert "Booked" in booked.text()
    changed = visit(
        "/en/routes",
        data={
            **again(booked),
            "want-2": ["Spanish"],
            "want-level-2": ["1"],
        },
    )
    assert slug in [
        v.partition("@")[0]
        for v in (i.get("value", "") for i in changed.all("input") if i.get("name") == "booked")
    ]
    shared = next(
        a.get("href", "") for a in changed.all("a") if a.get("href", "").endswith("/sheet")
    )
    legs = carrying.unpack(shared.split("/")[-2]).legs
    (of_book,) = carrying.unpack(book.partition("@")[2]).legs
    assert of_book in legs


def test_a_missed_date_is_not_in_the_route_any_more(visit: Visit) -> None:
    page = visit("/en/routes", data={"want-1": "ceramics", "want-level-1": "1"})
    for button in page.all("button"):
        if button.get("value", "").startswith("missed:"):
            break
    else:
        pytest.skip("nothing with a date leads there now")
    (leg,) = carrying.unpack(button.get("value", "").partition("@")[2]).legs
    after = visit("/en/routes", data=again(page, act=button.get("value", "")))
    sheets = [a.get("href", "") for a in after.all("a") if a.get("href", "").endswith("/sheet")]
    for address in sheets:
        for other in carrying.unpack(address.split("/")[-2]).legs:
            if other.opportunity == leg.opportunity:
                assert not set(leg.starts) & set(other.starts)
    assert "You missed:" in after.text()


def test_a_what_if_does_what_it_said_before_it_was_chosen(visit: Visit) -> None:
    wish = {
        "want-1": "Spanish",
        "want-level-1": "3",
        "hours_per_week": "2",
        "free": ["mon-evening", "tue-evening"],
    }
    page = visit("/en/routes", data=wish)
    tries = [b for b in page.all("button") if b.get("name") == "whatif"]
    assert tries, page.text()
    for button in tries:
        after = visit("/en/routes", data=again(page, whatif=button.get("value", "")))
        assert list(stations(after)), button.get("value")


def test_where_there_is_no_route_a_button_plans_with_the_smallest_change(visit: Visit) -> None:
    page = visit(
        "/en/routes", data={"want-1": "ceramics", "want-level-1": "2", "free": ["sun-morning"]}
    )
    assert "There is no route within all your limits." in page.text()
    button = next(b for b in page.all("button") if b.get("name") == "whatif")
    after = visit("/en/routes", data=again(page, whatif=button.get("value", "")))
    assert list(stations(after))


def test_each_step_says_why_not_the_obvious_other_and_each_limit_what_it_left_out(
    visit: Visit,
) -> None:
    page = visit("/en/routes", data={**WISH, "home": "Ribera", "max_travel_minutes": "15"})
    assert "Instead of “" in page.text()
    assert "What shaped it" in page.text()
    swap = next(
        b.get("value", "")
        for b in page.all("button")
        if b.get("value", "").count(":") == 2 and b.get("value", "").startswith("swap:")
    )
    _, out, instead = swap.split(":")
    after = visit("/en/routes", data=again(page, act=swap))
    assert out not in steps(after)
    assert instead in steps(after) or "There is no route" in after.text()


_typed = st.text(max_size=12) | st.sampled_from(
    ["-1", "1e9", "٣", "9" * 40, "2026-13-40", "2027-01-01", "nan", "<b>", "mon-evening", "mon-25:00-26:00",
     "sat-10:00-10:00", "spanish:3", "skip:", "known:x@spanish:9", "free:mon-evening;from:2027-01-01", "x@AAAA", "\x00"]
)  # fmt: skip
_fields = st.sampled_from(
    ["want-1", "want-level-1", "know-1", "know-level-1", "want", "know", "free", "from", "to", "hours_per_week", "home",
     "max_travel_minutes", "languages", "access", "budget", "age", "found", "words", "keep", "skip", "done", "booked",
     "missed", "drop", "act", "whatif", "show", "before", "district", "interests", "want-99", "anything"]
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(_fields, st.lists(_typed, max_size=3), max_size=6))
def test_whatever_is_sent_is_answered(client: FlaskClient, sent: dict[str, list[str]]) -> None:
    assert client.post("/en/routes", data=sent).status_code == 200


def test_a_planned_route_is_at_most_two_flights_of_the_network(visit: Visit) -> None:
    page = visit("/ar/routes", data=WISH)
    assert len(brotli.compress(page.html.encode(), quality=5)) < 2 * 14_600
