"""Sources at the desk: added, fetched, paused; the last result in words, line by line."""

import pytest

from directory.database import reading, unit_of_work
from directory.edge.house import House
from directory.edge.rounds import Rounds
from directory.services import provenance
from directory.services.bulk import sources
from tests.conftest import settings_in
from tests.pages import Person
from tests.services.fetching.servers import Machine, says

HEAD = "id,title,starts\n"


def rows(*numbers: int) -> str:
    return HEAD + "".join(f"{n},Bread {n},2026-12-10 18:00\n" for n in numbers)


@pytest.fixture
def feed():
    there = Machine(says(b""))
    yield there
    there.close()


@pytest.fixture
def house(tmp_path, empty_sqlite, feed):
    """A city that has opened its own network, where the feed is."""
    import shutil

    shutil.copy(empty_sqlite, tmp_path / "vereda.sqlite3")
    settings = settings_in(tmp_path, fetch_ports=str(feed.port), fetch_networks="127.0.0.0/8")
    opened = House.of(settings)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def editor(signed_in) -> Person:
    return signed_in("editor")


def form(feed: Machine, **changes: object) -> dict[str, object]:
    fields = {
        "name": "Agenda of the libraries", "address": f"http://127.0.0.1:{feed.port}/agenda.csv",
        "kind": "csv", "mapping": "vereda", "rhythm": "24", "owned": list(provenance.FACTS),
        "withdraws": "yes",
    }  # fmt: skip
    return {**fields, **changes}


@pytest.mark.parametrize("lang", ["en", "es", "ar"])
def test_from_an_address_to_listings(editor, house, feed, lang: str) -> None:
    feed.answer = says(rows(1, 2, 3).encode())
    editor.visit(f"/{lang}/desk/sources")
    editor.visit(f"/{lang}/desk/sources/new")
    answer = editor.post(f"/{lang}/desk/sources/new", **form(feed))
    assert answer.status_code == 303
    path = answer.location.partition("?")[0]
    editor.visit(answer.location)
    assert editor.post(f"{path}/fetch").status_code == 303
    house.workshop.wait()
    page = editor.visit(path)
    assert "Bread 1" in page.text()
    assert "Bread 1" not in editor.visit(f"/{lang}/desk/sources").text()
    assert "Agenda of the libraries" in editor.visit(f"/{lang}/desk/sources").text()
    editor.visit(f"{path}/change")


def test_a_failure_is_said_in_words_and_everything_is_as_it_was(editor, house, feed) -> None:
    feed.answer = says(status="503 Service Unavailable")
    path = editor.post("/en/desk/sources/new", **form(feed)).location.partition("?")[0]
    editor.post(f"{path}/fetch")
    house.workshop.wait()
    text = editor.visit(path).text()
    assert "The machine answered 503 instead of the file. Everything is as it was." in text
    assert "The machine answered 503" in editor.visit("/en/desk/sources").text()


