"""Ideas at the desk: what waits for an editor, and which listings answer what is public."""

from flask import Blueprint, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from directory.edge import access, formats, presenting
from directory.edge import ideas as shown
from directory.edge.house import db, house, writing
from directory.edge.searching import find, request_for
from directory.edge.speech import gettext
from directory.errors import Gone, Invalid, NotFound, Problem
from directory.models import Idea
from directory.models.ideas import IdeaState
from directory.models.vocabulary import Role
from directory.search.grammar import Ask, parse
from directory.services import listings
from directory.services.drafting import members, standing
from directory.services.finding import Item
from directory.services.ideas import deciding, kept, taking
from directory.web.desk import frame
from directory.web.ideas import branches, districts
from directory.web.page import Pages

ideas_desk = Blueprint("ideas_desk", __name__)

ON_A_PAGE = 20
PROPOSED = 6


@ideas_desk.get("/<lang:lang>/desk/ideas")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR, Role.PROVIDER)
def index(lang: str) -> ResponseReturnValue:
    """What waits, the oldest first; what is public, the newest first; providers see only that."""
    page = max(1, request.args.get("page", 1, type=int))
    public = kept.listed(db(), now=house().settings.clock(), page=page, per_page=ON_A_PAGE)
    last = max(1, -(-public.total // ON_A_PAGE))
    return frame.render(
        "seeking/ideas.html",
        decides=_decides(),
        waiting=[_row(each, lang) for each in kept.waiting(db())] if _decides() else [],
        public=[_row(each, lang) for each in public.ideas],
        done=_done().get(request.args.get("done", ""), ""),
        pages=Pages.of(
            page, last, lambda number: url_for("ideas_desk.index", lang=lang, page=number)
        ),
    )


@ideas_desk.get("/<lang:lang>/desk/ideas/<int:number>")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR, Role.PROVIDER)
def show(lang: str, number: int) -> ResponseReturnValue:
    """One idea, and what may be done with it."""
    return _page(lang, number)


@ideas_desk.post("/<lang:lang>/desk/ideas/<int:number>/publish")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def publish(lang: str, number: int) -> ResponseReturnValue:
    """Let readers see it, perhaps in other words."""
    given = request.form
    try:
        with writing() as work:
            idea = kept.load(work, number, to_change=True)
            deciding.publish(
                work,
                access.account(),
                idea,
                words=given.get("words", ""),
                topic=given.get("topic", ""),
                district=given.get("district", ""),
                settings=house().settings,
            )
    except Invalid as invalid:
        return _page(lang, number, invalid, at="publish")
    return redirect(url_for("ideas_desk.show", lang=lang, number=number, done="published"), 303)


@ideas_desk.post("/<lang:lang>/desk/ideas/<int:number>/refuse")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def refuse(lang: str, number: int) -> ResponseReturnValue:
    """Say why readers do not see it."""
    try:
        with writing() as work:
            idea = kept.load(work, number, to_change=True)
            deciding.refuse(
                work,
                access.account(),
                idea,
                reason=request.form.get("reason", ""),
                settings=house().settings,
            )
    except Invalid as invalid:
        return _page(lang, number, invalid, at="refuse")
    return redirect(url_for("ideas_desk.index", lang=lang, done="refused"), 303)


@ideas_desk.post("/<lang:lang>/desk/ideas/<int:number>/answer")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR, Role.PROVIDER)
def answer(lang: str, number: int) -> ResponseReturnValue:
    """Answer it with a listing, named by its number, its slug or its address."""
    typed = request.form.get("listing", "").strip()
    slug = typed.rstrip("/").rpartition("/")[2].partition("?")[0]
    try:
        with writing() as work:
            idea = _of_theirs(work, number, to_change=True)
            deciding.answer(work, access.account(), idea, slug, settings=house().settings)
    except (Gone, NotFound) as error:
        if error.what == "idea":
            raise
        problem = Problem("listing", "unknown-opportunity", typed[:80])
        return _page(lang, number, Invalid((problem,)), at="answer")
    except Invalid as invalid:
        return _page(lang, number, invalid, at="answer")
    return redirect(url_for("ideas_desk.show", lang=lang, number=number, done="answered"), 303)


