"""Calendar times: when an event takes place, as schedules in local time."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from directory.exchange import calendar_zones
from directory.exchange.calendar_lines import Block, Property
from directory.exchange.messages import Notes, Refusal
from directory.exchange.schedules import WHOLE_DAY, cancelled
from directory.models.records import LONGEST_MINUTES, ScheduleRecord

MOST_DATES = 2000
FIRST_YEAR, LAST_YEAR = 1900, 2200
ASSUMED_MINUTES = 90
_DAY = re.compile(r"\d{8}", re.ASCII)
_MOMENT = re.compile(r"\d{8}T\d{6}Z?", re.ASCII)
_DURATION = re.compile(
    r"\+?P(?:(\d{1,4})W|(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?)?)",
    re.ASCII,
)
_UTC_END = re.compile(r"UNTIL=(\d{8}T\d{6})Z", re.ASCII)
_DAY_END = re.compile(r"UNTIL=(\d{8})(?=;|$)", re.ASCII)


@dataclass(frozen=True)
class Moment:
    """A time as written: on the clock of a zone, in UTC, or wherever one is.

    Attributes:
        local: what the clock shows.
        zone: the IANA name; empty: that of the calendar.
        whole_day: only the day was said.
        utc: it was written in universal time.
    """

    local: datetime
    zone: str = ""
    whole_day: bool = False
    utc: bool = False


@dataclass
class Times:
    """Reads the times of one calendar's events.

    Attributes:
        city: the zone of times that name none.
        zones: what the calendar explains of its own zones.
    """

    city: str
    zones: dict[str, Block] = field(default_factory=dict)

    def schedules(
        self, master: Block, changes: list[Block], notes: Notes
    ) -> tuple[ScheduleRecord, ...]:
        """The schedule of an event, then those of its occurrences that were changed.

        Raises:
            Refusal: it cannot be read when it takes place.
        """
        base = self._plain(master, notes)
        extra: list[ScheduleRecord] = []
        for change in changes:
            base, other = self._changed(base, change, notes)
            extra.extend(other)
        if _is_off(master):
            base = cancelled(base)
        return (base, *extra)

    def alone(self, block: Block, notes: Notes) -> ScheduleRecord:
        """One occurrence whose series is not in the file.

        Raises:
            Refusal: it cannot be read when it takes place.
        """
        record = self._plain(block, notes).model_copy(
            update={"rule": "", "exdates": (), "rdates": ()}
        )
        return cancelled(record) if _is_off(block) else record

    def _plain(self, block: Block, notes: Notes) -> ScheduleRecord:
        start = self._one(block, "DTSTART", notes)
        if start is None:
            raise Refusal("DTSTART", "no-start")
        rule = self._rule(block, notes)
        zone = ZoneInfo(start.zone or self.city)
        start = self._settled(start, zone, notes, repeats=bool(rule))
        minutes, known = self._length(block, start, zone, notes)
        if start.whole_day and not rule and minutes > LONGEST_MINUTES:
            last = start.local + timedelta(minutes=minutes - WHOLE_DAY)
            rule, minutes = f"FREQ=DAILY;UNTIL={last:%Y%m%d}T235959", WHOLE_DAY
        if minutes > LONGEST_MINUTES:
            raise Refusal("DTEND", "too-long-event", str(minutes))
        out = self._dates(block, "EXDATE", start, zone, notes)
        more = self._dates(block, "RDATE", start, zone, notes)
        try:
            return ScheduleRecord(
                timezone=zone.key,
                start=start.local,
                minutes=minutes,
                minutes_known=known,
                all_day=start.whole_day,
                rule=_local_rule(rule, zone),
                exdates=out,
                rdates=more,
            )
        except (ValidationError, OverflowError) as error:
            said = str(error.errors()[0]["msg"]) if isinstance(error, ValidationError) else ""
            raise Refusal("RRULE", "bad-rule", rule, said.removeprefix("Value error, ")) from None

    def _changed(
        self, base: ScheduleRecord, change: Block, notes: Notes
    ) -> tuple[ScheduleRecord, list[ScheduleRecord]]:
        """The schedule after one of its occurrences was called off or moved."""
        original = self._one(change, "RECURRENCE-ID", notes)
        if original is None:
            return base, []
        said = change.first("RECURRENCE-ID")
        if said and "RANGE" in said.params:
            notes.add("RECURRENCE-ID", "range-one")
        local = self._on(original, base)
        if _is_off(change):
            return base.model_copy(update={"cancelled": (*base.cancelled, local)}), []
        moved = self.alone(change, Notes(notes.line))
        if (moved.start, moved.minutes) == (local, base.minutes):
            return base, []
        return base.model_copy(update={"exdates": (*base.exdates, local)}), [moved]

    def _settled(self, start: Moment, zone: ZoneInfo, notes: Notes, *, repeats: bool) -> Moment:
        """A start in universal time as the clocks of the place show it."""
        if not start.utc:
            return start
        if repeats:
            notes.add("DTSTART", "utc-rule", "", zone.key)
        local = start.local.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        return Moment(local, zone.key)

    def _length(
        self, block: Block, start: Moment, zone: ZoneInfo, notes: Notes
    ) -> tuple[int, bool]:
        end = self._one(block, "DTEND", notes)
        if end is not None:
            minutes = self._between(start, end, zone)
            if minutes < 0:
                raise Refusal("DTEND", "ends-early", end.local.isoformat(sep=" "))
            return (minutes, True) if minutes else _unsaid(start)
        said = block.first("DURATION")
        if said is None:
            return _unsaid(start)
        match = _DURATION.fullmatch(said.value.strip().upper())
        if match is None:
            raise Refusal("DURATION", "bad-property", said.value)
        weeks, days, hours, minutes_, seconds = (int(part or 0) for part in match.groups())
        total = ((weeks * 7 + days) * 24 + hours) * 60 + minutes_ + seconds // 60
        return (total, True) if total else _unsaid(start)

    def _between(self, start: Moment, end: Moment, zone: ZoneInfo) -> int:
        if start.whole_day or end.whole_day:
            return (end.local.date() - start.local.date()).days * WHOLE_DAY
        began = start.local.replace(tzinfo=zone)
        ended = end.local.replace(tzinfo=UTC if end.utc else ZoneInfo(end.zone or zone.key))
        return int((ended.astimezone(UTC) - began.astimezone(UTC)).total_seconds() // 60)

    def _rule(self, block: Block, notes: Notes) -> str:
        said = block.all("RRULE")
        if len(said) > 1:
            notes.add("RRULE", "one-rule")
        return said[0].value.strip() if said else ""

    def _dates(
        self, block: Block, name: str, start: Moment, zone: ZoneInfo, notes: Notes
    ) -> tuple[datetime, ...]:
        found: set[datetime] = set()
        for said in block.all(name):
            for text in said.value.split(","):
                moment = self._moment(said, text.partition("/")[0].strip(), notes)
                found.add(_beside(moment, start, zone))
                if len(found) > MOST_DATES:
                    raise Refusal(name, "huge-event")
        return tuple(sorted(found))

    def _on(self, moment: Moment, base: ScheduleRecord) -> datetime:
        """The local start of an occurrence of a schedule."""
        zone = ZoneInfo(base.timezone)
        return _beside(moment, Moment(base.start, base.timezone, base.all_day), zone)

    def _one(self, block: Block, name: str, notes: Notes) -> Moment | None:
        said = block.first(name)
        return self._moment(said, said.value.strip(), notes) if said else None

    def _moment(self, said: Property, text: str, notes: Notes) -> Moment:
        try:
            if _DAY.fullmatch(text):
                return Moment(_near(text, datetime.strptime(text, "%Y%m%d"), said), whole_day=True)  # noqa: DTZ007 - a day
            if not _MOMENT.fullmatch(text):
                raise Refusal(said.name, "bad-property", f"{said.name}:{text}")
            local = datetime.strptime(text.removesuffix("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local
        except ValueError:
            raise Refusal(said.name, "bad-property", f"{said.name}:{text}") from None
        local = _near(text, local, said)
        if text.endswith("Z"):
            return Moment(local, utc=True)
        return self._zoned(local, said.params.get("TZID", ""), notes)

    def _zoned(self, local: datetime, name: str, notes: Notes) -> Moment:
        """A time on the clock of a zone that IANA, Windows or the calendar itself explains."""
        if not name:
            return Moment(local)
        if zone := calendar_zones.known(name):
            return Moment(local, zone)
        block = self.zones.get(name)
        if block is not None:
            if zone := calendar_zones.explained(block):
                return Moment(local, zone)
            behind = calendar_zones.offset(block)
            if behind is not None:
                return Moment(calendar_zones.moved(local, behind, ZoneInfo(self.city)))
        if "zone-assumed" not in {remark.code for remark in notes.remarks}:
            notes.add("TZID", "zone-assumed", name, self.city)
        return Moment(local)


def _near(text: str, when: datetime, said: Property) -> datetime:
    if not FIRST_YEAR <= when.year <= LAST_YEAR:
        raise Refusal(said.name, "far-date", text)
    return when


def _is_off(block: Block) -> bool:
    said = block.first("STATUS")
    return said is not None and said.value.strip().upper() == "CANCELLED"


def _unsaid(start: Moment) -> tuple[int, bool]:
    return (WHOLE_DAY, True) if start.whole_day else (ASSUMED_MINUTES, False)


def _beside(moment: Moment, start: Moment, zone: ZoneInfo) -> datetime:
    """A date of a series on the clock of its start; of a mere day, the occurrence of that day."""
    if moment.whole_day or start.whole_day:
        at = time() if start.whole_day else start.local.time()
        return datetime.combine(_local(moment, zone).date(), at)
    return _local(moment, zone)


def _local(moment: Moment, zone: ZoneInfo) -> datetime:
    if moment.whole_day or (not moment.utc and moment.zone in {"", zone.key}):
        return moment.local
    of = UTC if moment.utc else ZoneInfo(moment.zone)
    return moment.local.replace(tzinfo=of).astimezone(zone).replace(tzinfo=None)


def _local_rule(rule: str, zone: ZoneInfo) -> str:
    """The rule with its end in local time; one that ends on a day includes that day."""

    def local(match: re.Match[str]) -> str:
        end = datetime.strptime(match[1] + "+0000", "%Y%m%dT%H%M%S%z").astimezone(zone)
        return f"UNTIL={end:%Y%m%dT%H%M%S}"

    try:
        return _DAY_END.sub(r"UNTIL=\1T235959", _UTC_END.sub(local, rule))
    except (ValueError, OverflowError):
        raise Refusal("RRULE", "bad-rule", rule, "it ends on no day") from None
