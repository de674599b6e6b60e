"""Post: every mail goes once, over SMTP or into files; what fails is kept and tried again."""

import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import html5lib
import pytest
from sqlmodel import select

from directory.database import unit_of_work
from directory.edge.house import House
from directory.edge.post import Delivered, Post, way_out
from directory.errors import Misconfigured
from directory.languages import INTERFACE
from directory.models import Mail
from directory.services import checkup, mail
from tests import smtp
from tests.conftest import settings_in

FACTS = {
    "remind": {
        "provider": "Casa & Cía", "providers": [1], "total": 40,
        "listings": [
            {"type": "space", "id": n, "title": f"Sala <{n}>", "confirmed": "2026-05-01T10:00:00+00:00", "by": "2026-11-01T10:00:00+00:00"}
            for n in range(30)
        ],
    },
    "expired": {
        "provider": "Casa", "providers": [1], "total": 1,
        "listings": [{"type": "space", "id": 1, "title": "Sala", "confirmed": "2026-05-01T10:00:00+00:00", "by": "2026-11-01T10:00:00+00:00"}],
    },
    "reported": {"type": "space", "id": 1, "slug": "sala", "title": "Sala", "kind": "price", "words": "It costs <5>\nnow", "providers": [1]},
    "sought": {"what": "Vidrieras", "q": "vidrieras", "provider": "Casa", "note": ""},
    "idea-follow": {"follower": 1, "words": "Soplar <vidrio>"},
    "idea-answered": {"follower": 1, "words": "Soplar vidrio", "idea": 1, "title": "Taller", "slug": "taller"},
    "idea-refused": {"follower": 1, "words": "Soplar vidrio", "reason": "No"},
    "answered": {"report": 1, "title": "Sala\r\nBcc: all@example.org", "outcome": "corrected", "note": "Thanks"},
}  # fmt: skip


def queue(house: House, kind: str = "answered", to: str = "ana@example.org", **options: object):
    with unit_of_work(house.engine) as db:
        return mail.queue(
            db, kind=kind, to=to, facts=FACTS[kind], now=house.settings.clock(),
            **{"language": "en", **options},
        )  # fmt: skip


def at(house: House, server: smtp.Server | None, later: timedelta = timedelta()) -> Post:
    """The post of a house at a later time."""
    settings = house.settings
    changes = {
        "now": settings.clock() + later,
        "database_url": settings.database_url,
        "public_url": "https://vereda.example",
    }
    if server:
        changes["smtp_url"] = server.url
    house.settings = settings_in(settings.data_dir, **changes)
    return Post(house)


@pytest.mark.parametrize("lang", INTERFACE)
def test_every_letter_in_every_language_as_text_and_html(house: House, lang: str) -> None:
    with smtp.serving() as server:
        for kind in FACTS:
            queue(house, kind, language=lang)
        assert at(house, server).deliver() == Delivered(sent=len(FACTS))
    for kind, (to, arrived) in zip(FACTS, server.arrived, strict=True):
        assert to == ["ana@example.org"]
        _check_letter(kind, lang, arrived)


def _check_letter(kind: str, lang: str, arrived: EmailMessage) -> None:
    text = arrived.get_body(("plain",)).get_content()
    html = arrived.get_body(("html",)).get_content()
    parser = html5lib.HTMLParser()
    tree = parser.parse(html)
    assert not parser.errors
    assert (tree.get("lang"), tree.get("dir")) == (lang, INTERFACE[lang].direction)
    assert "&lt;" not in text
    assert "None" not in text
    links = set(re.findall(r"https?://\S+", text))
    hrefs = {a.get("href") for a in tree.iter("{http://www.w3.org/1999/xhtml}a")}
    assert links == hrefs
    assert all(link.startswith(f"https://vereda.example/{lang}/") for link in links)
    assert arrived["Bcc"] is None
    assert arrived["Auto-Submitted"] == "auto-generated"
    one_click = arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert one_click is (kind in {"remind", "sought", "idea-answered"})


def test_without_a_server_mails_are_files_for_the_owners_eyes(house: House) -> None:
    queue(house)
    assert at(house, None).deliver() == Delivered(sent=1)
    (file,) = (house.settings.data_dir / "outbox").iterdir()
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"ana@example.org" in file.read_bytes()


def test_a_mail_that_went_keeps_neither_address_nor_content(house: House) -> None:
    queue(house, once="a")
    at(house, None).deliver()
    with unit_of_work(house.engine) as db:
        (row,) = db.exec(select(Mail)).all()
        assert (row.recipient, row.facts, row.due) == ("", {}, None)
        assert row.sent == house.settings.clock()
    assert not queue(house, once="a"), "what was sent once is not sent again"


