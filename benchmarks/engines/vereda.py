"""Vereda's own index, asked as the pages ask it."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from listings import TOPICS

from directory.search.documents import Document
from directory.search.index import Index
from directory.search.lexicon import Entry, Lexicon
from directory.search.request import SearchRequest
from engines.base import FACETS, Answer, folder_size

LEXICON = Lexicon.of(
    Entry(key, language, words)
    for key, topic in TOPICS.items()
    for language, words in topic.words.items()
)


class Vereda:
    """The index in a folder."""

    patient_until = 10_000_000
    able_until = 10_000_000

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index = Index(folder)

    def build(self, documents: Iterable[Document]) -> None:
        """Index these."""
        with self._index.rebuilding() as new:
            assert new is not None  # noqa: S101 - nobody else is at it
            new.fill(documents)
            new.take_over(lambda _keys: [])

    def save(self, document: Document) -> None:
        """Put one in."""
        with self._index.writing(timeout=10) as right:
            assert right is not None  # noqa: S101 - nor here
            right.apply([document])

    def size(self) -> int:
        """Bytes on disk."""
        return folder_size(self.folder)

    def close(self) -> None:
        """Let go of the index; its files go with it."""
        del self._index

    def search(self, request: SearchRequest) -> Answer:
        """What the search page is made from, but for the listings themselves."""
        found = self._index.search(replace(request, facets=FACETS), LEXICON)
        return Answer(
            found.total,
            list(found.keys),
            {name: found.facets[name] for name in FACETS},
        )
