"""Accounts of the demo city: invented people, with passwords made for this installation alone."""

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, select

from directory.models import Account, Membership, Provider
from directory.models.vocabulary import MemberRole, Role
from directory.services import accounts, passwords, upkeep
from directory.settings import Settings

# Sounds that no language on offer finds hard to read aloud.
_SYLLABLES = tuple(c + v for c in "bdfgklmnprstvz" for v in "aeiou")

_PEOPLE = (
    ("amparo@villaclara.example", "Amparo Quiroga", Role.ADMINISTRATOR, "es"),
    ("teo@villaclara.example", "Teo Lizarbe", Role.COUNSELLOR, "es"),
    ("salma@villaclara.example", "Salma Benkirane", Role.COUNSELLOR, "ar"),
    ("ines@villaclara.example", "Inés Cotarelo", Role.EDITOR, "en"),
    ("jacinta@villaclara.example", "Jacinta Olmedo", Role.PROVIDER, "es"),
)
# Whom of the demo's providers the one of them writes for.
_WRITES_FOR = "centros-civicos"


@dataclass(frozen=True)
class Login:
    """How to sign in as one of them."""

    role: Role
    email: str
    password: str


def ensure(db: Session, *, settings: Settings, now: datetime) -> None:
    """Make the demo's people, in the demo city alone; those there are stay as they are."""
    if upkeep.city(db).demo_week is None:
        return
    kept = _read(settings)
    for email, name, role, language in _PEOPLE:
        if accounts.find(db, email) is not None:
            continue
        account = accounts.make(
            db, None, email=email, name=name, role=role, language=language, now=now
        )
        kept[email] = _password()
        accounts.set_password(db, None, account, password=kept[email], now=now)
        if role is Role.PROVIDER:
            _let_write(db, account, now)
    _write(settings, kept)


def logins(db: Session, *, settings: Settings) -> Iterator[Login]:
    """The demo's people whose password is still the one made for them."""
    if upkeep.city(db).demo_week is None:
        return
    for email, password in _read(settings).items():
        account = accounts.find(db, email)
        if account and account.active and passwords.is_right(account.password_hash, password):
            yield Login(account.role, email, password)


def _let_write(db: Session, account: Account, now: datetime) -> None:
    provider = db.exec(select(Provider).where(Provider.external_id == _WRITES_FOR)).first()
    if provider is None or provider.id is None:
        return
    number = accounts.known_id(account)
    owner = MemberRole.OWNER
    db.add(Membership(account_id=number, provider_id=provider.id, role=owner, since=now))


def _password() -> str:
    """Three made-up words of three syllables: 55 bits that can be remembered for an afternoon."""
    words = ("".join(secrets.choice(_SYLLABLES) for _ in range(3)) for _ in range(3))
    return "-".join(words)


def _file(settings: Settings) -> Path:
    return settings.data_dir / "demo-logins.json"


def _read(settings: Settings) -> dict[str, str]:
    path = _file(settings)
    if not path.exists():
        return {}
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _write(settings: Settings, kept: dict[str, str]) -> None:
    """For the owner's eyes only, from the first byte on."""
    path = _file(settings)
    fresh = path.with_name(f"{path.name}.part")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(kept, file, indent=1)
    fresh.replace(path)
