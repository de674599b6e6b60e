"""A case: opened, planned with, handed over, checked again, shared, told whole, erased."""

import re
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from icalendar import Calendar
from sqlmodel import SQLModel, select

from directory.database import reading, unit_of_work
from directory.models import Case, CaseRoute, Occurrence, Opportunity, UnmetCount
from directory.models.vocabulary import OccurrenceStatus
from directory.services import carrying
from directory.services.cases import erasing
from tests.web.cases.conftest import CASE


@pytest.mark.parametrize("lang", ["en", "es", "ar"])
def test_every_page_is_a_page_like_every_other(work, lang: str) -> None:
    number = work.keep()[0]
    work.post("/notes", note="hola")
    work.post("/shortlist", found="/es/opportunities/taller", reason="cerca")
    for rest in (
        "", "/profile", "/plan", "/compare", "/together", "/erase", "/export",
        f"/routes/{number}", f"/routes/{number}/sheet",
    ):  # fmt: skip
        work.visit(rest, lang=lang)
    for path in ("cases", "cases/new", "not-found"):
        work.person.visit(f"/{lang}/desk/{path}")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pseudonym": ""}, "Write a pseudonym"),
        ({"pseudonym": "ana@correo.example"}, "looks like an address"),
        ({"pseudonym": "Ana 612 345 678"}, "telephone or document number"),
        ({"pseudonym": "٦١٢٣٤٥٦٧٨"}, "telephone or document number"),
        ({"pseudonym": "x" * 41}, "at most 40"),
        ({"consent": ""}, "Without the learner"),
        ({"consent_day": "2026-11-24"}, "within the last 60 days"),
        ({"months": "999"}, "is no value"),
    ],
)
def test_without_pseudonym_or_consent_there_is_no_case(signed_in, changes, said: str) -> None:
    person = signed_in()
    answer = person.post("/en/desk/cases/new", **{**CASE, **changes})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert "zorzalera" in answer.get_data(as_text=True)
    assert "No case yet" in person.visit("/en/desk/cases").text()


def test_pseudonym_and_consent_are_enough(signed_in) -> None:
    person = signed_in()
    least = {name: CASE[name] for name in ("pseudonym", "language", "consent", "months")}
    case = person.post("/en/desk/cases/new", **least).location
    assert "Nov 23, 2027" in person.visit(case).text()
    assert "Say first what the learner wants" in person.visit(f"{case}/plan").text()


def test_three_routes_are_planned_kept_and_compared_in_both_languages(work) -> None:
    work.keep()
    compared = work.visit("/compare")
    assert sum(1 for _ in compared.all("th")) > 10
    together = work.visit("/together", lang="ar")
    assert "Qorvental" not in together.html
    assert "zorzalera" not in together.html
    names = {a.get("lang") for a in together.all("html")}
    assert names == {"ar"}


def test_the_shortlist_wants_a_reason(work, opportunity: str) -> None:
    refused = work.post("/shortlist", found=opportunity, reason=" ")
    assert refused.status_code == 422
    assert "Say in a few words why" in refused.get_data(as_text=True)
    assert work.post("/shortlist", found=f"/es/opportunities/{opportunity}", reason="cerca de casa")
    assert "cerca de casa" in work.visit().text()
    number = re.search(r"/shortlist/(\d+)/remove", work.visit().html)[1]  # type: ignore[index]
    work.post(f"/shortlist/{number}/remove")
    assert "cerca de casa" not in work.visit().text()


def _steps(house, number: int) -> list[int]:
    with reading(house.engine) as db:
        row = db.get_one(CaseRoute, number)
        return [leg.opportunity for leg in carrying.unpack(row.carried).legs]


def _legs(house, number: int) -> list[carrying.Leg]:
    """The steps of a kept route that have dates."""
    with reading(house.engine) as db:
        row = db.get_one(CaseRoute, number)
        return [leg for leg in carrying.unpack(row.carried).legs if leg.starts]