def test_too_much_gone_is_asked_about(editor, house, feed) -> None:
    feed.answer = says(rows(1, 2, 3).encode())
    path = editor.post("/en/desk/sources/new", **form(feed)).location.partition("?")[0]
    editor.post(f"{path}/fetch")
    house.workshop.wait()
    feed.answer = says(rows(1).encode())
    editor.post(f"{path}/fetch")
    house.workshop.wait()
    page = editor.visit(path)
    assert "2 listings are no longer in the file. That is more than a third" in page.text()
    assert "Withdraw them nonetheless" in page.text()
    editor.post(f"{path}/fetch", many="yes")
    house.workshop.wait()
    text = editor.visit(path).text()
    assert "2 Withdrawn" in text
    assert "Withdraw them nonetheless" not in text
    assert "no longer thereWithdrawn" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Write a name"),
        ({"address": "http://localhost/"}, "Port"),
        ({"address": "file:///etc/passwd"}, "“file” is not fetched"),
        ({"address": "http://a:b@127.0.0.1/"}, "user or password"),
        ({"address": "nothing"}, "is not fetched"),
        ({"mapping": "../../x"}, "is no value of mapping"),
        ({"rhythm": "1e9"}, "is no value of rhythm"),
        ({"owned": ["all"]}, "is no value of owned"),
        ({"name": "!!!"}, "cannot be used as a name"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(editor, feed, changes, said: str) -> None:
    if changes.get("address") == "http://localhost/":
        changes = {"address": "http://localhost:22/"}
    answer = editor.post("/en/desk/sources/new", **form(feed, **changes))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in html
    assert changes.get("name", "Agenda of the libraries") in html


def test_it_is_changed_and_paused(editor, house, feed) -> None:
    path = editor.post("/en/desk/sources/new", **form(feed)).location.partition("?")[0]
    answer = editor.post(f"{path}/change", **form(feed, owned=["title"], rhythm="1", withdraws=""))
    assert answer.status_code == 303
    text = editor.visit(path).text()
    assert "May changetitle" in text
    assert "Leaves as the city has itshort text" in text
    assert "every hour" in text
    assert editor.post(f"{path}/change", **form(feed, name="")).status_code == 422
    editor.post(f"{path}/pause", enabled="no")
    assert "Paused" in editor.visit(path).text()
    with reading(house.engine) as db:
        assert sources.due(db, now=house.settings.clock()) == []
    editor.post(f"{path}/pause", enabled="yes")
    assert "Paused" not in editor.visit(path).text()


def test_beside_the_pages_what_is_due_is_fetched_once(editor, house, feed) -> None:
    feed.answer = says(rows(1).encode())
    path = editor.post("/en/desk/sources/new", **form(feed)).location.partition("?")[0]
    rounds = Rounds(house)
    rounds.fetch()
    rounds.fetch()
    assert feed.connections == 1
    assert "Bread 1" in editor.visit(path).text()


def test_while_it_is_fetched_nobody_begins_again(editor, house, feed) -> None:
    path = editor.post("/en/desk/sources/new", **form(feed)).location.partition("?")[0]
    with unit_of_work(house.engine) as db:
        row = sources.everything(db)[0]
        begun = sources.begin(db, row, settings=house.settings)
        lock = house.workshop.take(begun.id or 0)
    page = editor.visit(path)
    assert "Being brought in" in page.text()
    assert editor.post(f"{path}/fetch").status_code == 303
    house.workshop.wait()
    assert feed.connections == 0
    lock.release()
    assert "The site was started anew before this was done." in editor.visit(path).text()


def test_the_commands_list_and_fetch(editor, house, feed, monkeypatch) -> None:
    from click.testing import CliRunner
    from rich.console import Console

    from directory.cli import cli, sources

    feed.answer = says(rows(1, 2).encode())
    editor.post("/en/desk/sources/new", **form(feed))
    monkeypatch.setenv("VEREDA_DATA_DIR", str(house.settings.data_dir))
    monkeypatch.setenv("VEREDA_FETCH_PORTS", str(feed.port))
    monkeypatch.setenv("VEREDA_FETCH_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("VEREDA_NOW", "2026-11-23T12:00")
    monkeypatch.setattr(sources, "console", Console(width=200))
    runner = CliRunner()
    assert runner.invoke(cli, ["sources", "fetch"]).exit_code == 2
    done = runner.invoke(cli, ["sources", "fetch", "--due"])
    assert (done.exit_code, feed.connections) == (0, 1), done.output
    assert "Brought in: 2 new" in done.output
    assert "No source is due." in runner.invoke(cli, ["sources", "fetch", "--due"]).output
    feed.answer = says(status="404 Not Found")
    failed = runner.invoke(cli, ["sources", "fetch", "agenda-of-the-libraries"])
    assert failed.exit_code == 1
    assert "The machine answered 404" in failed.output
    listed = runner.invoke(cli, ["sources", "list"]).output
    assert "agenda-of-the-libraries" in listed
