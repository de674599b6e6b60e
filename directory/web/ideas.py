"""Needs and ideas: residents say what they would like to learn or could teach, and others join."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from directory import languages
from directory.database import unit_of_work
from directory.edge import counting, formats, presenting, throttle
from directory.edge import ideas as shown
from directory.edge.house import city, db, house
from directory.edge.speech import gettext, ngettext
from directory.errors import Invalid, Problem
from directory.models import Idea
from directory.models.ideas import IdeaKind
from directory.services import listings, tokens
from directory.services.ideas import following, kept, taking
from directory.web.form import Form
from directory.web.page import Link, Pages
from directory.web.reports import TRAP, private

ideas = Blueprint("ideas", __name__)

ON_A_PAGE = 20
_FIELDS = ("kind", "words", "topic", "district", "language", "email", TRAP)


@ideas.get("/<lang:lang>/ideas")
def index(lang: str) -> str:
    """Ideas, of a kind or on a topic."""
    now, tree = house().settings.clock(), city().tree
    kind = _kind(request.args.get("kind", ""))
    topic = request.args.get("topic", "")
    topic = topic if topic in tree.topics else ""
    page = max(1, request.args.get("page", 1, type=int))
    found = kept.listed(
        db(), now=now, kind=kind, topics=tree.below(topic) if topic else (), page=page,
        per_page=ON_A_PAGE,
    )  # fmt: skip
    last = max(1, -(-found.total // ON_A_PAGE))
    chosen = {"kind": kind.value if kind else None, "topic": topic or None}
    return render_template(
        "pages/ideas.html",
        rows=[shown.row(each) for each in found.ideas],
        count=ngettext(
            "One idea", "%(count)s ideas", found.total, count=formats.number(found.total)
        ),
        total=found.total,
        filtered=bool(kind or topic),
        kinds=_kinds(lang, chosen),
        topics=_topics(lang, chosen),
        pages=Pages.of(page, last, lambda number: _address(lang, chosen, page=number)),
    )


@ideas.get("/<lang:lang>/ideas/new")
def ask(lang: str) -> Response:
    """The form, perhaps with the words of a search that found nothing."""
    given = {
        "words": request.args.get("q", "")[: taking.LONGEST],
        "kind": request.args.get("kind", IdeaKind.LEARN.value),
        "language": lang,
    }
    return _form(lang, Form(given))


@ideas.post("/<lang:lang>/ideas/new")
@throttle.words
def take(lang: str) -> AnyResponse:
    """Keep an idea for the editors, or say what is missing."""
    typed = {name: request.form.get(name, "") for name in _FIELDS}
    try:
        _keep(typed)
    except Invalid as invalid:
        return _form(lang, Form.of(typed, invalid.problems), 422)
    told = "1" if typed["email"].strip() else None
    return redirect(url_for("ideas.thanks", lang=lang, told=told), 303)


@ideas.get("/<lang:lang>/ideas/thanks")
def thanks(lang: str) -> Response:  # noqa: ARG001 - of every address
    """What comes next."""
    return private(
        make_response(render_template("pages/idea_kept.html", told="told" in request.args))
    )


@ideas.get("/<lang:lang>/ideas/<int:number>")
def show(lang: str, number: int) -> Response:
    """An idea, the listings that answer it, and how to join."""
    return _page(lang, _seen(number), Form())


@ideas.post("/<lang:lang>/ideas/<int:number>/second")
@throttle.words
def second(lang: str, number: int) -> AnyResponse:
    """One more would too; a browser counts once a day, as far as can be told."""
    _seen(number)
    if counting.is_first_press(f"idea {number}"):
        with unit_of_work(house().engine) as work:
            taking.second(work, number, now=house().settings.clock())
    return redirect(url_for("ideas.show", lang=lang, number=number, done="second"), 303)


@ideas.post("/<lang:lang>/ideas/<int:number>/follow")
@throttle.words
def follow(lang: str, number: int) -> AnyResponse:
    """Leave an address to be told of an answer."""
    typed = {name: request.form.get(name, "") for name in ("email", TRAP)}
    try:
        _refuse_programs(typed)
        with unit_of_work(house().engine) as work:
            idea = kept.seen(work, number, now=house().settings.clock())
            following.follow(
                work, idea, email=typed["email"], language=lang, settings=house().settings
            )
    except Invalid as invalid:
        return _page(lang, _seen(number), Form.of(typed, invalid.problems), 422)
    return redirect(url_for("ideas.show", lang=lang, number=number, done="follow"), 303)


@ideas.get("/<lang:lang>/ideas/follow/<token>")
def confirm(lang: str, token: str) -> Response:
    """Ask once more: programs that read mail follow links, and press nothing."""
    following.load(db(), _follower(token, tokens.IDEA_FOLLOW))
    return _told(
        heading=gettext("Shall we tell you of answers?"),
        sentence=gettext("When a listing answers the idea, we write to you."),
        action=url_for("ideas.confirmed", lang=lang, token=token),
        button=gettext("Yes, tell me"),
    )


@ideas.post("/<lang:lang>/ideas/follow/<token>")
def confirmed(lang: str, token: str) -> Response:  # noqa: ARG001 - of every address
    """The address is theirs and they want it."""
    number = _follower(token, tokens.IDEA_FOLLOW)
    with unit_of_work(house().engine) as work:
        following.confirm(work, number, now=house().settings.clock())
    return _told(
        heading=gettext("We will tell you"),
        sentence=gettext("Each mail has a link that ends this and erases your address."),
    )


@ideas.get("/<lang:lang>/ideas/unfollow/<token>")
def unfollow(lang: str, token: str) -> Response:
    """Ask whether that is to end."""
    _follower(token, tokens.IDEA_UNFOLLOW)
    return _told(
        heading=gettext("Shall we write no more?"),
        sentence=gettext("Your address is erased at once."),
        action=url_for("ideas.unfollowed", lang=lang, token=token),
        button=gettext("Tell me no more of this idea"),
    )


@ideas.post("/<lang:lang>/ideas/unfollow/<token>")
def unfollowed(lang: str, token: str) -> Response:  # noqa: ARG001 - of every address
    """It ends. Mail programs press too (RFC 8058) and follow no redirect."""
    with unit_of_work(house().engine) as work:
        following.unfollow(work, _follower(token, tokens.IDEA_UNFOLLOW))
    return _told(
        heading=gettext("Your address is erased"), sentence=gettext("We do not write to you again.")
    )


def _keep(typed: dict[str, str]) -> None:
    _refuse_programs(typed)
    said = {name: typed[name] for name in ("kind", "words", "topic", "district", "language")}
    settings = house().settings
    with unit_of_work(house().engine) as work:
        if problems := taking.check(work, **said, email=typed["email"]):
            raise Invalid(problems)
        idea = taking.take(work, **said, now=settings.clock())
        if typed["email"].strip():
            language = typed["language"]
            following.follow(work, idea, email=typed["email"], language=language, settings=settings)


def _refuse_programs(typed: dict[str, str]) -> None:
    if typed[TRAP]:
        raise Invalid((Problem(TRAP, "leave-empty"),))


def _seen(number: int) -> Idea:
    return kept.seen(db(), number, now=house().settings.clock())


def _follower(written: str, purpose: tokens.Purpose) -> int:
    settings = house().settings
    token = tokens.read(settings.signing_key(), purpose, written, now=settings.clock())
    return int(token.says["f"])


def _kind(typed: str) -> IdeaKind | None:
    return IdeaKind(typed) if typed in set(IdeaKind) else None


def _address(lang: str, chosen: dict[str, str | None], **changes: Any) -> str:
    values: dict[str, Any] = {**chosen, **changes}
    return url_for("ideas.index", lang=lang, **values)


def _kinds(lang: str, chosen: dict[str, str | None]) -> list[Link]:
    every: list[tuple[str | None, str]] = [(None, gettext("All"))]
    every += [(kind.value, str(label)) for kind, label in shown.KINDS.items()]
    return [
        Link(_address(lang, chosen, kind=value), label, current=chosen["kind"] == value)
        for value, label in every
    ]


def _topics(lang: str, chosen: dict[str, str | None]) -> list[Link]:
    """The branches that ideas are on, and the one chosen."""
    tree = city().tree
    there = kept.topics_seen(db(), now=house().settings.clock())
    branches = {tree.ancestors(key)[-1] for key in there if key in tree.topics}
    listed = [key for key in tree.topics if key in branches or key == chosen["topic"]]
    return [
        Link(
            _address(lang, chosen, topic=None if key == chosen["topic"] else key),
            tree.label(key, lang),
            current=key == chosen["topic"],
        )
        for key in listed
    ]


def _form(lang: str, form: Form, status: int = 200) -> Response:
    body = render_template(
        "pages/idea_new.html",
        form=form,
        kinds=[{"value": k.value, "label": str(label)} for k, label in shown.SAID.items()],
        branches=branches(lang),
        districts=districts(),
        languages=[{"value": x.tag, "label": x.name} for x in languages.INTERFACE.values()],
        most=taking.LONGEST,
        trap=TRAP,
    )
    response = make_response(body, status)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def branches(lang: str) -> list[dict[str, Any]]:
    """Topics to choose from, under the branch they are on."""
    tree = city().tree
    return [
        {
            "label": tree.label(top, lang),
            "topics": [{"value": key, "label": tree.label(key, lang)} for key in tree.below(top)],
        }
        for top in tree.children.get(None, ())
    ]


def districts() -> list[dict[str, str]]:
    """Districts to choose from, in the reader's order of letters."""
    listed = [
        {"value": key, "label": presenting.localized(district.names)}
        for key, district in city().districts.items()
    ]
    return sorted(listed, key=lambda each: each["label"].casefold())


def _page(lang: str, idea: Idea, form: Form, status: int = 200) -> Response:
    now = house().settings.clock()
    answers = kept.answers(idea)
    numbers = [each.id or 0 for each in answers]
    upcoming = listings.next_of(db(), numbers, now=now)
    rows = listings.load_opportunities(db(), numbers)
    body = render_template(
        "pages/idea.html",
        idea=shown.row(idea),
        form=form,
        done=_done().get(request.args.get("done", ""), ""),
        crumbs=[Link(url_for("ideas.index", lang=lang), gettext("Needs and ideas"))],
        answers=[
            presenting.opportunity_row(row, upcoming.get(number)) for number, row in rows.items()
        ],
        edited=idea.edited,
        trap=TRAP,
    )
    return make_response(body, status)


def _told(*, heading: str, sentence: str, action: str = "", button: str = "") -> Response:
    body = render_template(
        "pages/idea_told.html", heading=heading, sentence=sentence, action=action, button=button
    )
    return private(make_response(body))


def _done() -> dict[str, str]:
    return {
        "second": gettext("Thank you. Once a day counts."),
        "follow": gettext("We have sent you a mail: press its link, and we will tell you."),
    }
