"""Document: what the index knows of one listing, made from the database and from nothing else."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sitting:
    """One occurrence as the index sees it, in minutes since 1970 UTC and in local terms.

    Attributes:
        number: the occurrence's id.
        start: minutes since the epoch.
        end: minutes since the epoch.
        date: local date as a proleptic Gregorian ordinal.
        weekday: 0 Monday to 6 Sunday, local.
        minute: local minute of the day; -1 for a whole day, when no hour is known.
    """

    number: int
    start: int
    end: int
    date: int
    weekday: int
    minute: int


@dataclass(frozen=True)
class Document:
    """A published listing on its way into the index.

    Attributes:
        type: ``opportunity`` or ``space``.
        number: the listing's id in the database.
        titles: language to title.
        texts: language to everything else worth finding, as one text.
        topic_words: language to labels and synonyms of its topics.
        topics: topic keys with all their ancestors.
        levels: every level from the lowest it starts at to the highest it leads to.
        languages: of instruction; None when unknown.
        access: facts that are known, either way.
        price: in the city's currency; None when unknown.
        opening: when it is open, as ``openings.opening_facts`` tells it; None when not known.
        anytime: it has no dates because it needs none.
        dated: it has dates, over or called off as they may be.
    """

    type: str
    number: int
    language: str
    titles: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    topic_words: Mapping[str, str] = field(default_factory=dict)
    kind: str | None = None
    format: str | None = None
    setting: str | None = None
    district: str | None = None
    provider: int | None = None
    series: str | None = None
    topics: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    languages: tuple[str, ...] | None = None
    access: Mapping[str, bool] = field(default_factory=dict)
    commitments: tuple[int, ...] = ()
    price: float | None = None
    age_min: int | None = None
    age_max: int | None = None
    lat: float | None = None
    lon: float | None = None
    anytime: bool = False
    dated: bool = False
    opening: Mapping[str, Any] | None = None
    sittings: tuple[Sitting, ...] = ()

    @property
    def key(self) -> str:
        """The index's name for the listing."""
        return key(self.type, self.number)

    def facts(self) -> dict[str, Any]:
        """Everything but the words that are only searched: what columns are compiled from."""
        values = asdict(self)
        del values["texts"], values["topic_words"]
        values["sittings"] = [list(sitting.values()) for sitting in values["sittings"]]
        return values


def key(type_: str, number: int) -> str:
    """The index's name for a listing, such as ``opportunity-12``."""
    return f"{type_}-{number}"
