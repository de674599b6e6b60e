"""Addresses: which machine, door and page a written address means, or why it may mean none."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, urlsplit

from directory.errors import NotFetched

USUAL_PORTS = {"http": 80, "https": 443}
LONGEST = 2000

_UNWRITABLE = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"{}|^`\u2028\u2029]")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
# What some resolvers read as an IPv4 address: decimal, octal and hexadecimal numbers, fewer parts.
_NUMERIC = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.ASCII)
_OWN_NAMES = frozenset(
    {"localhost", "local", "internal", "intranet", "lan", "home", "corp", "localdomain", "onion"}
    | {"test", "example", "invalid", "arpa", "alt"}
)
_IN_A_PATH = "/:@!$&'()*+,;=-._~%"


@dataclass(frozen=True)
class Target:
    """Where to go: nothing in it has been looked up yet.

    Attributes:
        host: a name in ASCII, or a number as it is usually written.
        page: path and query, in ASCII.
    """

    scheme: str
    host: str
    port: int
    page: str

    @property
    def address(self) -> str:
        """As one writes it."""
        return f"{self.scheme}://{self.authority}{self.page}"

    @property
    def authority(self) -> str:
        """Host, and port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == USUAL_PORTS[self.scheme] else f"{host}:{self.port}"


def target(address: str, *, ports: Collection[int], named: bool = False) -> Target:
    """What an address means.

    Args:
        address: as somebody wrote it, or as a redirect gave it.
        ports: the doors that may be knocked at.
        named: the city has allowed addresses of its own network, so its names are names too.

    Raises:
        NotFetched: it may not be asked, whatever is there.
    """
    if not address or len(address) > LONGEST or _UNWRITABLE.search(address):
        raise NotFetched(address, "address-unwritable")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise NotFetched(address, "address-unwritable") from None
    if parts.scheme not in USUAL_PORTS:
        raise NotFetched(address, "scheme", parts.scheme)
    if "@" in parts.netloc:
        raise NotFetched(address, "userinfo")
    host = _host(parts.hostname or "", address, named=named)
    if port is None:
        port = USUAL_PORTS[parts.scheme]
    if port not in ports:
        raise NotFetched(address, "port", str(port))
    page = quote(parts.path or "/", safe=_IN_A_PATH)
    query = f"?{quote(parts.query, safe=_IN_A_PATH + '?')}" if parts.query else ""
    return Target(parts.scheme, host, port, page + query)


def _host(written: str, address: str, *, named: bool) -> str:
    if ":" in written:
        return _six(written, address)
    try:
        host = written.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise NotFetched(address, "host", written) from None
    labels = host.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        raise NotFetched(address, "host", written)
    if _NUMERIC.fullmatch(labels[-1]):
        return _four(host, address)
    if not named and (len(labels) == 1 or labels[-1] in _OWN_NAMES):
        raise NotFetched(address, "own-name", host)
    return host


def _six(written: str, address: str) -> str:
    try:
        return str(IPv6Address(written))
    except AddressValueError:
        raise NotFetched(address, "host", written) from None


def _four(host: str, address: str) -> str:
    """Four decimal numbers; every other way to write an IPv4 address is there to deceive."""
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        raise NotFetched(address, "host", host) from None
