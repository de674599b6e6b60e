"""Two listings become one with what is best of both, and two again, exactly as they were."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from directory.database import unit_of_work
from directory.edge.house import House
from directory.errors import Conflict, Gone, Invalid
from directory.models import Account, AuditEvent, Duplicate, Opportunity, Outbox, Space
from directory.models.freshness import Speaker
from directory.models.vocabulary import ListingState, Role, TextState, Verdict
from directory.services import accounts, audit, catalogue, duplicates, listings, recording
from directory.services.catalogue import Outcome
from directory.services.duplicates import FIELDS, FIRST, SECOND
from tests.factories import opportunity_record, schedule_record, space_record

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MUCH_LATER = NOW + timedelta(days=2)


@pytest.fixture
def editor(db: Session) -> Account:
    made = accounts.make(
        db, None, email="e@desk.example", name="Ed", role=Role.EDITOR, language="es", now=NOW
    )
    db.flush()
    return made


def brought(db: Session, *records, source: str = "tests", now: datetime = NOW):
    among = catalogue.known(db, source=source)
    return [catalogue.apply(db, each, among=among, now=now)[0] for each in records]


def paired(db: Session, one, other) -> Duplicate:
    listing = type(one).__name__.lower()
    first, second = sorted((one.id, other.id))
    row = Duplicate(listing=listing, first_id=first, second_id=second, score=0.9, found=NOW)
    db.add(row)
    db.flush()
    return row


def merged(db: Session, by: Account, row: Duplicate, keep: str = FIRST, **choices: str):
    seen = duplicates.digest(duplicates.pair(db, row.id))
    return duplicates.merge(db, by, number=row.id, keep=keep, choices=choices, seen=seen, now=LATER)


def two(db: Session):
    return brought(
        db,
        opportunity_record(title={"es": "Taller", "en": "Workshop"}, price=3, currency="EUR"),
        opportunity_record(
            title={"es": "Taller de barro"},
            description={"es": "Con torno y horno."},
            schedules=(schedule_record(start=datetime(2026, 12, 3, 17)),),
        ),
    )


def test_each_field_is_of_the_side_that_was_chosen(db, editor) -> None:
    kept, gone = two(db)
    row = paired(db, kept, gone)
    merged(db, editor, row, description=SECOND, dates=SECOND, title=SECOND)
    assert {(t.field, t.language, t.value) for t in kept.texts} == {
        ("title", "es", "Taller de barro"),
        ("title", "en", "Workshop"),
        ("description", "es", "Con torno y horno."),
    }
    assert next(t.state for t in kept.texts if t.language == "en") is TextState.STALE
    assert (kept.price, kept.state) == (3, ListingState.PUBLISHED)
    assert [o.start for o in kept.occurrences] == [datetime(2026, 12, 3, 16, tzinfo=UTC)]
    assert kept.said[-1]["who"] == Speaker.EDITOR.value
    assert set(kept.said[-1]["facts"]) == {"title", "description", "dates"}
    assert (row.verdict, row.judged, row.judged_by_id) == (Verdict.SAME, LATER, editor.id)
    told = db.exec(select(Outbox.listing_id).where(Outbox.written == LATER)).all()
    assert {kept.id, gone.id} <= set(told)
    assert (gone.state, gone.replaced_by) == (ListingState.WITHDRAWN, kept.slug)


def test_every_old_address_leads_on_also_after_two_merges(db, editor) -> None:
    a, b, c = brought(db, *(space_record() for _ in range(3)))
    merged(db, editor, paired(db, a, b), keep=SECOND)
    merged(db, editor, paired(db, b, c), keep=SECOND)
    for old in (a, b):
        with pytest.raises(Gone) as gone:
            listings.space(db, old.slug)
        assert listings.successor(db, "space", gone.value.replaced_by) is c


def test_what_is_at_a_merged_space_moves_with_it_now_and_later(db, editor) -> None:
    kept, gone = brought(db, space_record(), space_record())
    there = opportunity_record(space=gone.external_id)
    (moved,) = brought(db, there)
    merged(db, editor, paired(db, kept, gone))
    assert moved.space_id == kept.id
    changed = there.model_copy(update={"capacity": 12})
    rows = brought(db, changed, opportunity_record(space=gone.external_id), now=MUCH_LATER)
    assert [row.space_id for row in rows] == [kept.id, kept.id]


def test_a_source_cannot_bring_a_merged_copy_back_but_the_editor_is_told(db, editor) -> None:
    record = opportunity_record()
    kept, gone = brought(db, opportunity_record(), record)
    row = paired(db, kept, gone)
    merged(db, editor, row)
    among = catalogue.known(db, source="tests")
    again = catalogue.apply(db, record, among=among, now=MUCH_LATER)
    assert again == (gone, Outcome.UNCHANGED)
    assert row.noted is None
    changed = record.model_copy(update={"title": {"es": "Otra cosa"}})
    catalogue.apply(db, changed, among=among, now=MUCH_LATER)
    assert (gone.state, gone.replaced_by) == (ListingState.WITHDRAWN, kept.slug)
    assert row.noted == MUCH_LATER
    assert duplicates.changed_since(duplicates.pair(db, row.id)) == [SECOND]


def test_what_editors_do_with_a_pair_is_written_down(db, editor) -> None:
    row = paired(db, *brought(db, opportunity_record(), opportunity_record()))
    merged(db, editor, row)
    duplicates.undo(db, editor, number=row.id, now=MUCH_LATER)
    duplicates.part(db, editor, number=row.id, now=MUCH_LATER)
    duplicates.reopen(db, editor, number=row.id, now=MUCH_LATER)
    events = db.exec(select(AuditEvent)).all()
    assert [each.what for each in events] == [
        "pair-merged", "pair-unmerged", "pair-parted", "pair-reopened",
    ]  # fmt: skip
    assert {each.account_id for each in events} == {editor.id}
    assert audit.check(db).is_whole


def test_undoing_says_which_changed_and_changes_nothing(db, editor) -> None:
    record = space_record()
    kept, gone = brought(db, record, space_record())
    row = paired(db, kept, gone)
    merged(db, editor, row)
    brought(db, record.model_copy(update={"phone": "900 000 000"}), now=MUCH_LATER)
    with pytest.raises(Invalid) as refused:
        duplicates.undo(db, editor, number=row.id, now=MUCH_LATER)
    assert [each.code for each in refused.value.problems] == ["pair-changed-first"]
    assert (row.verdict, gone.state) == (Verdict.SAME, ListingState.WITHDRAWN)


def test_a_chain_is_undone_from_its_end(db, editor) -> None:
    a, b, c = brought(db, *(space_record() for _ in range(3)))
    early, late = paired(db, a, b), paired(db, b, c)
    merged(db, editor, early, keep=SECOND)
    merged(db, editor, late, keep=SECOND)
    with pytest.raises(Invalid):
        duplicates.undo(db, editor, number=early.id, now=MUCH_LATER)
    for row in (late, early):
        duplicates.undo(db, editor, number=row.id, now=MUCH_LATER)
    assert {each.state for each in (a, b, c)} == {ListingState.PUBLISHED}


def test_nothing_is_merged_unseen_twice_or_after_one_is_withdrawn(db, editor) -> None:
    kept, gone = two(db)
    row = paired(db, kept, gone)
    with pytest.raises(Conflict):
        duplicates.merge(db, editor, number=row.id, keep=FIRST, choices={}, seen="older", now=LATER)
    with pytest.raises(Invalid):
        merged(db, editor, row, colour=FIRST)
    gone.state = ListingState.WITHDRAWN
    with pytest.raises(Invalid):
        merged(db, editor, row)
    gone.state = ListingState.PUBLISHED
    merged(db, editor, row)
    with pytest.raises(Invalid):
        merged(db, editor, row)


def test_the_fuller_side_is_suggested_then_the_newer(db) -> None:
    first, second = two(db)
    chosen = duplicates.suggested(duplicates.pair(db, paired(db, first, second).id))
    assert chosen["description"] == SECOND
    assert chosen["price"] == FIRST
    second.modified = LATER
    chosen = duplicates.suggested(duplicates.pair(db, 1))
    assert chosen["kind"] == SECOND


WORDS = st.text("abcñé ", min_size=1, max_size=12).map(lambda text: f"x{text.strip()}")
TITLES = st.fixed_dictionaries({"es": WORDS}, optional={"en": WORDS, "ar": WORDS})
TEXTS = st.dictionaries(st.sampled_from(["es", "en"]), WORDS, max_size=2)
OPPORTUNITIES = st.fixed_dictionaries(
    {
        "title": TITLES,
        "description": TEXTS,
        "translation_state": st.sampled_from([TextState.HUMAN, TextState.MACHINE]),
        "price": st.none() | st.integers(0, 50),
        "languages": st.none() | st.just(()) | st.just(("es", "en")),
        "access": st.dictionaries(st.sampled_from(["step-free", "captions"]), st.booleans()),
        "schedules": st.lists(
            st.builds(schedule_record, start=st.datetimes(datetime(2026, 12, 1), datetime(2027, 1, 1)).map(lambda d: d.replace(microsecond=0))),
            max_size=2,
        ).map(tuple),
    }
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    one=OPPORTUNITIES,
    other=OPPORTUNITIES,
    keep=st.sampled_from([FIRST, SECOND]),
    choices=st.dictionaries(
        st.sampled_from(sorted(FIELDS["opportunity"])), st.sampled_from([FIRST, SECOND])
    ),
)
def test_undoing_restores_both_exactly(house: House, one, other, keep, choices) -> None:
    def picture(row: Opportunity):
        texts = sorted((t.field, t.language, t.value, t.state) for t in row.texts)
        dates = sorted(o.start for o in row.occurrences)
        return (
            recording.whole(row), texts, dates, row.said, row.state, row.replaced_by,
            row.confirmed, row.confirmed_by, row.fingerprint, row.slug,
        )  # fmt: skip

    with unit_of_work(house.engine) as db:
        by = accounts.make(
            db, None, email=f"e{len(db.exec(select(Account)).all())}@desk.example", name="Ed",
            role=Role.EDITOR, language="es", now=NOW,
        )  # fmt: skip
        rows = brought(db, opportunity_record(**one), opportunity_record(**other))
        row = paired(db, *rows)
        number, ids = row.id, [each.id for each in rows]
        db.expire_all()
        before = [picture(db.get_one(Opportunity, each)) for each in ids]
        merged(db, by, row, keep=keep, **choices)
        db.flush()
        db.expire_all()
        gone = db.get_one(Opportunity, ids[1] if keep == FIRST else ids[0])
        assert gone.state is ListingState.WITHDRAWN
        duplicates.undo(db, by, number=number, now=MUCH_LATER)
        db.flush()
        db.expire_all()
        assert [picture(db.get_one(Opportunity, each)) for each in ids] == before
        assert db.get_one(Duplicate, number).verdict is Verdict.OPEN


def test_a_space_is_restored_with_what_was_at_it(db, editor) -> None:
    kept, gone = brought(
        db,
        space_record(phone="900 100 100"),
        space_record(access={"step-free": True}, hours=({"days": ["MO"], "opens": "09:00", "closes": "14:00"},)),
    )  # fmt: skip
    (at_gone,) = brought(db, opportunity_record(space=gone.external_id))
    before = [recording.whole(row) for row in (kept, gone, at_gone)]
    row = paired(db, kept, gone)
    merged(db, editor, row, hours=SECOND, access=SECOND)
    assert kept.hours[0]["days"] == ["MO"]
    assert (kept.access, at_gone.space_id) == ({"step-free": True}, kept.id)
    duplicates.undo(db, editor, number=row.id, now=MUCH_LATER)
    db.expire_all()
    assert [recording.whole(row) for row in (kept, gone, at_gone)] == before
    published = select(Space).where(col(Space.state) == ListingState.PUBLISHED)
    assert len(db.exec(published).all()) == 2
