"""Hostile addresses: not one of them is connected to, whatever way it is written or answered."""

import socket
from collections.abc import Iterator

import pytest

from directory.errors import NotFetched
from directory.services.fetching.fetch import fetch
from directory.services.fetching.policy import Policy
from tests.services.fetching.servers import Machine, says

# Each with the port of a machine that listens and counts, where the address may have one.
WRITTEN = (
    # loopback and "this machine", as numbers
    "http://127.0.0.1:{port}/", "http://127.0.0.2:{port}/", "http://127.255.255.254:{port}/",
    "http://0.0.0.0:{port}/", "http://0.1.2.3:{port}/",
    # the same in other ways of writing numbers
    "http://2130706433:{port}/", "http://0x7f000001:{port}/", "http://0x7f.0x0.0x0.0x1:{port}/",
    "http://0177.0.0.1:{port}/", "http://0177.0.0.01:{port}/", "http://017700000001:{port}/",
    "http://127.1:{port}/", "http://127.0.1:{port}/", "http://0:{port}/", "http://0x0:{port}/",
    "http://127.0.0.1.:{port}/", "http://127。0。0。1:{port}/", "http://①②⑦.⓪.⓪.①:{port}/",
    "http://１２７.０.０.１:{port}/", "http://127.0.0.0x1:{port}/", "http://%31%32%37.0.0.1:{port}/",
    # version six, and four within six
    "http://[::1]:{port}/", "http://[::]:{port}/", "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/", "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/", "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[64:ff9b::a9fe:a9fe]:{port}/", "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/", "http://[2002:a9fe:a9fe::1]:{port}/",
    "http://[2001:0:7f00:1::8000:1]:{port}/", "http://[2001:470::5efe:7f00:1]:{port}/",
    "http://[fe80::1]:{port}/", "http://[fe80::1%25lo]:{port}/", "http://[fe80::1%lo]:{port}/",
    "http://[fc00::1]:{port}/", "http://[fd00:ec2::254]:{port}/", "http://[ff02::1]:{port}/",
    "http://[fec0::1]:{port}/", "http://[2001:db8::1]:{port}/", "http://[100::1]:{port}/",
    "http://[::ffff:0:127.0.0.1]:{port}/", "http://[5f00::1]:{port}/",
    # private, shared, link-local, metadata, multicast, reserved, documentation
    "http://10.0.0.1:{port}/", "http://172.16.0.1:{port}/", "http://172.31.255.255:{port}/",
    "http://192.168.1.1:{port}/", "http://100.64.0.1:{port}/", "http://100.100.100.200/latest/",
    "http://169.254.169.254/latest/meta-data/", "http://169.254.0.1:{port}/",
    "http://192.0.0.192/opc/v2/", "http://168.63.129.16/machine/", "http://224.0.0.1:{port}/",
    "http://239.255.255.250:{port}/", "http://255.255.255.255:{port}/", "http://240.0.0.1:{port}/",
    "http://198.18.0.1:{port}/", "http://192.0.2.1:{port}/", "http://203.0.113.7:{port}/",
    "http://192.88.99.1:{port}/", "http://2852039166/latest/", "http://0xa9fea9fe/latest/",
    # names for this machine and this house
    "http://localhost:{port}/", "http://LOCALHOST:{port}/", "http://localhost.:{port}/",
    "http://app.localhost:{port}/", "http://localhost.localdomain:{port}/",
    "http://ip6-localhost:{port}/", "http://router.lan:{port}/", "http://wiki.internal:{port}/",
    "http://metadata.google.internal/", "http://printer.local:{port}/", "http://intranet:{port}/",
    "http://nas.home.arpa:{port}/", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{port}/", "http://ｌｏｃａｌｈｏｓｔ:{port}/",
    # somebody else's name before the at-sign, and what readers of addresses disagree about
    "http://example.org@127.0.0.1:{port}/", "http://user:secret@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}@example.org/", "http://example.org\\@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}\\.example.org/", "http://127.0.0.1\t:{port}/",
    "http://127.0.0.1:{port}\r\nHost: example.org/", "http:// 127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@example.org/", "http://127.0.0.1:{port}?@example.org/",
    "http:///127.0.0.1:{port}/", "http:127.0.0.1:{port}/", "//127.0.0.1:{port}/",
    "http://[127.0.0.1]:{port}/", "http://[::1:{port}/", "http://[v1.127.0.0.1]:{port}/",
    "http://127.0.0.1:{port}0000/", "http://127.0.0.1:-{port}/", "http://127_0_0_1:{port}/",
    # other ways to ask
    "file:///etc/passwd", "file://127.0.0.1/etc/passwd", "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_GET", "dict://127.0.0.1:{port}/", "ldap://127.0.0.1:{port}/",
    "jar:http://127.0.0.1:{port}/!/", "data:text/csv,title", "javascript:alert(1)",
    "unix:/var/run/docker.sock", "HTTP+UNIX://%2Fvar%2Frun/", "ws://127.0.0.1:{port}/",
    "netdoc:///etc/passwd", "", " ", "http://", "https://:{port}/",
)  # fmt: skip

