"""Ideas: bounded, screened, looked at before they are read, joined, answered, and let go."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from directory.database import unit_of_work
from directory.edge.house import House
from directory.errors import Invalid, NotFound
from directory.models import Account, AuditEvent, Idea, IdeaAnswer, IdeaFollower, Mail
from directory.models.ideas import IdeaState
from directory.services import topics
from directory.services.ideas import deciding, following, kept, taking
from tests.conftest import settings_in
from tests.factories import Put, opportunity_record

GOOD = {"kind": "learn", "words": "Soplar vidrio", "topic": "", "district": "", "language": "es"}


@pytest.fixture
def editor(quick_hashes: None, make_account: Callable[..., Account]) -> Account:
    return make_account(role="editor")


@pytest.fixture
def idea(house: House, editor: Account) -> int:
    """A public idea."""
    with unit_of_work(house.engine) as db:
        row = taking.take(db, **GOOD, now=house.settings.clock())
        deciding.publish(db, editor, row, words=row.words, topic="", district="", settings=house.settings)  # fmt: skip
        return row.id or 0


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"kind": "buy"}, "idea-kind"),
        ({"words": " <b></b> "}, "idea-words"),
        ({"words": "x" * 281}, "text-too-long"),
        ({"words": "write to ana@example.org"}, "idea-contact"),
        ({"words": "ask @ana_teaches"}, "idea-contact"),
        ({"words": "call 600 123 456"}, "idea-contact"),
        ({"words": "هاتفي ٠٦٠٠١٢٣٤٥"}, "idea-contact"),
        ({"words": "see https://example.org"}, "idea-contact"),
        ({"words": "see www.example.org"}, "idea-contact"),
        ({"topic": "nothing"}, "unknown-topic"),
        ({"district": "nowhere"}, "unknown-district"),
        ({"language": "xx"}, "unknown-value"),
    ],
)
def test_what_will_not_do_is_refused(db: Session, house: House, typed: dict[str, str], code: str) -> None:  # fmt: skip
    with pytest.raises(Invalid) as refused:
        taking.take(db, **{**GOOD, **typed}, now=house.settings.clock())
    assert [p.code for p in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("typed", "is_kept"),
    [
        ("<script>alert(1)</script>Soplar <b>vidrio</b>", "Soplar vidrio"),
        ("a < b & c > d", "a < b & c > d"),
        ("una\n\n tarde\u202e", "una tarde"),
        ("In 2027 or 2028, 20 people", "In 2027 or 2028, 20 people"),
    ],
)
def test_words_are_kept_without_markup(typed: str, is_kept: str) -> None:
    assert taking.plain(typed) == is_kept
    assert taking.check_words(typed) == []


def test_the_same_twice_is_one_and_a_flood_ends(db: Session, house: House, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    now = house.settings.clock()
    assert taking.take(db, **GOOD, now=now).id == taking.take(db, **GOOD, now=now).id
    monkeypatch.setattr(taking, "MOST_WAITING", 1)
    with pytest.raises(Invalid):
        taking.take(db, **{**GOOD, "words": "Otra cosa"}, now=now)


def test_nobody_reads_it_before_an_editor_has(db: Session, house: House, editor: Account) -> None:
    now = house.settings.clock()
    row = taking.take(db, **GOOD, now=now)
    assert kept.listed(db, now=now).total == 0
    for look in (lambda: kept.seen(db, row.id or 0, now=now), lambda: taking.second(db, row.id or 0, now=now)):  # fmt: skip
        with pytest.raises(NotFound):
            look()
    with pytest.raises(Invalid):
        deciding.answer(db, editor, row, "1", settings=house.settings)
    deciding.publish(db, editor, row, words="Soplar vidrio de día", topic="", district="", settings=house.settings)  # fmt: skip
    assert kept.seen(db, row.id or 0, now=now).edited


def test_lists_are_of_a_kind_and_of_topics(db: Session, house: House, editor: Account) -> None:
    now = house.settings.clock()
    topics.load_shipped(db, now=now)
    for n, (kind, topic) in enumerate([("learn", "ceramics"), ("teach", "ceramics"), ("learn", "spanish")]):  # fmt: skip
        row = taking.take(db, **{**GOOD, "kind": kind, "topic": topic, "words": f"Idea {n}"}, now=now)  # fmt: skip
        deciding.publish(db, editor, row, words=row.words, topic=topic, district="", settings=house.settings)  # fmt: skip
    tree = topics.tree(db)
    assert kept.listed(db, now=now, kind=row.kind).total == 2
    assert kept.listed(db, now=now, topics=tree.below("arts")).total == 2
    assert kept.topics_seen(db, now=now) == {"ceramics": 2, "spanish": 1}


def test_an_address_is_sealed_asked_told_once_and_erased(
    house: House, put: Put, editor: Account, idea: int
) -> None:
    settings = house.settings
    (listing,) = put(opportunity_record(title={"es": "Taller de vidrio"}))
    with unit_of_work(house.engine) as db:
        row = kept.load(db, idea)
        for email in ("ana@example.org", "Ana@example.org", "eva@example.org"):
            following.follow(db, row, email=email, language="es", settings=settings)
        followers = db.exec(select(IdeaFollower).order_by(IdeaFollower.id)).all()  # type: ignore[arg-type]
        assert len(followers) == 2
        assert "ana" not in f"{followers[0].sealed} {followers[0].digest}"
        following.confirm(db, followers[0].id or 0, now=settings.clock())
    with unit_of_work(house.engine) as db:
        for _ in range(2):
            deciding.answer(db, editor, kept.load(db, idea), str(listing.id), settings=settings)  # type: ignore[attr-defined]
        told = db.exec(select(Mail).where(Mail.kind == "idea-answered")).all()
        assert [mail.recipient for mail in told] == ["ana@example.org"]
        assert kept.answers(kept.load(db, idea))[0].id == listing.id  # type: ignore[attr-defined]
        following.unfollow(db, followers[0].id or 0)
        deciding.unanswer(db, editor, kept.load(db, idea), listing.id, settings=settings)  # type: ignore[attr-defined]
        db.flush()
        assert db.exec(select(IdeaAnswer)).all() == []
        done = [row.what for row in db.exec(select(AuditEvent).order_by(AuditEvent.id)).all()]  # type: ignore[arg-type]
        assert done == ["idea-published", "idea-answered", "idea-unanswered"]
    with unit_of_work(house.engine) as db:
        kept.forget(db, now=settings.clock() + timedelta(days=8))
        assert db.exec(select(IdeaFollower)).all() == []


def test_somebody_elses_address_is_not_written_to_again_and_again(house: House, editor: Account) -> None:  # fmt: skip
    settings = house.settings
    with unit_of_work(house.engine) as db:
        for n in range(6):
            row = taking.take(db, **{**GOOD, "words": f"Idea {n}"}, now=settings.clock())
            following.follow(db, row, email="ana@example.org", language="es", settings=settings)
        assert len(db.exec(select(Mail)).all()) == following.MOST_A_DAY


def test_whoever_is_refused_is_told_why_and_forgotten(house: House, editor: Account, idea: int) -> None:  # fmt: skip
    settings = house.settings
    with unit_of_work(house.engine) as db:
        row = kept.load(db, idea)
        following.follow(db, row, email="ana@example.org", language="es", settings=settings)
        following.confirm(db, db.exec(select(IdeaFollower)).one().id or 0, now=settings.clock())
        with pytest.raises(Invalid):
            deciding.refuse(db, editor, row, reason=" ", settings=settings)
        deciding.refuse(db, editor, row, reason="Es publicidad", settings=settings)
        assert row.state is IdeaState.WITHDRAWN
        assert db.exec(select(IdeaFollower)).all() == []
        (mail,) = db.exec(select(Mail).where(Mail.kind == "idea-refused")).all()
        assert mail.facts["reason"] == "Es publicidad"
        kept.forget(db, now=settings.clock() + timedelta(days=91))
        assert db.exec(select(Idea)).all() == []


def test_after_a_year_an_idea_fades(house: House, idea: int) -> None:
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        assert kept.listed(db, now=now + timedelta(days=364)).total == 1
        assert kept.listed(db, now=now + timedelta(days=366)).total == 0
        with pytest.raises(NotFound):
            kept.seen(db, idea, now=now + timedelta(days=366))
        kept.forget(db, now=now + timedelta(days=364))
        assert len(db.exec(select(Idea)).all()) == 1
        kept.forget(db, now=now + timedelta(days=366))
        assert db.exec(select(Idea)).all() == []


def test_an_address_sealed_with_another_key_is_left_alone(house: House, editor: Account, idea: int, put: Put) -> None:  # fmt: skip
    (listing,) = put(opportunity_record())
    other = settings_in(house.settings.data_dir, secret_key="another")
    with unit_of_work(house.engine) as db:
        following.follow(db, kept.load(db, idea), email="ana@example.org", language="es", settings=other)  # fmt: skip
        following.confirm(db, db.exec(select(IdeaFollower)).one().id or 0, now=other.clock())
        deciding.answer(db, editor, kept.load(db, idea), str(listing.id), settings=house.settings)  # type: ignore[attr-defined]
        assert db.exec(select(Mail).where(Mail.kind == "idea-answered")).all() == []
