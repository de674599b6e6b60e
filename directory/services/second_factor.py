"""Second factor: codes of an authenticator, each good once, and codes for when it is lost."""

import secrets
from datetime import datetime, timedelta

import pyotp
import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from directory.errors import Invalid, Problem
from directory.models import Account, Passkey, RecoveryCode
from directory.models.vocabulary import AccountEventKind as Kind
from directory.services import accounts, sealing

PERIOD = 30
RECOVERY_CODES = 10

_ISSUER = "Vereda"
_DRIFT = 1  # steps a clock may be off, either way
_OFFERED_FOR = timedelta(minutes=30)
# Without letters that are read as others.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def offer(account: Account, *, key: str) -> str:
    """A new secret, sealed for the way to the form and back."""
    return sealing.seal(f"{account.id}:{pyotp.random_base32()}", key=key)


def offered(account: Account, sealed: str, *, key: str) -> str:
    """The secret that was offered to this account a moment ago.

    Raises:
        Invalid: it was another's, or too long ago.
    """
    opened = sealing.unseal(sealed, key=key, within=_OFFERED_FOR)
    owner, _, secret = (opened or "").partition(":")
    if not secret or owner != str(account.id):
        raise Invalid((Problem("code", "code-offer-over"),))
    return secret


def address(account: Account, secret: str) -> str:
    """What an authenticator reads from the picture."""
    return pyotp.TOTP(secret, interval=PERIOD).provisioning_uri(
        name=account.email, issuer_name=_ISSUER
    )


def switch_on(
    db: Session, account: Account, *, sealed: str, code: str, key: str, now: datetime
) -> list[str]:
    """Ask for codes from now on; recovery codes if there are none yet.

    Raises:
        Invalid: the code is not of the offered secret.
    """
    secret = offered(account, sealed, key=key)
    step = _step(secret, code, now)
    if step is None:
        raise Invalid((Problem("code", "code-wrong"),))
    account.totp_secret, account.totp_step = sealing.seal(secret, key=key), step
    db.add(account)
    db.flush()
    accounts.note(db, account, Kind.CODES_ON, by=account, now=now)
    return first_recovery_codes(db, account, now=now)


def switch_off(db: Session, account: Account, *, now: datetime) -> None:
    """Ask for no codes any more."""
    account.totp_secret = None
    db.add(account)
    db.flush()
    accounts.note(db, account, Kind.CODES_OFF, by=account, now=now)
    forget_recovery_codes(db, account)


def remove(db: Session, by: Account | None, account: Account, *, now: datetime) -> None:
    """Take every second factor from an account whose owner has lost them all."""
    account.totp_secret = None
    db.add(account)
    db.exec(sa.delete(Passkey).where(col(Passkey.account_id) == account.id))
    db.exec(sa.delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    db.flush()
    accounts.note(db, account, Kind.SECOND_FACTOR_REMOVED, by=by, now=now)


def is_asked_for(db: Session, account: Account) -> bool:
    """Whether a password alone does not let this account in."""
    return bool(account.totp_secret) or has_passkeys(db, account)


def has_passkeys(db: Session, account: Account) -> bool:
    """Whether the account has a passkey."""
    statement = select(Passkey.id).where(Passkey.account_id == account.id)
    return db.exec(statement.limit(1)).first() is not None


def accepts(db: Session, account: Account, *, code: str, key: str, now: datetime) -> str:
    """What a code was: “code”, “recovery-code”, or nothing when it lets nobody in.

    A code lets in once: its step, and every one before, is used up in the same statement that
    looks whether it was.
    """
    typed = "".join(code.split())
    if _take_step(db, account, typed, key=key, now=now):
        return "code"
    if _take_recovery_code(db, account, typed):
        accounts.note(db, account, Kind.RECOVERY_CODE_USED, by=account, now=now)
        return "recovery-code"
    accounts.note(db, account, Kind.SIGN_IN_REFUSED, by=None, now=now, detail="code")
    return ""


def first_recovery_codes(db: Session, account: Account, *, now: datetime) -> list[str]:
    """Recovery codes for whoever has none; shown once."""
    return [] if recovery_codes_left(db, account) else new_recovery_codes(db, account, now=now)


def new_recovery_codes(db: Session, account: Account, *, now: datetime) -> list[str]:
    """Recovery codes in the place of those there were; shown once, only digests stay."""
    db.exec(sa.delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    codes = ["-".join(_letters() for _ in range(3)) for _ in range(RECOVERY_CODES)]
    number = accounts.known_id(account)
    db.add_all(
        RecoveryCode(account_id=number, digest=accounts.digest(_plain(code))) for code in codes
    )
    db.flush()
    accounts.note(db, account, Kind.RECOVERY_CODES_MADE, by=account, now=now)
    return codes


def recovery_codes_left(db: Session, account: Account) -> int:
    """How many recovery codes have not been used."""
    counted = select(func.count()).select_from(RecoveryCode)
    return db.exec(counted.where(RecoveryCode.account_id == account.id)).one()


def forget_recovery_codes(db: Session, account: Account) -> None:
    """Recovery codes are of use only beside a second factor."""
    if not is_asked_for(db, account):
        db.exec(sa.delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))


def _take_step(db: Session, account: Account, code: str, *, key: str, now: datetime) -> bool:
    secret = sealing.unseal(account.totp_secret, key=key) if account.totp_secret else None
    step = _step(secret, code, now) if secret else None
    if step is None:
        return False
    unused = sa.update(Account).where(col(Account.id) == account.id, col(Account.totp_step) < step)
    return bool(db.exec(unused.values(totp_step=step)).rowcount)


def _take_recovery_code(db: Session, account: Account, code: str) -> bool:
    wanted = accounts.digest(_plain(code))
    found = sa.delete(RecoveryCode).where(
        col(RecoveryCode.account_id) == account.id, col(RecoveryCode.digest) == wanted
    )
    return bool(db.exec(found).rowcount)


def _step(secret: str, code: str, now: datetime) -> int | None:
    """The step of time a code is of, if it is of one near now."""
    typed = _western("".join(code.split()))
    totp = pyotp.TOTP(secret, interval=PERIOD)
    present = int(now.timestamp()) // PERIOD
    for step in range(present - _DRIFT, present + _DRIFT + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            return step
    return None


def _western(code: str) -> str:
    """Digits of any script as 0 to 9."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in code)


def _plain(code: str) -> str:
    return code.replace("-", "").casefold()


def _letters() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(5))
