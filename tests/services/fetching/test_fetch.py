"""Fetching: what comes back, how far a redirect is followed, and where patience ends."""

import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from directory.errors import NotFetched
from directory.services.fetching import networks
from directory.services.fetching.fetch import Marks, fetch
from directory.services.fetching.policy import Policy
from tests.conftest import settings_in
from tests.services.fetching.servers import Answer, Machine, certificate, pages, says

Opened = Callable[..., Machine]


@pytest.fixture
def machine() -> Iterator[Opened]:
    there: list[Machine] = []

    def open_(answer: Answer, tls: ssl.SSLContext | None = None) -> Machine:
        there.append(Machine(answer, tls))
        return there[-1]

    yield open_
    for each in there:
        each.close()


def refused(address: str, policy: Policy) -> str:
    with pytest.raises(NotFetched) as said:
        fetch(address, policy=policy)
    return said.value.code


def test_what_is_there_comes_back_with_its_marks(machine: Opened) -> None:
    there = machine(says(b"title\nPottery\n", Content_Length="14", ETag='"1"', Last_Modified="x"))
    found = fetch(there.url("/agenda?q=ñ"), policy=there.policy())
    assert found.data == b"title\nPottery\n"
    assert found.marks == Marks('"1"', "x")
    head = there.asked[0].decode()
    assert head.startswith("GET /agenda?q=%C3%B1 HTTP/1.1\r\n")
    assert f"Host: feeds.city.org:{there.port}\r\n" in head
    assert "Cookie" not in head
    assert "Authorization" not in head


def test_what_is_as_it_was_is_not_transferred(machine: Opened) -> None:
    there = machine(says(status="304 Not Modified"))
    found = fetch(there.url(), policy=there.policy(), marks=Marks('"1"', "yesterday"))
    assert not found.is_new
    assert found.marks == Marks('"1"', "yesterday")
    assert b'If-None-Match: "1"\r\n' in there.asked[0]
    assert b"If-Modified-Since: yesterday\r\n" in there.asked[0]


def test_an_international_name_is_asked_for_in_ascii(machine: Opened) -> None:
    there, asked = machine(says(b"x")), []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    fetch(there.url(host="educación.ciudad.org"), policy=there.policy(resolve=resolve))
    assert asked == ["xn--educacin-13a.ciudad.org"]


def test_a_proxy_of_the_environment_is_not_asked(
    machine: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, proxy = machine(says(b"itself")), machine(says(b"proxy"))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    assert fetch(there.url(), policy=there.policy()).data == b"itself"
    assert proxy.connections == 0


# Redirects.


def test_a_redirect_is_followed_and_looked_at_like_the_first_address(machine: Opened) -> None:
    there = machine(
        pages(
            a=says(status="302 Found", Location="/b"),
            b=says(status="308 Permanent Redirect", Location="c"),
            c=says(b"here"),
        )
    )
    assert fetch(there.url("/a"), policy=there.policy()).data == b"here"
    assert there.connections == 3


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1:{inner}/", "not-public"),
        ("http://inner.city.org:{inner}/", "not-public"),
        ("//inner.city.org:{inner}/", "not-public"),
        ("http://localhost:{inner}/", "own-name"),
        ("http://2130706433:{inner}/", "host"),
        ("http://[::ffff:127.0.0.1]:{inner}/", "not-public"),
        ("http://feeds.city.org@127.0.0.1:{inner}/", "userinfo"),
        ("http://feeds.city.org:22/", "port"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://127.0.0.1:{inner}/", "scheme"),
        ("http://feeds.city.org\\@127.0.0.1:{inner}/", "address-unwritable"),
        ("http://[::1", "address-unwritable"),
        ("", "status"),
    ],
)
def test_a_redirect_to_where_one_may_not_go_is_not_followed(
    machine: Opened, location: str, code: str
) -> None:
    inner = machine(says(b"secret"))
    there = machine(says(status="302 Found", Location=location.format(inner=inner.port)))
    # The first machine stands for a public one; what is behind it does not.
    numbers = {
        "feeds.city.org": "127.0.0.1",
        "inner.city.org": "127.0.0.2",
        "127.0.0.1": "127.0.0.2",
    }
    policy = there.policy(
        ports=frozenset({there.port, inner.port}),
        allows=lambda number: str(number) == "127.0.0.1",
        resolve=lambda host, _port: [numbers.get(host, host)],
    )
    assert refused(there.url(), policy) == code
    assert inner.connections == 0


