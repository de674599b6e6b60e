"""Lexicons: the names of topics, formats and kinds of place in every language, for the search."""

import tomllib
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

from directory.search.lexicon import Entry, Lexicon
from directory.services.topics import Tree


def lexicon(tree: Tree) -> Lexicon:
    """Everything listings may be about, by the names people use.

    What a topic belongs to is known by its labels alone: a synonym of “sports” is no word for chess.
    """
    return Lexicon.of((*_of_topics(tree), *_called()))


def _of_topics(tree: Tree) -> Iterator[Entry]:
    for key, topic in tree.topics.items():
        for language, label in topic.labels.items():
            yield Entry(f"topic:{key}", language, label)
            yield Entry(f"above:{key}", language, label)
        for language, synonyms in topic.called.items():
            yield Entry(f"topic:{key}", language, "\n".join(synonyms))


def words_for_formats(language: str) -> list[str]:
    """What people call a course, a workshop and the like in a language."""
    return [
        entry.words
        for entry in _called()
        if entry.key.startswith("format:") and entry.language == language
    ]


@lru_cache(maxsize=1)
def _called() -> tuple[Entry, ...]:
    """What people call a format or a kind of place."""
    path = resources.files("directory") / "data" / "words.toml"
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Entry(f"{list_}:{term}", language, words)
        for list_, terms in listed.items()
        for term, names in terms.items()
        for language, words in names.items()
    )
