"""Facets: values of a filter as a reader sees them, the same on a page and in JSON."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from directory.edge import formats, labels, locale
from directory.edge.house import city, house
from directory.edge.presenting import localized
from directory.edge.speech import gettext
from directory.services.topics import Tree

_CLOSED: dict[str, Callable[[str], Any]] = {
    "type": labels.TYPES.__getitem__,
    "kind": labels.KINDS.__getitem__,  # type: ignore[dict-item]
    "format": labels.FORMATS.__getitem__,  # type: ignore[dict-item]
    "setting": labels.SETTINGS.__getitem__,  # type: ignore[dict-item]
    "access": labels.ACCESS.__getitem__,  # type: ignore[dict-item]
    "day": labels.DAYS.__getitem__,  # type: ignore[dict-item]
    "part": labels.PARTS.__getitem__,
    "ages": labels.AGES.__getitem__,
    "level": lambda value: labels.LEVELS[int(value)],
    "commitment": lambda value: labels.COMMITMENTS[int(value)],
    "language": labels.language_name,
}


@lru_cache(maxsize=4096)
def _closed(language: str, name: str, value: str) -> str:
    """A term of a closed list; ``language`` is the reader's, and here only to be remembered by."""
    del language
    return str(_CLOSED[name](value)) if name in _CLOSED else value


@lru_cache(maxsize=256)
def _price(language: str, amount: float, currency: str) -> str:
    del language
    if amount == 0:
        return gettext("Free")
    return gettext("Up to %(price)s", price=formats.price(amount, currency))


@dataclass(frozen=True)
class Labeller:
    """Knows the names of everything a filter may hold.

    Attributes:
        language: the reader's.
        districts: key to name in the reader's language.
    """

    language: str
    tree: Tree
    districts: dict[str, str]
    currency: str

    @classmethod
    def of(cls, tree: Tree) -> "Labeller":
        """A labeller for this request."""
        language = locale.tag()
        names = {d.key: localized(d.names, language) for d in city().districts.values()}
        return cls(language, tree, names, house().settings.currency)

    def label(self, name: str, value: str) -> str:
        """A value of a facet or filter in the reader's language."""
        return self.of_facet(name)(value)

    def of_facet(self, name: str) -> Callable[[str], str]:
        """What gives each value of one facet its name in the reader's language."""
        if name in {"topic", "district"}:
            names = self.tree.names(self.language) if name == "topic" else self.districts
            return lambda value: names.get(value, value)
        if name in {"price", "price_max"}:
            return lambda value: _price(self.language, float(value), self.currency)
        return partial(_closed, self.language, name)
