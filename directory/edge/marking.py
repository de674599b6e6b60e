"""Marking: a listing's words with those that were asked for set apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from directory.edge import locale
from directory.edge.house import db
from directory.search.grammar import Ask
from directory.search.highlight import Pieces, pieces, snippet, unshown
from directory.services.finding import Item
from directory.services.passages import descriptions
from directory.services.shown import shown_words
from directory.services.texts import Words


@dataclass(frozen=True)
class Marked(Words):
    """Words in stretches, each with whether it was asked for."""

    pieces: Pieces = ()

    @property
    def has_match(self) -> bool:
        """Whether any of it was asked for."""
        return any(is_match for _, is_match in self.pieces)


def marked(words: Words, ask: Ask) -> Marked:
    """A text with the words of a question set apart."""
    found = pieces(words.value, ask, words.language, reader=locale.tag())
    return Marked(words.value, words.language, words.state, found)


def passages(items: Iterable[Item], ask: Ask) -> dict[tuple[str, int], Marked]:
    """Parts of descriptions, for items whose title and summary do not show why they were found.

    A summary says best what a listing is; it gives way only to words that are nowhere else.
    """
    lacking = {(i.type, i.shown["id"]): rest for i in items if (rest := _rest(i, ask)).needed}
    told = descriptions(db(), lacking, locale.tag())
    found = ((key, _passage(words, lacking[key], ask)) for key, words in told.items())
    return {key: passage for key, passage in found if passage is not None}


def _rest(item: Item, ask: Ask) -> Ask:
    """What of a question the title does not show, nothing if the summary shows any."""
    summary = marked(shown_words(item.shown, "summary", locale.tag()), ask)
    if summary.has_match:
        return Ask()
    title = marked(shown_words(item.shown, "title", locale.tag()), ask)
    return unshown(ask, title.pieces, title.language, reader=locale.tag())


def _passage(words: Words, rest: Ask, ask: Ask) -> Marked | None:
    reader = locale.tag()
    shows_more = any(
        is_match for _, is_match in pieces(words.value, rest, words.language, reader=reader)
    )
    if not shows_more:
        return None
    found = snippet(words.value, ask, words.language, reader=reader)
    return Marked("".join(s for s, _ in found), words.language, words.state, found)
