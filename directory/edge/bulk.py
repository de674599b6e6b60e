"""Bulk: files, sources and what came of them, in the reader's words."""

from directory.edge.speech import gettext
from directory.edge.speech import lazy_gettext as _l
from directory.edge.speech import lazy_pgettext as _p
from directory.exchange.understood import PLACE
from directory.models.vocabulary import FileKind, LineOutcome, TransferState

KINDS = {
    FileKind.CSV: _l("CSV table"),
    FileKind.XLSX: _l("XLSX spreadsheet"),
    FileKind.ICAL: _l("iCalendar file"),
}
STATES = {
    TransferState.CHECKING: _l("Being tried"),
    TransferState.CHECKED: _l("Tried, not brought in yet"),
    TransferState.BRINGING: _l("Being brought in"),
    TransferState.DONE: _l("Brought in"),
    TransferState.SAME: _l("The same as before"),
    TransferState.FAILED: _l("Failed"),
    TransferState.INTERRUPTED: _l("Interrupted"),
}
OUTCOMES = {
    LineOutcome.REFUSED: _p("lines of a file", "Refused"),
    LineOutcome.WARNED: _p("lines of a file", "With a remark"),
    LineOutcome.NEW: _p("lines of a file", "New"),
    LineOutcome.CHANGED: _p("lines of a file", "Changed"),
    LineOutcome.WITHDRAWN: _p("lines of a file", "Withdrawn"),
    LineOutcome.UNCHANGED: _p("lines of a file", "Unchanged"),
    LineOutcome.LEFT_OUT: _p("lines of a file", "Left out"),
}
LISTINGS = {
    "opportunity": _l("Offer"),
    "space": _l("Place"),
    "provider": _l("Organisation"),
}
RHYTHMS = {
    1: _p("rhythm", "every hour"),
    6: _p("rhythm", "every six hours"),
    12: _p("rhythm", "every twelve hours"),
    24: _p("rhythm", "every day"),
    168: _p("rhythm", "every week"),
}
DATES = {
    "iso": _l("2027-03-31 18:30"),
    "day-first": _l("31/3/2027 18:30: the day first"),
    "month-first": _l("3/31/2027 18:30: the month first"),
}
FIELDS = {
    "title": _l("Title"),
    "summary": _l("Summary"),
    "description": _l("Description"),
    "id": _l("Number that finds it again"),
    "type": _l("Offer, place or organisation"),
    "kind": _l("Kind of place"),
    "format": _l("Format"),
    "setting": _l("Setting"),
    "topics": _l("Topics"),
    "level": _l("Level"),
    "provider": _l("Organisation"),
    "space_id": _l("Number of its place"),
    "address": _l("Address"),
    "district": _l("District"),
    "postcode": _l("Postcode"),
    "lat": _l("Latitude"),
    "lon": _l("Longitude"),
    "starts": _l("Begins"),
    "ends": _l("Ends"),
    "rrule": _l("Recurrence"),
    "exdates": _l("Days left out"),
    "price": _l("Price"),
    "age_min": _l("Age from"),
    "age_max": _l("Age to"),
    "languages": _l("Languages of instruction"),
    "access": _l("Access"),
    "url": _l("Web address"),
    "email": _l("E-mail address"),
    "phone": _l("Telephone"),
    "language": _l("Language of the text"),
    "booking": _l("Booking"),
    "capacity": _l("Number of places"),
    "hours": _l("Opening hours"),
    "rules": _l("Words that tell something"),
    "skip": _l("Which rows to leave out"),
}


def field_in_words(field: str) -> str:
    """What a column is read as; a name without words of its own is shown as it is."""
    bare, bracket, language = field.removeprefix(PLACE).partition("[")
    label = str(FIELDS.get(bare, bare))
    if bracket:
        return gettext(
            "%(field)s, translation (%(language)s)", field=label, language=language.rstrip("]")
        )
    return gettext("Of the place: %(field)s", field=label) if field.startswith(PLACE) else label