def _dated(work, house) -> tuple[int, carrying.Leg]:
    """A kept route with dates, which is chosen, and its first step that has some."""
    number = next(n for n in work.keep() if _legs(house, n))
    work.post(f"/routes/{number}", act="choose")
    return number, _legs(house, number)[0]


def _change_listings(house, leg: carrying.Leg) -> None:
    """Cancel a date, and change a price."""
    with unit_of_work(house.engine) as db:
        date = db.exec(
            select(Occurrence).where(
                Occurrence.opportunity_id == leg.opportunity, Occurrence.start == leg.starts[0]
            )
        ).one()
        date.status = OccurrenceStatus.CANCELLED
        row = db.get_one(Opportunity, leg.opportunity)
        row.price, row.currency = Decimal(77), "EUR"
        db.add_all([date, row])


def test_what_changed_is_said_on_opening_and_today_until_it_is_taken(work, house) -> None:
    number, leg = _dated(work, house)
    assert "Still valid" in work.visit(f"/routes/{number}").text()
    assert work.post("/check").location.endswith("?done=valid#routes")
    _change_listings(house, leg)
    assert "called off" in work.visit(f"/routes/{number}").text()
    today = work.person.visit("/en/desk/cases")
    assert "called off" in today.text()
    assert work.post("/check").location.endswith("?done=checked#routes")
    work.post(f"/routes/{number}", act="accept")
    page = work.visit(f"/routes/{number}").text()
    assert "price before" not in page
    assert "€77" in page


def _handed(work, number: int, **more: object) -> str:
    answer = work.post(f"/routes/{number}/hand-over", language="ar", days="90", **more)
    assert answer.status_code == 200
    found = re.search(r"http://localhost(/ar/plan/[\w-]+)", answer.get_data(as_text=True))
    assert found
    return found[1]


def test_a_link_shows_the_route_alone_until_it_is_taken_back(work, stranger, house) -> None:
    number = work.keep(1)[0]
    work.post(f"/routes/{number}/beside", version="1", own="secreto", learner="مرحبا")
    link = _handed(work, number)
    learner = stranger()
    page = learner.visit(link)
    assert "مرحبا" in page.text()
    for planted in ("Qorvental", "secreto", "zorzalera", "123"):
        assert planted not in page.text(), planted
    for rest in ("", "/sheet", ".ics"):
        answer = learner.client.get(link + rest)
        assert answer.status_code == 200
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert "Set-Cookie" not in answer.headers
    assert Calendar.from_ical(learner.client.get(f"{link}.ics").data)
    with house.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT digest FROM hand_over").scalar()
    assert link.rpartition("/")[2] not in str(kept)
    revoke = re.search(r"/links/(\d+)/revoke", work.visit().html)[1]  # type: ignore[index]
    work.post(f"/links/{revoke}/revoke")
    for rest in ("", "/sheet", ".ics"):
        assert learner.client.get(link + rest).status_code == 404
    assert "Qorvental" in learner.visit(_handed(work, number, addressed="yes")).text()


def test_a_link_ends_by_itself(work, stranger, house, monkeypatch) -> None:
    link = _handed(work, work.keep(1)[0])
    later = house.settings.clock() + timedelta(days=91)
    monkeypatch.setattr(type(house.settings), "clock", lambda _: later)
    assert stranger().client.get(link).status_code == 404


def test_of_two_who_write_the_second_sees_what_changed(work) -> None:
    changed = {**CASE, "goals": "otra meta", "budget": "50"}
    assert work.post("/profile", **changed, version="1").status_code == 303
    second = work.post("/profile", **{**CASE, "goals": "mi meta"}, version="1")
    assert second.status_code == 409
    text = second.get_data(as_text=True)
    assert "otra meta" in text
    assert "mi meta" in text
    assert "Nothing was overwritten" in text
    assert "otra meta" in work.visit().text()
    version = re.search(r'name="version" value="(\d+)"', text)[1]  # type: ignore[index]
    assert work.post("/profile", **{**CASE, "goals": "mi meta"}, version=version).status_code == 303
    assert "mi meta" in work.visit().text()


