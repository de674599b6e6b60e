"""Lexicon: words in every language for what listings are about: topics, formats, kinds of place.

A listing carries the keys, not the words, so a question in Arabic finds a course described in
Spanish, and a new synonym finds every listing of its topic at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from directory.search.analysis import field_language, positions
from directory.search.documents import Document
from directory.search.segment import Kept, Segment

# Words in a row, each by the terms it may be kept as.
Run = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Entry:
    """Something listings may be about, and what it is called in one language."""

    key: str
    language: str
    words: str


@dataclass(frozen=True)
class Lexicon:
    """Terms to keys.

    Attributes:
        keys: language of analysis to term to the keys it names.
        phrases: language of analysis to key to its names, as runs of positions.
        names: every name as if it were a listing's title, to find those that are close.
        named_keys: the key of each of those.
    """

    keys: Mapping[str, Mapping[str, frozenset[str]]]
    phrases: Mapping[str, Mapping[str, tuple[Run, ...]]]
    names: Segment
    named_keys: tuple[str, ...]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Lexicon":
        """A lexicon of names; each line of an entry's words is one name."""
        keys: dict[str, dict[str, set[str]]] = {}
        phrases: dict[str, dict[str, tuple[Run, ...]]] = {}
        listed: list[tuple[str, Document]] = []
        for entry in entries:
            language = field_language(entry.language)
            into = keys.setdefault(language, {})
            for name in entry.words.splitlines():
                run = tuple(positions(name, language))
                listed.append(
                    (entry.key, Document("name", len(listed), language, {language: name}))
                )
                names = phrases.setdefault(language, {})
                names[entry.key] = (*names.get(entry.key, ()), run)
                for form in (form for forms in run for form in forms):
                    into.setdefault(form, set()).add(entry.key)
        return cls(
            {lang: {t: frozenset(k) for t, k in terms.items()} for lang, terms in keys.items()},
            phrases,
            Segment.compile([Kept.of(document) for _, document in listed]),
            tuple(key for key, _ in listed),
        )

    def named(self, forms: Iterable[str], language: str) -> frozenset[str]:
        """Keys that a word, by its forms in a language, names or helps to name."""
        terms = self.keys.get(language, {})
        return frozenset(key for form in forms for key in terms.get(form, ()))

    def phrased(self, run: Run, language: str) -> frozenset[str]:
        """Keys one of whose names holds several words one after the other."""
        with_all = frozenset.intersection(*(self.named(forms, language) for forms in run))
        names = self.phrases.get(language, {})
        return frozenset(
            key for key in with_all if any(_holds(name, run) for name in names.get(key, ()))
        )


def _holds(name: Run, run: Run) -> bool:
    return any(
        all(set(name[at + n]) & set(forms) for n, forms in enumerate(run))
        for at in range(len(name) - len(run) + 1)
    )


EMPTY = Lexicon.of(())
