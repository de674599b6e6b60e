"""Tally: what this process knows of today's searches, in its memory alone.

Who searches is a mark of 16 bits, made of where the request comes from and a salt of this process
and this day. Some 65,000 addresses of the world share each mark, and the salt is written nowhere.
"""

import hashlib
import hmac
import ipaddress
import secrets
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from directory.models.seeking import LEAST
from directory.services.seeking.wordings import Wording

MOST_WORDINGS = 20_000
MOST_MARKS = 200_000
MOST_PRESSES = 50_000
_AT_ONCE = 200
# A telephone changes its address within such a range, and a home has one to itself; whoever shares
# one counts as one.
_RANGES = {4: 24, 6: 48}

Listing = tuple[str, int]
"""Type and number of a listing."""


@dataclass
class Seekers:
    """Marks of who looked for one thing on one day, and of what they met with.

    Attributes:
        found: were shown something.
        nothing: were told that nothing has all of the words.
        reached: opened a listing from there, by listing.
    """

    everybody: set[int] = field(default_factory=set)
    found: set[int] = field(default_factory=set)
    nothing: set[int] = field(default_factory=set)
    reached: dict[Listing, set[int]] = field(default_factory=dict)

    def join(self, others: "Seekers") -> None:
        """Take in who looked for the same in other words."""
        self.everybody |= others.everybody
        self.found |= others.found
        self.nothing |= others.nothing
        for listing, marks in others.reached.items():
            self.reached.setdefault(listing, set()).update(marks)

    def copy(self) -> "Seekers":
        """The same, that does not change any more."""
        reached = {listing: marks.copy() for listing, marks in self.reached.items()}
        return Seekers(self.everybody.copy(), self.found.copy(), self.nothing.copy(), reached)

    def outcome(self) -> tuple[int, int, int]:
        """How many people; how many of them found nothing; how many opened nothing they found."""
        opened: set[int] = set().union(*self.reached.values())
        unopened = self.found - opened
        return len(self.everybody), len(self.nothing - opened - unopened), len(unopened)


Day = dict[Wording, Seekers]


@dataclass(frozen=True)
class Taken:
    """What a tally knew at one moment.

    Attributes:
        days: copies of what was looked for on each day; whole, not what is new.
        views: pages of listings since the last time, by listing and Monday.
    """

    days: Mapping[date, Day]
    views: Mapping[tuple[Listing, date], int]

    def __bool__(self) -> bool:
        return bool(self.days or self.views)


