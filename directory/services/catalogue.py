"""The catalogue: a record becomes a listing, new, changed or the same as before."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory.models import (
    District,
    Occurrence,
    Opportunity,
    Outbox,
    Provider,
    Schedule,
    Space,
    Teaches,
    Topic,
)
from directory.models.freshness import By, Speaker
from directory.models.occurring import (
    AHEAD,
    BEHIND,
    LOCAL_ID,
    MOST_OCCURRENCES,
    is_cut,
    occurrences,
)
from directory.models.records import (
    WHOLE_CITY,
    OpportunityRecord,
    ProviderRecord,
    Record,
    ScheduleRecord,
    SpaceRecord,
)
from directory.models.vocabulary import ListingState, OccurrenceStatus, slugify
from directory.services import freshness, merged, ownership, provenance
from directory.services.listings import is_number
from directory.services.texts import apply_texts

AnyListing = Provider | Space | Opportunity
AnyListingRecord = ProviderRecord | SpaceRecord | OpportunityRecord


# The city's own number of an advisory lock: the letters of “vereda”.
_TURN = 0x766572656461


# How the digest begins of what its own source has withdrawn; no other begins so.
_GONE = "-"
# How a record refers to a listing whichever source that is of.
_NUMBERED = re.compile(r"#[1-9][0-9]{0,17}", re.ASCII)


class Outcome(StrEnum):
    """What applying a record did."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass
class Known:
    """What is already there, looked up once for many records of one source.

    Attributes:
        rows: per table, external id to row.
        by_number: whether records may also refer to any listing by its number, such as ``#12``:
            what is written at the desk may, a file that came from elsewhere may not.
        slugs: per table, every slug in use.
        topics: keys of the topic tree.
        districts: keys of the city's districts.
    """

    rows: dict[type[AnyListing], dict[str, AnyListing]] = field(default_factory=dict)
    by_number: bool = False
    slugs: dict[type[AnyListing], set[str]] = field(default_factory=dict)
    topics: set[str] = field(default_factory=set)
    districts: set[str] = field(default_factory=set)


