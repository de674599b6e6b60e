"""Items and questions as TF-IDF vectors, of words and of topics."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfVectorizer

from recommender.catalogue import Floats, Ints

MOST_TERMS = 3
"""How many shared terms a reason names."""
Terms = Sequence[str]


class Vectors:
    """TF-IDF vectors of length 1 (scikit-learn's smooth IDF), so a product of two is a cosine."""

    def __init__(self, documents: Sequence[Terms]) -> None:
        self._vectorizer = TfidfVectorizer(analyzer=_as_given, sublinear_tf=True)
        self._matrix: csr_array | None = None
        if any(documents):
            self._matrix = csr_array(self._vectorizer.fit_transform(documents))
            self._names = self._vectorizer.get_feature_names_out()

    def of(self, terms: Terms) -> csr_array | None:
        """Return the vector of a question; None when no term of it is known."""
        if self._matrix is None:
            return None
        vector = csr_array(self._vectorizer.transform([terms]))
        return vector if vector.nnz else None

    def of_row(self, row: int) -> csr_array | None:
        """Return the vector of an item."""
        return None if self._matrix is None else self._matrix[[row]]

    def cosine(self, rows: Ints, vector: csr_array | None) -> Floats:
        """Return how near each item is to the vector, from 0 to 1."""
        if self._matrix is None or vector is None:
            return np.zeros(len(rows))
        wanted = np.zeros(self._matrix.shape[1])
        wanted[vector.indices] = vector.data
        near: Floats = np.clip((self._matrix @ wanted)[rows], 0.0, 1.0)
        return near

    def shared(self, row: int, vector: csr_array | None) -> list[str]:
        """Return the terms that make an item near to the vector, strongest first."""
        if self._matrix is None or vector is None:
            return []
        weight = dict(zip(vector.indices.tolist(), vector.data.tolist(), strict=True))
        begin, end = self._matrix.indptr[row], self._matrix.indptr[row + 1]
        terms = self._matrix.indices[begin:end].tolist()
        strength = self._matrix.data[begin:end].tolist()
        both = [
            (-weight[term] * value, str(self._names[term]))
            for term, value in zip(terms, strength, strict=True)
            if term in weight
        ]
        return [name for _, name in sorted(both)[:MOST_TERMS]]


def word_splitter() -> Callable[[str], list[str]]:
    """Return scikit-learn's word analyzer: lower case, accents folded, two letters or more."""
    analyzer: Callable[[str], list[str]] = TfidfVectorizer(strip_accents="unicode").build_analyzer()
    return analyzer


def _as_given(terms: Terms) -> Terms:
    return terms