def trouble_in_words(code: str, value: str) -> str:
    """Why nothing came of a file or an address."""
    return str(TROUBLES.get(code, _UNREADABLE)).format(value=value)


_UNREADABLE = _l("The file cannot be read.")
_NOT_PUBLIC = _l(
    "The address leads to “{value}”, which is not a public machine. Only public addresses are"
    " fetched."
)
TROUBLES = {
    # Of an address.
    "address-unwritable": _l(
        "This is no web address. Write one like https://example.org/agenda.csv."
    ),
    "scheme": _l("“{value}” is not fetched; the address has to begin with https:// or http://."),
    "userinfo": _l("The address contains a user or password; those are not sent."),
    "port": _l("Port {value} is not asked; only the usual ones of the web are."),
    "host": _l("“{value}” is no name of a machine that can be asked."),
    "own-name": _NOT_PUBLIC,
    "not-public": _NOT_PUBLIC,
    "no-such-host": _l("There is no machine called “{value}”."),
    "no-answer": _l("The machine did not answer as it should ({value})."),
    "certificate": _l("The machine could not prove that it is the one that was meant ({value})."),
    "downgrade": _l("It led from a sealed connection to an open one; that was not followed."),
    "too-many-redirects": _l("It led on and on, more than {value} times."),
    "status": _l("The machine answered {value} instead of the file."),
    "too-slow": _l("It took too long."),
    "too-large": _l("The file is larger than 10 MB."),
    "packed": _l("The answer is packed in a way that is not read ({value})."),
    "cut-off": _l("The answer broke off before its end."),
    # Of a file.
    "is-empty": _l("The file is empty."),
    "is-pdf": _l("This is a PDF document. Save the table itself as CSV or XLSX."),
    "is-packed": _l("This is a packed file. Unpack it, and send the table in it."),
    "is-old-office": _l("This is a spreadsheet of the old kind (XLS). Save it as XLSX or CSV."),
    "is-picture": _l("This is a picture. Save the table itself as CSV or XLSX."),
    "is-database": _l("This is a database. Save the table itself as CSV or XLSX."),
    "is-program": _l("This is a program, and no table."),
    "is-two": _l("Something else is hidden in this file. Save it anew as CSV or XLSX."),
    "is-markup": _l(
        "This is a web page, a drawing or XML, and no table. Download the data, not the page."
    ),
    "is-json": _l("This is JSON, and no table."),
    "no-text": _l("This is no text. Save it as CSV (UTF-8) or XLSX."),
    "no-table": _l("Nothing parts the columns in it. Save it as CSV (UTF-8) or XLSX."),
    "no-header": _l("Its first line names no columns."),
    "no-title-column": _l(
        "No column of it is read as the title; “{value}” was looked for. Choose another mapping,"
        " or say below what each column is."
    ),
    "no-workbook": _l("This is no XLSX spreadsheet."),
    "no-sheet": _l("The spreadsheet has no sheet that can be seen."),
    "broken-workbook": _l("The spreadsheet is broken. Open it and save it anew."),
    "locked-workbook": _l("The spreadsheet is locked with a password. Save it without one."),
    "macros": _l("There are programs (macros) in the spreadsheet. Save it as XLSX without them."),
    "bomb": _l("Unpacked, the file would be far larger than any spreadsheet."),
    "entities": _l("The file declares entities, which no spreadsheet needs. Save it anew."),
    "too-many-rows": _l("It has more than {value} rows. Part it."),
    "no-calendar": _l("This is no iCalendar file."),
    "cut-calendar": _l("The calendar breaks off before its end."),
    "unreadable": _UNREADABLE,
    "file-gone": _l("The file is no longer kept. Send it again."),
    "no-mapping": _l("The mapping “{value}” is no longer there. Choose another."),
    "broken": _l("Something broke, and nothing was changed ({value}). Please try again."),
}
