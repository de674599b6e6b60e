"""Wordings: what was typed into the search, as far as it may be remembered at all."""

import re
from dataclasses import dataclass

from directory.search.analysis import clean, spans

MOST_WORDS = 6
LONGEST = 80
# A year and a number of a street fit in; a telephone or a document does not.
MOST_DIGITS = 5
_ADDRESS = re.compile(r"@|://|\bwww\.", re.IGNORECASE)
_QUOTES = re.compile(r"[\"“”«»]")


@dataclass(frozen=True, order=True)
class Wording:
    """Words that were looked for on pages of a language."""

    words: str
    language: str


def wording(typed: str, language: str) -> Wording | None:
    """What may be remembered of a question; nothing where it looks like being about somebody."""
    text = " ".join(_QUOTES.sub(" ", clean(typed[: 10 * LONGEST])).split()).lower()
    return Wording(text, language) if text and not is_personal(text) else None


def is_personal(text: str) -> bool:
    """Whether a text has an address or a long number in it, or is longer than a search."""
    words = [word for word, _, _ in spans(text)]
    return (
        len(text) > LONGEST
        or not words
        or len(text.split()) > MOST_WORDS
        or sum(c.isdigit() for c in text) > MOST_DIGITS
        or _ADDRESS.search(text) is not None
    )
