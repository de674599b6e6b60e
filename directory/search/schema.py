"""The index's fields: for each language the terms of titles and of texts, and what is kept whole."""

from whoosh.fields import ID, KEYWORD, STORED, Schema

from directory.search.analysis import ANALYSED
from directory.search.postings import ABOUT


def schema() -> Schema:
    """Whoosh's schema, the same in every generation of the index.

    Terms come already analysed, as lists, so a file of the index holds no code of ours.
    """
    fields = {"key": ID(stored=True), "kept": STORED, ABOUT: KEYWORD(scorable=True)}
    for language in ANALYSED:
        fields[f"title_{language}"] = KEYWORD(scorable=True)
        fields[f"text_{language}"] = KEYWORD(scorable=True)
    return Schema(**fields)
