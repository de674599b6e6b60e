"""Filling in: what was typed in five steps becomes an opportunity's record, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from directory import languages
from directory.errors import Problem
from directory.models.public_holidays import Holidays, no_holidays
from directory.models.records import OpportunityRecord, ScheduleRecord, TeachesRecord
from directory.models.texts import FIELDS as TEXTS
from directory.models.vocabulary import Booking, Format, Setting, Word
from directory.services.drafting import dates
from directory.services.drafting.typed import Typed

LONGEST_LINE, LONGEST_PROSE = 300, 20_000
TOPICS = 4
OLDEST = 120
MOST_PLACES = 100_000
HIGHEST_LEVEL = 5
UNKNOWN, NONE_NEEDED, THESE = "unknown", "none", "these"
HELD = (UNKNOWN, NONE_NEEDED, THESE)


class Step(Word):
    """The steps in which a listing is written."""

    WHAT = "what"
    WHOM = "whom"
    WHEN = "when"
    WHERE = "where"
    WORDS = "words"


def _texts(tag: str) -> tuple[str, ...]:
    return tuple(f"{name}_{tag}" for name in TEXTS)


FIELDS: dict[Step, tuple[str, ...]] = {
    Step.WHAT: ("language", "title", "summary", "description", "format", "setting", "url"),
    Step.WHOM: (
        *(f"{name}{n}" for n in range(1, TOPICS + 1) for name in ("topic", "from", "to")),
        "held_in",
        "held",
        "age_min",
        "age_max",
    ),
    Step.WHEN: (
        *("when", "first", "starts", "ends", "weekdays", "every"),
        *("last", "skip", "holidays", "off"),
    ),
    Step.WHERE: ("space", "price", "price_note", "booking", "capacity"),
    Step.WORDS: tuple(name for tag in languages.INTERFACE for name in _texts(tag)),
}
SEVERAL = frozenset({"held", "weekdays"})


@dataclass(frozen=True)
class Made:
    """What a draft's content makes: a record, or what is still wrong."""

    record: OpportunityRecord | None
    problems: tuple[Problem, ...]

    def of(self, step: Step) -> tuple[Problem, ...]:
        """The problems of one step."""
        return tuple(p for p in self.problems if p.field in FIELDS[step])


@dataclass(frozen=True)
class Around:
    """What the city says that nobody types.

    Attributes:
        external_id: of the draft itself, until it is published.
        provider: the number of who offers it.
        base: what is published now, of which the form's silence changes nothing.
        topics, spaces: what may be referred to.
    """

    external_id: str
    provider: int | None
    currency: str
    timezone: str
    topics: frozenset[str]
    spaces: frozenset[int]
    base: OpportunityRecord | None = None
    holidays: Holidays = no_holidays


def made(content: Mapping[str, str], around: Around) -> Made:
    """The record that was typed, if it is a whole one."""
    typed = Typed(content)
    base = around.base
    said = {} if base is None else base.model_dump()
    said |= _what(typed, base)
    said |= _whom(typed, around)
    said["schedules"] = _schedules(typed, around)
    said |= _where(typed, around)
    said |= {"source": base.source if base else "desk"}
    said |= {"external_id": base.external_id if base else around.external_id}
    said["provider"] = None if around.provider is None else f"#{around.provider}"
    if typed.problems:
        return Made(None, tuple(typed.problems))
    try:
        return Made(OpportunityRecord.model_validate(said), ())
    except ValidationError as error:
        return Made(None, tuple(_refused(each) for each in error.errors()))


def schedules_of(content: Mapping[str, str], around: Around) -> tuple[ScheduleRecord, ...]:
    """The schedules that were typed, whatever else is still missing."""
    return _schedules(Typed(content), around)


def content_of(record: OpportunityRecord) -> dict[str, str]:
    """What would be typed for a record."""
    content = {
        "language": record.language,
        "format": record.format.value,
        "setting": record.setting.value,
        "url": record.url,
        "space": record.space or "",
        "price": "" if record.price is None else f"{record.price:f}",
        "price_note": record.price_note,
        "booking": record.booking.value if record.booking else "",
        "held": " ".join(record.languages or ()),
        "held_in": UNKNOWN
        if record.languages is None
        else (THESE if record.languages else NONE_NEEDED),
    }
    for name in ("age_min", "age_max", "capacity"):
        value = getattr(record, name)
        content[name] = "" if value is None else str(value)
    for name in TEXTS:
        for tag, value in getattr(record, name).items():
            content[name if tag == record.language else f"{name}_{tag}"] = value
    for n, taught in enumerate(record.teaches[:TOPICS], 1):
        content |= {f"topic{n}": taught.topic}
        content |= {f"from{n}": str(taught.level_from), f"to{n}": str(taught.level_to)}
    return content | dates.content_of(record.schedules)


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterable[str]:
    """The fields in which two contents differ, in the order of the form."""
    for names in FIELDS.values():
        for name in names:
            if before.get(name, "").strip() != after.get(name, "").strip():
                yield name


