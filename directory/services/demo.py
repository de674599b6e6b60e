"""The demo city: invented listings, dated relative to the week in which they are loaded.

Its files say “in two weeks, Tuesdays at 18:00”, so Villaclara is never stale: loading it again in
a later week moves its dates along and leaves everything else as it was.
"""

import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from dateutil.rrule import rrulestr
from sqlmodel import Session

from directory.models import City, District
from directory.models.records import (
    ClosureRecord,
    HoursRecord,
    OpportunityRecord,
    ProviderRecord,
    ScheduleRecord,
    SpaceRecord,
    SpecialDayRecord,
    TeachesRecord,
)
from directory.services import catalogue, upkeep
from directory.services.catalogue import AnyListingRecord, Outcome
from directory.settings import Settings

SOURCE = "villaclara"
NAMES = {"es": "Villaclara", "en": "Villaclara", "ar": "فيّاكلارا"}
CENTRE = (41.0, -4.5)

_Entry = dict[str, Any]
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass
class Report:
    """What loading did."""

    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))

    def __str__(self) -> str:
        return ", ".join(f"{n} {outcome}" for outcome, n in self.counts.items())


def load(db: Session, *, now: datetime, settings: Settings) -> Report:
    """Bring Villaclara into the database, dated from the present week."""
    monday = _monday(now, settings)
    _load_districts(db)
    among = catalogue.known(db, source=SOURCE)
    report = Report()
    records: tuple[AnyListingRecord, ...] = (
        *_providers(),
        *_spaces(monday),
        *_opportunities(monday, settings),
    )
    for record in records:
        _row, outcome = catalogue.apply(db, record, among=among, now=now)
        report.counts[outcome] += 1
    city = upkeep.city(db)
    city.names, city.demo_week = NAMES, monday.isoformat()
    city.lat, city.lon = CENTRE
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with resources.as_file(_folder() / "map.geojson") as path:
        shutil.copyfile(path, settings.data_dir / "map.geojson")
    return report


def is_stale(db: Session, *, now: datetime, settings: Settings) -> bool:
    """Whether the loaded demo is dated from an earlier week than this one."""
    city = db.get(City, 1)
    week = city.demo_week if city else None
    return week is not None and week != _monday(now, settings).isoformat()


def _monday(now: datetime, settings: Settings) -> date:
    today = now.astimezone(settings.zone).date()
    return today - timedelta(days=today.weekday())


def _folder() -> Traversable:
    return resources.files("directory") / "data" / "demo"


def _read(name: str) -> _Entry:
    return tomllib.loads((_folder() / name).read_text(encoding="utf-8"))


def _load_districts(db: Session) -> None:
    for entry in _read("districts.toml")["district"]:
        district = db.get(District, entry["key"]) or District(key=entry["key"])
        district.names, district.postcode = entry["name"], str(entry["postcode"])
        district.lat, district.lon = entry["lat"], entry["lon"]
        db.add(district)
    db.flush()


def _common(entry: _Entry, key: str) -> _Entry:
    return {
        "source": SOURCE,
        "external_id": entry[key],
        "language": entry["language"],
        "summary": entry.get("summary", {}),
        "description": entry.get("description", {}),
        "url": entry.get("url", ""),
    }


def _named(entry: _Entry) -> dict[str, str]:
    return {entry["language"]: entry["name"], **entry.get("name_i18n", {})}


def _providers() -> Iterator[ProviderRecord]:
    for entry in _read("providers.toml")["provider"]:
        yield ProviderRecord(
            **_common(entry, "key"),
            title=_named(entry),
            kind=_slug(entry.get("kind")),
            email=entry.get("email", ""),
        )


def _spaces(monday: date) -> Iterator[SpaceRecord]:
    places = _read("places.toml")
    for file in ("spaces-1.toml", "spaces-2.toml"):
        for entry in _read(file)["space"]:
            place = places.get(entry["id"], {})
            hours = entry.get("hours")
            yield SpaceRecord(
                **_common(entry, "id"),
                title=_named(entry),
                kind=_slug(entry["kind"]),
                provider=entry.get("provider"),
                district=entry.get("district"),
                address=place.get("address", ""),
                postcode=str(place.get("postcode", "")),
                lat=place.get("lat"),
                lon=place.get("lon"),
                access=entry.get("access", {}),
                hours=None if hours is None else tuple(HoursRecord(**h) for h in hours),
                special_days=tuple(_special(s, monday) for s in entry.get("special_days", ())),
                closures=tuple(_closure(c, monday) for c in entry.get("closures", ())),
                holidays=entry.get("holidays", ""),
                topics=tuple(entry.get("topics", ())),
                commitments=tuple(entry.get("commitments", ())),
            )


