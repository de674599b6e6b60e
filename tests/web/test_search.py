"""The search page says what was asked, what was not understood, and how to go on."""

import pytest
from flask.testing import FlaskClient

from directory.models import Topic
from directory.models.records import TeachesRecord
from tests.factories import Put, opportunity_record, provider_record, schedule_record, space_record
from tests.pages import Visit, Visited


def test_results_tell_the_date_that_matched_price_place_and_access(
    put: Put, visit_city: Visit
) -> None:
    put(
        space_record(external_id="s", access={"step-free": True}),
        opportunity_record(title={"es": "Torno y barro"}, space="s", price=12),
    )
    page = visit_city("/en/search?q=barro")
    row = next(li for li in page.all("li") if li.get("class") == "row")
    words = " ".join("".join(row.itertext()).split())
    for part in (
        "Thu",
        "26",
        "Nov",
        "18:00–19:30",
        "€12",
        "Biblioteca de prueba",
        "Spanish",
        "Step-free",
        "Text in Spanish",
    ):
        assert part in words


def test_a_mistaken_parameter_is_said_beside_the_filter_and_the_rest_still_counts(
    put: Put, visit_city: Visit
) -> None:
    put(
        opportunity_record(title={"es": "Gratis"}),
        opportunity_record(title={"es": "De pago"}, price=9),
    )
    page = visit_city("/en/search?price_max=0&from=yesterday&surprise=1")
    assert page.rows() == ["Gratis"]
    assert "from takes a date like 2026-11-28, not “yesterday”" in page.text()
    assert "There is no parameter “surprise”" in page.text()
    field = next(i for i in page.all("input") if i.get("name") == "from")
    assert (field.get("value"), field.get("aria-invalid")) == ("yesterday", "true")


def test_nothing_found_says_which_filter_to_drop(put: Put, visit_city: Visit) -> None:
    put(opportunity_record(title={"es": "Barro"}, price=9))
    page = visit_city("/en/search?q=barro&price_max=0")
    assert "At any price: 1 result" in page.links()
    again = visit_city(page.links()["At any price: 1 result"])
    assert again.rows() == ["Barro"]


def test_did_you_mean_leads_somewhere(put: Put, visit_city: Visit) -> None:
    put(opportunity_record(title={"es": "Cerámica"}))
    page = visit_city("/es/search?q=ceramcia")
    assert page.rows() == ["Cerámica"]  # close to what was asked
    assert visit_city(page.links()["ceramica"]).rows() == ["Cerámica"]


def test_what_is_on_can_be_taken_off(put: Put, visit_city: Visit) -> None:
    put(space_record(external_id="s"), opportunity_record(title={"es": "Barro"}, space="s"))
    page = visit_city("/en/search?kind=library&price_max=0&type=opportunity")
    assert visit_city(page.links()["Library ×remove"]).response.request.args.to_dict() == {
        "price_max": "0",
        "type": "opportunity",
    }


def test_words_someone_typed_are_never_markup(put: Put, visit_city: Visit) -> None:
    put(opportunity_record(title={"es": "<b>Barro</b>"}))
    page = visit_city("/en/search?q=%3Cscript%3Ealert(1)%3C/script%3E+barro")
    assert "<script>alert" not in page.html
    assert "<b>Barro</b>" in visit_city("/en/search?q=barro").rows()[0]


def _marks(page: Visited) -> list[str]:
    return ["".join(mark.itertext()) for mark in page.all("mark")]


def test_words_that_were_asked_for_are_marked_and_nothing_in_them_is_markup(
    put: Put, visit_city: Visit
) -> None:
    evil = "Barro <script>alert(1)</script> & <b>torno</b>"
    put(opportunity_record(title={"es": evil}, summary={"es": "Con barros"}))
    page = visit_city("/en/search?q=barro+script+%3Cscript%3Ealert%3C/script%3E")
    assert page.rows() == [evil]
    assert not any((s.text or "").strip() for s in page.all("script"))
    assert "torno" not in [b.text for b in page.all("b")]
    assert _marks(page) == ["Barro", "script", "alert", "script", "barros"]


def test_the_description_is_shown_where_nothing_else_shows_the_words(
    put: Put, visit_city: Visit
) -> None:
    put(
        opportunity_record(
            title={"es": "Manos"},
            summary={"es": "Crear algo"},
            description={"es": "Una tarde larga. " * 30 + "Se aprende a tornear barro. " * 2},
        )
    )
    page = visit_city("/en/search?q=barro")
    assert _marks(page) == ["barro", "barro"]
    assert "…" in page.text()
    assert "Crear algo" not in page.text()
    assert "Crear algo" in visit_city("/en/search?q=manos").text()
    assert not _marks(visit_city("/en/search"))


def test_a_listing_in_another_script_carries_its_language_and_direction(
    put: Put, visit_city: Visit
) -> None:
    put(opportunity_record(language="ar", title={"ar": "الخط العربي"}))
    page = visit_city("/en/search")
    span = next(s for s in page.all("span") if s.get("lang") == "ar")
    assert span.get("dir") == "rtl"


def test_an_organisation_and_its_programme_can_be_searched_alone(
    put: Put, visit_city: Visit
) -> None:
    put(
        provider_record(external_id="p", title={"es": "Molino"}),
        opportunity_record(title={"es": "Suyo"}, provider="p", series="fiesta"),
        opportunity_record(title={"es": "Ajeno"}),
    )
    assert visit_city("/en/search?provider=molino").rows() == ["Suyo"]
    assert visit_city("/en/search?series=fiesta").rows() == ["Suyo"]


