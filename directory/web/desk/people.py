"""People: who has an account, made and closed by an administrator."""

from typing import Any
from urllib.parse import urljoin

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from directory import languages
from directory.edge import access, formats, labels, locale
from directory.edge.house import db, house, writing
from directory.edge.speech import gettext
from directory.errors import Invalid, Problem
from directory.models import Account, Provider
from directory.models.vocabulary import Role
from directory.services import accounts, drafting, listings, second_factor
from directory.services.texts import words
from directory.web.desk import frame

people = Blueprint("people", __name__)


@people.get("/<lang:lang>/desk/people")
@access.needs(Role.ADMINISTRATOR)
def index(lang: str) -> ResponseReturnValue:
    """Everybody who has an account."""
    return frame.render(
        "desk/people.html", people=[_row(x, lang) for x in accounts.everybody(db())]
    )


@people.get("/<lang:lang>/desk/people/new")
@access.needs(Role.ADMINISTRATOR)
def ask(lang: str) -> ResponseReturnValue:
    """The form for a new account."""
    return _form(lang)


@people.post("/<lang:lang>/desk/people/new")
@access.needs(Role.ADMINISTRATOR)
def make(lang: str) -> ResponseReturnValue:
    """Make an account, and show the link its person sets a password with."""
    given, now = request.form, house().settings.clock()
    try:
        with writing() as work:
            account = accounts.make(
                work,
                access.account(),
                email=given.get("email", ""),
                name=given.get("name", ""),
                role=accounts.role_named(given.get("role", "")),
                language=given.get("language", ""),
                now=now,
            )
            token = accounts.invite(work, access.account(), account, now=now)
    except Invalid as invalid:
        return _form(lang, invalid)
    return _person(lang, account, link=_link(account, token))


@people.get("/<lang:lang>/desk/people/<int:number>")
@access.needs(Role.ADMINISTRATOR)
def show(lang: str, number: int) -> ResponseReturnValue:
    """One account, and what happened to it."""
    return _person(lang, accounts.by_id(db(), number))


@people.post("/<lang:lang>/desk/people/<int:number>/invitation")
@access.needs(Role.ADMINISTRATOR)
def invite(lang: str, number: int) -> ResponseReturnValue:
    """A new link to set a password with."""
    try:
        with writing() as work:
            account = accounts.by_id(work, number)
            token = accounts.invite(work, access.account(), account, now=house().settings.clock())
    except Invalid as invalid:
        return _person(lang, accounts.by_id(db(), number), invalid)
    return _person(lang, account, link=_link(account, token))


@people.post("/<lang:lang>/desk/people/<int:number>/role")
@access.needs(Role.ADMINISTRATOR)
def change_role(lang: str, number: int) -> ResponseReturnValue:
    """Give an account another part of the desk."""
    now = house().settings.clock()
    try:
        role = accounts.role_named(request.form.get("role", ""))
        with writing() as work:
            account = accounts.by_id(work, number)
            accounts.change_role(work, access.account(), account, role=role, now=now)
    except Invalid as invalid:
        return _person(lang, accounts.by_id(db(), number), invalid)
    return redirect(url_for("people.show", lang=lang, number=number, done="role"), 303)


@people.post("/<lang:lang>/desk/people/<int:number>/active")
@access.needs(Role.ADMINISTRATOR)
def open_or_close(lang: str, number: int) -> ResponseReturnValue:
    """Close an account, or open it again."""
    closing = request.form.get("active") == "no"
    change = accounts.deactivate if closing else accounts.activate
    try:
        with writing() as work:
            account = accounts.by_id(work, number)
            change(work, access.account(), account, now=house().settings.clock())
    except Invalid as invalid:
        return _person(lang, accounts.by_id(db(), number), invalid)
    what = "closed" if closing else "opened"
    return redirect(url_for("people.show", lang=lang, number=number, done=what), 303)


@people.post("/<lang:lang>/desk/people/<int:number>/second-factor")
@access.needs(Role.ADMINISTRATOR)
def remove_second_factor(lang: str, number: int) -> ResponseReturnValue:
    """For somebody who lost telephone and recovery codes."""
    with writing() as work:
        account = accounts.by_id(work, number)
        second_factor.remove(work, access.account(), account, now=house().settings.clock())
    return redirect(url_for("people.show", lang=lang, number=number, done="removed"), 303)


