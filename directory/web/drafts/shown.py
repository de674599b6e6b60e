"""Shown: a draft as its pages see it: its steps, its dates, how it differs, how it will look."""

from datetime import datetime
from typing import Any

from flask import request, url_for

from directory.edge import access, formats, labels, locale, presenting
from directory.edge.house import db, house
from directory.edge.messages import problem_message
from directory.edge.speech import gettext
from directory.errors import Problem
from directory.models import Account, Draft, Opportunity, Provider
from directory.models.occurring import AHEAD, Dated, occurrences
from directory.models.records import OpportunityRecord
from directory.models.vocabulary import DraftState
from directory.services import drafting
from directory.services.drafting import around as surroundings
from directory.services.drafting import filling, publishing
from directory.services.drafting.filling import FIELDS, SEVERAL, Around, Made, Step
from directory.services.texts import words
from directory.web.drafts import fields

MOST_DATES = 40


def surrounding(draft: Draft) -> Around:
    """What the city says around a draft."""
    return surroundings.around(db(), draft, settings=house().settings, language=locale.tag())


def posted(step: Step, content: dict[str, str]) -> dict[str, str]:
    """A draft's content with what was just typed in one step."""
    given = request.form
    typed = {
        name: " ".join(given.getlist(name)) if name in SEVERAL else given.get(name, "")
        for name in FIELDS[step]
        if step is not Step.WORDS or name in given
    }
    return content | {name: value.replace("\r\n", "\n")[:20_000] for name, value in typed.items()}


def messages(problems: tuple[Problem, ...]) -> dict[str, str]:
    """Field to sentence that names it."""
    return {p.field: f"{fields.name(p.field)}: {problem_message(p)}" for p in reversed(problems)}


def steps(draft: Draft, made: Made, current: str = "") -> list[dict[str, Any]]:
    """The five steps, which of them is open, and the look through at the end."""
    every: list[dict[str, Any]] = []
    for step, label in fields.STEPS.items():
        begun = any(draft.content.get(name) for name in FIELDS[step])
        wrong = len(made.of(step))
        state = gettext("Open") if wrong else (gettext("Done") if begun else gettext("Empty"))
        every.append(_step(draft, step.value, str(label), state, current))
    return [*every, _step(draft, "check", gettext("Look through and hand in"), "", current)]


def dates(made: Made) -> list[dict[str, Any]]:
    """The dates a record's schedules make, soonest first."""
    if made.record is None:
        return []
    return dates_of(made.record.schedules)


def dates_of(schedules: tuple[Any, ...]) -> list[dict[str, Any]]:
    """The dates of some schedules, the first of them only."""
    now = house().settings.clock()
    found = sorted(
        (each.start, each, one.timezone)
        for one in schedules
        for each in list(occurrences(one, now + AHEAD))[: MOST_DATES + 1]
    )
    return [_date(each, zone) for _, each, zone in found[:MOST_DATES]]


def differences(draft: Draft, base: OpportunityRecord | None) -> list[dict[str, str]]:
    """What would change for readers, field by field."""
    before = filling.content_of(base) if base else {}
    return [
        {
            "label": fields.name(name),
            "before": fields.value(name, before) if before else "",
            "after": fields.value(name, draft.content),
        }
        for name in filling.changed(before, draft.content)
        if not _is_of_no_topic(name, before, draft.content)
    ]


def _is_of_no_topic(name: str, *contents: dict[str, str]) -> bool:
    """Whether a field is the level of a topic that nobody chose."""
    is_level = name[:-1] in {"from", "to"}
    return is_level and not any(content.get(f"topic{name[-1]}") for content in contents)


def row(draft: Draft, now: datetime) -> presenting.Row | None:
    """How it will look in a list: written to the database, read, and taken back again."""
    record = publishing.record_of(draft)
    if not isinstance(record, OpportunityRecord):
        return None
    engine = house().engine
    with publishing.tried(engine, draft.id or 0, now=now) as (_, listing):
        if not isinstance(listing, Opportunity):
            return None
        coming = [o for o in listing.occurrences if o.end > now]
        return presenting.opportunity_row(listing, coming[0] if coming else None)


def title_of(draft: Draft) -> str:
    """What to call a draft."""
    return draft.content.get("title", "").strip() or gettext("Without a title yet")


def line(draft: Draft) -> dict[str, str]:
    """A draft in a list."""
    provider = db().get(Provider, draft.provider_id) if draft.provider_id else None
    zone = house().settings.timezone
    return {
        "title": title_of(draft),
        "state": str(labels.DRAFT_STATES[draft.state]),
        "provider": words(provider, "title", locale.tag()).value if provider else "",
        "saved": formats.moment(formats.local(draft.saved, zone)),
        "by": formats.isolated(db().get_one(Account, draft.saved_by_id).name),
        "url": url_for("drafts.check", lang=locale.tag(), number=draft.id),
        "new": "" if draft.listing_id else gettext("New"),
    }


def may(draft: Draft) -> dict[str, bool]:
    """What whoever is signed in may do with a draft."""
    is_editor = drafting.is_editor(access.account())
    under_way = draft.state in drafting.UNDER_WAY
    handed_in = draft.state is DraftState.SUBMITTED
    return {
        "write": under_way and (is_editor or not handed_in),
        "submit": under_way and not handed_in,
        "take_back": handed_in,
        "send_back": is_editor and handed_in,
        "publish": is_editor and under_way,
        "drop": under_way,
    }


def _step(draft: Draft, step: str, label: str, state: str, current: str) -> dict[str, Any]:
    if step == "check":
        url = url_for("drafts.check", lang=locale.tag(), number=draft.id)
    else:
        url = url_for("drafts.ask", lang=locale.tag(), number=draft.id, step=step)
    return {"label": label, "state": state, "url": url, "current": step == current}


def _date(each: Dated, zone: str) -> dict[str, Any]:
    start, end = formats.local(each.start, zone), formats.local(each.end, zone)
    return {
        "day": formats.long_date(start),
        "time": f"{formats.clock(start)}–{formats.clock(end)}",
        "off": each.cancelled,
    }
