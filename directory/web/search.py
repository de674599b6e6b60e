"""The search page: what was asked, what there is, and how to narrow or widen it."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, render_template, request, url_for

from directory.edge import counting, formats, labels, presenting
from directory.edge.facets import Labeller
from directory.edge.house import city, db, house
from directory.edge.messages import problem_message
from directory.edge.searching import find
from directory.edge.speech import gettext, ngettext
from directory.services import asking, finding
from directory.web.filters import Filters, Option, active_chips
from directory.web.page import Link, Pages

search = Blueprint("search", __name__)

# Parameters the form has no control for, carried along as they are.
_CARRIED = ("sort", "series", "provider", "open_at", "view", "type")
_OWN = {"view"}


@search.get("/<lang:lang>/search")
def results(lang: str) -> str:
    """Results of a search."""
    given = request.args.to_dict(flat=False)
    asked = asking.read(
        db(),
        {name: values for name, values in given.items() if name not in _OWN},
        city=city(),
        settings=house().settings,
        language=lang,
    )
    answer = find(asked.request, asked.q)
    counting.searched(asked, answer, language=lang, shown=True)
    links = Addresses(lang, asked, view=request.args.get("view", ""))
    with_map = links.view == "map"
    labeller = Labeller.of(city().tree)
    filters = Filters(answer.facets, asked.values, labeller)
    chips = active_chips(asked, labeller, links)
    return render_template(
        "pages/search.html",
        q=asked.q,
        heading=_heading(asked, answer),
        values=_first_values(asked),
        problems=_by_field(asked),
        notes=list(_notes(asked, answer)),
        kept=[(name, v) for name in _CARRIED for v in links.values.get(name, ())],
        filters=filters.groups(),
        after_options=_times(
            ("09:00", "12:00", "15:00", "17:00", "18:00", "19:00"), asked, "after"
        ),
        before_options=_times(("10:00", "12:00", "14:00", "17:00", "20:00"), asked, "before"),
        within_options=_distances(asked),
        filters_button=_filters_button(len(chips), answer.total),
        clear_url=links.only("q", "type", "view"),
        active=chips,
        listed=presenting.found_rows(answer.items, asked.request.ask),
        also=presenting.found_rows(answer.also, asked.request.ask),
        sorts=_sorts(asked, links),
        with_map=with_map,
        open_now=_open_now(asked, links),
        view=(
            Link(links.without("view"), gettext("List only"))
            if with_map
            else Link(links.with_("view", "map"), gettext("Show on the map"))
        ),
        suggestion=_suggestion(answer, links),
        relax=[*_relax(answer, links), *_nearest(answer, links, labeller)],
        pages=_pages(asked, answer, links),
        beyond=_beyond(asked, answer, links),
    )


class Addresses:
    """Addresses of this search, changed a little."""

    def __init__(self, lang: str, asked: asking.Asked, *, view: str = "") -> None:
        self.lang, self.view = lang, view if view == "map" else ""
        self.values = {name: v for name, v in asked.values.items() if name not in {"lang", "page"}}
        if self.view:
            self.values["view"] = (self.view,)

    def _to(self, values: dict[str, Any]) -> str:
        return url_for("search.results", lang=self.lang, **values)

    def with_(self, name: str, value: str) -> str:
        """The same search with one parameter set to one value."""
        return self.with_values({name: value})

    def with_values(self, values: dict[str, str]) -> str:
        """The same search with some parameters set."""
        return self._to({**self.values, **values})

    def without(self, name: str, value: str | None = None) -> str:
        """The same search without a parameter, or without one of its values."""
        rest = dict(self.values)
        left = [v for v in rest.pop(name, ()) if value is not None and v != value]
        if left:
            rest[name] = tuple(left)
        if name == "near":
            rest.pop("within", None)
            if rest.get("sort") == ("distance",):
                del rest["sort"]
        return self._to(rest)

    def only(self, *names: str) -> str:
        """Only some parameters of the search."""
        return self._to({name: v for name, v in self.values.items() if name in names})


def _heading(asked: asking.Asked, answer: finding.Answer) -> str:
    total = answer.total
    if answer.loosened:
        return ngettext(
            "%(count)s result close to “%(q)s”", "%(count)s results close to “%(q)s”", total,
            count=formats.number(total), q=asked.values["q"][0],
        )  # fmt: skip
    if asked.q:
        return ngettext(
            "%(count)s way to learn “%(q)s”", "%(count)s ways to learn “%(q)s”", total,
            count=formats.number(total), q=asked.values["q"][0],
        )  # fmt: skip
    if asked.request.type == "space":
        return ngettext(
            "%(count)s place to learn", "%(count)s places to learn", total,
            count=formats.number(total),
        )  # fmt: skip
    return ngettext(
        "%(count)s thing to learn from", "%(count)s things to learn from", total,
        count=formats.number(total),
    )  # fmt: skip


def _first_values(asked: asking.Asked) -> dict[str, str]:
    names = ("from", "to", "after", "before", "near", "within", "age")
    typed = {name: request.args.get(name, "") for name in names}
    return {name: asked.values.get(name, (typed[name],))[0] for name in names}


def _by_field(asked: asking.Asked) -> dict[str, str]:
    shown = {"from", "to", "near", "age"}
    return {p.field: problem_message(p) for p in asked.problems if p.field in shown} | {
        name: "" for name in shown if name not in {p.field for p in asked.problems}
    }


def _notes(asked: asking.Asked, answer: finding.Answer) -> Iterable[dict[str, Any]]:
    for problem in asked.problems:
        yield {"text": problem_message(problem), "warn": True}
    if asked.request.ask.shortened:
        yield {"text": gettext("The question was long; only its beginning was used."), "warn": True}
    if answer.loosened:
        yield {
            "text": gettext("Nothing has all of these words; these are close to them."),
            "warn": False,
        }
    if answer.from_database:
        yield {
            "text": gettext(
                "The search index is being repaired. These results are complete, only slower."
            ),
            "warn": True,
        }


def _times(times: Iterable[str], asked: asking.Asked, name: str) -> list[Option]:
    chosen = asked.values.get(name, ("",))[0]
    listed = sorted({*times, chosen} - {""})
    return [Option("", gettext("Any time")), *(Option(time, time) for time in listed)]


def _open_now(asked: asking.Asked, links: Addresses) -> Link | None:
    """The same search, of what is open or on at this minute."""
    if asked.request.open_at is not None:
        return None
    here = house().settings.clock().astimezone(house().settings.zone)
    moment = here.replace(tzinfo=None).isoformat(timespec="minutes")
    return Link(links.with_("open_at", moment), gettext("Open or on now"))


def _distances(asked: asking.Asked) -> list[Option]:
    chosen = asked.values.get("within", ("",))[0]
    listed = sorted({"0.5", "1", "2", "5", "10", chosen} - {""}, key=float)
    return [
        Option("", gettext("Any distance")),
        *(Option(km, formats.distance(float(km))) for km in listed),
    ]


def _filters_button(on: int, total: int) -> str:
    if not on:
        return gettext("Filters")
    return gettext(
        "Filters: %(on)s on, %(total)s results", on=formats.number(on), total=formats.number(total)
    )


def _sorts(asked: asking.Asked, links: Addresses) -> list[Link]:
    offered = [s for s in labels.SORTS if s != "distance" or asked.request.near]
    return [
        Link(links.with_("sort", s), str(labels.SORTS[s]), current=asked.request.sort == s)
        for s in offered
    ]


def _suggestion(answer: finding.Answer, links: Addresses) -> dict[str, Any] | None:
    if answer.suggestion is None:
        return None
    q = answer.suggestion.q
    return {"q": q, "url": links.with_("q", q), "total": answer.suggestion.total}


_DROPS = {
    "q": lambda: gettext("Without the words"),
    "district": lambda: gettext("In any district"),
    "kind": lambda: gettext("In any kind of place"),
    "format": lambda: gettext("In any form"),
    "setting": lambda: gettext("Formal or not"),
    "topic": lambda: gettext("On any topic"),
    "level": lambda: gettext("At any level"),
    "language": lambda: gettext("In any language"),
    "price_max": lambda: gettext("At any price"),
    "age": lambda: gettext("At any age"),
    "ages": lambda: gettext("For people of any age"),
    "part": lambda: gettext("At any time of the day"),
    "access": lambda: gettext("Whatever the access"),
    "near": lambda: gettext("At any distance"),
    "from": lambda: gettext("From any day on"),
    "to": lambda: gettext("Up to any day"),
    "day": lambda: gettext("On any day of the week"),
    "after": lambda: gettext("Starting at any time"),
    "before": lambda: gettext("Starting at any time of the day"),
    "open_at": lambda: gettext("Open or not at that moment"),
    "type": lambda: gettext("Places and things to do"),
    "commitment": lambda: gettext("Whatever it contributes to"),
    "provider": lambda: gettext("From any organisation"),
    "series": lambda: gettext("In or outside the programme"),
}


def _relax(answer: finding.Answer, links: Addresses) -> Iterable[Link]:
    for name, total in answer.relax:
        count = ngettext(
            "%(count)s result", "%(count)s results", total, count=formats.number(total)
        )
        yield Link(links.without(name), f"{_DROPS[name]()}: {count}")


def _nearest(answer: finding.Answer, links: Addresses, labeller: Labeller) -> Iterable[Link]:
    """With no result: the nearest day and the nearest district that have one."""
    if day := answer.nearest_date:
        asked = links.with_values({"from": day.isoformat(), "to": day.isoformat()})
        yield Link(asked, gettext("On the nearest day: %(day)s", day=formats.day_only(day)))
    if answer.nearest_district:
        key, total = answer.nearest_district
        count = ngettext(
            "%(count)s result", "%(count)s results", total, count=formats.number(total)
        )
        name = labeller.label("district", key)
        nearest = gettext("In the nearest district, %(district)s", district=name)
        yield Link(links.with_("district", key), f"{nearest}: {count}")


def _last_page(asked: asking.Asked, answer: finding.Answer) -> int:
    return max(1, -(-answer.total // asked.request.per_page))


def _beyond(asked: asking.Asked, answer: finding.Answer, links: Addresses) -> Link | None:
    """Where the results are, when the page asked for comes after the last of them."""
    last = _last_page(asked, answer)
    if not answer.total or asked.request.page <= last:
        return None
    return Link(links.with_("page", str(last)), gettext("To the last page"))


def _pages(asked: asking.Asked, answer: finding.Answer, links: Addresses) -> Pages:
    last = _last_page(asked, answer)
    return Pages.of(asked.request.page, last, lambda number: links.with_("page", str(number)))
