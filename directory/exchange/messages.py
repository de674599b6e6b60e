"""What an import says of a line: a stable code, a reason and a remedy for each."""

from dataclasses import dataclass, field

_SHOWN = 80


@dataclass(frozen=True)
class Message:
    """Two sentences with places for values.

    Attributes:
        reason: what is wrong.
        remedy: what to do about it.
    """

    reason: str
    remedy: str


REFUSED = {
    "no-title": Message("the title is empty", "Give every row a title, or delete the row."),
    "no-space-title": Message(
        "the place of this row has no name", "Fill the column with the place's name."
    ),
    "too-many-cells": Message(
        "the row has {value} cells, the header {allowed}",
        "Put text that contains the delimiter between double quotes.",
    ),
    "huge-cell": Message(
        "a cell does not end", "Look for a double quote that is opened and never closed."
    ),
    "nul": Message("the row contains a NUL character", "Save the file again as text, in UTF-8."),
    "doubled-id": Message(
        "“{value}” is already the id of line {allowed}",
        "Give each row its own id, or delete one of the two.",
    ),
    "long-id": Message(
        "the id has {value} characters, more than {allowed}", "Give the row a shorter id."
    ),
    "unknown-word": Message("“{value}” is not known here", "Use one of: {allowed}."),
    "bad-language": Message("“{value}” is no language", "Use a tag such as es, ar or pt-BR."),
    "bad-date": Message("“{value}” is no date", "Write dates like this: {allowed}."),
    "bad-time": Message("“{value}” is no time of day", "Write times like 18:30."),
    "far-date": Message("“{value}” lies outside the years 1900 to 2200", "Correct the year."),
    "ends-early": Message("it ends on {value}, before it starts", "Correct one of the two dates."),
    "long-run": Message(
        "it would run until {value}, for more than twenty years", "Correct the year."
    ),
    "too-long-event": Message(
        "one occurrence would last more than 31 days",
        "Say on which days it repeats (rrule, or weekdays and a last day).",
    ),
    "bad-weekday": Message("“{value}” is no day of the week", "Use one of: {allowed}."),
    "bad-rule": Message("the recurrence “{value}” is wrong: {allowed}", "Use an RFC 5545 RRULE."),
    "bad-level": Message("“{value}” is no level", "Use 0 to 5, a range such as 1-2, or A1 to C2."),
    "bad-price": Message("the price {value} is not possible", "Use a number from 0 to 1000000."),
    "bad-currency": Message("“{value}” is no currency", "Use an ISO 4217 code such as EUR."),
    "bad-number": Message("“{value}” is no whole number in range", "Use digits only."),
    "bad-json": Message(
        "the cell is not the JSON that an export writes", "Leave it as exported, or empty it."
    ),
    "unknown-space": Message(
        "no space has the id “{value}”, in this file or imported before",
        "Add a row of type space with that id, or correct the id.",
    ),
    "no-zone": Message("“{value}” is no time zone", "Use an IANA name such as Europe/Madrid."),
    "formula-cell": Message(
        "the cell holds a formula, “{value}”, and not a value",
        "Copy the column and paste it as values only.",
    ),
    "error-cell": Message("the cell holds an error, “{value}”", "Correct it, or empty it."),
    "no-uid": Message("the event has no UID", "Have the calendar give each event its own."),
    "no-start": Message("the event does not say when it begins", "Give it a DTSTART."),
    "bad-property": Message("“{value}” is not as iCalendar writes it", "Correct that line."),
    "huge-event": Message("the event is larger than any real one", "Shorten it."),
    "invalid": Message("{allowed}", "Correct “{value}”."),
}
"""Codes that keep a row out."""

_WRITE_HOURS = "Write hours like 09:00-13:00, 14:00-17:00."

