"""The index's fields: for each language a title, a text and the words of its topics."""

from whoosh.fields import ID, STORED, TEXT, Schema

from directory.search.analysis import ANALYSED, LanguageAnalyzer

# BM25F: how much a word counts where it stands. A word in the title says what a listing is.
WEIGHTS = {"title": 4.0, "topics": 1.5, "text": 1.0}


def schema() -> Schema:
    """Whoosh's schema, the same in every generation of the index."""
    fields = {
        "key": ID(unique=True, stored=True),
        "facts": STORED,
        "spelling": TEXT(analyzer=LanguageAnalyzer("und"), phrase=False),
    }
    for language in ANALYSED:
        analyzer = LanguageAnalyzer(language)
        fields[f"title_{language}"] = TEXT(analyzer=analyzer, phrase=True)
        fields[f"text_{language}"] = TEXT(analyzer=analyzer, phrase=True)
        fields[f"topics_{language}"] = TEXT(analyzer=analyzer, phrase=True)
    return Schema(**fields)
