"""A listing's page: dates, cancelled ones too, unknown told from no, and what became of it."""

from datetime import datetime

from directory.edge.house import House
from directory.models.vocabulary import ListingState
from tests.factories import Put, opportunity_record, provider_record, schedule_record, space_record
from tests.pages import Visit


def test_an_opportunity_says_all_there_is_to_know(put: Put, visit_city: Visit) -> None:
    put(
        provider_record(external_id="p", title={"es": "Molino"}),
        space_record(external_id="s", access={"step-free": True, "hearing-loop": False}, address="Calle de la Noria, 14"),
        opportunity_record(
            title={"es": "Barro"}, space="s", provider="p", age_min=16, languages=("es", "ar"), booking="required", commitments=(4,),
            schedules=(schedule_record(rule="FREQ=WEEKLY;COUNT=3", cancelled=(datetime(2026, 12, 3, 18),)),),
        ),
    )  # fmt: skip
    words = visit_city("/en/opportunities/barro").text()
    for part in (
        "Thursday, November 26, 2026, 18:00–19:30",
        "Thursday, December 3, 2026, 18:00–19:30 Cancelled",
        "Thursday, 18:00–19:30",
        "Free", "From 16 years on", "Spanish and Arabic", "Booking required", "Molino",
        "Calle de la Noria, 14", "Step-free", "Not here: Hearing loop", "Not known: Accessible toilet",
        "This text is in Spanish.",
    ):  # fmt: skip
        assert part in words, part


def test_unknown_is_said_and_never_shown_as_no(put: Put, visit_city: Visit) -> None:
    put(opportunity_record(title={"es": "Barro"}, price=None, languages=None, schedules=()))
    words = visit_city("/en/opportunities/barro").text()
    for part in (
        "Price not stated",
        "Not stated",
        "No age limit stated",
        "The dates are not known here",
    ):
        assert part in words
    assert "Not here" not in words


def test_a_space_shows_its_hours_and_what_is_on(put: Put, visit_city: Visit) -> None:
    hours = (
        {"days": ("MO", "TU"), "opens": "09:00", "closes": "14:00"},
        {"days": ("MO",), "opens": "17:00", "closes": "20:00"},
    )
    put(
        space_record(external_id="s", title={"es": "Biblioteca"}, hours=hours),
        opportunity_record(title={"es": "Barro"}, space="s"),
    )
    page = visit_city("/en/spaces/biblioteca")
    words = page.text()
    assert "Open now · until 14:00" in words
    assert "Monday Nov 23 today 09:00–14:00, 17:00–20:00" in words
    assert "Wednesday Nov 25 closed" in words
    assert page.rows() == ["Barro"]


def test_a_space_says_what_is_not_as_usual_in_the_readers_language(
    put: Put, visit_city: Visit
) -> None:
    put(
        space_record(
            title={"es": "Biblioteca"},
            hours=(
                {"days": ("MO", "TU"), "opens": "10:00", "closes": "14:00", "service": "staffed"},
                {"days": ("MO", "TU"), "opens": "07:00", "closes": "23:00", "service": "unstaffed"},
            ),
            closures=({"start": "2026-11-23T00:00", "end": "2026-11-24T00:00", "message": {"es": "Obras", "ar": "أشغال"}},),
            special_days=({"first": "2026-12-08", "last": "2026-12-09", "openings": ({"opens": "10:00", "closes": "12:00"},)},),
        ),
    )  # fmt: skip
    words = visit_city("/en/spaces/biblioteca").text()
    assert "Closed now · opens Tuesday at 07:00" in words
    assert "Tuesday Nov 24 07:00–23:00 (without staff), 10:00–14:00 (with staff)" in words
    assert "Obras" in words
    assert "Dec 8 – 9, 2026" in words.replace("\u2009", " ")
    assert "أشغال" in visit_city("/ar/spaces/biblioteca").text()


def test_on_a_public_holiday_hours_that_say_nothing_of_it_are_in_doubt(
    put: Put, house: House, visit_city: Visit
) -> None:
    house.settings = house.settings.model_copy(update={"now": datetime(2026, 12, 25, 12)})
    week = ({"days": ("FR",), "opens": "09:00", "closes": "14:00"},)
    put(
        space_record(title={"es": "Una"}, hours=week),
        space_record(title={"es": "Otra"}, hours=week, holidays="closed"),
    )
    words = visit_city("/en/spaces/una").text()
    assert "Today is a public holiday (Christmas Day). The hours may differ." in words
    assert "Open now · until 14:00" in words
    words = visit_city("/en/spaces/otra").text()
    assert "Closed now" in words
    assert "differ" not in words
    assert visit_city("/en/search?type=space&open_at=2026-12-25T12:00").rows() == ["Una"]


