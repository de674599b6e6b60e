"""A listing is written, handed in, sent back, published and taken away, by those who may."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from directory.errors import Conflict, Invalid, NotFound
from directory.models import Account, AuditEvent, Draft, Membership, Opportunity, Outbox, Provider
from directory.models.freshness import Speaker
from directory.models.records import OpportunityRecord
from directory.models.vocabulary import DraftState, ListingState, MemberRole, Role
from directory.services import accounts, audit, catalogue, drafting, recording
from directory.services.drafting import publishing
from tests.factories import opportunity_record, provider_record, space_record

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def _account(db: Session, name: str, role: Role) -> Account:
    made = accounts.make(
        db, None, email=f"{name}@desk.example", name=name, role=role, language="es", now=NOW
    )
    db.flush()
    return made


def _provider(db: Session, *members: Account) -> Provider:
    among = catalogue.known(db, source="tests")
    row, _ = catalogue.apply(db, provider_record(), among=among, now=NOW)
    assert isinstance(row, Provider)
    db.flush()
    for account in members:
        db.add(
            Membership(
                account_id=account.id or 0,
                provider_id=row.id or 0,
                role=MemberRole.WRITER,
                since=NOW,
            )
        )
    db.flush()
    return row


def _filled(db: Session, by: Account, provider: Provider, **changes: object) -> Draft:
    draft = drafting.begin(
        db, by, listing="opportunity", provider_id=provider.id, content={"title": "a"}, now=NOW
    )
    record = opportunity_record(provider=f"#{provider.id}", **changes)
    drafting.save(db, by, draft=draft, content={"title": "b"}, record=record, revision=1, now=NOW)
    return draft


def test_from_the_first_word_to_the_readers(db: Session) -> None:
    writer, editor = _account(db, "writer", Role.PROVIDER), _account(db, "ed", Role.EDITOR)
    provider = _provider(db, writer)
    draft = _filled(db, writer, provider)
    drafting.submit(db, writer, draft=draft, revision=2, now=NOW)
    drafting.send_back(db, editor, draft=draft, revision=3, reason="Which room?", now=NOW)
    assert (draft.state, draft.reason) == (DraftState.RETURNED, "Which room?")
    drafting.submit(db, writer, draft=draft, revision=4, now=NOW)
    row = drafting.publish(db, editor, draft=draft, revision=5, now=LATER)
    assert draft.state == DraftState.PUBLISHED
    assert draft.listing_id == row.id
    assert row.state == ListingState.PUBLISHED
    assert row.provider_id == provider.id
    assert row.source == publishing.SOURCE
    assert {said["who"] for said in row.said} == {Speaker.PROVIDER.value}
    noted = [event.what for event in db.exec(select(AuditEvent)).all()]
    assert noted == ["draft-submitted", "draft-sent-back", "draft-submitted", "draft-published"]
    assert audit.check(db).is_whole
    told = db.exec(select(Outbox).where(col(Outbox.listing) == "opportunity")).all()
    assert row.id in {each.listing_id for each in told}


def test_a_second_draft_changes_the_same_listing(db: Session) -> None:
    writer, editor = _account(db, "writer", Role.PROVIDER), _account(db, "ed", Role.EDITOR)
    provider = _provider(db, writer)
    row = drafting.publish(db, editor, draft=_filled(db, writer, provider), revision=2, now=NOW)
    draft = drafting.begin(
        db, writer, listing="opportunity", listing_id=row.id, content={}, now=NOW
    )
    again = drafting.begin(
        db, editor, listing="opportunity", listing_id=row.id, content={}, now=NOW
    )
    assert again.id == draft.id
    record = publishing.as_it_is(row).model_copy(update={"age_min": 60})
    drafting.save(db, writer, draft=draft, content={}, record=record, revision=1, now=NOW)
    after = drafting.publish(db, editor, draft=draft, revision=2, now=LATER)
    assert isinstance(after, Opportunity)
    assert (after.id, after.age_min) == (row.id, 60)


def test_who_saves_what_was_saved_meanwhile_overwrites_nothing(db: Session) -> None:
    writer, editor = _account(db, "writer", Role.PROVIDER), _account(db, "ed", Role.EDITOR)
    draft = _filled(db, writer, _provider(db, writer))
    with pytest.raises(Conflict):
        drafting.save(
            db, editor, draft=draft, content={"title": "c"}, record=None, revision=1, now=LATER
        )
    db.refresh(draft)
    assert draft.content == {"title": "b"}


def test_a_listing_changed_meanwhile_is_not_overwritten_in_silence(db: Session) -> None:
    editor = _account(db, "ed", Role.EDITOR)
    provider = _provider(db)
    row = drafting.publish(db, editor, draft=_filled(db, editor, provider), revision=2, now=NOW)
    draft = drafting.begin(
        db, editor, listing="opportunity", listing_id=row.id, content={}, now=NOW
    )
    mine = publishing.as_it_is(row).model_copy(update={"age_min": 60})
    drafting.save(db, editor, draft=draft, content={}, record=mine, revision=1, now=NOW)
    theirs = publishing.as_it_is(row).model_copy(update={"age_max": 90})
    publishing.write(db, theirs, by=publishing.speaker(db, draft), now=LATER)
    with pytest.raises(Conflict):
        drafting.publish(db, editor, draft=draft, revision=2, now=LATER)
    over = drafting.publish(db, editor, draft=draft, revision=2, now=LATER, over=True)
    assert isinstance(over, Opportunity)
    assert (over.age_min, over.age_max) == (60, None)


def test_nobody_else_may(db: Session) -> None:
    writer, stranger = _account(db, "a", Role.PROVIDER), _account(db, "b", Role.PROVIDER)
    draft = _filled(db, writer, _provider(db, writer))
    with pytest.raises(NotFound):
        drafting.read(db, stranger, draft.id or 0)
    with pytest.raises(NotFound):
        drafting.begin(
            db,
            stranger,
            listing="opportunity",
            provider_id=draft.provider_id,
            content={},
            now=NOW,
        )
    with pytest.raises(Invalid):
        drafting.publish(db, writer, draft=draft, revision=2, now=NOW)


def test_what_is_withdrawn_is_gone_from_the_index_and_comes_back(db: Session) -> None:
    editor = _account(db, "ed", Role.EDITOR)
    provider = _provider(db)
    row = drafting.publish(db, editor, draft=_filled(db, editor, provider), revision=2, now=NOW)
    drafting.withdraw(db, editor, listing="opportunity", number=row.id or 0, now=LATER)
    assert row.state == ListingState.WITHDRAWN
    draft = drafting.begin(
        db, editor, listing="opportunity", listing_id=row.id, content={}, now=LATER
    )
    record = publishing.as_it_is(row)
    drafting.save(db, editor, draft=draft, content={}, record=record, revision=1, now=LATER)
    back = drafting.publish(db, editor, draft=draft, revision=2, now=LATER)
    assert (back.id, back.state) == (row.id, ListingState.PUBLISHED)


def test_a_listing_may_be_at_a_space_of_another_source(db: Session) -> None:
    editor = _account(db, "ed", Role.EDITOR)
    among = catalogue.known(db, source="elsewhere")
    space, _ = catalogue.apply(db, space_record(source="elsewhere"), among=among, now=NOW)
    db.flush()
    draft = _filled(db, editor, _provider(db), space=f"#{space.id}")
    row = drafting.publish(db, editor, draft=draft, revision=2, now=NOW)
    assert isinstance(row, Opportunity)
    assert row.space_id == space.id
    record = recording.whole(row)
    assert isinstance(record, OpportunityRecord)
    assert record.space == f"#{space.id}"


def test_a_file_from_elsewhere_may_not_name_listings_by_number(db: Session) -> None:
    provider = _provider(db)
    among = catalogue.known(db, source="elsewhere")
    record = opportunity_record(source="elsewhere", provider=f"#{provider.id}")
    row, _ = catalogue.apply(db, record, among=among, now=NOW)
    assert isinstance(row, Opportunity)
    assert row.provider_id is None
