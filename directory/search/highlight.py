"""Highlighting: which words of a text are the ones that were asked for, and where they are thickest."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from directory.search.analysis import field_language, forms, spans
from directory.search.grammar import Ask, Piece

# A stretch of text, and whether it was asked for; joined, the stretches are the text.
Pieces = tuple[tuple[str, bool], ...]

ELLIPSIS = "…"
_TOKEN = re.compile(r"\S+")
# The first match stands a little way into its window: what precedes it says what it is about.
_LEAD = 3


class _Match(NamedTuple):
    """Where an asked word stands, and which term it is."""

    begin: int
    end: int
    term: str


def pieces(text: str, ask: Ask, language: str, *, reader: str = "") -> Pieces:
    """Split a text where the words that were asked for begin and end.

    Args:
        text: as it is shown.
        ask: the question; what it excludes is never marked.
        language: of the text; the question is understood in it.
        reader: the reader's language; its stop words were not asked for.
    """
    return _cut(text, 0, len(text), _matches(text, ask, language, reader))


def snippet(text: str, ask: Ask, language: str, length: int = 180, *, reader: str = "") -> Pieces:
    """The part of a text that shows most of what was asked for, or its beginning.

    It is about ``length`` characters long and cut between words; see ``pieces`` for the arguments.
    """
    matches = _matches(text, ask, language, reader)
    begin, end = _window(text, matches, length)
    found = _cut(text, begin, end, matches)
    before = ELLIPSIS if text[:begin].strip() else ""
    after = ELLIPSIS if text[end:].strip() else ""
    return tuple(_joined(((before, False), *found, (after, False))))


def unshown(ask: Ask, shown: Pieces, language: str, *, reader: str = "") -> Ask:
    """What of a question is not among the marked stretches of a text."""
    marked = _forms((s for s, is_match in shown if is_match), language)
    needed = tuple(
        group
        for group in ask.needed
        if (wanted := _forms((p.text for p in group), language, reader)) and not wanted & marked
    )
    return Ask(needed, ask.excluded, ask.shortened)


def _matches(text: str, ask: Ask, language: str, reader: str) -> list[_Match]:
    wanted = _wanted(ask, language, reader)
    if not wanted:
        return []
    analysed = field_language(language)
    return [
        _Match(begin, end, term)
        for word, begin, end in spans(text)
        if (term := next((f for f in forms(word, analysed) if f in wanted), ""))
    ]


@lru_cache(maxsize=256)
def _wanted(ask: Ask, language: str, reader: str) -> frozenset[str]:
    """The terms that are marked in a text of a language."""
    asked = (piece.text for group in ask.needed for piece in group)
    alone = (piece.text for piece in ask.excluded if _is_one_word(piece))
    return _forms(asked, language, reader) - _forms(alone, language)


def _forms(texts: Iterable[str], language: str, reader: str = "") -> frozenset[str]:
    """The terms of texts in a language, but for a reader's stop words."""
    return frozenset(
        form
        for text in texts
        for word, _, _ in spans(text)
        if not reader or forms(word, field_language(reader))
        for form in forms(word, field_language(language))
    )


def _is_one_word(piece: Piece) -> bool:
    """Whether a piece excludes a word; a phrase does not exclude the words it is made of."""
    return len(list(spans(piece.text))) == 1


def _cut(text: str, begin: int, end: int, matches: list[_Match]) -> Pieces:
    """The stretches of a part of a text; overlapping matches, such as bigrams, become one."""
    found: list[tuple[str, bool]] = []
    at = begin
    for match in matches:
        first, last = max(match.begin, at), min(_with_marks(text, match.end), end)
        if match.begin >= begin and first < last:
            found += [(text[at:first], False), (text[first:last], True)]
            at = last
    return tuple(_joined((*found, (text[at:end], False))))


def _joined(found: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Stretches without empty ones, neighbours of one kind put together."""
    held, kind = "", False
    for stretch, is_match in found:
        if held and stretch and is_match != kind:
            yield held, kind
            held = ""
        if stretch:
            held, kind = held + stretch, is_match
    if held:
        yield held, kind


def _with_marks(text: str, end: int) -> int:
    """Where a word ends together with the accents and vowel signs that stand on its last letter."""
    return end + sum(1 for _ in takewhile(_is_mark, text[end : end + 8]))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _window(text: str, matches: list[_Match], length: int) -> tuple[int, int]:
    """Where the part that is shown begins and ends."""
    if len(text) <= length:
        return 0, len(text)
    first, last = _thickest(matches, length)
    begin = max(0, min(first - (length - (last - first)) // _LEAD, len(text) - length))
    end = begin + length
    if begin:
        tokens = _TOKEN.finditer(text, begin, first + 1)
        begin = next((t.start() for t in tokens if _starts(text, t)), first)
    ends = [t.end() for t in _TOKEN.finditer(text, begin, end) if _stops(text, t)]
    return begin, max((e for e in ends if e >= last), default=_with_marks(text, end))


def _starts(text: str, token: re.Match[str]) -> bool:
    """Whether a token begins where a word does, not where a window cut one."""
    return token.start() == 0 or text[token.start() - 1].isspace()


def _stops(text: str, token: re.Match[str]) -> bool:
    return token.end() == len(text) or text[token.end()].isspace()


def _thickest(matches: list[_Match], length: int) -> tuple[int, int]:
    """Where the matches of the best window begin and end: most different words, then most words."""
    best, found = (0, 0), (0, 0)
    low = 0
    for high, match in enumerate(matches):
        while match.end - matches[low].begin > length and low < high:
            low += 1
        within = matches[low : high + 1]
        worth = (len({m.term for m in within}), len(within))
        if worth > best:
            best, found = worth, (within[0].begin, match.end)
    return found
