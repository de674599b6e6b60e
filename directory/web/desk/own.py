"""Your account: name and language, password, what comes second, and signing out everywhere."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from directory import languages
from directory.edge import access, formats, throttle
from directory.edge.house import db, house, writing
from directory.edge.speech import gettext
from directory.errors import Invalid
from directory.models import Account, Passkey
from directory.services import accounts, passkeys, second_factor
from directory.web.desk import asking, frame

own = Blueprint("own", __name__)


def own_email() -> str:
    """Whose password is guessed where it is asked for once more."""
    return access.account().email if access.is_signed_in() else ""


def mine(work: Session) -> Account:
    """The account of whoever is signed in, to be changed."""
    return accounts.by_id(work, accounts.known_id(access.account()))


def done(lang: str, what: str) -> ResponseReturnValue:
    """Back to the page, which says what was done."""
    return redirect(url_for("own.show", lang=lang, done=what), 303)


@own.get("/<lang:lang>/desk/account")
@access.needs()
def show(lang: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """The page."""
    return page()


@own.post("/<lang:lang>/desk/account")
@access.needs()
def change(lang: str) -> ResponseReturnValue:  # noqa: ARG001 - the new one is what counts
    """Change name and language."""
    name, language = request.form.get("name", ""), request.form.get("language", "")
    now = house().settings.clock()
    try:
        with writing() as work:
            accounts.rename(work, mine(work), name=name, language=language, now=now)
    except Invalid as invalid:
        return page(invalid)
    return done(language, "saved")


@own.post("/<lang:lang>/desk/account/password")
@access.needs()
@throttle.guesses(own_email)
def change_password(lang: str) -> ResponseReturnValue:
    """Change the password: everywhere else one is signed out."""
    try:
        with writing() as work:
            account = mine(work)
            accounts.change_password(
                work,
                account,
                present=request.form.get("present", ""),
                password=request.form.get("password", ""),
                now=house().settings.clock(),
            )
    except Invalid as invalid:
        return page(invalid)
    access.let_in(account)
    return done(lang, "password")


@own.post("/<lang:lang>/desk/account/everywhere")
@access.needs()
def sign_out_everywhere(lang: str) -> ResponseReturnValue:
    """End every session, this one too."""
    with writing() as work:
        account = mine(work)
        accounts.sign_out_everywhere(work, account, account, now=house().settings.clock())
    access.let_out()
    return redirect(url_for("sign_in.show", lang=lang, note="left"), 303)


def page(invalid: Invalid | None = None, *, at: str = "") -> ResponseReturnValue:
    """The whole page; ``at`` names the form that was refused where several ask the same."""
    account = access.account()
    given = frame.typed() if invalid else {}
    return frame.render(
        "desk/account.html",
        status=frame.UNPROCESSABLE if invalid else 200,
        at=at,
        email=account.email,
        name=given.get("name", account.name),
        language=given.get("language", account.language),
        languages=[{"value": x.tag, "label": x.name} for x in languages.INTERFACE.values()],
        problems=frame.messages(invalid) if invalid else {},
        done=_done().get(request.args.get("done", ""), ""),
        codes=bool(account.totp_secret),
        keys=[_key(key) for key in passkeys.of(db(), account)],
        keys_possible=asking.site() is not None,
        recovery_left=formats.number(second_factor.recovery_codes_left(db(), account)),
    )


def _key(key: Passkey) -> dict[str, object]:
    zone = house().settings.timezone
    return {
        "id": key.id,
        "name": key.name or gettext("Passkey"),
        "made": formats.short_date(formats.local(key.created, zone)),
        "used": formats.short_date(formats.local(key.last_used, zone)) if key.last_used else "",
    }


def _done() -> dict[str, str]:
    return {
        "saved": gettext("Saved."),
        "password": gettext("Your password is changed. Everywhere else you are signed out."),
        "codes-off": gettext("Codes are no longer asked for."),
        "passkey-removed": gettext("That passkey opens nothing any more."),
    }
