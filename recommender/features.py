"""Items and questions as TF-IDF vectors, of words and of topics.

A rare word says more than scikit-learn's usual weight for it, and a long text is nearer to everything
than its length deserves, or farther; both are set by numbers. The defaults are those that
cross-validation chose, see docs/decisions/0012-recommending.md.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer

from recommender.catalogue import Floats, Ints
from recommender.items import Item

MOST_TERMS = 3
"""How many shared terms a reason names."""
TITLE_WEIGHT = 4
"""A word of a title counts as often."""
RARITY = 1.4
SLOPE = 0.7
Terms = Sequence[str]


class Word(NamedTuple):
    """A word as it is compared, and as it was written."""

    term: str
    written: str


Split = Callable[[str, str], list[Word]]
"""Words of a text in a language; the language is empty where nobody knows it."""


class Vectors(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """TF-IDF vectors whose product says how near two texts are, from 0 to 1.

    Args:
        rarity: power of scikit-learn's smooth inverse document frequency; 1 is the usual one.
        slope: how far a vector is brought to the length 1 (pivoted length normalisation, Singhal,
            Buckley and Mitra, 1996); with 1 a product is a cosine.
    """

    def __init__(self, rarity: float = 1.0, slope: float = 1.0) -> None:
        self.rarity = rarity
        self.slope = slope

    def fit(self, documents: Sequence[Terms], _y: object = None) -> Self:
        """Learn the terms of some documents, and keep the vectors of the documents."""
        self.vectorizer_ = TfidfVectorizer(analyzer=_as_given, sublinear_tf=True, norm=None)
        self.matrix_: csr_array | None = None
        if not any(documents):
            return self
        counted = csr_array(self.vectorizer_.fit_transform(documents))
        self.rarities_: Floats = self.vectorizer_.idf_ ** (self.rarity - 1)
        raw = self._rarer(counted)
        lengths = _lengths(raw)
        self.pivot_ = float(lengths[lengths > 0].mean())
        self.longest_ = float((lengths / self._norms(lengths)).max())
        self.matrix_ = self._shortened(raw)
        self.names_ = self.vectorizer_.get_feature_names_out()
        return self

    def transform(self, documents: Sequence[Terms]) -> csr_array:
        """Return the vectors of documents; terms that were never met say nothing."""
        return self._shortened(self._rarer(csr_array(self.vectorizer_.transform(documents))))

    def of(self, terms: Terms) -> csr_array | None:
        """Return the vector of a question; None when no term of it is known."""
        if self.matrix_ is None:
            return None
        vector = self.transform([terms])
        return vector if vector.nnz else None

    def of_rows(self, rows: Ints) -> csr_array | None:
        """Return the mean vector of some items."""
        if self.matrix_ is None:
            return None
        return csr_array(self.matrix_[rows].sum(axis=0)[None, :] / len(rows))

    def near(self, rows: Ints, vector: csr_array | None) -> Floats:
        """Return how near each item is to the vector, from 0 to 1."""
        if self.matrix_ is None or vector is None:
            return np.zeros(len(rows))
        wanted = np.zeros(self.matrix_.shape[1])
        wanted[vector.indices] = vector.data
        near: Floats = np.clip((self.matrix_ @ wanted)[rows], 0.0, 1.0)
        return near

    def shared(self, row: int, vector: csr_array | None) -> list[str]:
        """Return the terms that make an item near to the vector, strongest first."""
        if self.matrix_ is None or vector is None:
            return []
        weight = dict(zip(vector.indices.tolist(), vector.data.tolist(), strict=True))
        begin, end = self.matrix_.indptr[row], self.matrix_.indptr[row + 1]
        terms = self.matrix_.indices[begin:end].tolist()
        strength = self.matrix_.data[begin:end].tolist()
        both = [
            (-weight[term] * value, str(self.names_[term]))
            for term, value in zip(terms, strength, strict=True)
            if term in weight
        ]
        return [name for _, name in sorted(both)[:MOST_TERMS]]

    def _rarer(self, counted: csr_array) -> csr_array:
        counted.data *= self.rarities_[counted.indices]
        return counted

    def _norms(self, lengths: Floats) -> Floats:
        norms: Floats = self.slope * lengths + (1 - self.slope) * self.pivot_
        return np.where(norms > 0, norms, 1.0)

    def _shortened(self, raw: csr_array) -> csr_array:
        norms = self._norms(_lengths(raw)) * self.longest_
        raw.data /= np.repeat(norms, np.diff(raw.indptr))
        return raw


class Texts(BaseEstimator):  # type: ignore[misc]
    """The texts of items: vectors of their words, and how each word is written.

    Args:
        split: cuts a text of a language into words.
        title_weight: how often a word of a title counts.
        rarity: see `Vectors`.
        slope: see `Vectors`.
    """

    def __init__(
        self,
        split: Split | None = None,
        title_weight: int = TITLE_WEIGHT,
        rarity: float = RARITY,
        slope: float = SLOPE,
    ) -> None:
        self.split = split
        self.title_weight = title_weight
        self.rarity = rarity
        self.slope = slope

    def fit(self, items: Sequence[Item], _y: object = None) -> Self:
        """Learn the words of some items."""
        self.split_: Split = self.split or plain_words
        self.languages_ = sorted({p.language for i in items for p in i.passages} | {""})
        spelt: dict[str, Counter[str]] = {}
        documents = [self._terms(item, spelt) for item in items]
        self.written_ = {term: _commonest(forms) for term, forms in spelt.items()}
        self.vectors_ = Vectors(self.rarity, self.slope).fit(documents)
        return self

    def of(self, text: str) -> csr_array | None:
        """Return the vector of a question in whatever language items are written in."""
        terms = {word.term for tag in self.languages_ for word in self.split_(text, tag)}
        return self.vectors_.of(sorted(terms))

    def near(self, rows: Ints, vector: csr_array | None) -> Floats:
        """Return how near the words of items are to a vector, from 0 to 1."""
        return self.vectors_.near(rows, vector)

    def shared(self, row: int, vector: csr_array | None) -> list[str]:
        """Return the words, as they are written, that make an item near to a vector."""
        return [self.written_.get(term, term) for term in self.vectors_.shared(row, vector)]

    def _terms(self, item: Item, spelt: dict[str, Counter[str]]) -> list[str]:
        found: list[str] = []
        for language, text, times in _weighed(item, self.title_weight):
            words = self.split_(text, language)
            found.extend(word.term for word in words for _ in range(times))
            for word in words:
                spelt.setdefault(word.term, Counter())[word.written] += 1
        return found


def plain_words(text: str, _language: str) -> list[Word]:
    """Split as scikit-learn does: lower case, accents folded, two letters or more."""
    return [Word(word, word) for word in _analyzer(text)]


_analyzer: Callable[[str], list[str]] = TfidfVectorizer(strip_accents="unicode").build_analyzer()


def _weighed(item: Item, title_weight: int) -> list[tuple[str, str, int]]:
    """Each text of an item with its language and how often it counts."""
    found = [("", item.text, 1)] if item.text else []
    for passage in item.passages:
        found.append((passage.language, passage.title, title_weight))
        found.append((passage.language, passage.body, 1))
    return found


def _commonest(forms: Counter[str]) -> str:
    return min(forms, key=lambda form: (-forms[form], form))


def _lengths(matrix: csr_array) -> Floats:
    lengths: Floats = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return lengths


def _as_given(terms: Any) -> Any:
    return terms