def test_after_a_redirect_a_name_is_checked_again(machine: Opened) -> None:
    there, led_to = machine(says(status="302 Found", Location="/again")), ["127.0.0.1", "10.0.0.1"]
    policy = there.policy(
        allows=lambda number: number.is_loopback, resolve=lambda _host, _port: [led_to.pop(0)]
    )
    assert refused(there.url(), policy) == "not-public"
    assert there.connections == 1


def test_going_round_in_circles_ends(machine: Opened) -> None:
    there = machine(says(status="301 Moved Permanently", Location="/"))
    assert refused(there.url(), there.policy(redirects=3)) == "too-many-redirects"
    assert there.connections == 4


# Bounds.


@pytest.mark.parametrize("said", ["99999999999", ""])
def test_an_answer_that_is_too_large_is_left(machine: Opened, said: str) -> None:
    def flood(_request: bytes, line: socket.socket) -> None:
        length = f"Content-Length: {said}\r\n" if said else ""
        line.sendall(f"HTTP/1.1 200 OK\r\n{length}\r\n".encode())
        while True:
            line.sendall(b"x" * 65536)

    there = machine(flood)
    assert refused(there.url(), there.policy(most_bytes=500_000)) == "too-large"


@pytest.mark.parametrize("wrapping", ["gzip", "deflate"])
def test_an_answer_that_swells_is_left(machine: Opened, wrapping: str) -> None:
    bomb = (
        gzip.compress(bytes(50_000_000)) if wrapping == "gzip" else zlib.compress(bytes(50_000_000))
    )
    assert len(bomb) < 100_000
    there = machine(says(bomb, Content_Encoding=wrapping))
    assert refused(there.url(), there.policy(most_bytes=1_000_000)) == "too-large"


def test_a_packed_answer_is_unpacked(machine: Opened) -> None:
    there = machine(says(gzip.compress(b"title\n" * 9), Content_Encoding="gzip"))
    assert fetch(there.url(), policy=there.policy()).data == b"title\n" * 9


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says(b"half", Content_Length="400"), "cut-off"),
        (says(gzip.compress(b"t" * 900)[:-9], Content_Encoding="gzip"), "cut-off"),
        (says(b"9\r\nhalf", Transfer_Encoding="chunked"), "cut-off"),
        (says(b"no gzip", Content_Encoding="gzip"), "packed"),
        (says(b"x", Content_Encoding="br"), "packed"),
        (says(b"x", Content_Encoding="gzip, gzip"), "packed"),
        (says(b"gone", status="410 Gone"), "status"),
        (says(b"", status="204 No Content"), "status"),
        (says(b"part", status="206 Partial Content"), "status"),
        (says(b"", status="999 What"), "status"),
        (says(b"", status="nonsense"), "no-answer"),
        (says(b"x", X_Filler="y" * 70_000), "too-large"),
        (says(b"x", **{f"X{i}": "y" * 900 for i in range(90)}), "too-large"),
        (says(b"x", **{f"X{i}": "y" for i in range(200)}), "no-answer"),
        (lambda _request, _line: None, "no-answer"),
    ],
)
def test_an_answer_that_is_none_is_said_to_be(machine: Opened, answer: Answer, code: str) -> None:
    there = machine(answer)
    assert refused(there.url(), there.policy()) == code


def _drip(begin: bytes) -> Answer:
    def answer(_request: bytes, line: socket.socket) -> None:
        line.sendall(begin)
        while True:
            line.sendall(b"x")
            time.sleep(0.02)

    return answer