def take_turn(db: Session) -> None:
    """Wait until nobody else brings listings, and let nobody until this transaction ends.

    Two at once would both find an address free. SQLite lets one write at a time anyway.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN)))


def known(db: Session, *, source: str, by_number: bool = False) -> Known:
    """Look up everything a source has brought so far; what is found stays true until the end."""
    take_turn(db)
    found = Known(by_number=by_number)
    for table in (Provider, Space, Opportunity):
        rows = db.exec(select(table).where(table.source == source)).all()
        found.rows[table] = {row.external_id: row for row in rows}  # type: ignore[misc]
        found.slugs[table] = set(db.exec(select(table.slug)).all())
    found.topics = set(db.exec(select(Topic.key)).all())
    found.districts = set(db.exec(select(District.key)).all())
    return found


def known_for(db: Session, record: AnyListingRecord) -> Known:
    """Look up what one record written at the desk needs: far less than a whole source."""
    take_turn(db)
    found = Known(by_number=True)
    for table in (Provider, Space, Opportunity):
        base = _slug(record, table.__name__.lower())
        same = select(table).where(
            table.source == record.source, table.external_id == record.external_id
        )
        found.rows[table] = {row.external_id: row for row in db.exec(same)}  # type: ignore[misc]
        like = col(table.slug).startswith(base, autoescape=True)
        found.slugs[table] = set(db.exec(select(table.slug).where(like)).all())
    found.topics = set(db.exec(select(Topic.key)).all())
    found.districts = set(db.exec(select(District.key)).all())
    return found


def apply(
    db: Session,
    record: AnyListingRecord,
    *,
    among: Known,
    now: datetime,
    by: By | None = None,
) -> tuple[AnyListing, Outcome]:
    """Make the database say what a record says, and note who says it: its source, or ``by``.

    The row is found by (source, external id). An equal record changes nothing, not even the time
    of modification; it confirms the listing. A change writes its outbox row in the same transaction.
    """
    return apply_all(db, [record], among=among, now=now, by=by)[0]


def apply_all(
    db: Session,
    records: Sequence[AnyListingRecord],
    *,
    among: Known,
    now: datetime,
    by: By | None = None,
    owned: Collection[str] | None = None,
) -> list[tuple[AnyListing, Outcome]]:
    """Apply records of one source and different ids, none of which refers to another.

    That takes few round trips, and of what is unchanged only one to note that it was said again.
    Where only some facts are ``owned``, the others stay as they are once they have been said.
    """
    if not records:
        return []
    by = by or By(Speaker.SOURCE, records[0].source)
    written = [_write(db, record, among, now, by, owned) for record in records]
    db.flush()
    same = [row for row, outcome in written if outcome is Outcome.UNCHANGED]
    again = [row for row in same if not isinstance(row, Provider)]
    freshness.seen_again(db, again, by=by, now=now)
    dated: list[dict[str, Any]] = []
    for row, outcome in written:
        if outcome is Outcome.UNCHANGED:
            continue
        is_new = outcome is Outcome.NEW
        if isinstance(row, Opportunity):
            for schedule in row.schedules:
                dated.extend(_date(db, schedule, now, is_new=is_new))
        note_change(db, row, now=now, is_new=is_new)
    if dated:
        table = sa.inspect(Occurrence).local_table
        db.execute(sa.insert(table), dated)  # type: ignore[arg-type]
    return written


def note_change(db: Session, row: AnyListing, *, now: datetime, is_new: bool = False) -> None:
    """Tell the index, in the transaction of the change, that a listing is not what it was.

    What was not there before changes nothing else: no opportunity is at a new space yet.
    """
    match row:
        case Opportunity(id=int(number)):
            db.add(Outbox(listing="opportunity", listing_id=number, written=now))
        case Space(id=int(number)):
            db.add(Outbox(listing="space", listing_id=number, written=now))
            for each in [] if is_new else _opportunities_of(db, Opportunity.space_id == number):
                db.add(Outbox(listing="opportunity", listing_id=each, written=now))
        case Provider(id=int(number)):
            for each in [] if is_new else _opportunities_of(db, Opportunity.provider_id == number):
                db.add(Outbox(listing="opportunity", listing_id=each, written=now))
        case _:
            raise TypeError(f"{row!r} has no number yet; flush first")


def ensure_district(db: Session, name: str, *, among: Known, postcode: str = "") -> str:
    """The key of a district the source names, adding it where the city did not know it."""
    key = slugify(name)
    if key not in among.districts:
        db.add(District(key=key, names={"und": name.strip()}, postcode=postcode))
        db.flush()
        among.districts.add(key)
    return key


def extend_occurrences(db: Session, *, now: datetime) -> int:
    """Date the endless schedules further ahead; how many occurrences that added.

    A rule without end is dated about a year ahead, so somebody has to walk on as time does.
    """
    take_turn(db)
    added = 0
    for schedule in db.exec(_short(now)).all():
        dated = set(
            db.exec(
                select(Occurrence.recurrence_id).where(Occurrence.schedule_id == schedule.id)
            ).all()
        )
        fresh = [o for o in _dated(schedule, now) if o["recurrence_id"] not in dated]
        if fresh:
            db.execute(sa.insert(Occurrence), fresh)
            added += len(fresh)
            opportunity = db.get_one(Opportunity, schedule.opportunity_id)
            note_change(db, opportunity, now=now)
    db.flush()
    return added


def has_short_schedules(db: Session, *, now: datetime) -> bool:
    """Whether ``extend_occurrences`` would find something to look at."""
    return db.exec(_short(now).limit(1)).first() is not None


def _short(now: datetime) -> Any:
    """The schedules that go on beyond what is dated of them, and soon come to the end of that."""
    last, number = sa.func.max(Occurrence.start), sa.func.count(col(Occurrence.id))
    ends = sa.or_(_has(Schedule.rule, "UNTIL="), _has(Schedule.rule, "COUNT="))
    return (
        select(Schedule)
        .outerjoin(Occurrence, col(Occurrence.schedule_id) == Schedule.id)
        .where(Schedule.rule != "")
        .group_by(sa.inspect(Schedule).c.id)
        .having(sa.or_(last.is_(None), last < now + AHEAD - timedelta(days=30)))
        # One that ends was dated whole, unless it has more dates than a schedule may.
        .having(sa.or_(sa.not_(ends), number >= MOST_OCCURRENCES))
    )


def _has(column: object, part: str) -> sa.ColumnElement[bool]:
    return sa.func.upper(column).contains(part)


def _opportunities_of(db: Session, condition: object) -> Iterable[int]:
    return db.exec(select(Opportunity.id).where(condition)).all()  # type: ignore[arg-type, return-value]


def withdraw(db: Session, rows: Iterable[AnyListing], *, now: datetime) -> int:
    """Their source does not say them any more: they go, and are back when it says them again."""
    withdrawn = 0
    for row in rows:
        if row.state is ListingState.PUBLISHED:
            row.state, row.fingerprint, row.modified = ListingState.WITHDRAWN, _GONE, now
            note_change(db, row, now=now)
            withdrawn += 1
    db.flush()
    return withdrawn


def _print(record: AnyListingRecord) -> str:
    """What tells a record from the next; of a withdrawn one also that its source withdrew it."""
    print_ = record.fingerprint()
    return _GONE + print_[1:] if record.state is ListingState.WITHDRAWN else print_


def _is_taken_out(row: AnyListing) -> bool:
    """Whether somebody here withdrew a listing; then its source does not bring it back."""
    expired = not isinstance(row, Provider) and row.expired is not None
    by_source = row.fingerprint.startswith(_GONE)
    return row.state is ListingState.WITHDRAWN and not expired and not by_source


def _write(
    db: Session,
    record: AnyListingRecord,
    among: Known,
    now: datetime,
    by: By,
    owned: Collection[str] | None,
) -> tuple[AnyListing, Outcome]:
    table = _TABLE[type(record)]
    print_ = _print(record)
    row = among.rows[table].get(record.external_id)
    if row is not None and row.fingerprint == print_ and by.speaker is Speaker.SOURCE:
        return row, Outcome.UNCHANGED
    outcome = Outcome.NEW if row is None else Outcome.CHANGED
    of_source = by.speaker is Speaker.SOURCE
    stays_out = False
    if row is not None and of_source:
        stays_out = merged.stays_merged(db, row, now=now) or _is_taken_out(row)
    kept = ownership.NOTHING if row is None or owned is None else ownership.Kept.of(row, owned)
    before = {} if row is None or isinstance(row, Provider) else provenance.facts(row)
    if row is None:
        row = _new_row(table, record, among, now)
        db.add(row)
        among.rows[table][record.external_id] = row
    # What a source said last is kept apart from what the desk says: the same file again then
    # changes nothing of what was written here.
    if outcome is Outcome.NEW or of_source:
        row.fingerprint = print_
    record = kept.texts(row, record)
    row.modified = now
    row.url, row.language = record.url, record.language
    if not stays_out:
        row.state, row.replaced_by = record.state, record.replaced_by
    apply_texts(row, record, by=by)
    _fill(db, row, record, among, kept)
    if not isinstance(row, Provider):
        row.confirmed, row.confirmed_by = now, by.speaker
        row.overdue = row.expired = row.reminded = None
        provenance.note(row, before, by=by, now=now)
    return row, outcome


def _new_row(
    table: type[AnyListing], record: AnyListingRecord, among: Known, now: datetime
) -> AnyListing:
    slug = _free_slug(record, among.slugs[table], table.__name__.lower())
    common: dict[str, Any] = {
        "source": record.source,
        "external_id": record.external_id,
        "slug": slug,
        "language": record.language,
        "created": now,
        "modified": now,
    }
    # Saying that there is nothing yet spares the database the question.
    common["texts"] = []
    if isinstance(record, SpaceRecord):
        common["kind"] = record.kind
    if isinstance(record, OpportunityRecord):
        common |= {"format": record.format, "setting": record.setting}
        common |= {"teaches": [], "schedules": []}
    return table(**common)


def _free_slug(record: AnyListingRecord, taken: set[str], kind: str) -> str:
    base = _slug(record, kind)
    slug, tries = base, 1
    while slug in taken:
        tries += 1
        slug = f"{base}-{tries}"
    taken.add(slug)
    return slug


def _slug(record: AnyListingRecord, kind: str) -> str:
    base = slugify(record.title[record.language]) or slugify(record.external_id) or kind
    # In an address a number means the listing of that number.
    return f"{kind}-{base}" if is_number(base) else base


def _fill(
    db: Session, row: AnyListing, record: AnyListingRecord, among: Known, kept: ownership.Kept
) -> None:
    match row, record:
        case Provider(), ProviderRecord():
            row.kind, row.email = record.kind, record.email
        case Space(), SpaceRecord():
            _fill_space(db, row, record, among)
        case Opportunity(), OpportunityRecord():
            _fill_opportunity(db, row, record, among)
            if "topics" not in kept.facts:
                _fill_teaches(row, record, among)
            if "dates" not in kept.facts:
                _fill_schedules(db, row, record)
    kept.put_back(row)


def _fill_space(db: Session, row: Space, record: SpaceRecord, among: Known) -> None:
    row.kind, row.email, row.phone = record.kind, record.email, record.phone
    row.address, row.postcode = record.address, record.postcode
    row.lat, row.lon = record.lat, record.lon
    row.provider_id = _id_of(db, among, Provider, record.provider)
    row.district_key = (
        ensure_district(db, record.district, among=among) if record.district else None
    )
    row.access = {fact.value: known for fact, known in record.access.items()}
    row.hours = None if record.hours is None else _plain(record.hours)
    row.special_days, row.closures = _plain(record.special_days), _plain(record.closures)
    row.holidays = record.holidays
    row.topics = [t for t in record.topics if t in among.topics]
    row.commitments = list(record.commitments)


def _area(db: Session, key: str, among: Known) -> str:
    if key == WHOLE_CITY:
        return key
    return ensure_district(db, key.replace("-", " ").title(), among=among)


def _plain(records: Iterable[Record]) -> list[dict[str, Any]]:
    return [record.model_dump(mode="json", exclude_defaults=True) for record in records]


def _fill_opportunity(
    db: Session, row: Opportunity, record: OpportunityRecord, among: Known
) -> None:
    row.format, row.setting = record.format, record.setting
    row.provider_id = _id_of(db, among, Provider, record.provider)
    row.space_id = _id_of(db, among, Space, record.space)
    row.languages = None if record.languages is None else list(record.languages)
    row.requires = None if record.requires is None else record.requires.model_dump(mode="json")
    row.age_min, row.age_max = record.age_min, record.age_max
    row.price, row.currency, row.price_note = record.price, record.currency, record.price_note
    row.booking, row.capacity = record.booking, record.capacity
    row.residents_of = [_area(db, key, among) for key in record.residents_of]
    row.access = {fact.value: known for fact, known in record.access.items()}
    row.commitments = list(record.commitments)
    row.notices = _plain(record.notices)
    row.series = record.series


def _fill_teaches(row: Opportunity, record: OpportunityRecord, among: Known) -> None:
    wanted = {
        t.topic: (i, t.level_from, t.level_to)
        for i, t in enumerate(record.teaches)
        if t.topic in among.topics
    }
    for gone in [t for t in row.teaches if t.topic_key not in wanted]:
        row.teaches.remove(gone)
    there = {t.topic_key: t for t in row.teaches}
    for key, (position, level_from, level_to) in wanted.items():
        if key not in there:
            there[key] = Teaches(topic_key=key)
            row.teaches.append(there[key])
        there[key].position = position
        there[key].level_from, there[key].level_to = level_from, level_to


def _fill_schedules(db: Session, row: Opportunity, record: OpportunityRecord) -> None:
    """Replace the schedules by position, so that occurrences keep their numbers where they can."""
    for extra in row.schedules[len(record.schedules) :]:
        db.delete(extra)
    del row.schedules[len(record.schedules) :]
    for position, wanted in enumerate(record.schedules):
        if position == len(row.schedules):
            row.schedules.append(Schedule(**_schedule_columns(wanted), position=position))
        else:
            for name, value in _schedule_columns(wanted).items():
                setattr(row.schedules[position], name, value)


def _schedule_columns(record: ScheduleRecord) -> dict[str, Any]:
    columns = record.model_dump()
    for dates in ("exdates", "rdates", "cancelled"):
        columns[dates] = [local.strftime(LOCAL_ID) for local in columns[dates]]
    return columns


def schedule_record(schedule: Schedule) -> ScheduleRecord:
    """The record a schedule's row was made from."""

    def locals_(ids: list[str]) -> tuple[datetime, ...]:
        return tuple(datetime.strptime(each, LOCAL_ID) for each in ids)  # noqa: DTZ007 - local on purpose

    return ScheduleRecord(
        timezone=schedule.timezone,
        start=schedule.start,
        minutes=schedule.minutes,
        minutes_known=schedule.minutes_known,
        all_day=schedule.all_day,
        rule=schedule.rule,
        exdates=locals_(schedule.exdates),
        rdates=locals_(schedule.rdates),
        cancelled=locals_(schedule.cancelled),
    )


