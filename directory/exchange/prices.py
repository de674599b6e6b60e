"""Prices: an amount from the text a city writes, or honestly none."""

import re
from dataclasses import dataclass
from decimal import Decimal

from directory.exchange.folding import fold
from directory.exchange.mapping import Prices
from directory.exchange.rules import pattern

_AMOUNT = r"\d{1,3}(?:[ .,]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_PLAIN = re.compile(rf"({_AMOUNT})")
_RANGE = rf"(?:(?P<low>{_AMOUNT})\s*(?:-|–|/|a|to|y|bis|hasta)\s*)?"
_SENTENCE = re.compile(r"[.;()\n]\s|\s{2,}")
_THOUSANDS = 3
# A price further on than this is about something else.
_READ = 1000


@dataclass(frozen=True)
class Price:
    """What a text says.

    Attributes:
        amount: the lowest; 0 is free, None unknown.
        note: the text itself, where it says more than the amount.
    """

    amount: Decimal | None
    note: str = ""


class PriceReader:
    """Reads price texts with the words of a mapping."""

    def __init__(self, words: Prices) -> None:
        self._decimal = words.decimal
        self._free = pattern(words.free)
        self._extras = pattern(words.extras) if words.extras else None
        units = "|".join(
            re.escape(unit.removesuffix("*")) + (r"\w*" if unit.endswith("*") else "")
            for unit in words.currency
        )
        self._amounts = re.compile(
            rf"{_RANGE}(?<![\d.,])(?P<after>{_AMOUNT})\s*(?:{units})(?!\w)"
            rf"|(?<!\w)(?:{units})\s*(?P<before>{_AMOUNT})",
            re.IGNORECASE,
        )

    def read(self, text: str) -> Price:
        """The price a text names; amounts that are fees or extras do not count."""
        if not text:
            return Price(None)
        if len(text) < _READ and _PLAIN.fullmatch(text):
            return Price(self._number(text))
        amounts = self._found(text[:_READ])
        if amounts:
            return Price(min(amounts), text)
        if self._free.search(fold(text)):
            return Price(Decimal(0), text)
        return Price(None, text)

    def _found(self, text: str) -> list[Decimal]:
        amounts: list[Decimal] = []
        end = 0
        for match in self._amounts.finditer(text):
            label = _SENTENCE.split(text[end : match.start()])[-1]
            end = match.end()
            if self._extras and self._extras.search(fold(label)):
                continue
            parts = (match["low"], match["after"], match["before"])
            amounts.extend(self._number(part) for part in parts if part)
        return amounts

    def _number(self, text: str) -> Decimal:
        """``1.200``, ``1,200.50``, ``3,5`` and ``0.500`` as the people who wrote them meant them."""
        compact = text.replace(" ", "")
        marks = [c for c in compact if c in ".,"]
        if not marks:
            return Decimal(compact)
        whole, mark, fraction = compact.rpartition(marks[-1])
        digits = re.sub(r"[.,]", "", whole)
        if self._groups(digits, mark, fraction):
            return Decimal(digits + fraction)
        return Decimal(f"{digits}.{fraction}").quantize(Decimal("0.01"))

    def _groups(self, digits: str, mark: str, fraction: str) -> bool:
        """Whether the last mark stands between thousands; nobody writes 0.500 for five hundred."""
        if len(fraction) != _THOUSANDS or digits.startswith("0"):
            return False
        return mark != self._decimal
