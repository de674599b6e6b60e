"""Document: what the index knows of one listing, made from the database and from nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from directory.search.analysis import field_language, folded_words, positions


@dataclass(frozen=True)
class Sitting:
    """One occurrence as the index sees it, in minutes since 1970 UTC and in local terms.

    Attributes:
        start: minutes since the epoch.
        end: minutes since the epoch.
        date: local date as a proleptic Gregorian ordinal.
        weekday: 0 Monday to 6 Sunday, local.
        minute: local minute of the day; -1 for a whole day, when no hour is known.
        zone: IANA zone of its local terms.
        end_known: whether ``end`` was said by somebody.
    """

    start: int
    end: int
    date: int
    weekday: int
    minute: int
    zone: str = "UTC"
    end_known: bool = True


@dataclass(frozen=True)
class Document:
    """A published listing on its way into the index.

    Attributes:
        type: ``opportunity`` or ``space``.
        number: the listing's id in the database.
        titles: language to title.
        texts: language to everything else worth finding, as one text.
        about: what it is found under in any language, by keys of the ``Lexicon``.
        topics: topic keys with all their ancestors.
        levels: every level from the lowest it starts at to the highest it leads to.
        languages: of instruction; None when unknown.
        access: facts that are known, either way.
        price: in the city's currency; None when unknown.
        anytime: it has no dates because it needs none.
        dated: it has dates, over or called off as they may be.
        overdue: nobody has confirmed it for so long that readers are told.
        opening: when it is open, as ``models.opening`` says it; None when that is not known.
        shown: what a row of a list shows, so that a page of results needs no database.
    """

    type: str
    number: int
    language: str
    titles: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    about: tuple[str, ...] = ()
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
    overdue: bool = False
    opening: Mapping[str, Any] | None = None
    sittings: tuple[Sitting, ...] = ()
    shown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The index's name for the listing."""
        return key(self.type, self.number)

    def facts(self) -> dict[str, Any]:
        """Everything but the words that are only searched: what columns are compiled from."""
        values = {name: getattr(self, name) for name in _FACTS}
        values["sittings"] = [
            (s.start, s.end, s.date, s.weekday, s.minute, s.zone, s.end_known)
            for s in self.sittings
        ]
        return values

    def streams(self) -> dict[str, tuple[str, str]]:
        """By language of analysis, the terms of its titles and of its texts, in order."""
        found: dict[str, tuple[list[str], list[str]]] = {}
        for part, texts in enumerate((self.titles, self.texts)):
            for tag, text in texts.items():
                language = field_language(tag)
                into = found.setdefault(language, ([], []))
                into[part].extend("|".join(forms) for forms in positions(text, language))
        return {language: (" ".join(a), " ".join(b)) for language, (a, b) in found.items()}

    def surface(self) -> str:
        """The words of its texts as they are written, folded, in order; a line a language."""
        return "\n".join(" ".join(folded_words(text)) for text in self.texts.values())

    def names(self) -> str:
        """The words of its titles as they are written, folded, in order."""
        return " ".join(word for text in self.titles.values() for word in folded_words(text))


_FACTS = tuple(
    f.name for f in fields(Document) if f.name not in {"texts", "about", "sittings", "shown"}
)


def key(type_: str, number: int) -> str:
    """The index's name for a listing, such as ``opportunity-12``."""
    return f"{type_}-{number}"