# What a name may lead to; the name itself looks like any other.
LED_TO = (
    "0.0.0.0",  # noqa: S104 - not to be listened at
    "127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.0.10", "169.254.169.254",
    "100.64.1.1", "100.100.100.200", "224.0.0.251", "255.255.255.255", "168.63.129.16",
    "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1",
    "2001:0:53aa:64c:0:fbff:80ff:fffe", "fe80::1", "fe80::1%lo", "fd12:3456::1", "ff02::fb",
    "2001:db8::5", "2001:470::200:5efe:127.0.0.1", "not a number", "",
)  # fmt: skip


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    listening = Machine(says(b"secret"))
    yield listening
    listening.close()


@pytest.fixture
def no_lines(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every attempt to open a line anywhere is written down, and stopped."""
    tried: list[object] = []

    def connect(_socket: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    return tried


def test_there_are_enough_of_them() -> None:
    assert len(set(WRITTEN)) >= 60
    assert len(set(WRITTEN)) == len(WRITTEN)


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_an_address_that_is_not_public_is_not_connected_to(
    machine: Machine, no_lines: list[object], written: str, scheme: str
) -> None:
    address = written.format(port=machine.port)
    if scheme == "https":
        address = address.replace("http://", "https://", 1)
    policy = Policy(ports=frozenset({80, 443, machine.port}), resolve=_everything_here)
    with pytest.raises(NotFetched) as refused:
        fetch(address, policy=policy)
    assert refused.value.code not in {"no-answer", "too-slow"}
    assert no_lines == []
    assert machine.connections == 0


@pytest.mark.parametrize("number", LED_TO)
@pytest.mark.parametrize("first", [(), ("93.184.216.34",), ("2606:2800:220:1::1",)])
def test_a_name_that_leads_there_is_not_connected_to(
    machine: Machine, no_lines: list[object], number: str, first: tuple[str, ...]
) -> None:
    policy = Policy(
        ports=frozenset({80, machine.port}), resolve=lambda _host, _port: [*first, number]
    )
    with pytest.raises(NotFetched) as refused:
        fetch(f"http://feeds.example.com:{machine.port}/", policy=policy)
    assert refused.value.code in {"not-public", "no-such-host"}
    assert no_lines == []
    assert machine.connections == 0


def test_a_name_is_looked_up_once_so_it_cannot_lead_elsewhere_afterwards(
    machine: Machine, no_lines: list[object]
) -> None:
    asked: list[str] = []

    def rebinds(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    policy = Policy(ports=frozenset({machine.port}), resolve=rebinds)
    with pytest.raises(NotFetched):
        fetch(f"http://feeds.example.com:{machine.port}/", policy=policy)
    assert no_lines == [("93.184.216.34", machine.port)]  # the very number that was checked
    assert asked == ["feeds.example.com"]
    assert machine.connections == 0


def test_with_this_machine_s_own_resolver_localhost_in_every_form_is_refused(
    machine: Machine,
) -> None:
    for host in ("localhost", "127.0.0.1", "[::1]", "0x7f.1", "127.1", "2130706433"):
        with pytest.raises(NotFetched):
            fetch(f"http://{host}:{machine.port}/", policy=Policy(ports=frozenset({machine.port})))
    assert machine.connections == 0


@pytest.mark.parametrize("port", [21, 22, 25, 3306, 5432, 6379, 8000, 8080, 11211, 27017])
def test_only_usual_doors_are_knocked_at(no_lines: list[object], port: int) -> None:
    policy = Policy(resolve=lambda _host, _port: ["93.184.216.34"])
    with pytest.raises(NotFetched, match="port"):
        fetch(f"http://feeds.example.com:{port}/", policy=policy)
    assert no_lines == []


def _everything_here(host: str, _port: int) -> list[str]:
    """A resolver that reads numbers as they are, and finds every name on this machine."""
    try:
        return [
            str(each[4][0]) for each in socket.getaddrinfo(host, 80, flags=socket.AI_NUMERICHOST)
        ]
    except OSError:
        return ["127.0.0.1"]
