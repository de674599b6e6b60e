"""Remarks: what an import says of a line, in the reader's language."""

from directory.edge.speech import lazy_gettext as _l

_SHOWN = 80


def remark_in_words(code: str, value: str, allowed: str) -> str:
    """What is wrong with a line, and what to do about it."""
    short = value if len(value) <= _SHOWN else value[: _SHOWN - 1] + "…"
    return str(SENTENCES.get(code, _UNKNOWN)).format(value=short, allowed=allowed)


_UNKNOWN = _l("This line was not understood ({value}).")
SENTENCES = {
    "no-title": _l("The title is empty. Give every row a title, or delete the row."),
    "no-space-title": _l("The place of this row has no name. Fill the column with its name."),
    "too-many-cells": _l(
        "The row has {value} cells, the header {allowed}. Put text that contains the delimiter"
        " between double quotes."
    ),
    "huge-cell": _l("A cell does not end. Look for a double quote that is never closed."),
    "nul": _l("The row contains a NUL character. Save the file again as text, in UTF-8."),
    "doubled-id": _l(
        "“{value}” is already the id of line {allowed}. Give each row its own id, or delete one."
    ),
    "long-id": _l("The id has {value} characters, more than {allowed}. Give it a shorter one."),
    "unknown-word": _l("“{value}” is not known here. Use one of: {allowed}."),
    "bad-language": _l("“{value}” is no language. Use a tag such as es, ar or pt-BR."),
    "bad-date": _l("“{value}” is no date. Write dates like this: {allowed}."),
    "bad-time": _l("“{value}” is no time of day. Write times like 18:30."),
    "far-date": _l("“{value}” lies outside the years 1900 to 2200. Correct the year."),
    "ends-early": _l("It ends on {value}, before it starts. Correct one of the two dates."),
    "long-run": _l("It would run until {value}, for more than twenty years. Correct the year."),
    "too-long-event": _l(
        "One occurrence would last more than 31 days. Say on which days it repeats."
    ),
    "bad-weekday": _l("“{value}” is no day of the week. Use one of: {allowed}."),
    "bad-rule": _l(
        "The recurrence “{value}” is wrong. Use a rule as iCalendar writes it ({allowed})."
    ),
    "bad-level": _l("“{value}” is no level. Use 0 to 5, a range such as 1-2, or A1 to C2."),
    "bad-price": _l("The price {value} is not possible. Use a number from 0 to 1000000."),
    "bad-currency": _l("“{value}” is no currency. Use a code such as EUR."),
    "bad-number": _l("“{value}” is no whole number in range. Use digits only."),
    "bad-json": _l("The cell is not what an export writes. Leave it as exported, or empty it."),
    "unknown-space": _l(
        "No place has the id “{value}”, in this file or before. Add a row of type space with it."
    ),
    "no-zone": _l("“{value}” is no time zone. Use a name such as Europe/Madrid."),
    "formula-cell": _l(
        "The cell holds a formula, “{value}”, and not a value. Copy the column and paste it as"
        " values only."
    ),
    "error-cell": _l("The cell holds an error, “{value}”. Correct it, or empty it."),
    "no-uid": _l("The event has no UID. Have the calendar give each event its own."),
    "no-start": _l("The event does not say when it begins."),
    "bad-property": _l("“{value}” is not as iCalendar writes it. Correct that line."),
    "huge-event": _l("The event is larger than any real one. Shorten it."),
    "invalid": _l("“{value}” cannot be brought in as it is: {allowed}."),
    "unread-columns": _l("Columns that nothing reads: {value}."),
    "missing-columns": _l("Columns that the mapping reads and the file has not: {value}."),
    "doubled-column": _l("Several columns are called “{value}”. Only the first is read."),
    "unknown-topic": _l(
        "There is no topic “{value}”; it was left out. Use a key of the topic tree."
    ),
    "unknown-access": _l(
        "“{value}” is no fact about access; it was left out. Use one of: {allowed}."
    ),
    "bad-coordinates": _l("“{value}” are no coordinates in degrees; they were left out."),
    "bad-url": _l("“{value}” is no web address; it was left out. Begin it with https://."),
    "bad-email": _l("“{value}” is no e-mail address; it was left out."),
    "bad-age": _l("“{value}” is no age in whole years; it was left out."),
    "shortened": _l("The text has {value} characters; it was cut at {allowed}."),
    "no-dates": _l(
        "None of its dates is left after weekdays and excluded days; it has no date now."
    ),
    "hours-unread": _l(
        "“{value}” are no opening hours; they were left out. Write them like 09:00-13:00."
    ),
    "hours-no-end": _l("“{value}” does not say from when to when; it was left out."),
    "hours-ambiguous": _l("“{value}” may be before or after noon; it was left out."),
    "hours-overlap": _l("The opening hours “{value}” overlap; they were left out."),
    "hours-too-many": _l("“{value}” is too much for one place; it was left out."),
    "hours-long": _l("“{value}” was understood as {allowed}, more than 16 hours."),
    "zone-assumed": _l("Nobody explains the time zone “{value}”; {allowed} was assumed."),
    "utc-rule": _l(
        "It repeats in universal time; it was read as the same time of day in {allowed}."
    ),
    "one-rule": _l("Of several recurrence rules the first was read."),
    "range-one": _l("A change of “this and all later ones” was read as a change of this one."),
    "place-differs": _l(
        "The place “{value}” is described otherwise in line {allowed}, which was used."
    ),
}
