"""Splitting: texts into words as the recommender compares them, with the stems that search uses."""

from directory.search.analysis import field_language, forms, spans
from recommender.features import Word


def split(text: str, language: str) -> list[Word]:
    """Words of a text in a language, without stop words; stems, and how they were written."""
    analysed = field_language(language) if language else ""
    return [
        Word(found[0], word.casefold())
        for word, _, _ in spans(text)
        if (found := forms(word, analysed))
    ]
