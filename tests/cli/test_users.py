"""``vereda user``, and the people of the demo city."""

import re
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from directory.app import create_app
from directory.cli import cli
from directory.database import reading
from directory.edge.house import House
from directory.errors import Invalid, NotFound, VeredaError
from directory.services import accounts, demo_accounts, upkeep
from tests.conftest import settings_in
from tests.factories import PASSWORD
from tests.pages import Person, visitor

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture
def vereda(tmp_path: Path, empty_sqlite: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command in an empty city."""
    monkeypatch.setenv("VEREDA_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "vereda.sqlite3").write_bytes(empty_sqlite.read_bytes())

    def run(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(cli, ["user", *words], input=given)

    return run


def test_from_an_invitation_to_the_desk_and_out(vereda, tmp_path: Path) -> None:
    made = vereda("add", "Marta@Villaclara.example", "--name", "Marta", "--role", "administrator")
    assert made.exit_code == 0, made.output
    link = re.search(r"http://127\.0\.0\.1:8000(/en/sign-in/invitation/\S+)", made.output)[1]  # type: ignore[index]
    house = House.of(settings_in(tmp_path, now=None))
    client = create_app(house=house).test_client()
    person = Person(client, visitor(client, house.engine))
    assert person.post(link, password=PASSWORD).status_code == 303
    with reading(house.engine) as db:
        account = accounts.named(db, "marta@villaclara.example")
    assert person.sign_in(account).location == "/en/desk"
    assert "marta@villaclara.example\tMarta\tadministrator\topen" in vereda("list").output
    another = vereda("add", "b@villaclara.example", "--name", "B", "--role", "administrator")
    assert another.exit_code == 0
    assert vereda("deactivate", "marta@villaclara.example").exit_code == 0
    assert client.get("/en/desk").status_code == 303
    assert "\tclosed\t" in vereda("list").output


def test_a_password_may_come_by_standard_input_and_is_never_shown(vereda, tmp_path: Path) -> None:
    words = ("add", "a@villaclara.example", "--name", "A", "--role", "editor", "--password-stdin")
    made = vereda(*words, given=f"{PASSWORD}\n")
    assert made.exit_code == 0
    assert PASSWORD not in made.output
    assert "http" not in made.output
    changed = vereda(
        "password", "a@villaclara.example", "--password-stdin", given="nube verde sobre tejado\r\n"
    )
    assert changed.exit_code == 0
    with reading(House.of(settings_in(tmp_path)).engine) as db:
        kept = accounts.named(db, "a@villaclara.example").password_hash
    from directory.services import passwords

    assert passwords.is_right(kept, "nube verde sobre tejado")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("add", "nothing", "--name", "A", "--role", "editor"), Invalid),
        (("add", "a@b.example", "--name", " ", "--role", "editor"), Invalid),
        (("add", "a@b.example", "--name", "A", "--role", "editor", "--password-stdin"), Invalid),
        (("password", "nobody@b.example"), NotFound),
        (("deactivate", "nobody@b.example"), NotFound),
    ],
)
def test_what_is_wrong_makes_no_account(vereda, words, error: type[VeredaError]) -> None:
    refused = vereda(*words, given="short\n")
    assert isinstance(refused.exception, error)
    assert vereda("list").output == ""


def test_what_is_wrong_is_one_clear_sentence(
    vereda, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from directory.cli import main

    monkeypatch.setattr(
        sys, "argv", ["vereda", "user", "add", "nothing", "--name", "A", "--role", "editor"]
    )
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "vereda: “nothing” is no e-mail address.\n"


def test_an_unknown_role_is_told_which_there_are(vereda) -> None:
    refused = vereda("add", "a@b.example", "--name", "A", "--role", "king")
    assert refused.exit_code == 2
    assert "counsellor" in refused.output


def test_the_demo_has_people_of_its_own_whose_passwords_are_nobody_elses(house: House) -> None:
    from directory.database import unit_of_work

    now, settings = house.settings.clock(), house.settings

    def logins() -> list[demo_accounts.Login]:
        with unit_of_work(house.engine) as db:
            demo_accounts.ensure(db, settings=settings, now=now)
            return list(demo_accounts.logins(db, settings=settings))

    assert logins() == []
    with unit_of_work(house.engine) as db:
        upkeep.city(db).demo_week = "2026-11-23"
    first = logins()
    assert [login.role for login in first].count("counsellor") == 2
    assert {login.role for login in first} == {
        "administrator",
        "counsellor",
        "editor",
        "provider",
    }
    assert len({login.password for login in first}) == 5
    assert logins() == first
    kept = settings.data_dir / "demo-logins.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with unit_of_work(house.engine) as db:
        account = accounts.named(db, first[0].email)
        accounts.set_password(db, None, account, password=PASSWORD, now=now)
    assert logins() == first[1:]
