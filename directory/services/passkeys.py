"""Passkeys: a device shows that it holds the key, after its owner unlocked it (WebAuthn)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import webauthn
from sqlmodel import Session, select
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from directory.errors import Invalid, NotFound, Problem
from directory.models import Account, Passkey
from directory.models.vocabulary import AccountEventKind as Kind
from directory.services import accounts, second_factor

LONGEST_NAME = 60
_MOST_BYTES = 20_000
# The library's own kind, and what it lets through of answers no browser gives.
_UNREADABLE = (WebAuthnException, ValueError, LookupError, TypeError)


@dataclass(frozen=True)
class Site:
    """Whom a key is for: a host, and the address its pages are read at."""

    host: str
    origin: str
    name: str


@dataclass(frozen=True)
class Asked:
    """What the browser is asked, and the challenge its answer must hold."""

    options: str
    challenge: str


def ask_for_new(db: Session, account: Account, site: Site) -> Asked:
    """Ask a device for a new key."""
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_name=account.email,
        user_display_name=account.name,
        user_id=webauthn.base64url_to_bytes(account.passkey_handle),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[_descriptor(key) for key in of(db, account)],
    )
    return Asked(webauthn.options_to_json(options), bytes_to_base64url(options.challenge))


def add(
    db: Session,
    account: Account,
    site: Site,
    *,
    answer: str,
    challenge: str,
    name: str,
    now: datetime,
) -> list[str]:
    """Keep the public half of a new key; recovery codes if there are none yet.

    Raises:
        Invalid: the answer does not hold.
    """
    try:
        found = webauthn.verify_registration_response(
            credential=_read(answer),
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise Invalid((Problem("passkey", "passkey-refused"),)) from error
    credential = bytes_to_base64url(found.credential_id)
    if _by_credential(db, credential) is not None:
        raise Invalid((Problem("passkey", "passkey-refused"),))
    db.add(
        Passkey(
            account_id=accounts.known_id(account),
            credential=credential,
            public_key=bytes_to_base64url(found.credential_public_key),
            sign_count=found.sign_count,
            name=" ".join(name.split())[:LONGEST_NAME],
            created=now,
        )
    )
    db.flush()
    accounts.note(db, account, Kind.PASSKEY_ADDED, by=account, now=now)
    return second_factor.first_recovery_codes(db, account, now=now)


def remove(db: Session, account: Account, number: int, *, now: datetime) -> None:
    """Let a key open nothing any more.

    Raises:
        NotFound: the account has no such key.
    """
    key = db.get(Passkey, number)
    if key is None or key.account_id != account.id:
        raise NotFound("passkey", str(number))
    db.delete(key)
    db.flush()
    accounts.note(db, account, Kind.PASSKEY_REMOVED, by=account, now=now)
    second_factor.forget_recovery_codes(db, account)


def ask_who(site: Site) -> Asked:
    """Ask a device for any key of this site that it holds."""
    options = webauthn.generate_authentication_options(
        rp_id=site.host, user_verification=UserVerificationRequirement.REQUIRED
    )
    return Asked(webauthn.options_to_json(options), bytes_to_base64url(options.challenge))


def holder(
    db: Session, site: Site, *, answer: str, challenge: str, now: datetime
) -> Account | None:
    """The active account whose key signed the challenge, if one did."""
    try:
        given = _read(answer)
        key = _by_credential(db, str(given.get("id", "")))
        account = db.get(Account, key.account_id) if key else None
        if key is None or account is None or not account.active:
            return None
        found = webauthn.verify_authentication_response(
            credential=given,
            expected_challenge=webauthn.base64url_to_bytes(challenge),
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=webauthn.base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE:
        return None
    key.sign_count, key.last_used = found.new_sign_count, now
    db.add(key)
    db.flush()
    return account


def of(db: Session, account: Account) -> Sequence[Passkey]:
    """The keys of an account, the oldest first."""
    return db.exec(
        select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id)  # type: ignore[arg-type]
    ).all()


def _by_credential(db: Session, credential: str) -> Passkey | None:
    return db.exec(select(Passkey).where(Passkey.credential == credential)).first()


def _descriptor(key: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(id=webauthn.base64url_to_bytes(key.credential))


def _read(answer: str) -> dict[str, Any]:
    """The browser's answer as an object; anything else is a ValueError."""
    found = orjson.loads(answer) if len(answer) <= _MOST_BYTES else None
    if not isinstance(found, dict):
        raise ValueError("this is no answer of a browser")  # noqa: TRY004 - a bad value, whatever its type
    return found
