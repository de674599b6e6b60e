"""Signing in: e-mail address and password, then what the person chose to come second."""

from datetime import UTC, datetime

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.edge import access, throttle
from directory.edge.house import db, house, writing
from directory.edge.speech import gettext
from directory.models import Account
from directory.services import accounts, passkeys, second_factor
from directory.web.desk import asking, frame

sign_in = Blueprint("sign_in", __name__)


def half_in_email() -> str:
    """Whose codes are guessed."""
    half = access.half_in()
    return half[0].email if half else ""


@sign_in.get("/<lang:lang>/sign-in")
def show(lang: str) -> ResponseReturnValue:
    """The form; whoever is signed in already goes on."""
    onward = access.safe_next(request.args.get("next", ""))
    if access.is_signed_in():
        return redirect(onward or url_for("desk.show", lang=lang))
    return _form(onward, note=_notes().get(request.args.get("note", ""), ""))


@sign_in.post("/<lang:lang>/sign-in")
@throttle.guesses(throttle.typed_email)
def enter(lang: str) -> ResponseReturnValue:
    """Let in whoever knows the password; whichever was wrong, the answer is the same."""
    onward = access.safe_next(request.form.get("next", ""))
    now = house().settings.clock()
    with writing() as work:
        account = accounts.check(
            work,
            email=request.form.get("email", ""),
            password=request.form.get("password", ""),
            now=now,
        )
        more = account is not None and second_factor.is_asked_for(work, account)
        if account is not None and not more:
            accounts.signed_in(work, account, now=now, how="password")
    if account is None:
        return _form(
            onward, problem=gettext("No account has this e-mail address and this password.")
        )
    if more:
        access.let_half_in(account, onward)
        return redirect(url_for("sign_in.second", lang=lang), 303)
    return _let_in(lang, account, onward)


@sign_in.get("/<lang:lang>/sign-in/code")
def second(lang: str) -> ResponseReturnValue:
    """What comes second: a code, or a passkey."""
    half = access.half_in()
    return _second(half[0]) if half else redirect(url_for("sign_in.show", lang=lang))


@sign_in.post("/<lang:lang>/sign-in/code")
@throttle.guesses(half_in_email)
def enter_code(lang: str) -> ResponseReturnValue:
    """Let in whoever has the code as well."""
    half = access.half_in()
    if half is None:
        return redirect(url_for("sign_in.show", lang=lang, note="late"), 303)
    settings = house().settings
    with writing() as work:
        account = accounts.by_id(work, accounts.known_id(half[0]))
        how = second_factor.accepts(
            work,
            account,
            code=request.form.get("code", ""),
            key=settings.signing_key(),
            now=datetime.now(UTC),  # the authenticator's clock is never fixed
        )
        if how:
            accounts.signed_in(work, account, now=settings.clock(), how=how)
    if not how:
        return _second(account, gettext("That code is not right, or was used already."))
    return _let_in(lang, account, half[1])


@sign_in.post("/<lang:lang>/sign-in/passkey")
@throttle.tries
def enter_with_passkey(lang: str) -> ResponseReturnValue:
    """Let in whoever holds a key and unlocked it: that is both factors."""
    half = access.half_in()
    onward = half[1] if half else access.safe_next(request.form.get("next", ""))
    site, challenge = asking.site(), asking.remembered()
    answer, now = request.form.get("answer", ""), house().settings.clock()
    account = None
    if site and challenge:
        with writing() as work:
            account = passkeys.holder(work, site, answer=answer, challenge=challenge, now=now)
            if account is not None:
                accounts.signed_in(work, account, now=now, how="passkey")
    if account is None:
        return _form(onward, problem=gettext("This passkey opens nothing here."))
    return _let_in(lang, account, onward)


def _let_in(lang: str, account: Account, onward: str) -> ResponseReturnValue:
    access.let_in(account)
    return redirect(onward or url_for("desk.show", lang=lang), 303)


def _form(onward: str, *, note: str = "", problem: str = "") -> ResponseReturnValue:
    site = asking.site()
    body = render_template(
        "desk/sign_in.html",
        onward=onward,
        note=note,
        problem=problem,
        typed=frame.typed(),
        passkey=asking.remember(passkeys.ask_who(site)) if site else "",
    )
    return make_response(body, frame.UNPROCESSABLE if problem else 200)


def _second(account: Account, problem: str = "") -> ResponseReturnValue:
    site = asking.site() if second_factor.has_passkeys(db(), account) else None
    body = render_template(
        "desk/second.html",
        problems={"code": problem} if problem else {},
        codes=bool(account.totp_secret),
        passkey=asking.remember(passkeys.ask_who(site)) if site else "",
    )
    return make_response(body, frame.UNPROCESSABLE if problem else 200)


def _notes() -> dict[str, str]:
    return {
        "left": gettext("You have signed out."),
        "late": gettext("That took too long; begin again, please."),
        "set": gettext("Your password is set. Sign in with it."),
    }
