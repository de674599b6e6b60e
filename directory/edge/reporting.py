"""Reporting: what readers may find wrong and what comes of it, in words."""

from directory.edge.speech import lazy_gettext as _l
from directory.models.reports import ReportKind, ReportOutcome

KINDS = {
    ReportKind.CLOSED: _l("It is closed or no longer offered"),
    ReportKind.DATES: _l("Dates or opening hours"),
    ReportKind.PLACE: _l("The place or the address"),
    ReportKind.PRICE: _l("The price"),
    ReportKind.ACCESS: _l("Access: steps, lift, toilet, hearing loop…"),
    ReportKind.CONTACT: _l("Telephone, mail or web address"),
    ReportKind.WORDS: _l("The text or its translation"),
    ReportKind.OTHER: _l("Something else"),
}
OUTCOMES = {
    ReportOutcome.CORRECTED: _l("It was wrong, and it has been corrected. Thank you."),
    ReportOutcome.NOT_SO: _l("We asked: what the listing says is right."),
    ReportOutcome.WITHDRAWN: _l("It was wrong, and the listing has been withdrawn. Thank you."),
}