def test_an_unknown_listing_is_a_page_with_a_search_box(visit_city: Visit) -> None:
    page = visit_city("/es/opportunities/no-existe", status=404)
    assert any(i.get("name") == "q" for i in page.all("input"))


def test_a_withdrawn_listing_says_what_replaces_it(put: Put, visit_city: Visit) -> None:
    put(
        opportunity_record(
            title={"es": "Vieja"}, state=ListingState.WITHDRAWN, replaced_by="nueva"
        ),
        opportunity_record(title={"es": "Nueva"}),
    )
    page = visit_city("/en/opportunities/vieja", status=410)
    assert page.links()["Nueva"].endswith("/en/opportunities/nueva")


def test_a_draft_is_not_there(put: Put, visit_city: Visit) -> None:
    put(opportunity_record(title={"es": "Borrador"}, state=ListingState.DRAFT))
    visit_city("/en/opportunities/borrador", status=404)
    assert visit_city("/en/search?q=borrador").rows() == []


def test_a_course_says_what_it_leads_to_and_what_comes_next(
    put: Put, visit_city: Visit, db
) -> None:
    from directory.models import Topic

    db.add(Topic(key="ceramics", labels={"en": "Ceramics"}))
    db.commit()
    put(
        opportunity_record(title={"es": "Barro uno"}, teaches=({"topic": "ceramics", "level_from": 0, "level_to": 1},)),
        opportunity_record(
            title={"es": "Barro dos"}, teaches=({"topic": "ceramics", "level_from": 1, "level_to": 2},), requires={"topic": "ceramics", "level": 1},
        ),
    )  # fmt: skip
    page = visit_city("/en/opportunities/barro-uno")
    assert "Before: no knowledge needed Ceramics after: starting" in page.text()
    assert "Barro dos" in page.rows()
    assert "Ceramics: starting" in visit_city("/en/opportunities/barro-dos").text()


def test_the_front_door_opens_in_the_browsers_language(city) -> None:
    for accepted, lang in (
        ("ar-MA,fr;q=0.8", "ar"),
        ("ca,es;q=0.9", "es"),
        ("fr,de", "en"),
        ("", "en"),
    ):
        answer = city.get("/", headers={"Accept-Language": accepted})
        assert answer.location == f"/{lang}/"
        assert answer.headers["Vary"].startswith("Accept-Language")


def test_a_language_the_interface_does_not_speak_is_no_page(city) -> None:
    assert city.get("/xx/").status_code == 404


def test_who_has_to_live_where_is_said(put: Put, visit_city: Visit) -> None:
    put(opportunity_record(title={"es": "Barro"}, residents_of=("Ribera",)))
    page = visit_city("/en/opportunities/barro")
    assert "Only for residents ofRibera" in page.text()


def test_everything_that_is_on_at_a_place_can_be_reached(put: Put, visit_city: Visit) -> None:
    put(
        space_record(external_id="s", title={"es": "Molino"}),
        *(opportunity_record(title={"es": f"Taller {n}"}, space="s") for n in range(30)),
    )
    page = visit_city("/en/spaces/molino")
    assert "Page 1 of 3" in page.text()
    seen = page.rows()
    while (following := page.links().get("Next page")) is not None:
        page = visit_city(following.partition("#")[0])
        seen += page.rows()
    assert sorted(seen) == sorted(f"Taller {n}" for n in range(30))
    assert "All that is on here" not in page.links()
    for odd in ("page=0", "page=99", "page=x"):
        assert visit_city(f"/en/spaces/molino?{odd}").rows()


def test_of_a_place_with_very_much_a_search_has_the_rest(put: Put, visit_city: Visit) -> None:
    put(
        space_record(external_id="s", title={"es": "Molino"}),
        *(opportunity_record(title={"es": f"Taller {n}"}, space="s") for n in range(61)),
    )
    found = visit_city(visit_city("/en/spaces/molino").links()["All that is on here"])
    assert "61 things" in found.text("h1")
