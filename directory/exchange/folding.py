"""Folding: the same word however a clerk writes it."""

import re
import unicodedata
from functools import lru_cache

_NO_WORD = re.compile(r"[\W_]+")


# Names and headers come again and again; descriptions do not, and are long.
_REMEMBERED = 100


def fold(text: str) -> str:
    """Words in small letters without accents, one space between them."""
    return _known(text) if len(text) <= _REMEMBERED else _folded(text)


def _folded(text: str) -> str:
    if text.isascii():
        return _NO_WORD.sub(" ", text.lower()).strip()
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in apart if not unicodedata.combining(c)).casefold()
    return _NO_WORD.sub(" ", plain).strip()


_known = lru_cache(maxsize=8192)(_folded)