def _schedules(typed: Typed, around: Around) -> tuple[ScheduleRecord, ...]:
    return dates.schedules(
        typed,
        kept=around.base.schedules if around.base else (),
        timezone=around.timezone,
        holidays=around.holidays,
    )


def _what(typed: Typed, base: OpportunityRecord | None) -> dict[str, Any]:
    language = typed.one_of("language", tuple(_known_languages(base)), needed=True) or "en"
    prose = {"title": LONGEST_LINE, "summary": LONGEST_PROSE, "description": LONGEST_PROSE}
    texts: dict[str, Any] = {}
    for name, longest in prose.items():
        own = {} if base is None else dict(getattr(base, name))
        own[language] = typed.text(name, longest=longest, needed=name == "title")
        for tag in languages.INTERFACE:
            if tag != language:
                own[tag] = typed.text(f"{name}_{tag}", longest=longest)
        texts[name] = {tag: value for tag, value in own.items() if value}
    url = typed.text("url", longest=2000)
    if url and not url.startswith(("https://", "http://")):
        typed.wrong("url", "no-web-address", url[:40])
    return texts | {
        "language": language,
        "format": typed.one_of("format", tuple(Format), needed=True),
        "setting": typed.one_of("setting", tuple(Setting), needed=True),
        "url": url,
    }


def _known_languages(base: OpportunityRecord | None) -> list[str]:
    return [*languages.INTERFACE, *([base.language] if base else [])]


def _whom(typed: Typed, around: Around) -> dict[str, Any]:
    teaches: list[TeachesRecord] = []
    for n in range(1, TOPICS + 1):
        topic = typed.one_of(f"topic{n}", tuple(around.topics))
        low = typed.whole(f"from{n}", 0, HIGHEST_LEVEL) or 0
        high = typed.whole(f"to{n}", 0, HIGHEST_LEVEL)
        if not topic or topic in {each.topic for each in teaches}:
            continue
        high = min(low + 1, HIGHEST_LEVEL) if high is None else high
        if high < low:
            typed.wrong(f"to{n}", "level-downwards")
        else:
            teaches.append(TeachesRecord(topic=topic, level_from=low, level_to=high))
    beyond = around.base.teaches[TOPICS:] if around.base else ()
    taught = {each.topic for each in teaches}
    held_in = typed.one_of("held_in", HELD, needed=True)
    held = typed.content.get("held", "").split()
    if held_in == THESE and not held:
        typed.wrong("held", "language-missing")
    low_age, high_age = typed.whole("age_min", 0, OLDEST), typed.whole("age_max", 0, OLDEST)
    if low_age is not None and high_age is not None and high_age < low_age:
        typed.wrong("age_max", "ages-downwards")
    return {
        "teaches": (*teaches, *(each for each in beyond if each.topic not in taught)),
        "languages": {UNKNOWN: None, NONE_NEEDED: ()}.get(held_in, tuple(held)),
        "age_min": low_age,
        "age_max": high_age,
    }


def _where(typed: Typed, around: Around) -> dict[str, Any]:
    space = typed.content.get("space", "")
    if space and (not space[1:].isdecimal() or int(space[1:]) not in around.spaces):
        typed.wrong("space", "not-of-the-list", space[:40])
    amount = typed.amount("price")
    base = around.base
    currency = base.currency if base and base.currency else around.currency
    return {
        "space": space or None,
        "price": amount,
        "currency": currency if amount is not None else "",
        "price_note": typed.text("price_note", longest=LONGEST_LINE),
        "booking": typed.one_of("booking", tuple(Booking)) or None,
        "capacity": typed.whole("capacity", 0, MOST_PLACES),
    }


def _refused(error: Any) -> Problem:
    place = [str(part) for part in error["loc"]]
    return Problem(_field_of(place[0] if place else "title"), "malformed")


def _field_of(name: str) -> str:
    return {"schedules": "when", "languages": "held", "teaches": "topic1"}.get(name, name)
