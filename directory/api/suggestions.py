"""Suggestions: what may be asked while somebody types, and what the answer says."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from directory.edge import formats, locale
from directory.edge.house import city, db, house
from directory.edge.searching import request_for
from directory.edge.speech import ngettext
from directory.errors import Problem
from directory.services import asking, suggesting
from directory.services.suggesting import Suggestion, Suggestions

Document = dict[str, Any]

PARAMETERS = ("q", "lang")
# Somebody who goes back a letter need not wait again.
CACHE = "private, max-age=60"


def read(params: Mapping[str, Sequence[str]]) -> tuple[str, tuple[Problem, ...]]:
    """What has been typed, and what was wrong with the request."""
    asked = asking.read(
        db(),
        params,
        city=city(),
        settings=house().settings,
        parameters=PARAMETERS,
        strict=True,
    )
    return asked.q, asked.problems


def find(q: str) -> Suggestions:
    """What the beginning of a question may lead to, in the house that is open."""
    here, known = house(), city()
    request = request_for(per_page=0, facets=("topic",))
    return suggesting.suggest(
        db(),
        here.index,
        known.tree,
        q,
        locale.tag(),
        now=request.now,
        counts=suggesting.topic_counts(here.index, request, known.lexicon),
    )


def document(found: Suggestions) -> Document:
    """The answer: three groups, and a sentence for those who do not see them appear."""
    return {
        "topics": [_entry(each) for each in found.topics],
        "spaces": [_entry(each) for each in found.spaces],
        "opportunities": [_entry(each) for each in found.opportunities],
        "total": found.total,
        "said": ngettext(
            "%(count)s suggestion", "%(count)s suggestions", found.total,
            count=formats.number(found.total),
        ),
    }  # fmt: skip


def _entry(found: Suggestion) -> Document:
    entry: Document = {"type": found.type, "label": found.label, "url": _address(found)}
    if found.language != locale.tag():
        entry["language"] = found.language
    if found.total is not None:
        entry["total"] = found.total
        entry["note"] = ngettext(
            "%(count)s result", "%(count)s results", found.total, count=formats.number(found.total)
        )
    return entry


def _address(found: Suggestion) -> str:
    lang = locale.tag()
    if found.type == "topic":
        return url_for("search.results", lang=lang, topic=found.name)
    endpoint = {"space": "spaces", "opportunity": "opportunities"}[found.type]
    return url_for(f"{endpoint}.show", lang=lang, slug=found.name)
