"""Fetch: ask an address for what it holds, and follow where it leads as carefully as there."""

import ssl
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, IncompleteRead
from urllib.parse import urljoin

from directory.errors import NotFetched
from directory.services.fetching import unpacking
from directory.services.fetching.addresses import Target, target
from directory.services.fetching.connecting import Clock, Connection
from directory.services.fetching.policy import Policy

AGENT = "Vereda (learning city directory)"
_OK, _NOT_MODIFIED = 200, 304
_ELSEWHERE = frozenset({301, 302, 303, 307, 308})
_LONGEST_MARK = 500


@dataclass(frozen=True)
class Marks:
    """What an answer said of its own age, to be held against it the next time."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Fetched:
    """An answer.

    Attributes:
        address: where it was found in the end.
        data: nothing, where it is as it was.
    """

    address: str
    data: bytes | None
    marks: Marks

    @property
    def is_new(self) -> bool:
        """Whether it is another than the last time."""
        return self.data is not None


def fetch(address: str, *, policy: Policy, marks: Marks | None = None) -> Fetched:
    """What an address holds.

    Args:
        address: as somebody wrote it.
        policy: who may be asked, how long and how much.
        marks: of the last answer; if that still holds, nothing is transferred.

    Raises:
        NotFetched: nothing, for a reason.
    """
    clock = Clock.of(address, policy.seconds)
    at = target(address, ports=policy.ports, named=policy.own)
    for _hop in range(policy.redirects + 1):
        found = _ask(at, policy, clock, marks or Marks())
        if isinstance(found, Fetched):
            return found
        at = found
    raise NotFetched(address, "too-many-redirects", str(policy.redirects))


def _ask(at: Target, policy: Policy, clock: Clock, marks: Marks) -> Fetched | Target:
    """An answer, or where it is."""
    connection = Connection(at, policy, clock)
    try:
        connection.request("GET", at.page, headers=_head(at, marks))
        response = connection.getresponse()
        if response.status in _ELSEWHERE:
            return _onward(at, response, policy)
        if response.status == _NOT_MODIFIED:
            return Fetched(at.address, None, marks)
        if response.status != _OK:
            raise NotFetched(at.address, "status", str(response.status))
        assert connection.meter is not None  # noqa: S101 - it has answered
        connection.meter.allowed += policy.most_bytes
        return _read(at, response, policy)
    except ssl.SSLCertVerificationError as error:
        raise NotFetched(at.address, "certificate", error.verify_message) from None
    except TimeoutError:
        raise NotFetched(at.address, "too-slow") from None
    except IncompleteRead:
        raise NotFetched(at.address, "cut-off") from None
    except (HTTPException, OSError, ValueError) as error:
        raise NotFetched(at.address, "no-answer", type(error).__name__) from None
    finally:
        connection.hang_up()


def _head(at: Target, marks: Marks) -> dict[str, str]:
    head = {
        "Host": at.authority,
        "User-Agent": AGENT,
        "Accept": "*/*",
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }
    if marks.etag:
        head["If-None-Match"] = marks.etag
    if marks.modified:
        head["If-Modified-Since"] = marks.modified
    return head


def _onward(at: Target, response: HTTPResponse, policy: Policy) -> Target:
    """Where a redirect leads, looked at like the first address."""
    wanted = response.headers.get("Location", "")
    if not wanted:
        raise NotFetched(at.address, "status", str(response.status))
    try:
        joined = urljoin(at.address, wanted)
    except ValueError:
        raise NotFetched(at.address, "address-unwritable") from None
    onward = target(joined, ports=policy.ports, named=policy.own)
    if at.scheme == "https" and onward.scheme != "https":
        raise NotFetched(onward.address, "downgrade")
    return onward


def _read(at: Target, response: HTTPResponse, policy: Policy) -> Fetched:
    said = response.headers.get("Content-Length", "")
    if said.isdecimal() and int(said) > policy.most_bytes:
        raise NotFetched(at.address, "too-large")
    got = 0

    def read(size: int) -> bytes:
        nonlocal got
        piece = response.read(size)
        got += len(piece)
        return piece

    data = unpacking.body(
        read,
        encoding=response.headers.get("Content-Encoding", ""),
        most=policy.most_bytes,
        address=at.address,
    )
    if not response.chunked and said.isdecimal() and got < int(said):
        raise NotFetched(at.address, "cut-off")
    return Fetched(at.address, data, _marks(response))


def _marks(response: HTTPResponse) -> Marks:
    return Marks(_mark(response, "ETag"), _mark(response, "Last-Modified"))


def _mark(response: HTTPResponse, name: str) -> str:
    """A mark as it can be sent back; one that cannot is none."""
    said: str = response.headers.get(name, "").strip()
    return said if len(said) <= _LONGEST_MARK and said.isascii() and said.isprintable() else ""
