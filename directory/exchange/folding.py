"""Folding: the same word however a clerk writes it."""

import re
import unicodedata
from functools import lru_cache

_NO_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Words in small letters without accents, one space between them."""
    if text.isascii():
        return _NO_WORD.sub(" ", text.lower()).strip()
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in apart if not unicodedata.combining(c)).casefold()
    return _NO_WORD.sub(" ", plain).strip()
