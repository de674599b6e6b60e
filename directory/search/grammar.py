"""What the public may ask: words, "phrases", -exclusion and OR; bounded in length and number.

Whoosh's own query language lets anybody write a query that takes minutes, so it is not offered.
"""

import re
from dataclasses import dataclass

from directory.search.analysis import clean

LONGEST = 200
MOST_TERMS = 12
_READ = 20 * LONGEST  # what is beyond is not even looked at

_PIECE = re.compile(r'(-?)"([^"]*)"?|(\S+)')


@dataclass(frozen=True)
class Piece:
    """A word or a phrase, as typed."""

    text: str
    phrase: bool = False


@dataclass(frozen=True)
class Ask:
    """A question as understood.

    Attributes:
        needed: every group must match; within a group (words joined by OR) one is enough.
        excluded: none of these may match.
        shortened: something was left out because the question was too long.
    """

    needed: tuple[tuple[Piece, ...], ...] = ()
    excluded: tuple[Piece, ...] = ()
    shortened: bool = False

    def __bool__(self) -> bool:
        return bool(self.needed or self.excluded)


def parse(question: str) -> Ask:
    """Read a question; every string is one, none raises."""
    text = clean(question[:_READ])
    shortened = len(text) > LONGEST or len(question) > _READ
    groups: list[list[Piece]] = []
    excluded: list[Piece] = []
    joining = False
    for count, match in enumerate(_PIECE.finditer(text[:LONGEST])):
        if count >= MOST_TERMS:
            shortened = True
            break
        minus, phrase, word = match.groups()
        if word in {"OR", "O", "أو"} and groups:
            joining = True
            continue
        if word is not None and len(word) > 1 and word.startswith("-"):
            excluded.append(Piece(word[1:]))
        elif word is not None:
            _join(groups, Piece(word), joining=joining)
        elif minus:
            excluded.append(Piece(phrase, phrase=True))
        elif phrase.strip():
            _join(groups, Piece(phrase, phrase=True), joining=joining)
        joining = False
    return Ask(tuple(tuple(g) for g in groups), tuple(excluded), shortened)


def _join(groups: list[list[Piece]], piece: Piece, *, joining: bool) -> None:
    if joining and groups:
        groups[-1].append(piece)
    else:
        groups.append([piece])
