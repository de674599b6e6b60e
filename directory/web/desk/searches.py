"""Searches that failed: what many people looked for and did not find, and what to do about each."""

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from directory.edge import access, formats
from directory.edge.house import city, db, house, writing
from directory.edge.speech import gettext
from directory.errors import Invalid
from directory.exchange import csv_writer
from directory.models import Sought, SoughtAct
from directory.models.seeking import LEAST, ActKind
from directory.models.vocabulary import Role
from directory.services.seeking import acting, figures
from directory.web.desk import frame, searches_shown
from directory.web.page import Link, Pages

searches = Blueprint("searches", __name__)

Act = Callable[[Session, Sought], SoughtAct]

ON_A_PAGE = 25
# What each tab shows; nothing done is no kind of act.
TABS: dict[str, frozenset[ActKind] | None] = {
    "open": None,
    "done": frozenset({ActKind.SYNONYM, ActKind.TOPIC, ActKind.ASKED}),
    "gaps": frozenset({ActKind.GAP}),
    "no-use": frozenset({ActKind.NO_USE}),
}


@searches.get("/<lang:lang>/desk/searches")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def index(lang: str) -> ResponseReturnValue:
    """Groups of searches, those that failed most people first."""
    tab = request.args.get("show", "open")
    tab = tab if tab in TABS else "open"
    found = figures.lines(db(), kinds=TABS[tab], today=today())
    last = max(1, -(-len(found) // ON_A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), last)
    return frame.render(
        "seeking/searches.html",
        tabs=[
            Link(url_for("searches.index", lang=lang, show=name), label, current=name == tab)
            for name, label in _tabs().items()
        ],
        tab=tab,
        lines=[
            searches_shown.line(each) for each in found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
        ],
        counting=house().settings.count_searches,
        least=formats.number(LEAST),
        pages=Pages.of(
            page, last, lambda number: url_for("searches.index", lang=lang, show=tab, page=number)
        ),
    )


@searches.get("/<lang:lang>/desk/searches/gaps.csv")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def gaps(lang: str) -> Response:
    """The known gaps as a table, for whoever plans what the city offers."""
    found = figures.lines(db(), kinds=TABS["gaps"], today=today())
    columns = ("what", "topic", "people", "found_nothing", "opened_nothing", "since", "note")
    table = csv_writer.write_table(columns, (searches_shown.gap(each, lang) for each in found))
    response = make_response(table)
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = "attachment; filename=known-gaps.csv"
    return response


@searches.get("/<lang:lang>/desk/searches/<int:number>")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def show(lang: str, number: int) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """One group: its figures, what was done and whether it helped, and what can be done."""
    return page_of(number)


@searches.post("/<lang:lang>/desk/searches/<int:number>/synonym")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def add_synonym(lang: str, number: int) -> ResponseReturnValue:
    """Make a word a synonym of a topic."""
    given = request.form
    return _act(
        lang,
        number,
        "synonym",
        lambda work, sought: acting.add_synonym(
            work,
            access.account(),
            sought,
            topic=given.get("topic", ""),
            name=given.get("name", ""),
            language=given.get("language", ""),
            now=house().settings.clock(),
        ),
    )


@searches.post("/<lang:lang>/desk/searches/<int:number>/topic")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def link_topic(lang: str, number: int) -> ResponseReturnValue:
    """Link what people typed to a topic."""
    topic, now = request.form.get("topic", ""), house().settings.clock()
    return _act(
        lang,
        number,
        "topic",
        lambda work, sought: acting.link_topic(
            work, access.account(), sought, topic=topic, now=now
        ),
    )


@searches.post("/<lang:lang>/desk/searches/<int:number>/ask")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def ask(lang: str, number: int) -> ResponseReturnValue:
    """Ask organisations whether they could offer it."""
    chosen = [int(each) for each in request.form.getlist("providers") if each.isdecimal()]
    return _act(
        lang,
        number,
        "ask",
        lambda work, sought: acting.ask_providers(
            work,
            access.account(),
            sought,
            providers=chosen,
            note=request.form.get("note", ""),
            tree=city().tree,
            now=house().settings.clock(),
        ),
    )


@searches.post("/<lang:lang>/desk/searches/<int:number>/gap")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def mark_gap(lang: str, number: int) -> ResponseReturnValue:
    """Say that it is a known gap."""
    note, now = request.form.get("note", ""), house().settings.clock()
    return _act(
        lang,
        number,
        "gap",
        lambda work, sought: acting.mark_gap(work, access.account(), sought, note=note, now=now),
    )


@searches.post("/<lang:lang>/desk/searches/<int:number>/no-use")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def mark_of_no_use(lang: str, number: int) -> ResponseReturnValue:
    """Take it off the desk."""
    now = house().settings.clock()
    return _act(
        lang,
        number,
        "no-use",
        lambda work, sought: acting.mark_of_no_use(work, access.account(), sought, now=now),
    )


@searches.post("/<lang:lang>/desk/searches/acts/<int:number>/undo")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def undo(lang: str, number: int) -> ResponseReturnValue:
    """Take an act back."""
    with writing() as work:
        act = acting.undo(work, access.account(), number, now=house().settings.clock())
        sought = act.sought_id
    house().known.forget()
    return redirect(url_for("searches.show", lang=lang, number=sought, done="undone"), 303)


def page_of(number: int, invalid: Invalid | None = None, *, at: str = "") -> Response:
    """The page of a group; ``at`` names the form that was refused."""
    sought = figures.load(db(), number)
    return frame.render(
        "seeking/search.html",
        status=frame.UNPROCESSABLE if invalid else 200,
        at=at or ("topic" if request.args.get("topic") else "ask" if "who" in request.args else ""),
        problems=frame.messages(invalid) if invalid else {},
        typed=frame.typed() if invalid else {},
        done=_done().get(request.args.get("done", ""), ""),
        **searches_shown.group(
            sought,
            today=today(),
            topic=request.args.get("topic", ""),
            who=request.args.get("who", ""),
            chosen=request.form.getlist("providers") if invalid else [],
        ),
    )


def today() -> date:
    """The day it is in the city."""
    settings = house().settings
    return settings.clock().astimezone(settings.zone).date()


def _act(lang: str, number: int, name: str, act: Act) -> ResponseReturnValue:
    try:
        with writing() as work:
            act(work, figures.load(work, number, to_change=True))
    except Invalid as invalid:
        return page_of(number, invalid, at=name)
    house().known.forget()
    return redirect(url_for("searches.show", lang=lang, number=number, done=name), 303)


def _tabs() -> dict[str, str]:
    return {
        "open": gettext("Nothing done yet"),
        "done": gettext("Something was done"),
        "gaps": gettext("Known gaps"),
        "no-use": gettext("Not of use"),
    }


def _done() -> dict[str, str]:
    return {
        "synonym": gettext("The synonym finds every listing of the topic now."),
        "topic": gettext("What people typed finds every listing of the topic now."),
        "ask": gettext("The letters are on their way."),
        "gap": gettext("It is among the known gaps now."),
        "no-use": gettext("It is off the desk now."),
        "undone": gettext("Taken back."),
    }
