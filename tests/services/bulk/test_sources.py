"""Sources: fetched on a rhythm, owning some facts; what fails or vanishes does no harm."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from directory.database import reading, unit_of_work
from directory.errors import Invalid, NotFetched, NotFound
from directory.models import Opportunity, Source, Space, Text
from directory.models.freshness import By, Speaker
from directory.models.records import OpportunityRecord
from directory.models.vocabulary import FileKind, ListingState, TextState, TransferState
from directory.services import catalogue, provenance, recording
from directory.services.bulk import sources
from directory.services.bulk.sources import Wanted
from tests.services.bulk.conftest import lines
from tests.services.fetching.servers import says

HEAD = "id,title,title[ar],description,price,starts,address,topics\n"


def row(number: int, title: str = "Bread", arabic: str = "", price: str = "5", **more: str) -> str:
    description, starts = more.get("description", "Words"), more.get("starts", "2026-12-10 18:00")
    return f"{number},{title},{arabic},{description},{price},{starts},Main Street {number},\n"


def file(*rows: str) -> str:
    return HEAD + "".join(rows)


def only(db: Session) -> Opportunity:
    return db.exec(select(Opportunity)).one()


def say_here(db: Session, house, **changes: object) -> None:
    """Somebody at the desk writes a listing anew."""
    row = only(db)
    record = recording.whole(row).model_copy(update=changes)
    assert isinstance(record, OpportunityRecord)
    among = catalogue.known_for(db, record)
    by = By(Speaker.EDITOR)
    catalogue.apply(db, record, among=among, now=house.settings.clock(), by=by)


def test_a_source_is_fetched_and_its_result_shown(house, feed, source, fetched) -> None:
    feed.holds(file(row(1), row(2), ",,,,,,,x\n"), ETag='"1"')
    agenda = source()
    came = fetched(agenda)
    assert (came.state, came.rows) == (TransferState.DONE, 3)
    assert came.counts["new"] == 4  # two places among them
    assert came.counts["refused"] == 1
    with reading(house.engine) as db:
        assert (4, "refused", "no-title") in lines(db, came)
        assert {each.source for each in db.exec(select(Opportunity)).all()} == {"agenda"}
        fresh = sources.by_key(db, "agenda")
        assert fresh.etag == '"1"'
        assert fresh.due == house.settings.clock() + timedelta(hours=24)


def test_what_is_as_it_was_is_said_again_and_changes_nothing(house, feed, source, fetched) -> None:
    feed.holds(file(row(1)), ETag='"1"')
    agenda = source()
    fetched(agenda)
    with unit_of_work(house.engine) as db:
        there = only(db)
        modified = there.modified
        there.confirmed = house.settings.clock() - timedelta(days=40)
    assert fetched(agenda).state is TransferState.SAME
    feed.answer = says(status="304 Not Modified")
    assert fetched(agenda).state is TransferState.SAME
    assert b'If-None-Match: "1"' in feed.asked[-1]
    with reading(house.engine) as db:
        assert only(db).modified == modified
        assert only(db).confirmed == house.settings.clock()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says(b"gone", status="404 Not Found"), "status"),
        (says(b"half", Content_Length="400"), "cut-off"),
        (says(b"<html>Sign in</html>"), "is-markup"),
        (says(b"%PDF-1.7"), "is-pdf"),
        (says(b""), "is-empty"),
        (says(b"name,price\nx,1\n"), "no-title-column"),
        (says(status="302 Found", Location="file:///etc/passwd"), "scheme"),
    ],
)
def test_a_feed_that_fails_leaves_everything_as_it_was(
    house, feed, source, fetched, titles, answer, code: str
) -> None:
    feed.holds(file(row(1)), ETag='"1"')
    agenda = source(withdraws=True)
    fetched(agenda)
    before = titles()
    feed.answer = answer
    came = fetched(agenda)
    assert (came.state, came.trouble) == (TransferState.FAILED, code)
    assert titles() == before
    with reading(house.engine) as db:
        kept = sources.by_key(db, "agenda")
        assert kept.etag == '"1"'  # of what was brought, not of what failed
        assert kept.due == house.settings.clock() + sources.AGAIN_AFTER


# Whose facts.


def test_a_fact_it_does_not_own_stays_once_the_city_has_it(house, feed, source, fetched) -> None:
    feed.holds(file(row(1, price="", description="")))
    agenda = source(owned=("title", "dates"))
    fetched(agenda)
    # What nobody has said yet comes in, whoever owns it.
    feed.holds(file(row(1, price="7", description="First")))
    fetched(agenda)
    with reading(house.engine) as db:
        assert only(db).price == 7
    feed.holds(
        file(row(1, title="Salt", price="9", description="Second", starts="2026-12-11 18:00"))
    )
    came = fetched(agenda)
    assert came.counts["changed"] >= 1
    with reading(house.engine) as db:
        there = recording.opportunity_record(only(db))
        assert there.title == {"es": "Salt"}
        assert there.schedules[0].start.day == 11
        assert (there.price, there.description) == (7, {"es": "First"})


@pytest.mark.parametrize("fact", sorted(set(provenance.FACTS) - {"hours", "requires", "series"}))
def test_each_fact_alone_is_kept_or_overwritten_as_it_is_owned(house, fact: str) -> None:
    from tests.services.bulk.facts import FIRST, SECOND, TOPICS, value

    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        db.add_all(TOPICS())
        db.flush()
        for owned in (set(provenance.FACTS), set(provenance.FACTS) - {fact}):
            source = f"s{len(owned)}"
            among = catalogue.known(db, source=source)
            first = [each.model_copy(update={"source": source}) for each in FIRST]
            second = [each.model_copy(update={"source": source}) for each in SECOND]
            for record in first:
                catalogue.apply(db, record, among=among, now=now)
            kept = value(db, source, fact)
            for record in second:
                catalogue.apply_all(db, [record], among=among, now=now, owned=owned)
            assert (value(db, source, fact) == kept) is (fact not in owned), (fact, kept)


def test_what_it_owns_may_be_changed_and_is_then_said_anew(house, feed, source, fetched) -> None:
    feed.holds(file(row(1, price="5")))
    agenda = source(owned=("title",))
    fetched(agenda)
    with unit_of_work(house.engine) as db:
        say_here(db, house, price=Decimal("8.00"))
    feed.holds(file(row(1, price="6")))
    fetched(agenda)
    with unit_of_work(house.engine) as db:
        assert only(db).price == 8
        kept = sources.by_key(db, "agenda")
        wanted = Wanted("Agenda", "http://feeds.city.org/a", FileKind.CSV, "vereda", 24, ("price",))
        address = kept.address
        sources.change(db, kept, wanted, settings=house.settings)
        kept.address = address
    assert fetched(agenda).state is TransferState.DONE
    with reading(house.engine) as db:
        assert only(db).price == 6


# Translations.


def test_a_translation_somebody_here_wrote_is_never_overwritten(
    house, feed, source, fetched
) -> None:
    feed.holds(file(row(1, arabic="خبز")))
    agenda = source()
    fetched(agenda)
    with unit_of_work(house.engine) as db:
        say_here(db, house, title={"es": "Bread", "ar": "خبز البيت"})
    feed.holds(file(row(1, arabic="آلي", price="6")))
    fetched(agenda)
    feed.holds(file(row(1, title="Salt", arabic="ملح", price="6")))
    fetched(agenda)
    with reading(house.engine) as db:
        texts = {t.language: t for t in only(db).texts if t.field == "title"}
        assert texts["es"].value == "Salt"
        assert (texts["ar"].value, texts["ar"].state) == ("خبز البيت", TextState.STALE)


def test_a_translation_of_its_own_it_may_correct(house, feed, source, fetched) -> None:
    agenda = source()
    for arabic in ("خبز", "الخبز"):
        feed.holds(file(row(1, arabic=arabic)))
        fetched(agenda)
    with reading(house.engine) as db:
        assert {t.value for t in only(db).texts if t.language == "ar"} == {"الخبز"}


def test_a_machine_overwrites_no_human_s_translation(house, feed, source, fetched) -> None:
    agenda = source()
    head = "id,title,title[ar],translation_state\n"
    feed.holds(f"{head}1,Bread,خبز,human\n")
    fetched(agenda)
    feed.holds(f"{head}1,Bread,آلي,machine\n")
    fetched(agenda)
    with reading(house.engine) as db:
        text = db.exec(select(Text).where(Text.language == "ar")).one()
        assert (text.value, text.state) == ("خبز", TextState.HUMAN)
    feed.holds(f"{head}2,Salt,آلي,machine\n")
    fetched(agenda)
    feed.holds(f"{head}2,Salt,ملح,human\n")
    fetched(agenda)
    with reading(house.engine) as db:
        values = {t.value: t.state for t in db.exec(select(Text).where(Text.language == "ar"))}
        assert values == {"خبز": TextState.HUMAN, "ملح": TextState.HUMAN}


# What somebody here withdrew, and what vanishes.


def test_what_somebody_here_withdrew_is_not_brought_back(house, feed, source, fetched) -> None:
    feed.holds(file(row(1)))
    agenda = source()
    fetched(agenda)
    with unit_of_work(house.engine) as db:
        only(db).state = ListingState.WITHDRAWN
    feed.holds(file(row(1, title="Salt")))
    fetched(agenda)
    with reading(house.engine) as db:
        assert only(db).state is ListingState.WITHDRAWN


def test_what_is_no_longer_there_is_withdrawn_and_may_return(
    house, feed, source, fetched, titles
) -> None:
    agenda = source(withdraws=True)
    feed.holds(file(*[row(n) for n in range(6)]))
    fetched(agenda)
    feed.holds(file(*[row(n) for n in range(1, 6)]))
    came = fetched(agenda)
    assert came.counts["withdrawn"] == 1
    assert titles()["0"] == "withdrawn"
    with reading(house.engine) as db:
        assert (0, "withdrawn", "Bread") in lines(db, came)
    feed.holds(file(*[row(n) for n in range(6)], "\n"))
    fetched(agenda)
    assert set(titles().values()) == {"published"}


def test_without_the_option_nothing_is_withdrawn(feed, source, fetched, titles) -> None:
    agenda = source()
    feed.holds(file(*[row(n) for n in range(6)]))
    fetched(agenda)
    feed.holds(file(row(1)))
    fetched(agenda)
    assert set(titles().values()) == {"published"}


def test_if_more_than_a_third_would_go_nothing_goes_until_somebody_says_so(
    house, feed, source, fetched, titles
) -> None:
    agenda = source(withdraws=True)
    feed.holds(file(*[row(n) for n in range(6)]), ETag='"1"')
    fetched(agenda)
    feed.holds(file(*[row(n) for n in range(3)]), ETag='"2"')
    came = fetched(agenda)
    assert (came.state, came.trouble, came.held) == (TransferState.DONE, "gone-too-many", 3)
    assert set(titles().values()) == {"published"}
    again = fetched(agenda)  # the file is the same, the question is still open
    assert (again.trouble, again.held) == ("gone-too-many", 3)
    assert fetched(agenda, many=True).counts["withdrawn"] == 3
    assert sorted(titles().values()) == ["published"] * 3 + ["withdrawn"] * 3


def test_an_empty_file_withdraws_nothing(feed, source, fetched, titles) -> None:
    agenda = source(withdraws=True)
    feed.holds(file(row(1)))
    fetched(agenda)
    feed.holds(HEAD)
    assert fetched(agenda).trouble == "gone-too-many"
    assert titles() == {"1": "published"}


def test_a_row_that_was_refused_has_not_vanished(feed, source, fetched, titles) -> None:
    agenda = source(withdraws=True)
    feed.holds(file(*[row(n) for n in range(4)]))
    fetched(agenda)
    feed.holds(file(*[row(n) for n in range(3)], "3,,,,,,,\n"))
    came = fetched(agenda)
    assert came.counts["refused"] == 1
    assert set(titles().values()) == {"published"}
    feed.holds(file(*[row(n) for n in range(3)], ",no id,,,,x,,\n"))
    came = fetched(agenda)
    assert (came.trouble, came.held) == ("gone-unread", 1)
    assert titles()["3"] == "published"


def test_what_is_over_has_not_vanished(feed, source, fetched, titles) -> None:
    agenda = source(withdraws=True)
    feed.holds(file(*[row(n, starts="2026-11-01 18:00") for n in range(3)], row(3)))
    fetched(agenda)
    feed.holds(file(row(3)))
    came = fetched(agenda)
    assert (came.trouble, came.counts.get("withdrawn", 0)) == ("", 0)
    assert set(titles().values()) == {"published"}


# One source is one source.


def test_a_feed_speaks_for_itself_alone(house, feed, source, fetched) -> None:
    with unit_of_work(house.engine) as db:
        from tests.factories import opportunity_record

        other = opportunity_record(source="desk", external_id="1", title={"es": "Ours"})
        among = catalogue.known(db, source="desk")
        catalogue.apply(db, other, among=among, now=house.settings.clock())
    feed.holds("source,id,title,space_id\ndesk,1,Stolen,\ndesk,2,Elsewhere,#1\n")
    came = fetched(source())
    with reading(house.engine) as db:
        found = {
            each.source: recording.opportunity_record(each) for each in db.exec(select(Opportunity))
        }
    assert found["desk"].title == {"es": "Ours"}
    assert found["agenda"].title == {"es": "Stolen"}
    assert came.counts["refused"] == 1


def test_a_calendar_is_a_source(house, feed, source, fetched) -> None:
    feed.holds(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nSUMMARY:Bread\r\nLOCATION:House\\, Street 1\r\n"
        "DTSTART:20261210T180000\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    came = fetched(source(kind=FileKind.ICAL, mapping="icalendar"))
    assert (came.state, came.counts["new"]) == (TransferState.DONE, 2)
    with reading(house.engine) as db:
        assert len(only(db).occurrences) == 3
        assert only(db).source == "agenda"
        assert db.exec(select(Space)).one().address == "Street 1"


def test_old_results_are_forgotten(house, feed, source, fetched) -> None:
    agenda = source()
    for price in range(8):
        feed.holds(file(row(1, price=str(price))))
        fetched(agenda)
    with reading(house.engine) as db:
        assert len(sources.history(db, agenda, most=99)) == sources.KEPT


def test_whose_time_has_come_is_due(house, source) -> None:
    now = house.settings.clock()
    one, other = source(name="One"), source(name="Other")
    with unit_of_work(house.engine) as db:
        assert set(sources.due(db, now=now)) == {one.id, other.id}
        sources.begin(db, sources.by_key(db, "one"), settings=house.settings)
        sources.pause(db, sources.by_key(db, "other"), enabled=False, now=now)
        assert sources.due(db, now=now) == []
        assert sources.due(db, now=now + timedelta(hours=24)) == [one.id]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"address": "http://localhost/a"}, "address"),
        ({"address": "ftp://example.com/a"}, "address"),
        ({"address": "http://user:pw@example.com/a"}, "address"),
        ({"mapping": "../../etc/passwd"}, "mapping"),
        ({"rhythm": 0}, "rhythm"),
        ({"owned": ("everything",)}, "owned"),
        ({"key": "desk"}, "key"),
        ({"key": "A B"}, "key"),
    ],
)
def test_a_source_that_cannot_be_meant_is_refused(house, source, changes, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        source(**changes)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_two_sources_do_not_share_a_key(house, source) -> None:
    source()
    with pytest.raises(Invalid, match="source-key-taken"):
        source()
    with reading(house.engine) as db, pytest.raises(NotFound):
        sources.by_key(db, "nothing")


def test_nothing_is_held_open_while_somebody_else_is_slow(house, feed, source, fetched) -> None:
    """A feed that takes its time keeps nobody else from writing."""
    agenda = source()

    def slow(_request, line) -> None:
        with unit_of_work(house.engine) as db:
            db.add(
                Source(
                    key="x",
                    name="x",
                    kind=FileKind.CSV,
                    address="x",
                    mapping="x",
                    made=house.settings.clock(),
                )
            )
        says(file(row(1)).encode())(_request, line)

    feed.answer = slow
    assert fetched(agenda).state is TransferState.DONE
    with reading(house.engine) as db:
        assert sources.by_key(db, "x")


def test_the_reason_is_a_code_not_a_trace() -> None:
    assert (
        str(NotFetched("http://x", "not-public", "10.0.0.1")) == "http://x: not-public (10.0.0.1)"
    )
