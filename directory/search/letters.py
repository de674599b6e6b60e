"""Letters: how alike a listing's words are to those asked for, when they are not the same words.

Two kinds of evidence, each weighed by BM25F as words are: letter 4-grams within the bounds of a word
(``_cer cera eram …``), which forgive slips, compounds and inflection, and the first letters of its
stem, which stand for a word's family. Stop words have neither. Added to the stems they ranked best
in each of four languages; see docs/decisions/0009-close-matches.md.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from directory.search import runs
from directory.search.postings import (
    TITLE,
    B,
    Frequencies,
    idf,
    saturated,
    term_hash,
)
from directory.search.store import Array

GRAM, FAMILY = "gram", "family"
WEIGHTS = {GRAM: 2 / 3, FAMILY: 8 / 3}
GRAM_LETTERS, FAMILY_LETTERS = 4, 4
# Of each text so many words are looked at; a listing says what it is about at its beginning.
WORDS = 100
_CHUNK = 50_000

# For each kind what it is cut from, of a document's titles and of the beginnings of its texts.
Written = Mapping[str, tuple[Sequence[str], Sequence[str]]]


def grams(word: str) -> list[str]:
    """The letter 4-grams of a word, with its bounds; a short word whole."""
    bounded = f"_{word}_"
    count = len(bounded) - GRAM_LETTERS + 1
    return [bounded[n : n + GRAM_LETTERS] for n in range(count)] if count > 0 else [bounded]


def family(forms: Sequence[str]) -> str:
    """The first letters of a word's stem, by the terms it is kept as."""
    return forms[-1][:FAMILY_LETTERS]


# A family is whole already.
KINDS: Mapping[str, Callable[[str], list[str]]] = {GRAM: grams, FAMILY: lambda text: [text]}


@dataclass(frozen=True)
class Letters(runs.Terms):
    """Grams and families of one segment; impacts in half precision only order what is close.

    Attributes:
        lengths: of each kind, how many there are in all titles and in all texts, one after the other.
    """

    GROUP = "letters"

    lengths: Array

    def scores(self, asked: Mapping[str, Iterable[str]], size: int) -> Array:
        """How alike each of ``size`` documents is to words and families."""
        wanted = np.array(hashes_of(asked), dtype=np.uint64)
        scores = np.zeros(size, dtype=np.float32)
        at, there = runs.find(self.hashes, wanted)
        for place in at[there].tolist():
            documents, impacts = self.term(place)
            scores[documents] += impacts
        return scores


def hashes_of(asked: Mapping[str, Iterable[str]]) -> list[int]:
    """The terms of a question, each once."""
    return [
        term_hash(kind, term)
        for kind, texts in asked.items()
        for term in dict.fromkeys(t for text in texts for t in KINDS[kind](text))
    ]


def compile_letters(
    written: Sequence[Written], *, others: Sequence[Letters], documents: int, frequency: Frequencies
) -> Letters:
    """Letters of documents in the order given.

    Args:
        written: the words of each.
        others: of all other segments.
        documents: how many those hold.
        frequency: how many of those hold each of some terms, by hash.
    """
    size = len(written)
    parts, lengths = [], []
    for nth, (kind, cut) in enumerate(KINDS.items()):
        number: dict[str, int] = {}
        counted = [_counted([w[kind][part] for w in written], number) for part in (0, 1)]
        hashes, of_word = _terms(kind, cut, number)
        titles, texts = (_lengths(count, of_word, size) for count in counted)
        sums = np.array([titles.sum(), texts.sum()])
        lengths.append(sums)
        known = sums + sum((o.lengths[2 * nth : 2 * nth + 2] for o in others), np.zeros(2))
        averages = np.maximum(known / max(size + documents, 1), 1e-9)
        norms = [1 - B + B * each / a for each, a in zip((titles, texts), averages, strict=True)]
        parts.append(_postings(counted, of_word, norms, hashes, size, documents, frequency, kind))
    hashes, starts, found, impacts = _joined(parts)
    return Letters(hashes, starts, found, impacts, np.concatenate(lengths))