def test_a_server_that_is_away_is_tried_again_with_growing_waits(house: House) -> None:
    with smtp.serving() as server:
        pass  # nobody listens there any more
    queue(house)
    waits = []
    for _ in range(3):
        assert at(house, server).deliver() == Delivered(failed=1)
        assert at(house, server).deliver() == Delivered(), "not at once"
        with unit_of_work(house.engine) as db:
            row = db.exec(select(Mail)).one()
            waits.append(row.due - house.settings.clock())
            assert row.trouble
            assert "@" not in row.trouble
        at(house, server, waits[-1])
    assert waits == sorted(set(waits))
    with smtp.serving() as back:
        assert at(house, back).deliver() == Delivered(sent=1)


def test_a_refused_address_is_given_up_and_the_doctor_says_so_without_it(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    with smtp.serving() as server:
        server.refuse["ana@example.org"] = "550 there is nobody of that name"
        server.refuse["bo@example.org"] = "450 later"
        for to in ("ana@example.org", "bo@example.org", "cy@example.org"):
            queue(house, to=to)
        assert at(house, server).deliver() == Delivered(sent=1, failed=2)
        assert [to for to, _ in server.arrived] == [["cy@example.org"]]
        finding = checkup._mail(house.engine)
        assert not finding.well
        assert "1 given up: 1 (answered): refused (550)" in finding.detail
        assert "@" not in finding.detail + "".join(capsys.readouterr())
        server.refuse.clear()
        with unit_of_work(house.engine) as db:
            assert mail.retry(db, now=house.settings.clock()) == 2
        assert at(house, server).deliver() == Delivered(sent=2)
    assert checkup._mail(house.engine).well


def test_whoever_dies_while_sending_is_taken_over_and_the_copy_has_the_same_name(
    house: House,
) -> None:
    queue(house)
    with smtp.serving() as server:
        server.hang_up = True
        assert at(house, server).deliver() == Delivered(failed=1)
        server.hang_up = False
        queue(house, to="bo@example.org")
        later = at(house, server, mail.WAITS[0])
        assert later.deliver() == Delivered(sent=2)
    names = [arrived["Message-ID"] for _to, arrived in server.arrived]
    assert len(set(names)) == 2


def test_many_post_offices_at_once_send_each_mail_once(house: House) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with smtp.serving() as server:
        for n in range(30):
            queue(house, to=f"n{n}@example.org")
        at(house, server)
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _n: Post(house).deliver().sent, range(4)))
    assert sum(done) == 30
    assert sorted(to[0] for to, _ in server.arrived) == sorted(f"n{n}@example.org" for n in range(30))  # fmt: skip


def test_nothing_is_mailed_of_what_was_not_saved(house: House) -> None:
    with pytest.raises(KeyError), unit_of_work(house.engine) as db:
        mail.queue(db, kind="answered", to="a@example.org", language="en", facts={}, now=house.settings.clock())  # fmt: skip
        raise KeyError
    assert at(house, None).deliver() == Delivered()


def test_an_address_that_wants_no_reminders_gets_none_but_notices(house: House) -> None:
    with unit_of_work(house.engine) as db:
        mail.unsubscribe(db, mail.digest(" Ana@example.org"), now=house.settings.clock())
    assert not queue(house, "remind")
    assert queue(house, "expired")


@pytest.mark.parametrize(
    ("url", "port", "tls", "ssl"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+starttls://u%40x:p%3A@mail.example", 587, True, False),
        ("smtps://u:p@mail.example:4650", 4650, False, True),
    ],
)
def test_the_address_of_a_server(tmp_path: Path, url: str, port: int, tls: bool, ssl: bool) -> None:  # noqa: FBT001
    out = way_out(settings_in(tmp_path, smtp_url=url))
    assert (out["MAIL_SERVER"], out["MAIL_PORT"]) == ("mail.example", port)
    assert (out["MAIL_USE_TLS"], out["MAIL_USE_SSL"]) == (tls, ssl)
    if "%" in url:
        assert (out["MAIL_USERNAME"], out["MAIL_PASSWORD"]) == ("u@x", "p:")


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://"])
def test_an_address_that_is_none_is_refused_without_showing_it(tmp_path: Path, url: str) -> None:
    with pytest.raises(Misconfigured, match="has to be like"):
        way_out(settings_in(tmp_path, smtp_url=url))


def test_the_password_is_not_shown(tmp_path: Path) -> None:
    assert "hunter2" not in repr(settings_in(tmp_path, smtp_url="smtp://u:hunter2@mail.example"))
