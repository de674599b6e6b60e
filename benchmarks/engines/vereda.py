"""Vereda's own index, asked as the pages ask it."""

from collections.abc import Iterable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from directory.search.documents import Document, key
from directory.search.index import Index
from directory.search.request import SearchRequest
from engines.base import FACETS, Answer, folder_size

# Of all its facets only those the others count too, where that can be asked for.
_ONLY: dict[str, Any] = (
    {"facets": FACETS} if "facets" in {f.name for f in fields(SearchRequest)} else {}
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
        self._index.rebuild(documents)

    def save(self, document: Document) -> None:
        """Put one in."""
        while not self._index.write([document]):
            pass

    def size(self) -> int:
        """Bytes on disk."""
        return folder_size(self.folder)

    def close(self) -> None:
        """Let go of the index; its files go with it."""
        del self._index

    def search(self, request: SearchRequest) -> Answer:
        """What the search page is made from, but for the listings themselves."""
        found = self._index.search(replace(request, **_ONLY))
        return Answer(
            found.total,
            [key(hit.type, hit.number) for hit in found.hits],
            {name: found.facets[name] for name in FACETS},
        )
