"""Writing: a draft in five steps; each is kept as it was typed, right or wrong."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.edge import access
from directory.edge.house import db, house, writing
from directory.edge.speech import gettext
from directory.errors import Conflict, Invalid, Problem
from directory.models import Account, Draft
from directory.models.vocabulary import DraftState, Role
from directory.services import drafting
from directory.services.drafting import filling
from directory.services.drafting.filling import FIELDS, Step
from directory.web.desk import frame
from directory.web.drafts import fields, shown

drafts = Blueprint("drafts", __name__)

WRITERS = (Role.PROVIDER, Role.EDITOR, Role.ADMINISTRATOR)
_ADDRESS = "/<lang:lang>/desk/drafts/<int:number>"
_CONFLICT = 409


@drafts.get(f"{_ADDRESS}/<step>")
@access.needs(*WRITERS)
def ask(lang: str, number: int, step: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """One step, as somebody left it."""
    draft = drafting.read(db(), access.account(), number)
    return _form(draft, _step(step))


@drafts.post(f"{_ADDRESS}/<step>")
@access.needs(*WRITERS)
def keep(lang: str, number: int, step: str) -> ResponseReturnValue:
    """Keep what was typed; then on to the next step, unless something is wrong in this."""
    which = _step(step)
    draft = drafting.read(db(), access.account(), number)
    content = shown.posted(which, draft.content)
    revision = request.form.get("revision", 0, type=int)
    made = filling.made(content, shown.surrounding(draft))
    try:
        with writing() as work:
            drafting.save(
                work,
                work.get_one(Account, access.account().id),
                draft=drafting.read(work, access.account(), number),
                content=content,
                record=made.record,
                revision=revision,
                now=house().settings.clock(),
            )
    except Conflict:
        return _both(drafting.read(db(), access.account(), number), which, content)
    except Invalid as invalid:
        return _form(draft, which, content=content, problems=invalid.problems)
    if made.of(which):
        kept = drafting.read(db(), access.account(), number)
        return _form(kept, which, problems=made.of(which))
    return redirect(_onward(lang, number, which), 303)


@drafts.post(f"{_ADDRESS}/dates")
@access.needs(*WRITERS)
def dates(lang: str, number: int) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """The dates that what is being typed makes; nothing is kept."""
    draft = drafting.read(db(), access.account(), number)
    content = shown.posted(Step.WHEN, draft.content)
    return render_template("drafts/dates.html", **_dated(draft, content))


@drafts.get(_ADDRESS)
@access.needs(*WRITERS)
def check(lang: str, number: int) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """The whole draft: what is missing, how it will look, and what can be done with it."""
    return _whole(drafting.read(db(), access.account(), number))


@drafts.post(f"{_ADDRESS}/move")
@access.needs(*WRITERS)
def move(lang: str, number: int) -> ResponseReturnValue:
    """Hand it in, take it back, send it back, publish it or give it up."""
    what = request.form.get("move", "")
    try:
        with writing() as work:
            by = work.get_one(Account, access.account().id)
            _move(work, by, drafting.read(work, by, number), what)
    except Invalid as invalid:
        draft = drafting.read(db(), access.account(), number)
        return _whole(draft, problems=frame.messages(invalid))
    except Conflict as conflict:
        draft = drafting.read(db(), access.account(), number)
        return _whole(draft, conflict=conflict.what)
    return redirect(url_for("drafts.check", lang=lang, number=number, done=what), 303)


def _move(work: Any, by: Account, draft: Draft, what: str) -> None:
    common: dict[str, Any] = {
        "draft": draft,
        "revision": request.form.get("revision", 0, type=int),
        "now": house().settings.clock(),
    }
    match what:
        case "submit":
            drafting.submit(work, by, **common)
        case "take-back":
            drafting.take_back(work, by, **common)
        case "drop":
            drafting.drop(work, by, **common)
        case "send-back":
            drafting.send_back(work, by, reason=request.form.get("reason", ""), **common)
        case "publish":
            over = request.form.get("over") == "yes"
            drafting.publish(work, by, over=over, **common)
        case _:
            raise Invalid((Problem("move", "no-such-move", what[:40]),))


def _step(name: str) -> Step:
    if name not in set(Step):
        abort(404)
    return Step(name)


def _onward(lang: str, number: int, step: Step) -> str:
    if "stay" in request.form:
        return url_for("drafts.ask", lang=lang, number=number, step=step, done="kept")
    every = list(Step)
    after = every.index(step) + 1
    if after == len(every):
        return url_for("drafts.check", lang=lang, number=number)
    return url_for("drafts.ask", lang=lang, number=number, step=every[after].value)


def _form(
    draft: Draft,
    step: Step,
    *,
    content: dict[str, str] | None = None,
    problems: tuple[Problem, ...] = (),
    theirs: list[dict[str, str]] | None = None,
    status: int = 0,
) -> ResponseReturnValue:
    content = draft.content if content is None else content
    made = filling.made(content, shown.surrounding(draft))
    return frame.render(
        "drafts/step.html",
        status=status or (frame.UNPROCESSABLE if problems else 200),
        draft=draft,
        title=shown.title_of(draft),
        step=step.value,
        heading=str(fields.STEPS[step]),
        steps=shown.steps(draft, made, step.value),
        typed=content,
        name=fields.name,
        options=lambda field: fields.options(field, content),
        held=fields.held(content),
        weekdays=fields.weekdays(content),
        levels=fields.options("from1", content),
        words=_translations(content) if step is Step.WORDS else [],
        form={"problems": shown.messages(problems)},
        problems=shown.messages(problems),
        theirs=theirs or [],
        reason=draft.reason if draft.state is DraftState.RETURNED else "",
        done=gettext("Kept.") if request.args.get("done") == "kept" else "",
        **(_dated(draft, content) if step is Step.WHEN else {}),
    )


def _both(draft: Draft, step: Step, mine: dict[str, str]) -> ResponseReturnValue:
    """Somebody else kept this draft meanwhile: what they wrote stands beside what was typed."""
    theirs = [
        {"label": fields.name(name), "value": fields.value(name, draft.content)}
        for name in filling.changed(draft.content, mine)
        if name in FIELDS[step]
    ]
    own = {name: mine[name] for name in FIELDS[step] if name in mine}
    content = draft.content | own
    return _form(draft, step, content=content, theirs=theirs, status=_CONFLICT)


def _dated(draft: Draft, content: dict[str, str]) -> dict[str, Any]:
    made = filling.made(content, shown.surrounding(draft))
    wrong = made.of(Step.WHEN)
    schedules = filling.schedules_of(content, shown.surrounding(draft)) if not wrong else ()
    return {"dates": shown.dates_of(schedules), "wrong": list(shown.messages(wrong).values())}


def _translations(content: dict[str, str]) -> list[dict[str, Any]]:
    own = content.get("language", "")
    return [
        {"tag": o["value"], "label": o["label"]}
        for o in fields.options("language", {})
        if o["value"] != own
    ]


def _whole(
    draft: Draft, *, problems: dict[str, str] | None = None, conflict: str = ""
) -> ResponseReturnValue:
    around = shown.surrounding(draft)
    made = filling.made(draft.content, around)
    now = house().settings.clock()
    status = _CONFLICT if conflict else (frame.UNPROCESSABLE if problems else 200)
    return frame.render(
        "drafts/check.html",
        status=status,
        draft=draft,
        line=shown.line(draft),
        title=shown.title_of(draft),
        steps=shown.steps(draft, made, "check"),
        missing=shown.messages(made.problems),
        row=shown.row(draft, now) if draft.record and not made.problems else None,
        dates=shown.dates(made),
        differences=shown.differences(draft, around.base),
        is_new=draft.listing_id is None,
        may=shown.may(draft),
        reason=draft.reason if draft.state is DraftState.RETURNED else "",
        typed=frame.typed(),
        problems=problems or {},
        conflict=conflict,
        done=_done(request.args.get("done", "")),
        address=_address(draft),
    )


def _address(draft: Draft) -> str:
    """Where readers find it."""
    if draft.state is not DraftState.PUBLISHED or draft.listing_id is None:
        return ""
    return url_for("opportunities.show", lang=request.view_args["lang"], slug=draft.listing_id)  # type: ignore[index]


def _done(what: str) -> str:
    return {
        "submit": gettext("Handed in. The editors look at it, and you read here what they say."),
        "take-back": gettext("Taken back. You can write on."),
        "send-back": gettext("Sent back, with your reason."),
        "publish": gettext("Published. Readers find it now."),
        "drop": gettext("Given up. What is published stays as it is."),
    }.get(what, "")
