"""Duplicates: listings told twice are found, judged, merged and, if that was wrong, parted again."""

from directory.services.duplicates.fields import FIELDS, FIRST, SECOND, values
from directory.services.duplicates.finding import Found, find
from directory.services.duplicates.judging import PAGE, Pair, counted, listed, pair, part, reopen
from directory.services.duplicates.merging import digest, merge, records, suggested
from directory.services.duplicates.undoing import changed_since, gone_side, kept_side, undo

__all__ = [
    "FIELDS",
    "FIRST",
    "PAGE",
    "SECOND",
    "Found",
    "Pair",
    "changed_since",
    "counted",
    "digest",
    "find",
    "gone_side",
    "kept_side",
    "listed",
    "merge",
    "pair",
    "part",
    "records",
    "reopen",
    "suggested",
    "undo",
    "values",
]
