"""Passages: the long texts of listings on a page, which the index does not keep."""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from directory.models import Text
from directory.services.texts import Words, chosen, texted

# A listing by its type and number.
Key = tuple[str, int]


def descriptions(db: Session, keys: Iterable[Key], language: str) -> dict[Key, Words]:
    """What listings say of themselves at length, in a language or else in their original."""
    wanted = list(keys)
    return {
        (type_, number): words
        for type_ in ("opportunity", "space")
        if (numbers := [n for t, n in wanted if t == type_])
        for number, words in _of(db, type_, numbers, language).items()
    }


def _of(db: Session, type_: str, numbers: list[int], language: str) -> dict[int, Words]:
    table, owner = texted(type_)
    rows = db.exec(
        select(table.id, table.language, Text)
        .join(Text, owner == table.id)
        .where(col(table.id).in_(numbers), Text.field == "description", Text.value != "")
        .order_by(col(Text.id))
    ).all()
    originals: dict[int, str] = {}
    texts: dict[int, list[Text]] = {}
    for number, original, text in rows:
        if number is not None:
            originals[number] = original
            texts.setdefault(number, []).append(text)
    return {n: chosen(there, language, originals[n]) for n, there in texts.items()}