def test_of_two_who_write_beside_a_route_too(work) -> None:
    number = work.keep(1)[0]
    assert work.post(f"/routes/{number}/beside", version="1", own="uno").status_code == 303
    second = work.post(f"/routes/{number}/beside", version="1", own="dos")
    assert second.status_code == 409
    assert "uno" in second.get_data(as_text=True)
    assert "dos" in second.get_data(as_text=True)
    assert "dos" not in work.visit(f"/routes/{number}").text()


def test_everything_is_told_and_then_erased(work, house) -> None:
    number = work.keep()[0]
    work.post("/notes", note="prefiere las tardes")
    _handed(work, number)
    told = work.person.client.get(f"/en{work.case}/export.json")
    assert told.json["case"]["pseudonym"] == "Qorvental Azul"
    assert told.json["notes"][0]["text"] == "prefiere las tardes"
    assert {e["what"] for e in told.json["accesses"]} >= {"made", "planned", "handed-over"}
    assert "prefiere las tardes" in work.visit("/export", lang="ar").html
    assert work.post("/erase").status_code == 422
    assert work.post("/erase", sure="yes").location == "/en/desk/cases?done=erased"
    work.visit(status=404)
    with house.engine.connect() as connection:
        for table in SQLModel.metadata.tables.values():
            if "case_id" in table.c or table.name == "learner_case":
                assert connection.execute(table.select()).all() == [], table.name


def test_a_case_is_shown_no_more_when_its_time_is_over_and_then_gone(work, house) -> None:
    number = work.keep(1)[0]
    link = _handed(work, number)
    with unit_of_work(house.engine) as db:
        case = db.exec(select(Case)).one()
        case.expires = house.settings.clock()
        db.add(case)
    work.visit(status=404)
    assert work.person.client.get(link).status_code == 404
    with unit_of_work(house.engine) as db:
        assert erasing.expire(db, now=house.settings.clock()) == 1
        assert erasing.expire(db, now=house.settings.clock()) == 0


def test_what_few_could_not_find_is_not_told(work, house, signed_in) -> None:
    number = work.keep(1)[0]
    step = _steps(house, number)[0]
    told = {"step": step, "what": "dropped", "why": "hijos"}
    assert work.post(f"/routes/{number}/outcome", **told).status_code == 422
    assert work.post(f"/routes/{number}/outcome", **told, limit="free").status_code == 303
    assert "Dropped" in work.visit(f"/routes/{number}").text()
    assert "too few cases" in work.person.visit("/en/desk/not-found").text()
    work.post("/erase", sure="yes")
    with unit_of_work(house.engine) as db:
        rows = db.exec(select(UnmetCount)).all()
        assert rows
        assert {row.cases for row in rows} == {1}
        rows[0].cases = 5
        db.add(rows[0])
    page = signed_in("editor").visit("/en/desk/not-found")
    assert "The times" in page.text()


def test_the_caseload_says_what_needs_attention(work, house, monkeypatch) -> None:
    _, leg = _dated(work, house)
    start = house.settings.clock()

    def today(**later: int) -> str:
        monkeypatch.setattr(type(house.settings), "clock", lambda _: start + timedelta(**later))
        work.person.sign_in(work.person.account)
        return work.person.visit("/en/desk/cases").text()

    starts = leg.starts
    first: datetime = starts[0]
    assert "begins on" in today(seconds=int((first - start).total_seconds()) - 3600)
    assert "No contact since" in today(days=31)
    assert "what came of it?" in today(seconds=int((starts[-1] - start).total_seconds()) + 90000)
    assert "Consent ends on" in today(days=340)


