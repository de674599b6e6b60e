"""Ideas as rows and on their own pages, in words."""

from dataclasses import dataclass

from flask import url_for

from directory import languages
from directory.edge import formats, locale, presenting
from directory.edge.house import city, house
from directory.edge.speech import gettext, ngettext
from directory.edge.speech import lazy_gettext as _l
from directory.models import Idea
from directory.models.ideas import IdeaKind, IdeaState
from directory.services.ideas import kept

KINDS = {IdeaKind.LEARN: _l("Would like to learn"), IdeaKind.TEACH: _l("Could teach")}
SAID = {
    IdeaKind.LEARN: _l("I would like to learn this"),
    IdeaKind.TEACH: _l("I could teach this"),
}
STATES = {
    IdeaState.WAITING: _l("Waiting"),
    IdeaState.PUBLISHED: _l("Public"),
    IdeaState.REFUSED: _l("Refused"),
    IdeaState.WITHDRAWN: _l("Withdrawn"),
}


@dataclass(frozen=True)
class Row:
    """An idea in a list.

    Attributes:
        others: how many others would too; empty where nobody has said so yet.
        answers: how many listings answer it; empty where none does.
    """

    number: int
    url: str
    words: str
    language: str
    direction: str
    kind: str
    kind_label: str
    topic: str
    topic_url: str
    district: str
    day: str
    others: str
    answers: str
    too: str


def row(idea: Idea) -> Row:
    """An idea in a list."""
    lang, tree = locale.tag(), city().tree
    count = len(kept.answers(idea))
    day = idea.decided or idea.written
    written = languages.INTERFACE.get(idea.language, languages.INTERFACE[languages.DEFAULT])
    return Row(
        number=idea.id or 0,
        url=url_for("ideas.show", lang=lang, number=idea.id),
        words=idea.words,
        language=written.tag,
        direction=written.direction,
        kind=idea.kind.value,
        kind_label=str(KINDS[idea.kind]),
        topic=tree.label(idea.topic, lang) if idea.topic in tree.topics else "",
        topic_url=url_for("topics.show", lang=lang, key=idea.topic) if idea.topic else "",
        district=presenting.district_called(idea.district),
        day=formats.short_date(day.astimezone(house().settings.zone)),
        others=_others(idea),
        answers=ngettext(
            "One answer", "%(count)s answers", count, count=formats.number(count)
        ) if count else "",
        too=gettext("I would too") if idea.kind is IdeaKind.LEARN else gettext("I could too"),
    )  # fmt: skip


def _others(idea: Idea) -> str:
    count = idea.seconds
    if not count:
        return ""
    if idea.kind is IdeaKind.LEARN:
        return ngettext(
            "One more would like to", "%(count)s more would like to", count,
            count=formats.number(count),
        )  # fmt: skip
    return ngettext("One more could", "%(count)s more could", count, count=formats.number(count))
