"""What comes second: codes of an authenticator, passkeys, and the codes for when they are lost."""

from datetime import UTC, datetime
from io import BytesIO

import segno
from flask import Blueprint, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from directory.edge import access, throttle
from directory.edge.house import db, house, writing
from directory.edge.speech import gettext
from directory.errors import Invalid, NotFound
from directory.services import accounts, passkeys, second_factor
from directory.web.desk import asking, frame
from directory.web.desk.own import done, mine, own_email, page

second = Blueprint("second", __name__)


@second.get("/<lang:lang>/desk/account/codes")
@access.needs()
def offer_codes(lang: str) -> ResponseReturnValue:
    """Show a picture for the authenticator, and ask for the first code."""
    if access.account().totp_secret:
        return redirect(url_for("own.show", lang=lang))
    return _offer(second_factor.offer(access.account(), key=_key()))


@second.post("/<lang:lang>/desk/account/codes")
@access.needs()
@throttle.guesses(own_email)
def codes_on(lang: str) -> ResponseReturnValue:
    """Ask for codes from now on."""
    if access.account().totp_secret:
        return redirect(url_for("own.show", lang=lang))
    sealed = request.form.get("offer", "")
    try:
        with writing() as work:
            account = mine(work)
            accounts.confirm(account, request.form.get("present", ""))
            codes = second_factor.switch_on(
                work,
                account,
                sealed=sealed,
                code=request.form.get("code", ""),
                key=_key(),
                now=datetime.now(UTC),  # the authenticator's clock is never fixed
            )
    except Invalid as invalid:
        return _offer(sealed, invalid)
    return _recovery(codes, gettext("Codes are asked for from now on."))


@second.post("/<lang:lang>/desk/account/codes/off")
@access.needs()
@throttle.guesses(own_email)
def codes_off(lang: str) -> ResponseReturnValue:
    """Ask for no codes any more."""
    try:
        with writing() as work:
            account = mine(work)
            accounts.confirm(account, request.form.get("present", ""))
            second_factor.switch_off(work, account, now=house().settings.clock())
    except Invalid as invalid:
        return page(invalid, at="codes")
    return done(lang, "codes-off")


@second.post("/<lang:lang>/desk/account/passkeys")
@access.needs()
@throttle.guesses(own_email)
def ask_for_passkey(lang: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """After the password, let the browser make a key."""
    site = asking.site()
    if site is None:
        raise NotFound("passkey", "")
    try:
        accounts.confirm(access.account(), request.form.get("present", ""))
    except Invalid as invalid:
        return page(invalid, at="new")
    session["passkey_name"] = request.form.get("key_name", "")[: passkeys.LONGEST_NAME]
    options = asking.remember(passkeys.ask_for_new(db(), access.account(), site))
    return frame.render("desk/passkey.html", options=options)


@second.post("/<lang:lang>/desk/account/passkeys/new")
@access.needs()
def add_passkey(lang: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """Keep the public half of the key the browser made."""
    site, challenge = asking.site(), asking.remembered()
    name = session.pop("passkey_name", "")
    if site is None:
        raise NotFound("passkey", "")
    try:
        with writing() as work:
            codes = passkeys.add(
                work,
                mine(work),
                site,
                answer=request.form.get("answer", ""),
                challenge=challenge,
                name=name,
                now=house().settings.clock(),
            )
    except Invalid as invalid:
        return page(invalid, at="new")
    return _recovery(codes, gettext("From now on you can sign in with this passkey."))


@second.post("/<lang:lang>/desk/account/passkeys/<int:number>/remove")
@access.needs()
@throttle.guesses(own_email)
def remove_passkey(lang: str, number: int) -> ResponseReturnValue:
    """Let a key open nothing any more."""
    try:
        with writing() as work:
            account = mine(work)
            accounts.confirm(account, request.form.get("present", ""))
            passkeys.remove(work, account, number, now=house().settings.clock())
    except Invalid as invalid:
        return page(invalid, at=f"key-{number}")
    return done(lang, "passkey-removed")


@second.post("/<lang:lang>/desk/account/recovery")
@access.needs()
@throttle.guesses(own_email)
def new_recovery_codes(lang: str) -> ResponseReturnValue:  # noqa: ARG001 - of every address
    """Recovery codes in the place of those there were."""
    try:
        with writing() as work:
            account = mine(work)
            accounts.confirm(account, request.form.get("present", ""))
            if not second_factor.is_asked_for(work, account):
                raise NotFound("recovery code", "")
            codes = second_factor.new_recovery_codes(work, account, now=house().settings.clock())
    except Invalid as invalid:
        return page(invalid, at="recovery")
    return _recovery(codes, gettext("The codes you had before are void."))


def _offer(sealed: str, invalid: Invalid | None = None) -> ResponseReturnValue:
    account = access.account()
    try:
        secret = second_factor.offered(account, sealed, key=_key())
    except Invalid:
        sealed = second_factor.offer(account, key=_key())
        secret = second_factor.offered(account, sealed, key=_key())
    return frame.render(
        "desk/codes.html",
        status=frame.UNPROCESSABLE if invalid else 200,
        offer=sealed,
        spelled=" ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        picture=_picture(second_factor.address(account, secret)),
        problems=frame.messages(invalid) if invalid else {},
    )


def _recovery(codes: list[str], told: str) -> ResponseReturnValue:
    return frame.render("desk/recovery.html", codes=codes, told=told)


def _picture(address: str) -> Markup:
    """A QR code as part of the page, black on white in any light, for a camera."""
    out = BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False, svgns=False,
        svgclass="qr", lineclass=None, omitsize=True,
    )  # fmt: skip
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn here, from numbers


def _key() -> str:
    return house().settings.signing_key()