def _special(entry: _Entry, monday: date) -> SpecialDayRecord:
    """``week`` and ``day`` tell the first of the ``days``, as of a schedule."""
    first = _day_in_week(entry, monday)
    return SpecialDayRecord(
        first=first,
        last=first + timedelta(days=entry.get("days", 1) - 1),
        openings=entry.get("openings", ()),
        message=entry.get("message", {}),
    )


def _closure(entry: _Entry, monday: date) -> ClosureRecord:
    """Whole days, or until further notice where their number is not told."""
    start = datetime.combine(_day_in_week(entry, monday), time())
    end = start + timedelta(days=entry["days"]) if "days" in entry else None
    return ClosureRecord(start=start, end=end, message=entry.get("message", {}))


def _day_in_week(entry: _Entry, monday: date) -> date:
    return monday + timedelta(weeks=entry["week"], days=_DAYS.index(entry["day"]))


def _opportunities(monday: date, settings: Settings) -> Iterator[OpportunityRecord]:
    folder = _folder() / "opportunities"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    for file in files:
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["opportunity"]:
            yield _opportunity(entry, monday, settings)


def _opportunity(entry: _Entry, monday: date, settings: Settings) -> OpportunityRecord:
    ages = entry.get("ages", {})
    price = entry.get("price")
    return OpportunityRecord(
        **_common(entry, "id"),
        title=entry["title"],
        provider=entry["provider"],
        space=entry.get("space"),
        format=_slug(entry["format"]),
        setting=entry["setting"],
        languages=tuple(entry["languages"]),
        teaches=tuple(
            TeachesRecord(topic=t["topic"], level_from=t["from"], level_to=t["to"])
            for t in entry["teaches"]
        ),
        requires=entry.get("requires"),
        age_min=ages.get("min"),
        age_max=ages.get("max"),
        price=None if price is None else Decimal(str(price)),
        currency="" if price is None else settings.currency,
        booking=entry.get("booking"),
        capacity=entry.get("capacity"),
        residents_of=tuple(entry.get("residents_of", ())),
        access=entry.get("access", {}),
        commitments=tuple(entry["commitments"]),
        series=entry.get("series"),
        schedules=tuple(_schedule(s, monday, settings) for s in entry.get("schedule", ())),
    )


def _slug(term: str | None) -> str | None:
    return None if term is None else term.replace(" ", "-")


def _schedule(entry: _Entry, monday: date, settings: Settings) -> ScheduleRecord:
    """``week`` counts from this week's Monday; a schedule begins on its first day in that week."""
    at = time.fromisoformat(entry["time"])
    week = monday + timedelta(weeks=entry["week"])
    if "monthly" in entry:
        count = f";COUNT={entry['months']}" if "months" in entry else ""
        first = _first_monthly(week, entry["monthly"])
        rule = f"FREQ=MONTHLY;BYDAY={entry['monthly']}{count}"
        return _record(first, at, entry, settings, rule)
    days = sorted(entry["days"], key=_DAYS.index)
    first = week + timedelta(days=_DAYS.index(days[0]))
    weeks, interval = entry.get("weeks"), entry.get("interval", 1)
    if weeks == 1 and len(days) == 1:
        return _record(first, at, entry, settings, "")
    parts = ["FREQ=WEEKLY", f"BYDAY={','.join(days)}"]
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    if weeks:
        last = week + timedelta(weeks=(weeks - 1) * interval, days=6)
        parts.append(f"UNTIL={last:%Y%m%d}T235959")
    return _record(first, at, entry, settings, ";".join(parts), week, days)


def _record(
    first: date,
    at: time,
    entry: _Entry,
    settings: Settings,
    rule: str,
    week: date | None = None,
    days: list[str] | None = None,
) -> ScheduleRecord:
    def in_weeks(numbers: list[int]) -> tuple[datetime, ...]:
        if week is None or days is None:
            return ()
        return tuple(
            datetime.combine(week + timedelta(weeks=n, days=_DAYS.index(d)), at)
            for n in numbers
            for d in days
        )

    return ScheduleRecord(
        timezone=settings.timezone,
        start=datetime.combine(first, at),
        minutes=entry["minutes"],
        rule=rule,
        exdates=in_weeks(entry.get("skip", [])),
        cancelled=in_weeks(entry.get("cancel", [])),
    )


def _first_monthly(week: date, rule: str) -> date:
    """The first day on or after a Monday that a monthly rule such as ``1SA`` or ``-1FR`` names."""
    begin = datetime.combine(week, time())
    months = rrulestr(f"FREQ=MONTHLY;BYDAY={rule}", dtstart=begin - timedelta(days=31))
    found = months.after(begin, inc=True)
    return week if found is None else found.date()