@pytest.mark.parametrize("begin", [b"", b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_patience_is_for_everything_not_for_each_drop(machine: Opened, begin: bytes) -> None:
    there, began = machine(_drip(begin)), time.monotonic()
    assert refused(there.url(), there.policy(seconds=0.4)) == "too-slow"
    assert time.monotonic() - began < 2


def test_waiting_again_and_again_for_permission_to_go_on_ends(machine: Opened) -> None:
    def go_on(_request: bytes, line: socket.socket) -> None:
        while True:
            line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    there = machine(go_on)
    assert refused(there.url(), there.policy(seconds=2)) in {"too-large", "too-slow"}


def test_a_resolver_that_sleeps_is_not_waited_for(machine: Opened) -> None:
    def sleeps(_host: str, _port: int) -> list[str]:
        time.sleep(3)
        return ["127.0.0.1"]

    there, began = machine(says(b"x")), time.monotonic()
    assert refused(there.url(), there.policy(resolve=sleeps, seconds=0.3)) == "too-slow"
    assert time.monotonic() - began < 2
    assert there.connections == 0


def _answers(port: int) -> bool:
    with socket.socket() as asking:
        asking.settimeout(1)
        return asking.connect_ex(("127.0.0.1", port)) == 0


def test_nobody_at_home_is_said(machine: Opened) -> None:
    there = machine(says(b"x"))
    there.close()
    until = time.monotonic() + 5
    while time.monotonic() < until and _answers(there.port):
        time.sleep(0.05)
    assert refused(there.url(), there.policy()) == "no-answer"

    def unknown(_host: str, _port: int) -> list[str]:
        raise socket.gaierror

    assert refused(there.url(), there.policy(resolve=unknown)) == "no-such-host"


# TLS.


def _spoken_by(folder: Path, name: str) -> tuple[ssl.SSLContext, Callable[[], ssl.SSLContext]]:
    pem = certificate(folder, name)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, lambda: ssl.create_default_context(cafile=str(pem))


def test_a_certificate_has_to_be_of_that_name(machine: Opened, tmp_path: Path) -> None:
    server, believes = _spoken_by(tmp_path, "feeds.city.org")
    there = machine(says(b"sealed"), server)
    policy = there.policy(tls=believes)
    assert fetch(there.url(), policy=policy).data == b"sealed"
    assert refused(there.url(host="other.city.org"), policy) == "certificate"
    assert refused(there.url(), there.policy()) == "certificate"  # nobody vouches for it


def test_what_was_sealed_is_not_looked_for_in_the_open(machine: Opened, tmp_path: Path) -> None:
    server, believes = _spoken_by(tmp_path, "feeds.city.org")
    plain = machine(says(b"open"))
    there = machine(says(status="302 Found", Location=plain.url()), server)
    policy = there.policy(tls=believes, ports=frozenset({there.port, plain.port}))
    assert refused(there.url(), policy) == "downgrade"
    assert plain.connections == 0


# What a city allows.


def test_a_city_may_open_its_own_network_and_more_doors(machine: Opened, tmp_path: Path) -> None:
    there = machine(says(b"inside"))
    closed = Policy.of(settings_in(tmp_path))
    assert refused(f"http://127.0.0.1:{there.port}/", closed) == "port"
    doors = Policy.of(settings_in(tmp_path, fetch_ports=str(there.port)))
    assert refused(f"http://127.0.0.1:{there.port}/", doors) == "not-public"
    assert there.connections == 0
    settings = settings_in(
        tmp_path, fetch_ports=f"8080, {there.port}", fetch_networks="127.0.0.0/8"
    )
    own = Policy.of(settings)
    assert fetch(f"http://127.0.0.1:{there.port}/", policy=own).data == b"inside"
    assert refused("http://10.0.0.1/", own) == "not-public"


@pytest.mark.parametrize(
    "changes", [{"fetch_ports": "http"}, {"fetch_ports": "0"}, {"fetch_networks": "10.0.0.1/8"}]
)
def test_a_setting_that_cannot_be_meant_is_refused(tmp_path: Path, changes: object) -> None:
    with pytest.raises(ValueError, match="is no"):
        settings_in(tmp_path, **changes)


@pytest.mark.parametrize(
    "text",
    [
        "93.184.216.34",
        "8.8.8.8",
        "2606:4700::1111",
        "2a00:1450::5",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
    ],
)
def test_public_numbers_are_public(text: str) -> None:
    assert networks.is_public(networks.number(text))
