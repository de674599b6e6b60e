"""The commands for a timer: reminders, expiry, readers' reports; each says what it did."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from directory.cli import cli
from directory.database import unit_of_work
from directory.edge.house import House
from directory.models import Mail, Space
from directory.services import reports
from tests.conftest import NOW
from tests.factories import Put, provider_record, space_record


@pytest.fixture
def vereda(put: Put, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run commands in a city with one listing that was confirmed 200 days ago."""
    put(
        provider_record(external_id="p", email="molino@example.org"),
        space_record(external_id="s", title={"es": "Noria"}, provider="p"),
    )
    with unit_of_work(house.engine) as db:
        db.get_one(Space, 1).confirmed = house.settings.clock() - timedelta(days=200)
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "DATA_DIR": str(house.settings.data_dir),
        "DATABASE_URL": house.settings.database_url,
        "NOW": NOW,
    }.items():
        monkeypatch.setenv(f"VEREDA_{name}", value)

    def run(words: str, **environment: str) -> Result:
        extra = {f"VEREDA_{name}": value for name, value in environment.items()}
        return CliRunner(env={"COLUMNS": "200", **extra}).invoke(cli, words.split())

    return run


def test_reminding_twice_sends_one_mail_and_a_dry_run_none(vereda, house: House) -> None:
    assert "1 mails about 1 listings" in vereda("remind --dry-run").output
    assert not (house.settings.data_dir / "outbox").exists()
    first = vereda("remind").output
    assert "1 mails about 1 listings" in first
    assert "1 mails sent" in first
    assert "0 mails about 0 listings" in vereda("remind").output
    (letter,) = (house.settings.data_dir / "outbox").iterdir()
    assert "molino@example.org" in letter.read_text()
    assert "molino" not in first + vereda("mail list").output


def test_expiring_marks_first_and_withdraws_later(vereda) -> None:
    assert "1 listings marked, 0 withdrawn" in vereda("expire --dry-run").output
    assert "1 listings marked, 0 withdrawn" in vereda("expire").output
    assert "0 listings marked, 0 withdrawn" in vereda("expire").output
    later = (datetime.fromisoformat(NOW) + timedelta(days=61)).isoformat()
    assert "0 listings marked, 1 withdrawn with 1 notices" in vereda("expire", NOW=later).output
    assert "0 withdrawn" in vereda("expire", NOW=later).output


def test_mails_that_really_go_out_need_the_address_of_the_site(vereda, house: House) -> None:
    answer = vereda("remind", SMTP_URL="smtp://127.0.0.1:1")
    assert "VEREDA_PUBLIC_URL" in str(answer.exception)
    with unit_of_work(house.engine) as db:
        assert db.exec(select(Mail)).all() == []


def test_a_server_that_is_away_keeps_the_mail_and_says_so(vereda) -> None:
    away = {"SMTP_URL": "smtp://127.0.0.1:1", "PUBLIC_URL": "https://vereda.example"}
    assert "0 mails sent, 1 to be tried again" in vereda("remind", **away).output
    listed = vereda("mail list").output
    # A narrow terminal breaks the words apart.
    assert "Connection" in listed
    assert "refused" in listed
    assert "molino" not in listed
    assert "1 mails sent" in vereda("mail retry").output


def test_reports_are_listed_and_answered(vereda, house: House) -> None:
    assert "No report is waiting." in vereda("reports").output
    with unit_of_work(house.engine) as db:
        reports.take(
            db, db.get_one(Space, 1), kind="price", said="It costs 5", email="ana@example.org",
            language="en", now=house.settings.clock(),
        )  # fmt: skip
    listed = vereda("reports").output
    assert "Noria" in listed
    assert "It costs 5" in listed
    assert "ana@" not in listed
    assert "Report 1: corrected." in vereda("reports answer 1 --outcome corrected --note Thanks").output  # fmt: skip
    assert "No report is waiting." in vereda("reports").output
    again = vereda("reports answer 1 --outcome not-so")
    assert "answered before" in str(again.exception)
    assert "no report" in str(vereda("reports answer 7 --outcome not-so").exception)
