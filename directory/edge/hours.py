"""Hours: when a space is open, as a reader is told it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from babel.dates import format_date, format_interval

from directory import languages
from directory.edge import formats, locale
from directory.edge.house import house
from directory.edge.speech import get_locale, gettext
from directory.models import Space
from directory.models.opening import Opening, Span, State
from directory.models.public_holidays import public_holidays
from directory.models.records import ClosureRecord, SpecialDayRecord
from directory.models.vocabulary import TextState
from directory.services.texts import NOTHING, Words

_WEEK = 7
_NIGHT_ENDS = time(6)
# What is not as usual is told this long ahead.
_AHEAD = timedelta(days=90)


@dataclass(frozen=True)
class Badge:
    """Whether it is open now, in a word and what follows it."""

    word: str
    kind: str
    detail: str = ""


@dataclass(frozen=True)
class DayRow:
    """One day of the coming week."""

    day: str
    times: str
    today: bool
    holiday: str
    message: Words


@dataclass(frozen=True)
class Unusual:
    """Special days or a closure, soon or now."""

    when: str
    what: str
    message: Words


@dataclass(frozen=True)
class Hours:
    """All that a page tells of when a space is open; no rows where nothing is known."""

    badge: Badge
    notice: str
    message: Words
    week: list[DayRow]
    unusual: list[Unusual]


def opening(space: Space) -> Opening:
    """When a space is open, with the holidays named in the reader's language."""
    settings = house().settings
    holiday = public_holidays(settings.country, settings.subdivision, locale.tag())
    return Opening.of(space, settings.zone, holiday)


def hours(space: Space) -> Hours:
    """What is told of a space at the present instant."""
    of_space, now = opening(space), house().settings.clock()
    state = of_space.state(now)
    today = now.astimezone(of_space.zone).date()
    week = [
        _row(space, of_space, today + timedelta(days=n), today=n == 0)
        for n in range(_WEEK if of_space.is_known else 0)
    ]
    return Hours(
        badge=badge(state, of_space, now),
        notice=_notice(state),
        message=message(state.message, space.language),
        week=week,
        unusual=list(_unusual(space, of_space, now)),
    )


def badge(state: State, of_space: Opening, now: datetime) -> Badge:
    """Whether it is open at an instant, until when, and from when on."""
    if state.open is None:
        return Badge(gettext("Not known whether it is open now"), "unknown")
    today = now.astimezone(of_space.zone)
    if state.open:
        until = state.until and _until(state.until.astimezone(of_space.zone), today)
        return Badge(gettext("Open now"), "free", formats.joined(until or "", _who(state.service)))
    opens = state.opens_next and _opens(state.opens_next.astimezone(of_space.zone), today)
    return Badge(gettext("Closed now"), "", opens or "")


def message(said: Mapping[str, str], original: str) -> Words:
    """What is said in the reader's language, else in the space's, else in whatever there is."""
    tag = languages.chosen(said, locale.tag(), original)
    return Words(said[tag], tag, TextState.ORIGINAL) if tag else NOTHING


def _until(end: datetime, now: datetime) -> str:
    night = end.date() == now.date() + timedelta(days=1) and end.time() < _NIGHT_ENDS
    if end.date() == now.date() or night:
        return gettext("until %(time)s", time=_clock(end))
    return gettext("until %(day)s at %(time)s", day=_day(end, now), time=_clock(end))


def _opens(start: datetime, now: datetime) -> str:
    if start.date() == now.date():
        return gettext("opens at %(time)s", time=_clock(start))
    return gettext("opens %(day)s at %(time)s", day=_day(start, now), time=_clock(start))


def _day(moment: datetime, now: datetime) -> str:
    """The name of a day of the coming week; a later one whole."""
    if moment.date() - now.date() < timedelta(days=_WEEK):
        return format_date(moment, "EEEE", locale=get_locale())
    return formats.long_date(moment)


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _notice(state: State) -> str:
    if state.holiday is None:
        return ""
    if state.doubtful:
        if state.holiday:
            return gettext(
                "Today is a public holiday (%(name)s). The hours may differ.", name=state.holiday
            )
        return gettext("Today is a public holiday. The hours may differ.")
    if state.holiday:
        return gettext("Today is a public holiday (%(name)s).", name=state.holiday)
    return gettext("Today is a public holiday.")


