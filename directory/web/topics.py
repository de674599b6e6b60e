"""Topics: the tree to look through, and a page for each branch."""

from typing import Any

from flask import Blueprint, render_template, url_for

from directory.edge import labels, presenting
from directory.edge.house import city
from directory.edge.searching import find, request_for
from directory.edge.speech import gettext
from directory.errors import NotFound
from directory.web.home import Way
from directory.web.page import Link

topics = Blueprint("topics", __name__)


@topics.get("/<lang:lang>/topics")
def index(lang: str) -> str:
    """The whole tree, with how much there is on each branch."""
    tree = city().tree
    counts = _counts()

    def way(key: str) -> Way:
        label = tree.label(key, lang)
        return Way(url_for("topics.show", lang=lang, key=key), label, counts.get(key, 0))

    branches: list[dict[str, Any]] = [
        {"way": way(key), "below": [way(below) for below in tree.children.get(key, ())]}
        for key in tree.children.get(None, ())
    ]
    return render_template("pages/topics.html", branches=branches)


@topics.get("/<lang:lang>/topics/<key>")
def show(lang: str, key: str) -> str:
    """One topic: what is below it, what is on, and by which steps one gets on."""
    tree = city().tree
    if key not in tree.topics:
        raise NotFound("topic", key)
    answer = find(request_for(topic=(key,), type="opportunity", sort="date", per_page=20))
    topic = tree.topics[key]
    counts = answer.facets["topic"]
    return render_template(
        "pages/topic.html",
        label=tree.label(key, lang),
        key=key,
        crumbs=[Link(url_for("topics.index", lang=lang), gettext("Topics"))]
        + [
            Link(url_for("topics.show", lang=lang, key=above), tree.label(above, lang))
            for above in reversed(tree.ancestors(key)[1:])
        ],
        also=topic.called.get(lang, []),
        below=[
            Way(url_for("topics.show", lang=lang, key=k), tree.label(k, lang), counts.get(k, 0))
            for k in tree.children.get(key, ())
        ],
        levels=[
            Way(
                url_for("search.results", lang=lang, topic=key, level=level),
                str(labels.LEVELS[int(level)]),
                count,
            )
            for level, count in sorted(answer.facets["level"].items())
        ],
        listed=[presenting.row(item) for item in answer.items],
        total=answer.total,
        all_url=url_for("search.results", lang=lang, topic=key),
        route_url=url_for("routes.show", lang=lang, want=key),
        isced=topic.isced,
    )


def _counts() -> dict[str, int]:
    return find(request_for(type="opportunity", per_page=0, facets=("topic",))).facets["topic"]