def _dated(schedule: Schedule, now: datetime) -> list[dict[str, Any]]:
    """The columns of a schedule's occurrences; plain values, as there may be thousands."""
    return [
        {
            "schedule_id": schedule.id,
            "opportunity_id": schedule.opportunity_id,
            "recurrence_id": dated.recurrence_id,
            "start": dated.start,
            "end": dated.end,
            "end_known": schedule.minutes_known,
            "all_day": schedule.all_day,
            "timezone": schedule.timezone,
            "status": (
                OccurrenceStatus.CANCELLED if dated.cancelled else OccurrenceStatus.SCHEDULED
            ),
        }
        for dated in occurrences(schedule_record(schedule), now + AHEAD, now - BEHIND)
    ]


def _date(db: Session, schedule: Schedule, now: datetime, *, is_new: bool) -> list[dict[str, Any]]:
    """Correct the occurrences there are; the columns of those there are not yet."""
    of_this = select(Occurrence).where(Occurrence.schedule_id == schedule.id)
    there = {} if is_new else {o.recurrence_id: o for o in db.exec(of_this).all()}
    lacking = []
    for wanted in _dated(schedule, now):
        old = there.pop(wanted["recurrence_id"], None)
        if old is None:
            lacking.append(wanted)
            continue
        for name in ("start", "end", "status", "end_known", "all_day", "timezone"):
            setattr(old, name, wanted[name])
    # Of a schedule with too many dates, those long past are not computed; they stay as they were.
    kept = there and is_cut(schedule_record(schedule), now + AHEAD)
    for gone in there.values():
        if not kept or gone.start >= now - BEHIND:
            db.delete(gone)
    return lacking


def _id_of(
    db: Session, among: Known, table: type[AnyListing], external_id: str | None
) -> int | None:
    if external_id is None:
        return None
    if among.by_number and (number := numbered(external_id)) is not None:
        return number
    row = among.rows[table].get(external_id)
    if row is not None and merged.pair_of(db, row):  # what is there is where that one is now
        row = merged.last(db, table, row.slug)
    return row.id if row else None


def numbered(reference: str) -> int | None:
    """The number of a listing in a reference such as ``#12``; none if it is no such reference."""
    return int(reference[1:]) if _NUMBERED.fullmatch(reference) else None


_TABLE: dict[type[Record], type[AnyListing]] = {
    ProviderRecord: Provider,
    SpaceRecord: Space,
    OpportunityRecord: Opportunity,
}