@ideas_desk.post("/<lang:lang>/desk/ideas/<int:number>/unanswer")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR, Role.PROVIDER)
def unanswer(lang: str, number: int) -> ResponseReturnValue:
    """A listing does not answer it after all."""
    with writing() as work:
        idea = _of_theirs(work, number, to_change=True)
        listing = request.form.get("listing", 0, type=int)
        deciding.unanswer(work, access.account(), idea, listing, settings=house().settings)
    return redirect(url_for("ideas_desk.show", lang=lang, number=number, done="unanswered"), 303)


def _page(lang: str, number: int, invalid: Invalid | None = None, *, at: str = "") -> Response:
    idea = _of_theirs(db(), number)
    typed = frame.typed() if invalid else {}
    wanted = request.args.get("find", idea.words)
    is_public = idea.state is IdeaState.PUBLISHED
    numbers = [each.opportunity_id for each in idea.answers]
    return frame.render(
        "seeking/idea.html",
        status=frame.UNPROCESSABLE if invalid else 200,
        idea=shown.row(idea),
        state=str(shown.STATES[idea.state]),
        is_public=is_public,
        decides=_decides(),
        reason=idea.reason,
        at=at,
        typed={"words": idea.words, "topic": idea.topic, "district": idea.district, **typed},
        problems=frame.messages(invalid) if invalid else {},
        done=_done().get(request.args.get("done", ""), ""),
        branches=branches(lang),
        districts=districts(),
        most=taking.LONGEST,
        find=wanted,
        answers=[
            {
                "id": row.id,
                "row": presenting.opportunity_row(row, None),
                "theirs": members.may_write(db(), access.account(), standing.provider_of(row)),
            }
            for row in listings.load_opportunities(db(), numbers).values()
        ],
        proposed=_proposed(wanted, numbers) if is_public else [],
    )


def _decides() -> bool:
    """Whether whoever is signed in decides what readers see."""
    return members.is_editor(access.account())


def _of_theirs(session: Session, number: int, *, to_change: bool = False) -> Idea:
    """An idea: any for editors; for providers those readers see."""
    idea = kept.load(session, number, to_change=to_change)
    if not _decides() and idea.state is not IdeaState.PUBLISHED:
        raise NotFound("idea", str(number))
    return idea


def _proposed(wanted: str, there: list[int]) -> list[dict[str, object]]:
    """Listings that may answer it: what its words find; for providers, else, whatever they list."""
    ask = parse(wanted)
    if _decides():
        items = _found(wanted, ask, None)
    else:
        theirs = [each.provider_id for each in members.memberships(db(), access.account())]
        items = [item for provider in theirs for item in _found(wanted, ask, provider)]
        items = items or [item for provider in theirs for item in _found("", Ask(), provider)]
    items = [item for item in items if item.shown["id"] not in there][:PROPOSED]
    rows = presenting.found_rows(items, ask)
    return [
        {"id": item.shown["id"], "title": row.title, "url": row.url}
        for item, row in zip(items, rows, strict=True)
    ]


def _found(wanted: str, ask: Ask, provider: int | None) -> list[Item]:
    asked = request_for(ask=ask, type="opportunity", per_page=PROPOSED, provider=provider)
    found = find(asked, wanted)
    return [*found.items, *found.also]


def _row(idea: Idea, lang: str) -> dict[str, object]:
    written = idea.written.astimezone(house().settings.zone)
    return {
        "idea": shown.row(idea),
        "url": url_for("ideas_desk.show", lang=lang, number=idea.id),
        "written": formats.short_date(written),
    }


def _done() -> dict[str, str]:
    return {
        "published": gettext("It is public now."),
        "refused": gettext("Readers do not see it. Whoever left an address is told why."),
        "answered": gettext("The idea shows the listing now; whoever follows it is told."),
        "unanswered": gettext("The listing is not among the answers any more."),
    }