@people.post("/<lang:lang>/desk/people/<int:number>/provider")
@access.needs(Role.ADMINISTRATOR)
def let_in(lang: str, number: int) -> ResponseReturnValue:
    """Let somebody write for an organisation."""
    try:
        with writing() as work:
            provider = _provider(work)
            account, by = accounts.by_id(work, number), access.account()
            drafting.let_in(work, by, account, provider=provider, now=house().settings.clock())
    except Invalid as invalid:
        return _person(lang, accounts.by_id(db(), number), invalid)
    return redirect(url_for("people.show", lang=lang, number=number, done="let-in"), 303)


@people.post("/<lang:lang>/desk/people/<int:number>/provider/<int:provider>/remove")
@access.needs(Role.ADMINISTRATOR)
def let_out(lang: str, number: int, provider: int) -> ResponseReturnValue:
    """Let somebody write for an organisation no longer."""
    with writing() as work:
        account, by = accounts.by_id(work, number), access.account()
        drafting.let_out(work, by, account, provider_id=provider, now=house().settings.clock())
    return redirect(url_for("people.show", lang=lang, number=number, done="let-out"), 303)


def _form(lang: str, invalid: Invalid | None = None) -> ResponseReturnValue:
    given = frame.typed()
    return frame.render(
        "desk/person_new.html",
        status=frame.UNPROCESSABLE if invalid else 200,
        typed=given,
        roles=_roles(),
        role=given.get("role", Role.COUNSELLOR.value),
        languages=[{"value": x.tag, "label": x.name} for x in languages.INTERFACE.values()],
        language=given.get("language", lang),
        problems=frame.messages(invalid) if invalid else {},
    )


def _person(
    lang: str, account: Account, invalid: Invalid | None = None, *, link: str = ""
) -> ResponseReturnValue:
    names = {row.id: formats.isolated(row.name) for row in accounts.everybody(db())}
    return frame.render(
        "desk/person.html",
        status=frame.UNPROCESSABLE if invalid else 200,
        person=_row(account, lang),
        isolated=formats.isolated(account.name),
        second=second_factor.is_asked_for(db(), account),
        link=link,
        roles=_roles(),
        problems=frame.messages(invalid) if invalid else {},
        writes_for=_writes_for(account),
        providers=_providers() if account.role is Role.PROVIDER else [],
        done=_done().get(request.args.get("done", ""), ""),
        history=[
            {
                "what": str(labels.ACCOUNT_EVENTS[event.what]),
                "by": names.get(event.by_id, "") if event.by_id != account.id else "",
                "at": formats.moment(formats.local(event.at, house().settings.timezone)),
            }
            for event in accounts.history(db(), account)
        ],
    )


def _provider(work: Session) -> Provider:
    row = work.get(Provider, request.form.get("provider", 0, type=int))
    if row is None:
        raise Invalid((Problem("provider", "field-missing"),))
    return row


def _writes_for(account: Account) -> list[dict[str, Any]]:
    numbers = {row.provider_id for row in drafting.memberships(db(), account)}
    return [each for each in _providers() if int(each["value"]) in numbers] if numbers else []


def _providers() -> list[dict[str, str]]:
    named = [
        (str(p.id), words(p, "title", locale.tag()).value) for p in listings.all_providers(db())
    ]
    ordered = sorted(named, key=lambda pair: pair[1].casefold())
    return [{"value": value, "label": label} for value, label in ordered]


def _row(account: Account, lang: str) -> dict[str, Any]:
    seen = account.last_seen
    return {
        "id": account.id,
        "name": account.name,
        "email": account.email,
        "role": account.role.value,
        "role_label": str(labels.ROLES[account.role]),
        "active": account.active,
        "invited": not account.password_hash,
        "seen": formats.short_date(formats.local(seen, house().settings.timezone)) if seen else "",
        "url": url_for("people.show", lang=lang, number=account.id),
    }


def _roles() -> list[dict[str, str]]:
    return [{"value": role.value, "label": str(labels.ROLES[role])} for role in Role]


def _link(account: Account, token: str) -> str:
    path = url_for("invitation.show", lang=account.language, token=token)
    return urljoin(house().settings.public_url or request.host_url, path)


def _done() -> dict[str, str]:
    return {
        "role": gettext(
            "The role is changed. Whoever was signed in with this account is signed out."
        ),
        "closed": gettext("The account is closed. Whoever was signed in with it is signed out."),
        "opened": gettext("The account is open again."),
        "let-in": gettext("Let in: this person writes for the organisation now."),
        "let-out": gettext("This person writes for the organisation no longer."),
        "removed": gettext("The second factor is removed. The password alone lets in now."),
    }
