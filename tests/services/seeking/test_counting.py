"""Searches are counted without knowing who searches, and nothing of fewer than five is kept."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from directory.models import Sought, SoughtDay, SoughtReach, Views
from directory.services import topics
from directory.services.seeking import writing
from directory.services.seeking.grouping import Names, grouped
from directory.services.seeking.tallying import MOST_WORDINGS, Seekers, Tally
from directory.services.seeking.wordings import Wording, wording

DAY = date(2026, 11, 23)
POTTERY = ("opportunity", 7)


def address(n: int) -> str:
    """An address of a network of its own."""
    return f"10.{n // 250}.{n % 250}.9"


def ask(tally: Tally, words: str, people: range, *, language: str = "es", found: bool = False, day: date = DAY) -> None:  # fmt: skip
    said = wording(words, language)
    assert said
    for n in people:
        tally.searched(said, address(n), day=day, found=found, shown=True)


def keep(db: Session, tally: Tally) -> None:
    writing.write(db, tally.take(), part=tally.part, tree=topics.tree(db))


def rows(db: Session) -> dict[str, tuple[int, int, int]]:
    """What is written down, by topic or words: people, nothing, unopened."""
    found = db.exec(select(SoughtDay, Sought).join(Sought)).all()
    return {s.topic or s.words: (d.people, d.found_nothing, d.opened_nothing) for d, s in found}


def test_four_people_never_show_and_five_do(db: Session) -> None:
    tally = Tally()
    ask(tally, "vidrieras", range(4))
    keep(db, tally)
    assert db.exec(select(Sought)).all() == []
    ask(tally, "vidrieras", range(4, 5))
    keep(db, tally)
    assert rows(db) == {"vidrieras": (5, 5, 0)}
    ask(tally, "vidrieras", range(5, 7), found=True)
    keep(db, tally)
    assert rows(db) == {"vidrieras": (7, 5, 2)}


def test_one_person_is_one_however_often_and_from_whichever_address_of_a_network(
    db: Session,
) -> None:
    tally, said = Tally(), Wording("vidrieras", "es")
    for n in range(1, 200):
        tally.searched(said, f"192.0.2.{n}", day=DAY, found=False, shown=True)
        tally.searched(said, f"::ffff:192.0.2.{n}", day=DAY, found=False, shown=True)
    for n in range(1, 4):
        tally.searched(said, f"2001:db8:{n}:{n}::1", day=DAY, found=False, shown=True)
        tally.searched(said, f"2001:db8:{n}:f{n}::2", day=DAY, found=False, shown=True)
    keep(db, tally)
    assert db.exec(select(Sought)).all() == []


def test_people_of_two_days_are_not_added_up(db: Session) -> None:
    tally = Tally()
    ask(tally, "vidrieras", range(4))
    ask(tally, "vidrieras", range(4, 8), day=DAY + timedelta(days=1))
    keep(db, tally)
    assert db.exec(select(Sought)).all() == []


def test_who_is_late_for_a_day_is_not_counted_twice(db: Session) -> None:
    tally, said = Tally(), Wording("vidrieras", "es")
    ask(tally, "vidrieras", range(4))
    tally.searched(said, address(9), day=DAY + timedelta(days=1), found=True, shown=True)
    ask(tally, "vidrieras", range(4))
    keep(db, tally)
    assert db.exec(select(Sought)).all() == []


def test_a_restart_forgets_who_was_there(db: Session) -> None:
    for begin in (0, 4):
        tally = Tally()
        ask(tally, "vidrieras", range(begin, begin + 4))
        keep(db, tally)
    assert db.exec(select(Sought)).all() == []


def test_written_again_it_is_the_same_and_what_failed_is_written_later(db: Session) -> None:
    tally = Tally()
    ask(tally, "vidrieras", range(6))
    tally.viewed(POTTERY, day=DAY)
    tally.give_back(tally.take())
    tally.viewed(POTTERY, day=DAY)
    for _ in range(2):
        keep(db, tally)
    assert rows(db) == {"vidrieras": (6, 6, 0)}
    assert [(v.week, v.views) for v in db.exec(select(Views)).all()] == [(DAY, 2)]
    assert not tally.take()


def test_who_opens_a_listing_is_believed_where_they_searched_and_told_of_five(db: Session) -> None:
    tally, said = Tally(), Wording("vidrieras", "es")
    ask(tally, "vidrieras", range(9), found=True)
    for n in range(4):
        tally.opened(said, address(n), POTTERY, day=DAY)
    for n in range(20, 30):
        tally.opened(said, address(n), POTTERY, day=DAY)
    keep(db, tally)
    assert rows(db) == {"vidrieras": (9, 0, 5)}
    assert db.exec(select(SoughtReach)).all() == []
    tally.opened(said, address(4), POTTERY, day=DAY)
    keep(db, tally)
    assert [(r.listing_id, r.people) for r in db.exec(select(SoughtReach)).all()] == [(7, 5)]


@pytest.mark.parametrize(
    "typed",
    [
        "ana@example.org", "llama al 600 12 34 56", "12345678Z", "٠١٢٣٤٥٦٧٨", "www.example.org",
        "https://example.org/x", "uno dos tres cuatro cinco seis siete", "x" * 81, "", "   ", "!?",
    ],
)  # fmt: skip
def test_what_looks_personal_is_not_remembered(typed: str) -> None:
    assert wording(typed, "es") is None


def test_what_was_typed_is_evened_out_and_otherwise_stays() -> None:
    assert wording('  "Cerámica"   RAKU ', "es") == Wording("cerámica raku", "es")


def test_spellings_languages_and_the_form_asked_for_are_one_topic(db: Session) -> None:
    topics.load_shipped(db, now=_now())
    tally = Tally()
    for n, (words, language) in enumerate(
        [("Cerámica", "es"), ("ceramica", "en"), ("pottery", "en"), ("خزف", "ar"), ("curso de cerámica", "es")]
    ):  # fmt: skip
        ask(tally, words, range(n, n + 1), language=language)
    keep(db, tally)
    (row,) = db.exec(select(Sought)).all()
    assert row.topic
    assert row.words == ""
    assert row.wordings == []
    assert rows(db) == {row.topic: (5, 5, 0)}


def test_endings_order_and_a_slip_are_one_group_and_other_words_are_not(db: Session) -> None:
    tally = Tally()
    for n, words in enumerate(
        ["soplar vidrieras", "vidriera soplar", "sopla vidrieras", "soplar vidreras", "soplar vidrierras"]
    ):  # fmt: skip
        ask(tally, words, range(n, n + 1))
    ask(tally, "soplar vidrieras", range(5, 6))
    ask(tally, "marca", range(10, 14))
    ask(tally, "marcha", range(14, 18))
    keep(db, tally)
    assert rows(db) == {"soplar vidrieras": (6, 6, 0)}
    assert db.exec(select(Sought)).one().wordings == []


def test_what_five_people_wrote_alike_is_no_slip(db: Session) -> None:
    tally = Tally()
    ask(tally, "costuras", range(8))
    ask(tally, "costurar", range(4))
    ask(tally, "costumas", range(20, 25))
    keep(db, tally)
    assert rows(db) == {"costuras": (8, 8, 0), "costumas": (5, 5, 0)}


def test_a_group_stays_itself_when_its_words_become_a_topics_name(db: Session) -> None:
    topics.load_shipped(db, now=_now())
    tally = Tally()
    ask(tally, "botijería", range(5))
    keep(db, tally)
    topic = topics.tree(db).topics["ceramics"]
    topic.added = {"es": ["botijería"]}
    db.flush()
    ask(tally, "botijeria", range(5, 7), found=True, day=DAY)
    keep(db, tally)
    assert rows(db) == {"botijería": (7, 5, 2)}


def test_a_flood_of_words_of_one_person_each_leaves_room_for_others() -> None:
    tally = Tally()
    ask(tally, "vidrieras", range(3))
    for n in range(MOST_WORDINGS + 5):
        tally.searched(Wording(f"w{n}", "es"), address(1), day=DAY, found=False, shown=True)
    (known,) = tally.take().days.values()
    assert len(known) < MOST_WORDINGS
    assert len(known[Wording("vidrieras", "es")].everybody) == 3


_WORDS = st.sampled_from(["vidrieras", "vidriera", "vidrieraz", "costura", "costuras", "tango", "tangos", "baile tango"])  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(_WORDS, st.sampled_from(["es", "en"]), st.integers(0, 9)), max_size=40))
def test_groups_depend_on_what_was_asked_and_not_on_the_order(
    asked: list[tuple[str, str, int]],
) -> None:
    def day(given_: list[tuple[str, str, int]]) -> dict[Wording, Seekers]:
        found: dict[Wording, Seekers] = {}
        for words, language, n in given_:
            found.setdefault(Wording(words, language), Seekers()).everybody.add(n)
        return found

    one = grouped(day(asked), Names({}))
    assert one == grouped(day(asked[::-1]), Names({}))
    assert sorted(w for ws in one.values() for w in ws) == sorted(day(asked))


def _now():
    from pathlib import Path

    from tests.conftest import settings_in

    return settings_in(Path()).clock()
