"""Accounts: who is let in, who is not, and what is written down of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from directory.database import unit_of_work
from directory.edge.house import House
from directory.errors import Invalid, NotFound
from directory.models import Account, Passkey
from directory.models.vocabulary import Role
from directory.services import accounts, passkeys, passwords, sealing, second_factor, transfers
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("quick_hashes")

REAL = passwords._HASHER
KEY = "a key of tests"
LATER = timedelta(days=8)

MakeAccount = Callable[..., Account]


@pytest.fixture
def now(house: House) -> datetime:
    """The city's clock."""
    return house.settings.clock()


@pytest.fixture
def account(db: Session, now: datetime) -> Account:
    """A counsellor's account with ``PASSWORD``."""
    row = accounts.make(
        db, None, email="Luz@villaclara.example ", name="Luz", role=Role.COUNSELLOR, language="es", now=now
    )  # fmt: skip
    accounts.set_password(db, None, row, password=PASSWORD, now=now)
    return row


def test_a_password_is_kept_as_argon2id_and_made_anew_when_that_changes(
    db: Session, account: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert account.password_hash.startswith("$argon2id$v=19$m=64,t=1,p=1$")
    monkeypatch.setattr(passwords, "_HASHER", REAL)
    assert accounts.check(db, email="LUZ@villaclara.example", password=PASSWORD, now=now)
    assert account.password_hash.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert accounts.check(db, email=account.email, password=PASSWORD + " ", now=now) is None
    assert accounts.check(db, email=account.email, password="x" * 5000, now=now) is None


def test_an_unknown_address_takes_as_long_as_a_wrong_password(
    db: Session, account: Account, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    real = passwords._HASHER

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            compared.append(kept.rsplit("$", 2)[0])
            return real.verify(kept, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting())
    for email in (account.email, "nobody@villaclara.example", "no address", ""):
        assert accounts.check(db, email=email, password="wrong", now=now) is None
    assert len(compared) == 4
    assert len(set(compared)) == 1
    refused = db.exec(text("SELECT count(*) FROM account_event WHERE what = 'sign-in-refused'"))  # type: ignore[call-overload]
    assert refused.scalar() == 4


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("too short", "password-too-short"),
        ("x" * 201, "password-too-long"),
        ("password123456", "password-guessed-first"),
        ("Contraseña2026", "password-guessed-first"),
        ("aaaaaaaaaaaaaa", "password-guessed-first"),
        ("luz.villaclara.example", "password-guessed-first"),
        ("QWERTYuiop1234", "password-guessed-first"),
    ],
)
def test_what_would_be_guessed_first_is_no_password(password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.checked(password, about=("luz@villaclara.example", "Luz"))
    assert refused.value.problems[0].code == code
    assert password not in str(refused.value)


def test_the_same_password_from_another_keyboard() -> None:
    assert passwords.is_right(
        passwords.hashed("cafe\u0301 con leche tibia"), "caf\u00e9 con leche tibia"
    )


def test_a_link_sets_a_password_once_for_seven_days_and_only_the_last_one_does(
    db: Session, account: Account, now: datetime
) -> None:
    first = accounts.invite(db, None, account, now=now)
    second = accounts.invite(db, None, account, now=now)
    for token, at in ((first, now), (second, now + LATER), ("", now)):
        with pytest.raises(NotFound):
            accounts.accept(db, token, password="nube verde sobre tejado", now=at)
    key = account.session_key
    assert accounts.accept(db, second, password="nube verde sobre tejado", now=now) is account
    assert account.session_key != key
    with pytest.raises(NotFound):
        accounts.accept(db, second, password="nube verde sobre tejado", now=now)


def test_an_address_is_one_account_however_it_is_written(
    db: Session, account: Account, now: datetime
) -> None:
    assert account.email == "luz@villaclara.example"
    with pytest.raises(Invalid, match="email-taken"):
        accounts.make(
            db, None, email="LUZ@VILLACLARA.example", name="x", role=Role.EDITOR, language="en", now=now
        )  # fmt: skip


def test_what_happened_is_neither_changed_nor_removed(
    house: House, make_account: MakeAccount
) -> None:
    make_account(password="")
    for statement in ("UPDATE account_event SET detail = 'x'", "DELETE FROM account_event"):
        with pytest.raises(DBAPIError), unit_of_work(house.engine) as db:
            db.exec(text(statement))  # type: ignore[call-overload]


def test_a_session_key_opens_while_the_account_is_open(
    db: Session, account: Account, now: datetime
) -> None:
    key = account.session_key
    assert accounts.holder(db, key) is account
    accounts.deactivate(db, None, account, now=now)
    assert accounts.holder(db, key) is None
    assert accounts.holder(db, account.session_key) is None
    assert accounts.check(db, email=account.email, password=PASSWORD, now=now) is None


def switch_on(db: Session, account: Account, at: datetime) -> tuple[pyotp.TOTP, list[str]]:
    """Codes for an account: its authenticator, and its recovery codes."""
    sealed = second_factor.offer(account, key=KEY)
    totp = pyotp.TOTP(second_factor.offered(account, sealed, key=KEY))
    codes = second_factor.switch_on(db, account, sealed=sealed, code=totp.at(at), key=KEY, now=at)
    return totp, codes


def test_a_code_counts_once_and_a_step_either_way(db: Session, account: Account) -> None:
    at = datetime(2026, 11, 23, 12, tzinfo=UTC)
    totp, _codes = switch_on(db, account, at)

    def let_in(code: str, later: int) -> str:
        moment = at + timedelta(seconds=later)
        return second_factor.accepts(db, account, code=code, key=KEY, now=moment)

    assert let_in(totp.at(at), 1) == ""
    assert let_in(totp.at(at, counter_offset=1), 1) == "code"
    assert let_in(totp.at(at, counter_offset=1), 2) == ""
    assert let_in(totp.at(at, counter_offset=4), 0) == ""
    assert let_in(totp.at(at, counter_offset=4), 90) == "code"
    assert let_in(totp.at(at, counter_offset=3), 90) == ""
    assert let_in("", 200) == ""


def test_a_recovery_code_counts_once_and_none_is_kept_readable(
    db: Session, account: Account, now: datetime
) -> None:
    _totp, codes = switch_on(db, account, now)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    typed = codes[3].upper().replace("-", " ")
    accepts = [second_factor.accepts(db, account, code=typed, key=KEY, now=now) for _ in range(2)]
    assert accepts == ["recovery-code", ""]
    assert second_factor.recovery_codes_left(db, account) == 9


def test_what_is_sealed_opens_with_its_own_key_alone() -> None:
    sealed = sealing.seal("secret", key=KEY)
    assert "secret" not in sealed
    assert sealing.unseal(sealed, key=KEY) == "secret"
    assert sealing.unseal(sealed, key="another") is None
    assert sealing.unseal(sealed[:-4] + "AAAA", key=KEY) is None
    assert sealing.unseal("", key=KEY) is None
    assert sealing.unseal(sealed, key=KEY, within=timedelta(seconds=-1)) is None


ANSWERS = (
    "",
    "[]",
    "{}",
    "null",
    '{"id": 1}',
    '{"id":"x","rawId":"x"}',
    '{"id":"x","rawId":"x","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oA"}}',
    '{"id":"x","rawId":"x","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"gA"}}',
    '{"id":"x","rawId":"x","type":"public-key","response":{"clientDataJSON":1,"attestationObject":[]}}',
    "x" * 30_000,
)


def test_no_answer_of_a_browser_breaks_anything(
    db: Session, account: Account, now: datetime
) -> None:
    site = passkeys.Site("localhost", "http://localhost", "Vereda")
    challenge = passkeys.ask_who(site).challenge
    db.add(
        Passkey(
            account_id=account.id,
            credential="x",
            public_key="oA",
            name="",
            created=now,
        )
    )
    db.flush()
    for answer in (
        *ANSWERS,
        *(a.replace("attestationObject", "authenticatorData") for a in ANSWERS),
    ):
        assert passkeys.holder(db, site, answer=answer, challenge=challenge, now=now) is None
        with pytest.raises(Invalid):
            passkeys.add(db, account, site, answer=answer, challenge=challenge, name="", now=now)


def test_no_export_has_an_account_in_it(db: Session, account: Account) -> None:
    exported = transfers.export_csv(db).decode()
    assert account.email not in exported
    assert account.name not in exported


def test_nothing_secret_is_readable_in_the_database_or_in_a_log(
    house: House, make_account: MakeAccount, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    planted = "girasol planta secreta 7731"
    account = make_account(password=planted)
    with caplog.at_level("DEBUG"), unit_of_work(house.engine) as db:
        row = accounts.by_id(db, account.id or 0)
        totp, codes = switch_on(db, row, now)
        token = accounts.invite(db, None, row, now=now)
        accounts.check(db, email=row.email, password=planted, now=now)
    with house.engine.connect() as connection:
        tables = ("account", "account_event", "passkey", "recovery_code", "invitation")
        kept = str([connection.execute(text(f"SELECT * FROM {x}")).all() for x in tables])  # noqa: S608
    for secret in (planted, totp.secret, token, *codes, *(c.replace("-", "") for c in codes)):
        assert secret not in kept
        assert secret not in caplog.text
    assert account.password_hash not in repr(account)
