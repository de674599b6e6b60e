"""Phrases: how people say what a form asks for, found word by word in what they write."""

import itertools
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from directory.search.analysis import fold, forms, spans

# Arabic writes "and", "in", "to" and "the" on the word that follows.
_AND, _WITH, _THE = ("و", "ف"), ("ب", "ل", "ك"), "ال"
_SHORTEST = 2
_LONGEST = 7
# A mark with a space after it: "a.m." is one thing, and so is "17.30".
_SENTENCE = re.compile(r"[.;!?؟؛](\s|$)|\n")
_CLAUSE = re.compile(r"[,،:–—()]")

Keys = Callable[[str, str], tuple[str, ...]]
"""The terms a bare word of a language is compared by."""


@dataclass(frozen=True)
class Token:
    """A word as it was written, with where it stands.

    Attributes:
        sentence: number of its sentence.
        clause: number of its clause, which a comma ends too.
        bare: the word folded, as it stands and without what Arabic writes onto it.
        joined: whether an "and" is written onto it.
        within: whether an "in" or "by" is written onto it.
    """

    word: str
    begin: int
    end: int
    sentence: int
    clause: int
    bare: tuple[str, ...]
    joined: bool = False
    within: bool = False


@dataclass(frozen=True)
class Meaning:
    """What a phrase stands for: a kind of thing, and which."""

    kind: str
    value: str


@dataclass
class Phrases:
    """Phrases of one language, each with what it means, found longest first."""

    language: str
    keys: Keys
    _root: dict[str, Any] = field(default_factory=dict)

    def add(self, phrase: str, meaning: Meaning) -> None:
        """Know a phrase."""
        words = [w for w, _, _ in spans(phrase)] or phrase.split()
        if len(words) > _LONGEST:
            return
        for path in itertools.product(*(self._of(word) for word in words)):
            node = self._root
            for term in path:
                node = node.setdefault(term, {})
            node.setdefault("", []).append(meaning)

    def _of(self, word: str) -> tuple[str, ...]:
        bare = _without_the(fold(word)) if self.language == "ar" else fold(word)
        return self.keys(bare, self.language)

    def at(self, tokens: list[Token], begin: int) -> Iterator[tuple[int, Meaning]]:
        """Every phrase that begins at a word, with how many words it takes, longest first."""
        found: list[tuple[int, Meaning]] = []
        nodes = [self._root]
        for length, token in enumerate(tokens[begin : begin + _LONGEST], start=1):
            if length > 1 and token.sentence != tokens[begin].sentence:
                break
            terms = {term for bare in token.bare for term in self.keys(bare, self.language)}
            nodes = [node[term] for node in nodes for term in sorted(terms) if term in node]
            found.extend((length, meaning) for node in nodes for meaning in node.get("", ()))
        yield from sorted(dict.fromkeys(found), key=lambda pair: -pair[0])


def as_written(bare: str, _language: str) -> tuple[str, ...]:
    """Compare a word as it is."""
    return (bare,)


def by_stem(bare: str, language: str) -> tuple[str, ...]:
    """Compare a word by its stem, a stop word as it is."""
    return forms(bare, language) or (bare,)


def read_tokens(text: str, language: str) -> list[Token]:
    """The words of a text, and signs of currencies as words of their own."""
    tokens: list[Token] = []
    sentence, clause, last = 0, 0, 0
    for word, begin, end in _words_and_signs(text):
        between = text[last:begin]
        if tokens and _SENTENCE.search(between):
            sentence += 1
        if tokens and (_SENTENCE.search(between) or _CLAUSE.search(between)):
            clause += 1
        bare, joined, within = _bare(fold(word), language)
        tokens.append(Token(word, begin, end, sentence, clause, bare, joined, within))
        last = end
    return tokens


def _words_and_signs(text: str) -> list[tuple[str, int, int]]:
    signs = [(c, n, n + 1) for n, c in enumerate(text) if unicodedata.category(c) == "Sc"]
    return sorted([*spans(text), *signs], key=lambda span: span[1])


def _bare(whole: str, language: str) -> tuple[tuple[str, ...], bool, bool]:
    """A folded word as it may be compared, and whether an "and" or an "in" is written onto it."""
    if language != "ar":
        return (whole,), False, False
    after_and = [whole[1:]] if whole.startswith(_AND) and len(whole) > _SHORTEST else []
    after_with = [
        "ال" + w[2:] if w.startswith("لل") else w[1:]
        for w in [whole, *after_and]
        if w.startswith(_WITH) and len(w) > _SHORTEST + 1
    ]
    bare = dict.fromkeys(_without_the(w) for w in (whole, *after_and, *after_with))
    return tuple(bare), bool(after_and), bool(after_with)


def _without_the(word: str) -> str:
    return word[2:] if word.startswith(_THE) and len(word) > _SHORTEST + 2 else word


@cache
def spoken(language: str) -> Mapping[str, Any]:
    """The shipped phrases of an interface language."""
    file = resources.files("directory") / "data" / "understanding" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def closed(language: str) -> Phrases:
    """The closed lists of an interface language: days, parts of the day, levels, cues."""
    listed = Phrases(language, as_written)
    told = spoken(language)
    for kind in ("cues", "levels", "days", "parts", "clock", "money", "sums", "currencies", "age"):
        for value, phrases in told[kind].items():
            for phrase in phrases:
                listed.add(phrase, Meaning(kind, value))
    for kind in ("joins", "idle"):
        for phrase in told[kind]:
            listed.add(phrase, Meaning(kind, ""))
    return listed


def named(names: Iterable[tuple[str, Meaning]], language: str, keys: Keys) -> Phrases:
    """Phrases of names, such as those of topics or districts."""
    listed = Phrases(language, keys)
    for name, meaning in names:
        listed.add(name, meaning)
    return listed


def parts(name: str, language: str) -> list[str]:
    """What an "and" joins in a name: “Baking and pastry” is called by either."""
    joins = {fold(word) for word in spoken(language)["joins"]}
    found: list[list[str]] = [[]]
    for word, _, _ in spans(name):
        if fold(word) in joins:
            found.append([])
        elif language == "ar" and word.startswith("وال"):
            found.append([word[1:]])
        else:
            found[-1].append(word)
    return [" ".join(part) for part in found if part] if len(found) > 1 else []
