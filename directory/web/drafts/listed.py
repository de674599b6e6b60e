"""Listed: what somebody may write, what is under way, and a new one."""

from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from directory.edge import access, labels, locale
from directory.edge.house import db, house, writing
from directory.edge.messages import problem_message
from directory.errors import Invalid, Problem
from directory.models import Account, Draft, Opportunity, Provider
from directory.models.records import OpportunityRecord
from directory.models.vocabulary import ListingState, Role
from directory.services import drafting
from directory.services.drafting import filling, publishing, standing
from directory.services.texts import words
from directory.web.desk import frame
from directory.web.drafts import shown

listed = Blueprint("listed", __name__)

_WRITERS = (Role.PROVIDER, Role.EDITOR, Role.ADMINISTRATOR)
_COPIED_NOT = ("title", "first", "last", "skip", "off")


@listed.get("/<lang:lang>/desk/listings")
@access.needs(*_WRITERS)
def index(lang: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """The drafts under way and the published listings of those one writes for."""
    return _page()


@listed.post("/<lang:lang>/desk/listings/new")
@access.needs(*_WRITERS)
def begin(lang: str) -> ResponseReturnValue:
    """A new draft, empty or as another listing is."""
    provider = request.form.get("provider", 0, type=int)
    if not provider:
        return _page(Problem("provider", "field-missing"))
    with writing() as work:
        by = work.get_one(Account, access.account().id)
        draft = drafting.begin(
            work,
            by,
            listing="opportunity",
            provider_id=provider,
            content=_copied(work, by, request.form.get("copy", 0, type=int), lang),
            now=house().settings.clock(),
        )
        number = draft.id
    return redirect(url_for("drafts.ask", lang=lang, number=number, step="what"), 303)


@listed.post("/<lang:lang>/desk/listings/opportunity/<int:number>/change")
@access.needs(*_WRITERS)
def change(lang: str, number: int) -> ResponseReturnValue:
    """A draft that begins with what is published; the one under way, if there is one."""
    with writing() as work:
        by = work.get_one(Account, access.account().id)
        row = standing.listing(work, by, listing="opportunity", number=number)
        draft = drafting.begin(
            work,
            by,
            listing="opportunity",
            listing_id=number,
            content=_content(row),
            now=house().settings.clock(),
        )
        if draft.record is None and draft.revision == 1:
            draft.record = publishing.as_it_is(row).model_dump(mode="json")
        found = draft.id
    return redirect(url_for("drafts.check", lang=lang, number=found), 303)


@listed.post("/<lang:lang>/desk/listings/opportunity/<int:number>/withdraw")
@access.needs(*_WRITERS)
def withdraw(lang: str, number: int) -> ResponseReturnValue:
    """Take a listing away from its readers."""
    with writing() as work:
        by = work.get_one(Account, access.account().id)
        now = house().settings.clock()
        drafting.withdraw(work, by, listing="opportunity", number=number, now=now)
    return redirect(url_for("listed.index", lang=lang, done="withdrawn"), 303)


@listed.post("/<lang:lang>/desk/listings/find")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def find(lang: str) -> ResponseReturnValue:
    """The draft of a listing by its address: editors may write on every one."""
    name = request.form.get("address", "").strip().rstrip("/").split("?")[0].rsplit("/", 1)[-1]
    wanted = select(Opportunity.id).where(Opportunity.slug == name)
    number = db().exec(wanted).first()
    if number is None:
        return _page(Problem("address", "no-such-listing", name[:60]))
    return change(lang, number)


def _page(problem: Problem | None = None) -> ResponseReturnValue:
    by = access.account()
    mine = _providers(by)
    wanted = select(Draft).where(col(Draft.state).in_(drafting.UNDER_WAY))
    if not drafting.is_editor(by):
        wanted = wanted.where(col(Draft.provider_id).in_([p.id for p in mine]))
    under_way = db().exec(wanted.order_by(col(Draft.saved).desc()).limit(100)).all()
    return frame.render(
        "drafts/listed.html",
        status=frame.UNPROCESSABLE if problem else 200,
        is_editor=drafting.is_editor(by),
        providers=[
            {"value": str(p.id), "label": words(p, "title", locale.tag()).value} for p in mine
        ],
        under_way=[shown.line(draft) for draft in under_way],
        listings=[_listing(row) for row in _published(mine)] if not drafting.is_editor(by) else [],
        typed=frame.typed(),
        problems={problem.field: problem_message(problem)} if problem else {},
        withdrawn=request.args.get("done") == "withdrawn",
    )


def _providers(by: Account) -> Sequence[Provider]:
    wanted = select(Provider).where(col(Provider.state) == ListingState.PUBLISHED)
    if not drafting.is_editor(by):
        numbers = [each.provider_id for each in drafting.memberships(db(), by)]
        wanted = wanted.where(col(Provider.id).in_(numbers))
    rows = db().exec(wanted.options(selectinload(Provider.texts))).all()  # type: ignore[arg-type]
    return sorted(rows, key=lambda row: words(row, "title", locale.tag()).value.casefold())


def _published(providers: Sequence[Provider]) -> Sequence[Opportunity]:
    wanted = select(Opportunity).where(
        col(Opportunity.provider_id).in_([p.id for p in providers]),
        col(Opportunity.state) == ListingState.PUBLISHED,
    )
    options = selectinload(Opportunity.texts)  # type: ignore[arg-type]
    return db().exec(wanted.options(options).order_by(col(Opportunity.id)).limit(300)).all()


def _listing(row: Opportunity) -> dict[str, object]:
    return {
        "id": row.id,
        "title": words(row, "title", locale.tag()),
        "kind": str(labels.FORMATS[row.format]),
        "url": url_for("opportunities.show", lang=locale.tag(), slug=row.slug),
    }


def _content(row: object) -> dict[str, str]:
    if not isinstance(row, Opportunity):
        raise Invalid((Problem("copy", "not-of-the-list"),))
    record = publishing.as_it_is(row)
    return filling.content_of(record) if isinstance(record, OpportunityRecord) else {}


def _copied(work: Session, by: Account, number: int, lang: str) -> dict[str, str]:
    """What another listing says, but for its name and dates."""
    if not number:
        return {"language": lang, "held_in": filling.UNKNOWN, "when": "weekly", "every": "1"}
    row = standing.listing(work, by, listing="opportunity", number=number)
    content = _content(row)
    return {k: v for k, v in content.items() if k.split("_")[0] not in _COPIED_NOT} | {
        "when": "weekly" if content["when"] == "keep" else content["when"]
    }
