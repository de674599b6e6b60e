"""From a question to Whoosh's query tree: each word in every language the index holds."""

from collections.abc import Iterable, Sequence

from whoosh import query as q

from directory.search.analysis import ANALYSED, alternatives, terms
from directory.search.grammar import Ask, Piece
from directory.search.schema import WEIGHTS


def build(
    ask: Ask, languages: Sequence[str], preferred: str, *, every: bool = True
) -> q.Query | None:
    """The query for a question, or None when nothing in it can be looked up.

    Args:
        ask: the question.
        languages: those in which the index has texts.
        preferred: the reader's; a group that is only stop words there is not asked for.
        every: whether all groups must match, or one is enough.
    """
    groups = [g for each in ask.needed if (g := _group(each, languages, preferred))]
    excluded = [e for piece in ask.excluded if (e := _piece(piece, languages))]
    if ask.needed and not groups:
        return None
    if not groups and not excluded:
        return None
    joined: q.Query = (q.And if every else q.Or)(groups) if groups else q.Every()
    return q.AndNot(joined, q.Or(excluded)) if excluded else joined


def _group(pieces: Iterable[Piece], languages: Sequence[str], preferred: str) -> q.Query | None:
    meant = [p for p in pieces if p.phrase or terms(p.text, preferred)]
    alternatives = [found for piece in meant if (found := _piece(piece, languages))]
    return q.Or(alternatives) if alternatives else None


def _piece(piece: Piece, languages: Sequence[str]) -> q.Query | None:
    found: list[q.Query] = []
    for language in languages:
        words = alternatives(piece.text, language)
        for part, weight in WEIGHTS.items():
            field = f"{part}_{language}"
            if len(words) == 1:
                found.extend(q.Term(field, form, boost=weight) for form in words[0])
            elif words:
                found.append(q.Phrase(field, [forms[0] for forms in words], boost=weight))
    return q.Or(found) if found else None


def held(fields: Iterable[str]) -> tuple[str, ...]:
    """The languages of analysis among an index's field names."""
    names = set(fields)
    return tuple(lang for lang in ANALYSED if f"title_{lang}" in names)