def _counted(texts: Sequence[Sequence[str]], number: dict[str, int]) -> sparse.csr_matrix:
    """How often each word stands in each text."""
    words: list[int] = []
    ends = [0]
    for text in texts:
        words.extend([number.setdefault(word, len(number)) for word in text])
        ends.append(len(words))
    ones = np.ones(len(words), dtype=np.float32)
    shape = (len(texts), max(number.values(), default=-1) + 1)
    return sparse.csr_matrix((ones, np.array(words, dtype=np.int32), ends), shape=shape)


def _terms(
    kind: str, cut: Callable[[str], list[str]], number: Mapping[str, int]
) -> tuple[Array, sparse.csr_matrix]:
    """A kind's terms by sorted hash, and how often each stands in each word."""
    known: dict[str, int] = {}
    of: list[int] = []
    ends = [0]
    for word in number:
        of.extend([known.setdefault(term, len(known)) for term in cut(word)])
        ends.append(len(of))
    all_hashes = np.array([term_hash(kind, term) for term in known], dtype=np.uint64)
    hashes, place = np.unique(all_hashes, return_inverse=True)
    ones = np.ones(len(of), dtype=np.float32)
    columns = place[np.array(of, dtype=np.int64)] if of else np.zeros(0, dtype=np.int64)
    return hashes, sparse.csr_matrix((ones, columns, ends), shape=(len(number), len(hashes)))


def _lengths(counted: sparse.csr_matrix, of_word: sparse.csr_matrix, size: int) -> Array:
    """How many terms one part of each document has."""
    if not counted.nnz:
        return np.zeros(size)
    terms = np.asarray(of_word.sum(axis=1)).ravel()[: counted.shape[1]]
    return np.asarray(counted @ terms)


Part = tuple[Array, Array, Array, Array]


def _postings(
    counted: Sequence[sparse.csr_matrix],
    of_word: sparse.csr_matrix,
    norms: Sequence[Array],
    hashes: Array,
    size: int,
    documents: int,
    frequency: Frequencies,
    kind: str,
) -> Part:
    """Of one kind: hashes, how many documents each has, those documents, and impacts."""
    pieces = [
        _saturated(counted, of_word, norms, begin, min(begin + _CHUNK, size))
        for begin in range(0, size, _CHUNK)
    ]
    whole = sparse.vstack(pieces, format="csc") if pieces else sparse.csc_matrix((0, len(hashes)))
    df = np.diff(whole.indptr)
    weight = WEIGHTS[kind] * idf(size + documents, df + frequency(hashes))
    impacts = whole.data * np.repeat(weight, df).astype(np.float32)
    return hashes, df.astype(np.int64), whole.indices.astype(np.int32), impacts.astype(np.float16)


def _saturated(
    counted: Sequence[sparse.csr_matrix],
    of_word: sparse.csr_matrix,
    norms: Sequence[Array],
    begin: int,
    end: int,
) -> sparse.csr_matrix:
    found = None
    for weight, count, norm in zip((TITLE, 1.0), counted, norms, strict=True):
        terms = count[begin:end] @ of_word[: count.shape[1]]
        scaled = sparse.diags((weight / norm[begin:end]).astype(np.float32)) @ terms
        found = scaled if found is None else found + scaled
    assert found is not None  # noqa: S101 - there are two parts
    made = sparse.csr_matrix(found, dtype=np.float32)
    made.data = saturated(made.data).astype(np.float32)
    return made


def _joined(parts: Sequence[Part]) -> Part:
    """Both kinds as one, in order of their hashes."""
    hashes = np.concatenate([p[0] for p in parts])
    df = np.concatenate([p[1] for p in parts])
    order = np.argsort(hashes, kind="stable")
    at = runs.in_order(df, order)
    documents = np.concatenate([p[2] for p in parts])[at]
    impacts = np.concatenate([p[3] for p in parts])[at]
    return hashes[order], np.concatenate(([0], np.cumsum(df[order]))), documents, impacts