def test_the_page_answers_while_the_index_is_broken(put: Put, visit_city: Visit, house) -> None:
    put(opportunity_record(title={"es": "Barro y torno"}), opportunity_record(title={"es": "Otra"}))
    for path in house.index.folder.rglob("*.columns"):
        path.write_bytes(b"broken")
    page = visit_city("/en/search?q=barro")
    assert page.rows() == ["Barro y torno"]
    assert "The search index is being repaired" in page.text()


def test_a_thousand_results_are_on_pages(put: Put, visit_city: Visit) -> None:
    put(
        *[
            opportunity_record(title={"es": f"Taller {n}"}, schedules=(schedule_record(),))
            for n in range(45)
        ]
    )
    first = visit_city("/en/search?q=taller")
    second = visit_city(first.links()["Next page"])
    last = visit_city(second.links()["Next page"])
    assert [len(p.rows()) for p in (first, second, last)] == [20, 20, 5]
    assert len({*first.rows(), *second.rows(), *last.rows()}) == 45
    assert "Next page" not in last.links()


@pytest.mark.parametrize(
    "q", ["(((((", "* ? [a TO z]", "\u202e\u0000", "AND NOT OR", '"', "-", "a" * 5000]
)
def test_no_question_breaks_the_page(visit_city: Visit, q: str) -> None:
    from urllib.parse import quote

    visit_city(f"/en/search?q={quote(q)}")


def test_what_was_called_off_altogether_is_not_found(put: Put, visit_city: Visit) -> None:
    off = schedule_record(cancelled=(schedule_record().start,))
    put(
        opportunity_record(title={"es": "Barro"}, schedules=(off,)),
        opportunity_record(title={"es": "Sin fecha"}, schedules=()),
    )
    assert visit_city("/en/search").rows() == ["Sin fecha"]
    assert "Cancelled" in visit_city("/en/opportunities/barro").text()


def test_with_few_results_what_is_close_follows(put: Put, visit_city: Visit) -> None:
    put(
        opportunity_record(title={"es": "Astronomy"}),
        opportunity_record(title={"es": "Astronomía"}),
    )
    page = visit_city("/en/search?q=astronomy")
    assert page.rows() == ["Astronomy", "Astronomía"]
    assert "1 way to learn “astronomy”" in page.text("h1")
    assert "Close to what you asked for" in page.text()


def test_with_nothing_on_that_day_the_nearest_day_is_offered(put: Put, visit_city: Visit) -> None:
    put(opportunity_record(title={"es": "Barro"}, schedules=(schedule_record(),)))
    page = visit_city("/en/search?q=barro&from=2030-01-01&to=2030-01-02")
    (label,) = [text for text in page.links() if text.startswith("On the nearest day")]
    assert visit_city(page.links()[label]).rows() == ["Barro"]


def test_a_listing_found_by_its_topic_says_so(put: Put, visit_city: Visit, db) -> None:
    db.add(Topic(key="ceramics", labels={"en": "Pottery"}))
    db.commit()
    put(opportunity_record(title={"es": "Barro"}, teaches=(TeachesRecord(topic="ceramics"),)))
    assert "Found by its topic or kind" in visit_city("/en/search?q=pottery").text()
    assert "Found by its topic or kind" not in visit_city("/en/search?q=barro").text()


def test_what_is_open_now_is_one_link_away(visit_city: Visit) -> None:
    page = visit_city("/en/search?type=space")
    assert "open_at=" in page.links()["Open or on now"]


def test_a_row_tells_the_way_on_foot_and_who_it_is_for(put: Put, visit_city: Visit) -> None:
    put(
        space_record(external_id="s", title={"es": "Ateneo"}, district="Ribera"),
        opportunity_record(space="s", residents_of=("Ribera", "La Dehesa")),
        opportunity_record(residents_of=("whole-city",), title={"es": "Barro"}),
    )
    page = visit_city("/en/search?near=Ateneo")
    assert "Near Ateneo" in page.text()
    assert "50 m, 1 minute on foot" in page.text()
    assert "For residents of Ribera or La Dehesa" in page.text()
    assert "For residents of the city" in visit_city("/en/search?q=barro").text()


def test_the_map_shows_what_the_list_and_the_interface_show(
    put: Put, visit_city: Visit, city: FlaskClient
) -> None:
    put(
        space_record(external_id="s", lat=41.01, lon=-4.51),
        opportunity_record(space="s"),
        opportunity_record(title={"es": "En ningún sitio"}),
        space_record(lat=41.02, lon=-4.52),
    )
    page = visit_city("/en/search?view=map")
    rows = [li for li in page.all("li") if li.get("class") == "row"]
    shown = [(li.get("data-lat"), li.get("data-lon")) for li in rows]
    told = [item["space"] or {} for item in city.get("/api/v1/search").get_json()["items"]]
    numbers = [(s.get("lat"), s.get("lon")) for s in told]
    assert shown == [
        (None if a is None else str(a), None if b is None else str(b)) for a, b in numbers
    ]
    assert len(shown) == 4


def test_a_page_after_the_last_leads_to_the_last(put: Put, visit_city: Visit) -> None:
    put(*(opportunity_record(title={"es": f"Taller {n}"}) for n in range(25)))
    page = visit_city("/en/search?q=taller&page=9")
    assert "The results end before this page." in page.text()
    last = page.links()["To the last page"]
    assert visit_city(last).rows()
    assert "page=2" in last
    assert "Previous page" not in page.links()
    assert "The results end" not in visit_city("/en/search?q=nothing&page=9").text()


def test_a_distance_without_a_place_is_said(visit_city: Visit) -> None:
    assert "needs a place" in visit_city("/en/search?near=&within=2").text()
