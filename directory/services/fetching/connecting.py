"""Connecting: to the very number that was checked, within the time that is left."""

import io
import queue
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from directory.errors import NotFetched
from directory.services.fetching import networks
from directory.services.fetching.addresses import Target
from directory.services.fetching.policy import Policy, Resolve


@dataclass(frozen=True)
class Clock:
    """How long there is still."""

    address: str
    until: float

    @classmethod
    def of(cls, address: str, seconds: float) -> "Clock":
        """One that begins now."""
        return cls(address, time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds that are left.

        Raises:
            NotFetched: none.
        """
        left = self.until - time.monotonic()
        if left <= 0:
            raise NotFetched(self.address, "too-slow")
        return left


class Metered(io.RawIOBase):
    """What comes in over a socket, counted and timed."""

    def __init__(self, line: socket.socket, clock: Clock, allowed: int) -> None:
        super().__init__()
        self._line = line
        self._clock = clock
        self.allowed = allowed

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Wait for something, no longer than there is time.

        Raises:
            NotFetched: the time is over, or more came than is taken.
        """
        self._line.settimeout(self._clock.left())
        try:
            got = self._line.recv_into(buffer)
        except TimeoutError:
            raise NotFetched(self._clock.address, "too-slow") from None
        self.allowed -= got
        if self.allowed < 0:
            raise NotFetched(self._clock.address, "too-large")
        return got


class _Line:
    """A socket as ``http.client`` uses one, read through a meter."""

    def __init__(self, line: socket.socket, clock: Clock, allowed: int) -> None:
        self._line = line
        self._clock = clock
        self.meter = Metered(line, clock, allowed)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self.meter)

    def sendall(self, data: bytes) -> None:
        self._line.settimeout(self._clock.left())
        self._line.sendall(data)

    def close(self) -> None:
        """Not yet: ``http.client`` lets go of the line while the answer is still to be read."""


class Connection(HTTPConnection):
    """A connection to a target whose number has been checked; it is never looked up again."""

    def __init__(self, target: Target, policy: Policy, clock: Clock) -> None:
        super().__init__(target.host, target.port)
        self._target = target
        self._policy = policy
        self._clock = clock
        self._open_line: socket.socket | None = None
        self.meter: Metered | None = None

    def hang_up(self) -> None:
        """End it, whatever was still to come."""
        if self._open_line is not None:
            self._open_line.close()

    def connect(self) -> None:
        """Connect to the first checked number that answers.

        Raises:
            NotFetched: the name leads somewhere that may not be asked, or nobody answers.
        """
        line = self._open(checked(self._target, self._policy, self._clock))
        try:
            if self._target.scheme == "https":
                line.settimeout(self._clock.left())
                line = self._policy.tls().wrap_socket(line, server_hostname=self._target.host)
        except BaseException:
            line.close()
            raise
        self._open_line = line
        metered = _Line(line, self._clock, self._policy.most_head)
        self.meter = metered.meter
        self.sock = metered

    def _open(self, numbers: Sequence[str]) -> socket.socket:
        trouble = ""
        for number in numbers:
            try:
                return socket.create_connection(
                    (number, self._target.port), timeout=self._clock.left()
                )
            except OSError as error:
                trouble = error.strerror or type(error).__name__
        raise NotFetched(self._target.address, "no-answer", trouble)


def checked(target: Target, policy: Policy, clock: Clock) -> list[str]:
    """Every number of a target's host, each one allowed.

    One that is not spoils all: who answers with both is not to be trusted.

    Raises:
        NotFetched: there is none, or one of them may not be asked.
    """
    found = _resolved(target, policy.resolve, clock)
    if not found:
        raise NotFetched(target.address, "no-such-host", target.host)
    for text in found:
        try:
            number = networks.number(text)
        except ValueError:
            raise NotFetched(target.address, "no-such-host", target.host) from None
        if not policy.allows(number):
            raise NotFetched(target.address, "not-public", str(number))
    return found


def _resolved(target: Target, resolve: Resolve, clock: Clock) -> list[str]:
    """Ask the resolver, which knows no limit of time, no longer than there is."""
    answers: queue.Queue[list[str] | OSError | UnicodeError] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(list(resolve(target.host, target.port)))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=clock.left())
    except queue.Empty:
        raise NotFetched(target.address, "too-slow") from None
    if isinstance(answer, Exception):
        raise NotFetched(target.address, "no-such-host", target.host)
    return answer
