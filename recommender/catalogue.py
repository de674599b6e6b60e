"""Items as columns, so that a question over all of them is a few array operations.

Rows are items in the order given; slots are their sessions, sorted by item and start. Times are
seconds since 1970 UTC; weekday, minute and week are local to each session.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

import numpy as np
import numpy.typing as npt

from recommender.items import Item, Session
from recommender.topics import TopicTree

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

UNKNOWN = float("nan")
ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Lessons:
    """Everything that teaches one topic or a topic below it, one entry a taught topic."""

    rows: Ints
    taught: Ints
    """Number of the topic that the item names."""
    lowest: Ints
    highest: Ints


class Catalogue:
    """The columns of a set of items."""

    def __init__(self, items: Sequence[Item], topic_parents: Mapping[str, str | None]) -> None:
        self.items = tuple(items)
        self.tree = TopicTree(topic_parents)
        self.row = {item.id: row for row, item in enumerate(self.items)}
        self.every_row = np.arange(len(self.items), dtype=np.int64)
        self._facts()
        self._languages()
        self._access()
        self._areas()
        self._sessions()
        self._topics()

    def __len__(self) -> int:
        return len(self.items)

    def _facts(self) -> None:
        self.price = _column([item.price for item in self.items])
        self.age_min = _column([item.age_min for item in self.items])
        self.age_max = _column([item.age_max for item in self.items])
        self.lat = _column([item.lat if is_placed(item) else None for item in self.items])
        self.lon = _column([item.lon if is_placed(item) else None for item in self.items])
        self.place = [place_of(item) for item in self.items]
        self.placeless = np.array([needs_no_place(item) for item in self.items], dtype=np.bool_)
        self.anytime = np.array([item.anytime for item in self.items], dtype=np.bool_)
        self.whole = np.array([item.whole for item in self.items], dtype=np.bool_)
        known = [item.price for item in self.items if item.price is not None]
        self.usual_price = float(median(known)) if known else 0.0

    def _languages(self) -> None:
        self.language_unknown = np.array([i.languages is None for i in self.items], dtype=np.bool_)
        self.language_free = np.array([i.languages == () for i in self.items], dtype=np.bool_)
        self.language: dict[str, Bools] = {}
        for row, item in enumerate(self.items):
            for tag in item.languages or ():
                self.language.setdefault(primary(tag), self._nobody())[row] = True

    def _areas(self) -> None:
        self.bound = np.array([bool(item.areas) for item in self.items], dtype=np.bool_)
        self.area: dict[str, Bools] = {}
        for row, item in enumerate(self.items):
            for area in item.areas:
                self.area.setdefault(area, self._nobody())[row] = True

    def _access(self) -> None:
        self.access_met: dict[str, Bools] = {}
        self.access_not_met: dict[str, Bools] = {}
        for row, item in enumerate(self.items):
            for fact, holds in item.access.items():
                column = self.access_met if holds else self.access_not_met
                column.setdefault(fact, self._nobody())[row] = True

    def _sessions(self) -> None:
        self.session: list[Session] = []
        first = [0]
        for item in self.items:
            self.session.extend(sorted(item.sessions, key=lambda s: (s.start, s.end, s.id)))
            first.append(len(self.session))
        self.slot = {session.id: slot for slot, session in enumerate(self.session)}
        self.first_slot = np.array(first, dtype=np.int64)
        self.slot_start = np.array([s.start.timestamp() for s in self.session], dtype=np.float64)
        self.slot_end = np.array([s.end.timestamp() for s in self.session], dtype=np.float64)
        local = [_local(s) for s in self.session]
        table = np.array(local, dtype=np.int64).reshape(len(local), 4)
        self.slot_weekday, self.slot_from, self.slot_to, self.slot_week = table.T.copy()
        self.slot_hours = (self.slot_end - self.slot_start) / 3600

    def _topics(self) -> None:
        self.topic: dict[str, int] = {}
        self.topic_names: list[str] = []
        self.lessons_of: list[tuple[tuple[int, int, int], ...]] = []
        below: dict[int, list[tuple[int, int, int, int]]] = {}
        for row, item in enumerate(self.items):
            taught = []
            for topic, (lowest, highest) in teaching(item).items():
                number = self.number(topic)
                taught.append((number, lowest, highest))
                for above in self.tree.line(topic):
                    entry = (row, number, lowest, highest)
                    below.setdefault(self.number(above), []).append(entry)
            self.lessons_of.append(tuple(taught))
        self.lessons = {topic: _lessons(entries) for topic, entries in below.items()}

    def slots_named(self, sessions: Iterable[str]) -> Ints:
        """Return the slots of sessions by id, ascending; those that are not there are left out."""
        found = sorted(self.slot[each] for each in sessions if each in self.slot)
        return np.array(found, dtype=np.int64)

    def row_of_slot(self, slots: Ints) -> Ints:
        """Return the row that each slot belongs to."""
        rows: Ints = np.searchsorted(self.first_slot, slots, side="right") - 1
        return rows

    def number(self, topic: str) -> int:
        """Return the number of a topic, giving it one when it is new."""
        number = self.topic.get(topic)
        if number is None:
            number = self.topic[topic] = len(self.topic_names)
            self.topic_names.append(topic)
        return number

    def _nobody(self) -> Bools:
        return np.zeros(len(self.items), dtype=np.bool_)


def teaching(item: Item) -> dict[str, tuple[int, int]]:
    """Return what an item teaches; a topic it only carries counts as taught from 0 to 1."""
    return dict.fromkeys(item.topics, (0, 1)) | dict(item.teaches)


def place_of(item: Item) -> tuple[float, float] | None:
    """Return where an item is on the map, in degrees; None is unknown, or nowhere."""
    if item.lat is None or item.lon is None or item.space_kind == ONLINE:
        return None
    return item.lat, item.lon


def is_placed(item: Item) -> bool:
    """Tell whether the place of an item is known on the map."""
    return place_of(item) is not None


def needs_no_place(item: Item) -> bool:
    """Tell whether nobody travels for an item."""
    return item.space_kind == ONLINE or (item.anytime and not is_placed(item))


def primary(tag: str) -> str:
    """Return the language of a tag without its region: who follows `pt` follows `pt-BR`."""
    return tag.replace("_", "-").split("-")[0].lower()


def week_of(moment: datetime) -> int:
    """Number the local ISO week of a moment: days from Monday 1 January 1 to its Monday, by 7."""
    return (moment.toordinal() - 1) // 7


def _local(session: Session) -> tuple[int, int, int, int]:
    """Return weekday, first and last minute after that day's midnight, and week."""
    start, end = session.start, session.end.astimezone(session.start.tzinfo)
    later = (end.date() - start.date()).days * 1440
    return (
        start.weekday(),
        start.hour * 60 + start.minute,
        later + end.hour * 60 + end.minute + (end.second > 0),
        week_of(start),
    )


def _column(values: Sequence[float | None]) -> Floats:
    return np.array([UNKNOWN if value is None else value for value in values], dtype=np.float64)


def _lessons(entries: list[tuple[int, int, int, int]]) -> Lessons:
    rows, taught, lowest, highest = np.array(entries, dtype=np.int64).T.copy()
    return Lessons(rows, taught, lowest, highest)