WARNINGS = {
    "unread-columns": Message(
        "columns that the mapping does not read: {value}", "Nothing to do, if that is meant."
    ),
    "missing-columns": Message(
        "columns that the mapping reads and the file has not: {value}",
        "Nothing to do, if that is meant; else correct the header or the mapping.",
    ),
    "doubled-column": Message(
        "several columns are called “{value}”", "Only the first is read; rename the other."
    ),
    "unknown-topic": Message(
        "there is no topic “{value}”; it was left out", "Use a key of the topic tree."
    ),
    "unknown-access": Message(
        "“{value}” is no access fact; it was left out", "Use one of: {allowed}."
    ),
    "bad-coordinates": Message(
        "“{value}” are no coordinates; they were left out",
        "Use degrees, latitude -90 to 90 and longitude -180 to 180.",
    ),
    "bad-url": Message("“{value}” is no address; it was left out", "Begin it with https://."),
    "bad-email": Message(
        "“{value}” is no mail address; it was left out", "Write one like name@example.org."
    ),
    "bad-age": Message("“{value}” is no age; it was left out", "Use whole years, 0 to 120."),
    "shortened": Message("the text has {value} characters; it was cut at {allowed}", "Shorten it."),
    "no-dates": Message(
        "none of its dates is left after weekdays and exclusions; it has no date",
        "Look at the weekdays and the excluded days.",
    ),
    "hours-unread": Message("“{value}” are no opening hours; they were left out", _WRITE_HOURS),
    "hours-no-end": Message(
        "“{value}” does not say from when to when; it was left out", _WRITE_HOURS
    ),
    "hours-ambiguous": Message(
        "“{value}” may be before or after noon; it was left out",
        "Write 09:00-17:00, or 9am-5pm.",
    ),
    "hours-overlap": Message(
        "the opening hours “{value}” overlap; they were left out", "Correct one of them."
    ),
    "hours-too-many": Message("“{value}” is too much for one place; it was left out", _WRITE_HOURS),
    "hours-long": Message(
        "“{value}” was understood as {allowed}, more than 16 hours",
        "Nothing to do, if that is meant; else correct the hours.",
    ),
    "zone-assumed": Message(
        "the calendar does not explain the time zone “{value}”; {allowed} was assumed",
        "Name an IANA time zone such as Europe/Madrid.",
    ),
    "utc-rule": Message(
        "it repeats in universal time; it was read as the same time of day in {allowed}",
        "Nothing to do, if that is meant; else name a time zone.",
    ),
    "one-rule": Message(
        "of several recurrence rules the first was read", "Use one rule and extra dates."
    ),
    "range-one": Message(
        "a change of “this and all later ones” was read as a change of this one",
        "End the series, and begin another.",
    ),
    "place-differs": Message(
        "the place “{value}” is described otherwise in line {allowed}, which was used",
        "Describe a place the same way in each row.",
    ),
}
"""Codes that let a row in, a little poorer."""


@dataclass(frozen=True)
class Remark:
    """Something to say of one line.

    Attributes:
        line: where the row begins in the file; 1 is the header.
        column: the header of the cell, or the field's name.
        code: a key of ``REFUSED`` or ``WARNINGS``.
        value: what was found.
        allowed: what would have been right, or what it clashes with.
    """

    line: int
    column: str
    code: str
    value: str = ""
    allowed: str = ""

    @property
    def reason(self) -> str:
        """What is wrong, as a sentence."""
        return self._say((REFUSED | WARNINGS)[self.code].reason)

    @property
    def remedy(self) -> str:
        """What to do about it, as a sentence."""
        return self._say((REFUSED | WARNINGS)[self.code].remedy)

    def _say(self, template: str) -> str:
        short = self.value if len(self.value) <= _SHOWN else self.value[: _SHOWN - 1] + "…"
        return template.format(value=short, allowed=self.allowed)


class Refusal(Exception):
    """A row that cannot be let in; the reader adds the line."""

    def __init__(self, column: str, code: str, value: str = "", allowed: str = "") -> None:
        super().__init__(code)
        self.column, self.code, self.value, self.allowed = column, code, value, allowed

    def at(self, line: int) -> Remark:
        """The same, with its line."""
        return Remark(line, self.column, self.code, self.value, self.allowed)


@dataclass
class Notes:
    """The warnings of one row, collected while it is read."""

    line: int
    remarks: list[Remark] = field(default_factory=list)

    def add(self, column: str, code: str, value: str = "", allowed: str = "") -> None:
        """Remember a warning."""
        self.remarks.append(Remark(self.line, column, code, value, allowed))
