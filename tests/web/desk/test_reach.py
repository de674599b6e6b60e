"""Who comes to a listing: views by week, and searches of five people or more."""

from collections.abc import Callable
from datetime import date, timedelta

from directory.database import unit_of_work
from directory.edge.house import House
from directory.models import Sought, SoughtReach, Views
from directory.services.seeking.reach import reach, reached
from tests.factories import Put, opportunity_record
from tests.pages import Person

MONDAY = date(2026, 11, 23)


def test_views_by_week_and_searches(
    house: House, put: Put, signed_in: Callable[..., Person]
) -> None:
    (listing,) = put(opportunity_record(title={"es": "Telar"}))
    key = {"listing": "opportunity", "listing_id": listing.id}  # type: ignore[attr-defined]
    with unit_of_work(house.engine) as db:
        sought = Sought(words="tejer", language="es")
        db.add(sought)
        db.flush()
        for weeks, views in ((0, 3), (2, 40), (12, 99)):
            db.add(Views(week=MONDAY - timedelta(weeks=weeks), views=views, **key))
        for days, people in ((0, 5), (9, 7), (100, 50)):
            db.add(SoughtReach(sought_id=sought.id, day=MONDAY - timedelta(days=days), part="t", people=people, **key))  # fmt: skip
    with unit_of_work(house.engine) as db:
        told = reach(db, listing, today=MONDAY)  # type: ignore[arg-type]
        assert [week.views for week in told.weeks] == [0] * 9 + [40, 0, 3]
        assert [(s.sought.words, s.people) for s in told.searches] == [("tejer", 12)]
        assert reached(db, told.searches[0].sought, today=MONDAY) == {listing.id: 12}  # type: ignore[attr-defined]
        group = told.searches[0].sought.id
    editor = signed_in("editor")
    text = editor.visit("/en/desk/reach/opportunities/telar").text()
    assert "43 views in twelve weeks" in text
    assert "tejer" in text
    assert "Telar" in editor.visit(f"/en/desk/searches/{group}").text()
    assert signed_in("counsellor").client.get("/en/desk/reach/opportunities/telar").status_code == 404  # fmt: skip
