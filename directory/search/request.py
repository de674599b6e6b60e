"""SearchRequest: what is asked of the index, already understood."""

from dataclasses import dataclass, field
from datetime import date, datetime

from directory.search.grammar import Ask

SORTS = ("relevance", "date", "distance", "name")


@dataclass(frozen=True)
class Near:
    """A point and, perhaps, how far from it, in kilometres."""

    lat: float
    lon: float
    within: float | None = None


@dataclass(frozen=True)
class SearchRequest:
    """Filters, order and page; an empty tuple or None filters nothing.

    Within one filter any value is enough, except ``access``, where every fact must be true.

    Attributes:
        close: look for what is like the words, where not all of them are to be found.
        now: the instant that divides past from coming occurrences.
        zone: IANA zone of ``now``'s city, in which ``first`` to ``open_at`` are meant.
        country, subdivision: whose public holidays ``open_at`` minds.
        after: earliest local minute of the day an occurrence may start.
        before: local minute of the day before which it must start; ends are not always known.
        day: weekdays, 0 Monday.
        part: parts of the day, as ``bands.PARTS`` names them.
        ages: bands of age, as ``bands.AGES`` names them.
        per_page: how many hits; 0 only counts.
        facets: which to count; None: all.
    """

    now: datetime
    zone: str = "UTC"
    country: str = ""
    subdivision: str = ""
    ask: Ask = field(default_factory=Ask)
    close: bool = False
    ui_language: str = "en"
    type: str | None = None
    kind: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    setting: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    level: tuple[int, ...] = ()
    language: tuple[str, ...] = ()
    district: tuple[str, ...] = ()
    commitment: tuple[int, ...] = ()
    access: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    series: str | None = None
    provider: int | None = None
    price_max: float | None = None
    age: int | None = None
    near: Near | None = None
    first: date | None = None
    last: date | None = None
    day: tuple[int, ...] = ()
    part: tuple[str, ...] = ()
    after: int | None = None
    before: int | None = None
    open_at: datetime | None = None
    sort: str = "relevance"
    page: int = 1
    per_page: int = 20
    facets: tuple[str, ...] | None = None

    @property
    def timed(self) -> bool:
        """Whether anything is asked of the occurrences themselves."""
        return bool(self.first or self.last or self.day or self.part or self.clocked)

    @property
    def clocked(self) -> bool:
        """Whether the time of the day is asked for by the clock."""
        return self.after is not None or self.before is not None
