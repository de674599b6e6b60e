"""Searches as the desk shows them: figures, acts and their effect, in words."""

from collections.abc import Collection
from datetime import date
from operator import itemgetter
from typing import Any

from flask import url_for

from directory import languages
from directory.edge import formats, locale
from directory.edge.house import city, db, house
from directory.edge.speech import gettext, ngettext
from directory.edge.speech import lazy_gettext as _l
from directory.models import Sought, SoughtAct
from directory.models.seeking import ActKind
from directory.services import listings, suggesting
from directory.services.seeking import acting, figures
from directory.services.seeking.figures import Effect, Figures, Line, Verdict
from directory.services.seeking.reach import reached
from directory.services.texts import words

MOST_TOPICS = 8
MOST_PROVIDERS = 24

_VERDICTS = {
    Verdict.NOT_YET: _l("Whether it helped cannot be told yet."),
    Verdict.HELPED: _l("It helped: the search fails fewer people than before."),
    Verdict.SAME: _l("So far it made no difference."),
    Verdict.WORSE: _l("The search fails more people than before."),
}


def line(each: Line) -> dict[str, Any]:
    """A row of the desk."""
    return {
        "label": called(each.sought),
        "is_topic": bool(each.sought.topic),
        "url": url_for("searches.show", lang=locale.tag(), number=each.sought.id),
        "done": [_act_in_words(act) for act in figures.active(each.sought)],
        **_figures(each.figures),
    }


def gap(each: Line, lang: str) -> list[str]:
    """A row of the table of known gaps."""
    tree, sought, told = city().tree, each.sought, each.figures
    marked = [act for act in figures.active(sought) if act.kind is ActKind.GAP]
    return [
        acting.called(sought, tree, lang),
        sought.topic or "",
        str(told.people),
        str(told.found_nothing),
        str(told.opened_nothing),
        _day(marked[0]).isoformat(),
        marked[0].note,
    ]


def group(
    sought: Sought, *, today: date, topic: str, who: str, chosen: Collection[str]
) -> dict[str, Any]:
    """A group's page: what was searched for the form of a topic and of whom to ask."""
    tree, lang = city().tree, locale.tag()
    told = figures.of(db(), sought, today=today)
    return {
        "id": sought.id,
        "label": called(sought),
        "is_topic": bool(sought.topic),
        "figures": _figures(told),
        "last": formats.day_only(told.last) if told.last else "",
        "wordings": [{"language": tag, "words": typed} for tag, typed in sought.wordings if tag],
        "search_url": url_for(
            "search.results", lang=lang, q=acting.searched_for(sought, tree, lang)
        ),
        "reached": _reached(sought, today),
        "acts": [_act(act, sought, today) for act in reversed(sought.acts)],
        "topic": topic,
        "found_topics": [
            {"key": each.name, "label": tree.label(each.name, lang), "path": _path(each.name)}
            for each in suggesting.topics_called(tree, topic, lang, most=MOST_TOPICS)
        ],
        "topic_names": sorted({tree.label(key, lang) for key in tree.topics}),
        "word": "" if sought.topic else sought.words,
        "language": sought.language or lang,
        "languages": [{"value": x.tag, "label": x.name} for x in languages.INTERFACE.values()],
        "who": who,
        "providers": _providers(sought, who, chosen),
    }


def called(sought: Sought) -> str:
    """What a group is called."""
    return acting.called(sought, city().tree, locale.tag())


def _figures(told: Figures) -> dict[str, Any]:
    return {
        "people": formats.number(told.people),
        "found_nothing": formats.number(told.found_nothing),
        "opened_nothing": formats.number(told.opened_nothing),
        "weeks": formats.number(told.weeks),
        "rate": formats.percent(told.rate),
        "any": bool(told.people),
    }


def _act(act: SoughtAct, sought: Sought, today: date) -> dict[str, Any]:
    zone = house().settings.zone
    effect = figures.effect(db(), sought, act.at, zone=zone, today=today)
    tells = act.undone is None and act.kind is not ActKind.NO_USE
    return {
        "id": act.id,
        "what": _act_in_words(act),
        "note": act.note,
        "by": act.by.name,
        "at": formats.short_date(_day(act)),
        "undone": formats.short_date(act.undone.astimezone(zone)) if act.undone else "",
        "verdict": str(_VERDICTS[effect.verdict]) if tells else "",
        "sentence": _sentence(effect) if tells else "",
        "before": _figures(effect.before),
        "since": _figures(effect.since),
    }


def _reached(sought: Sought, today: date) -> list[dict[str, Any]]:
    """Listings people went on to, each with the page that tells who comes there."""
    lang = locale.tag()
    people = reached(db(), sought, today=today)
    titles = listings.numbers_titled(db(), people)
    return [
        {
            "title": words(titles[number], "title", lang),
            "url": url_for("reach.show", lang=lang, name=titles[number].slug),
            "people": formats.number(count),
        }
        for number, count in people.items()
        if number in titles
    ]


def _sentence(effect: Effect) -> str:
    """How many of how many, before and since."""
    before, since = (
        ngettext(
            "%(failed)s of %(count)s person", "%(failed)s of %(count)s people", told.people,
            failed=formats.number(told.failed), count=formats.number(told.people),
        )
        for told in (effect.before, effect.since)
    )  # fmt: skip
    if not effect.since.people:
        return gettext("Without success before: %(before)s.", before=before)
    return gettext(
        "Without success before: %(before)s; since: %(since)s.", before=before, since=since
    )


def _act_in_words(act: SoughtAct) -> str:
    names = formats.listing([formats.isolated(name) for _, name in act.names])
    topic = city().tree.label(act.topic, locale.tag())
    match act.kind:
        case ActKind.SYNONYM:
            return gettext("%(names)s made a synonym of %(topic)s", names=names, topic=topic)
        case ActKind.TOPIC:
            return gettext("Linked to %(topic)s: %(names)s", names=names, topic=topic)
        case ActKind.ASKED:
            count = len(act.providers)
            return ngettext(
                "One organisation asked", "%(count)s organisations asked", count,
                count=formats.number(count),
            )  # fmt: skip
        case ActKind.GAP:
            return gettext("Marked as a known gap")
        case ActKind.NO_USE:
            return gettext("Marked as not of use")


def _day(act: SoughtAct) -> date:
    return act.at.astimezone(house().settings.zone).date()


def _path(key: str) -> str:
    tree = city().tree
    return " · ".join(tree.label(above, locale.tag()) for above in tree.ancestors(key)[1:])


def _providers(sought: Sought, who: str, chosen: Collection[str]) -> list[dict[str, Any]]:
    """Whom one may ask, those who offer something like it first."""
    tree, lang = city().tree, locale.tag()
    topic = sought.topic or next((act.topic for act in figures.active(sought) if act.topic), "")
    near = acting.teaching_near(db(), topic, tree) if topic else set()
    wanted = who.casefold().strip()
    rows: list[dict[str, Any]] = [
        {
            "id": row.id,
            "title": title,
            "near": row.id in near,
            "chosen": str(row.id) in chosen,
            "order": (str(row.id) not in chosen, row.id not in near, title.value.casefold()),
        }
        for row in acting.may_be_asked(db())
        if wanted in (title := words(row, "title", lang)).value.casefold() or str(row.id) in chosen
    ]
    return sorted(rows, key=itemgetter("order"))[:MOST_PROVIDERS]
