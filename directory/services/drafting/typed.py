"""Typed: what somebody typed into one form field, read one way, with what is wrong about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from directory.errors import Problem

Content = Mapping[str, str]


@dataclass
class Typed:
    """A form's content as it is read; what could not be is among the problems."""

    content: Content
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str, *, longest: int, needed: bool = False) -> str:
        """A text without the space around it."""
        value = self.content.get(name, "").strip()
        if needed and not value:
            self.wrong(name, "field-missing")
        if len(value) > longest:
            self.wrong(name, "text-too-long", str(longest))
        return value[:longest]

    def whole(self, name: str, least: int, most: int) -> int | None:
        """A whole number, or None where nothing was typed."""
        value = self.content.get(name, "").strip()
        if not value:
            return None
        if not value.isdecimal() or not least <= int(value[:12]) <= most:
            self.wrong(name, "no-such-number", value[:40], (f"{least}–{most}",))
            return None
        return int(value)

    def amount(self, name: str) -> Decimal | None:
        """An amount of money; a comma is read as a point."""
        value = self.content.get(name, "").strip().replace(",", ".")
        if not value:
            return None
        try:
            amount = Decimal(value)
            if amount.is_finite() and 0 <= amount <= 1_000_000:  # noqa: PLR2004 - as in the record
                return amount.quantize(Decimal("0.01"))
        except InvalidOperation:
            pass
        self.wrong(name, "no-amount", value[:40])
        return None

    def day(self, name: str, *, needed: bool = False) -> date | None:
        """A day as browsers send it."""
        value = self.content.get(name, "").strip()
        if not value:
            if needed:
                self.wrong(name, "field-missing")
            return None
        return self._day(name, value)

    def days(self, name: str) -> list[date]:
        """Days, one a line; commas part them too."""
        parts = self.content.get(name, "").replace(",", "\n").split("\n")
        read = [self._day(name, part.strip()) for part in parts if part.strip()]
        return [day for day in read if day is not None]

    def clock(self, name: str, *, needed: bool = False) -> time | None:
        """A time of day as browsers send it."""
        value = self.content.get(name, "").strip()
        if not value:
            if needed:
                self.wrong(name, "field-missing")
            return None
        try:
            return datetime.strptime(value[:5], "%H:%M").time()  # noqa: DTZ007 - local on purpose
        except ValueError:
            self.wrong(name, "no-time", value[:40])
            return None

    def one_of(self, name: str, allowed: tuple[str, ...], *, needed: bool = False) -> str:
        """A value of a list; empty where nothing was chosen."""
        value = self.content.get(name, "")
        if value in allowed:
            return value
        if value:
            self.wrong(name, "not-of-the-list", value[:40])
        elif needed:
            self.wrong(name, "field-missing")
        return ""

    def wrong(self, name: str, code: str, value: str = "", allowed: tuple[str, ...] = ()) -> None:
        """Say what is wrong with a field."""
        self.problems.append(Problem(name, code, value, allowed))

    def _day(self, name: str, value: str) -> date | None:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.wrong(name, "no-day", value[:40])
            return None
        if not 1970 <= day.year <= 2200:  # noqa: PLR2004 - as in the record
            self.wrong(name, "no-day", value[:40])
            return None
        return day