def _row(space: Space, of_space: Opening, day: date, *, today: bool) -> DayRow:
    special, closures = of_space.special(day), of_space.closures_on(day)
    said = closures[0].message if closures else special.message if special else {}
    holiday = of_space.holiday(day)
    name = format_date(day, "EEEE", locale=get_locale())
    return DayRow(
        day=f"{name[0].upper()}{name[1:]} {formats.day_only(day)}",
        times=_times(of_space, day),
        today=today,
        holiday="" if holiday is None else _holiday(holiday, doubtful=of_space.is_doubtful(day)),
        message=message(said, space.language),
    )


def _holiday(name: str, *, doubtful: bool) -> str:
    shown = gettext("public holiday: %(name)s", name=name) if name else gettext("public holiday")
    return formats.joined(shown, gettext("the hours may differ") if doubtful else "")


def _times(of_space: Opening, day: date) -> str:
    spans = of_space.intervals(day, day)
    if spans:
        return formats.joined(*(_span(span, of_space, day) for span in spans))
    known = of_space.hours is not None or of_space.special(day) or of_space.closures_on(day)
    return gettext("closed") if known else gettext("not known")


def _span(span: Span, of_space: Opening, day: date) -> str:
    start, end = span.start.astimezone(of_space.zone), span.end.astimezone(of_space.zone)
    closes = "24:00" if end.time() == time() else _clock(end)
    whole = start.time() == time() and end.date() == day + timedelta(days=1) and closes == "24:00"
    times = gettext("all day") if whole else f"{_clock(start)}–{closes}"
    said = _service(span.service)
    return f"{times} ({said})" if said else times


def _who(service: str) -> str:
    """Who is there at this moment, which may change before it closes."""
    match service:
        case "staffed":
            return gettext("with staff at the moment")
        case "unstaffed":
            return gettext("without staff at the moment")
        case _:
            return ""


def _service(service: str) -> str:
    match service:
        case "staffed":
            return gettext("with staff")
        case "unstaffed":
            return gettext("without staff")
        case _:
            return ""


def _unusual(space: Space, of_space: Opening, now: datetime) -> Iterator[Unusual]:
    """What is not as usual in the next months, in order."""
    local = now.astimezone(of_space.zone).replace(tzinfo=None)
    found: list[tuple[datetime, Unusual]] = []
    for special in of_space.special_days:
        if special.last >= local.date() and special.first <= (local + _AHEAD).date():
            begin = datetime.combine(special.first, time())
            found.append((begin, _special(special, space.language)))
    found += [
        (closure.start, _closure(closure, space.language))
        for closure in of_space.closures
        if (closure.end is None or closure.end > local) and closure.start <= local + _AHEAD
    ]
    yield from (each for _begin, each in sorted(found, key=lambda pair: pair[0]))


def _special(special: SpecialDayRecord, original: str) -> Unusual:
    times = formats.joined(*(f"{o.opens}–{o.closes}" for o in special.openings))
    return Unusual(
        when=_range(special.first, special.last),
        what=times or gettext("closed"),
        message=message(special.message, original),
    )


def _closure(closure: ClosureRecord, original: str) -> Unusual:
    said = message(closure.message, original)
    if closure.end is None:
        when = gettext("From %(day)s until further notice", day=formats.short_date(closure.start))
        return Unusual(when, gettext("closed"), said)
    if closure.start.time() == time() == closure.end.time():
        when = _range(closure.start.date(), (closure.end - timedelta(days=1)).date())
        return Unusual(when, gettext("closed"), said)
    ends = (_moment(each) for each in (closure.start, closure.end))
    return Unusual("–".join(ends), gettext("closed"), said)


def _moment(local: datetime) -> str:
    return formats.joined(formats.short_date(local), _clock(local))


def _range(first: date, last: date) -> str:
    if first == last:
        return format_date(first, "full", locale=get_locale())
    return format_interval(first, last, "yMMMd", locale=get_locale())