@dataclass
class Tally:
    """Counts of one process; asking it costs a reader nothing that could be noticed.

    Attributes:
        part: names this process among others, for as long as it runs.
    """

    part: str = field(default_factory=lambda: secrets.token_hex(6))
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _today: date | None = field(default=None, repr=False)
    _days: dict[date, Day] = field(default_factory=dict, repr=False)
    _marks: int = field(default=0, repr=False)
    _dirty: set[date] = field(default_factory=set, repr=False)
    _views: Counter[tuple[Listing, date]] = field(default_factory=Counter, repr=False)
    _pressed: set[bytes] = field(default_factory=set, repr=False)

    def searched(
        self, wording: Wording, address: str, *, day: date, found: bool, shown: bool
    ) -> None:
        """Somebody looked for something; ``shown`` on a page one can open listings from."""
        with self._lock:
            seekers = self._seekers(wording, day) if self._begin(day) else None
            if seekers is None:
                return
            mark = self._mark(address)
            self._add(seekers.everybody, mark)
            if not found:
                self._add(seekers.nothing, mark)
            elif shown:
                self._add(seekers.found, mark)
            self._dirty.add(day)

    def opened(self, wording: Wording, address: str, listing: Listing, *, day: date) -> None:
        """Somebody came to a listing from a search; believed of who was seen searching."""
        with self._lock:
            seekers = self._days.get(day, {}).get(wording) if self._begin(day) else None
            mark = self._mark(address)
            if seekers is None or mark not in seekers.everybody or self._marks >= MOST_MARKS:
                return
            self._add(seekers.reached.setdefault(listing, set()), mark)
            self._dirty.add(day)

    def viewed(self, listing: Listing, *, day: date) -> None:
        """A listing's page was asked for."""
        with self._lock:
            self._views[listing, day - timedelta(days=day.weekday())] += 1

    def is_first(self, what: str, browser: str, *, day: date) -> bool:
        """Whether a browser presses a button for the first time today, as far as one can tell."""
        with self._lock:
            self._begin(day)  # one who is late presses in the new day
            press = hmac.digest(self._salt, f"{what}\n{browser}".encode(), hashlib.sha256)[:8]
            if press in self._pressed or len(self._pressed) >= MOST_PRESSES:
                return False
            self._pressed.add(press)
            return True

    def take(self) -> Taken:
        """What has to be written down; days that are over are let go of with it."""
        with self._lock:
            known = {d: list(self._days[d].items()) for d in self._dirty if d in self._days}
            views, self._views = self._views, Counter()
            self._dirty = set()
        return Taken({day: dict(self._copies(listed)) for day, listed in known.items()}, views)

    def give_back(self, taken: Taken) -> None:
        """What was taken could not be written down; it comes with the next."""
        with self._lock:
            self._views.update(taken.views)
            for day, seekers in taken.days.items():
                self._days.setdefault(day, seekers)
                self._dirty.add(day)

    def forget(self, *, today: date) -> None:
        """Let go of the days before, once they have been written down."""
        with self._lock:
            for day in [day for day in self._days if day < today and day not in self._dirty]:
                del self._days[day]

    def _copies(
        self, listed: Sequence[tuple[Wording, Seekers]]
    ) -> Iterator[tuple[Wording, Seekers]]:
        """Copies, some at a time: nobody who searches waits for all of them."""
        for begin in range(0, len(listed), _AT_ONCE):
            with self._lock:
                some = [(w, seekers.copy()) for w, seekers in listed[begin : begin + _AT_ONCE]]
            yield from some

    def _begin(self, day: date) -> bool:
        """A new day has a new salt: nobody is the same as on the day before.

        Who comes late to a day that is over would be counted twice, and is not counted.
        """
        if self._today is None or day > self._today:
            self._salt, self._today = secrets.token_bytes(32), day
            self._pressed, self._marks = set(), 0
        return day == self._today

    def _seekers(self, wording: Wording, day: date) -> Seekers | None:
        known = self._days.setdefault(day, {})
        if wording not in known and (len(known) >= MOST_WORDINGS or self._marks >= MOST_MARKS):
            self._make_room(known)
        if wording not in known and (len(known) >= MOST_WORDINGS or self._marks >= MOST_MARKS):
            return None
        return known.setdefault(wording, Seekers())

    def _make_room(self, known: Day) -> None:
        """Forget what one person alone has looked for."""
        for wording in [w for w, seekers in known.items() if len(seekers.everybody) < 2]:  # noqa: PLR2004 - one alone
            del known[wording]
        self._marks = sum(_size(seekers) for seekers in known.values())

    def _add(self, marks: set[int], mark: int) -> None:
        if mark not in marks and self._marks < MOST_MARKS:
            marks.add(mark)
            self._marks += 1

    def _mark(self, address: str) -> int:
        return int.from_bytes(hmac.digest(self._salt, _network(address), hashlib.sha256)[:2])


def _network(address: str) -> bytes:
    """The range of addresses one comes from: whoever changes address within it is still one."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address.encode()
    mapped = getattr(ip, "ipv4_mapped", None)
    ip = mapped or ip
    return str(ipaddress.ip_network((ip, _RANGES[ip.version]), strict=False)).encode()


def _size(seekers: Seekers) -> int:
    marks = (seekers.everybody, seekers.found, seekers.nothing, *seekers.reached.values())
    return sum(map(len, marks))


def are_enough(marks: set[int]) -> bool:
    """Whether so many people are meant that nobody is known by it."""
    return len(marks) >= LEAST