def test_a_colleague_reads_or_writes_what_is_shared_and_no_more(work, signed_in) -> None:
    colleague = signed_in()
    email = colleague.account.email
    assert work.post("/shares", email="nadie@villaclara.example").status_code == 422
    assert work.post("/shares", email=email).status_code == 303
    assert "Qorvental" in colleague.visit(f"/en{work.case}").html
    assert "Shared with you" in colleague.visit("/en/desk/cases").text()
    assert colleague.post(f"/en{work.case}/notes", note="x").status_code == 404
    work.post("/shares", email=email, write="yes")
    assert colleague.post(f"/en{work.case}/notes", note="de colega").status_code == 303
    assert "de colega" in work.visit().text()
    assert colleague.post(f"/en{work.case}/erase", sure="yes").status_code == 404
    assert colleague.post(f"/en{work.case}/shares", email=email).status_code == 404
    assert "Looked into" in work.visit().html
    work.post(f"/shares/{colleague.account.id}/remove")
    colleague.visit(f"/en{work.case}", status=404)


def test_for_anybody_else_no_address_of_a_case_exists(work, signed_in, stranger) -> None:
    number = work.keep(1)[0]
    _handed(work, number)
    app = work.person.client.application
    rules = [r for r in app.url_map.iter_rules() if r.endpoint.startswith("cases.")]
    own = [r for r in rules if "name" in r.arguments]
    assert len(own) > 20
    others = [signed_in(), signed_in("editor"), signed_in("administrator")]
    adapter = app.url_map.bind("localhost")
    for rule in own:
        values = {"lang": "en", "name": work.case.rpartition("/")[2], "number": number}
        path = adapter.build(rule.endpoint, {k: values[k] for k in rule.arguments})
        for other in others:
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                answer = other.client.get(path) if method == "GET" else other.post(path, sure="yes")
                assert answer.status_code == 404, (method, path, other.account.role)
                assert "Qorvental" not in answer.get_data(as_text=True)
        alone = stranger().client
        assert alone.get(path).status_code in {303, 405, 404}
    assert "Qorvental" in work.visit().html


def test_only_counsellors_have_cases(signed_in) -> None:
    for role in ("editor", "administrator"):
        person = signed_in(role)
        for path in ("cases", "cases/new"):
            person.visit(f"/en/desk/{path}", status=404)
        assert person.post("/en/desk/cases/new", **CASE).status_code == 404


def test_nothing_the_learner_told_lies_open_anywhere(work, house, caplog, capfd) -> None:
    planted = [
        "Qorvental",
        "zorzalera",
        "xilofaria",
        "planted-note",
        "planted-why",
        "planted-own",
    ]
    number = work.keep(2)[0]
    visited: list[str] = []
    work.post("/notes", note="planted-note")
    work.post(f"/routes/{number}/beside", version="1", own="planted-own", learner="planted-learner")
    step = _steps(house, number)[0]
    work.post(
        f"/routes/{number}/outcome", step=step, what="dropped", limit="free", why="planted-why"
    )
    _handed(work, number, addressed="yes")
    for rest in ("", "/profile", "/plan", "/compare", "/together", "/export", f"/routes/{number}"):
        page = work.visit(rest)
        visited += [*page.links().values(), *(f.get("action") or "" for f in page.all("form"))]
    addresses = " ".join(visited)
    folder = house.settings.data_dir
    files = [p for p in folder.rglob("*") if p.is_file()]
    assert any(p.name.startswith("vereda.sqlite3") for p in files)
    logged = caplog.text + "".join(capfd.readouterr())
    for word in planted:
        assert word not in addresses
        assert word not in logged
        for path in files:
            assert word.encode() not in path.read_bytes(), (word, path)
    with house.engine.connect() as connection:
        for table in SQLModel.metadata.tables.values():
            if "case_id" in table.c or table.name == "learner_case":
                text = str(connection.execute(table.select()).all())
                assert not any(word in text for word in planted), table.name
