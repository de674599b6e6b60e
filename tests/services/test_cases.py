"""Cases on both databases: sealed, two who write at once, sharing, links, counts that remain."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from directory.database import unit_of_work
from directory.edge.house import House
from directory.errors import Conflict, Invalid, Misconfigured, NotFound
from directory.models import Account, Case, CaseEvent, Unmet
from directory.models.vocabulary import CaseEventKind, ConsentHow
from directory.services import carrying
from directory.services.carrying import Carried, Leg
from directory.services.cases import erasing, handing_over, opening, outcomes, planning
from directory.services.cases.contents import Contents
from directory.services.cases.handing_over import Terms
from directory.services.cases.opening import Agreed


@pytest.fixture(autouse=True)
def _quick(quick_hashes: None) -> None:
    """People sign in nowhere here."""


@pytest.fixture
def teo(make_account) -> Account:
    """A counsellor."""
    return make_account()


def opened(db: Session, by: Account, house: House, **changes: object) -> Case:
    contents = Contents(**{"pseudonym": "Qorvental", "goals": "zorzal", **changes})
    consent = Agreed(date(2026, 11, 20), ConsentHow.SPOKEN)
    return opening.make(
        db, by, contents=contents, language="ar", consent=consent, settings=house.settings
    )


def kept(db: Session, by: Account, house: House, case: Case, number: int = 1):
    now = house.settings.clock()
    carried = carrying.pack(Carried(now.date(), (Leg(number, None, None, ()),)))
    return planning.keep(db, by, case, label="soonest", carried=carried, now=now)


def test_what_was_told_lies_sealed_and_ends_in_a_year(db: Session, house: House, teo) -> None:
    case = opened(db, teo, house)
    assert "Qorvental" not in case.sealed
    assert opening.read(case, key=house.settings.signing_key()).goals == "zorzal"
    with pytest.raises(Misconfigured):
        opening.read(case, key="another key")
    assert case.expires.date() == date(2027, 11, 20)


def test_of_two_changes_of_one_version_the_second_is_refused(
    db: Session, house: House, teo
) -> None:
    case = opened(db, teo, house)
    for goals, refused in (("uno", False), ("dos", True)):
        contents, settings = Contents("Qorvental", goals), house.settings
        try:
            opening.change(
                db, teo, case, contents=contents, language="es", version=1, settings=settings
            )
        except Conflict:
            assert refused
        else:
            assert not refused
    assert opening.read(case, key=house.settings.signing_key()).goals == "uno"


def test_who_sees_a_case(db: Session, house: House, teo, make_account) -> None:
    salma, nora, editor = make_account(), make_account(), make_account(role="editor")
    case, now = opened(db, teo, house), house.settings.clock()
    opening.share(db, teo, case, email=salma.email, may_write=False, now=now)
    assert not opening.seen(db, salma, case.name, now=now).may_write
    for who, write in ((salma, True), (nora, False)):
        with pytest.raises(NotFound):
            opening.seen(db, who, case.name, now=now, write=write)
    with pytest.raises(NotFound):
        opening.seen(db, teo, case.name, now=case.expires)
    assert opening.caseload(db, salma, now=now) == [case]
    assert opening.caseload(db, nora, now=now) == []
    for email in (teo.email, editor.email, "nadie@villaclara.example"):
        with pytest.raises(Invalid):
            opening.share(db, teo, case, email=email, may_write=True, now=now)


def test_pages_within_ten_minutes_are_one_opening(db: Session, house: House, teo) -> None:
    case, now = opened(db, teo, house), house.settings.clock()
    for minutes in (11, 12, 20, 40):
        opening.note_opened(db, teo, case, now=now + timedelta(minutes=minutes))
    looked = select(CaseEvent).where(CaseEvent.what == CaseEventKind.OPENED)
    assert len(db.exec(looked).all()) == 2


def test_a_link_opens_its_route_while_it_is_good(db: Session, house: House, teo) -> None:
    case, now = opened(db, teo, house), house.settings.clock()
    row = kept(db, teo, house, case)
    token = handing_over.hand_over(
        db, teo, case, row, terms=Terms("ar", 30), settings=house.settings
    )
    assert handing_over.behind(db, token, now=now)[1].id == row.id
    with pytest.raises(NotFound):
        handing_over.behind(db, token, now=now + timedelta(days=30))
    with pytest.raises(NotFound):
        handing_over.behind(db, f"{token}x", now=now)
    long = handing_over.hand_over(
        db, teo, case, row, terms=Terms("ar", 365), settings=house.settings
    )
    assert handing_over.behind(db, long, now=now)[0].expires <= case.expires
    for link in handing_over.handed_over(db, case):
        handing_over.revoke(db, teo, case, link.id or 0, now=now)
    with pytest.raises(NotFound):
        handing_over.behind(db, token, now=now)


def test_the_report_tells_of_five_cases_living_or_erased_and_not_of_four(house: House, teo) -> None:
    with unit_of_work(house.engine) as db:
        cases = [opened(db, teo, house) for _ in range(5)]
        for case in cases[:4]:
            planning.not_found(db, case, ["spanish", "spanish"], "free")
            planning.not_found(db, case, ["spanish"], "free")
        assert outcomes.not_found(db) == ([], 1)
        erasing.erase(db, cases[0])
        planning.not_found(db, cases[4], ["spanish"], "free")
    with unit_of_work(house.engine) as db:
        ((group,), few) = outcomes.not_found(db)
        assert (group.topic, group.limit, group.cases, few) == ("spanish", "free", 5, 0)
        assert len(db.exec(select(Unmet)).all()) == 4


def test_a_case_has_room_for_so_many_routes(db: Session, house: House, teo) -> None:
    case = opened(db, teo, house)
    for number in range(planning.MOST_ROUTES):
        kept(db, teo, house, case, number)
    assert kept(db, teo, house, case, 0).id
    with pytest.raises(Invalid):
        kept(db, teo, house, case, 99)
