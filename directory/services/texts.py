"""Texts: which words a listing shows to whom, and how translations come in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Mapped
from sqlmodel import col

from directory import languages
from directory.models import Opportunity, Space, Text
from directory.models.records import OpportunityRecord, ProviderRecord, SpaceRecord
from directory.models.texts import FIELDS
from directory.models.vocabulary import TextState


class _Texted(Protocol):
    language: str
    texts: list[Text]


@dataclass(frozen=True)
class Words:
    """A text as shown: in which language it is and which way it runs."""

    value: str
    language: str
    state: TextState

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``."""
        return languages.direction(self.language)

    def __bool__(self) -> bool:
        return bool(self.value)


NOTHING = Words("", "und", TextState.ORIGINAL)


def words(listing: _Texted, field: str, language: str) -> Words:
    """A field in the language asked for, else in its original, else in whatever there is."""
    there = [t for t in listing.texts if t.field == field]
    return chosen(there, language, listing.language)


def chosen(texts: Iterable[Text], language: str, original: str) -> Words:
    """Of one field's texts, the one in the language asked for, else the original, else any."""
    there = {t.language: t for t in texts if t.value}
    tag = languages.chosen(there, language, original)
    return Words(there[tag].value, tag, there[tag].state) if tag else NOTHING


def texted(type_: str) -> tuple[type[Space | Opportunity], Mapped[int | None]]:
    """The table of a type of listing, and the column that says whose a text is."""
    if type_ == "space":
        return Space, col(Text.space_id)
    return Opportunity, col(Text.opportunity_id)


def apply_texts(listing: _Texted, record: ProviderRecord | SpaceRecord | OpportunityRecord) -> None:
    """Write a record's texts; a translation whose original changed under it becomes stale."""
    there = {(t.field, t.language): t for t in listing.texts}
    wanted = {
        (field, tag): value
        for field in FIELDS
        for tag, value in getattr(record, field).items()
        if value
    }
    for key, text in there.items():
        if key not in wanted and key[1] == record.language:
            listing.texts.remove(text)
    for (field, tag), value in wanted.items():
        state = TextState.ORIGINAL if tag == record.language else record.translation_state
        old = there.get((field, tag))
        if old is None:
            listing.texts.append(Text(field=field, language=tag, value=value, state=state))
        elif old.value != value:
            if tag == record.language:
                _age(there, field, tag)
            old.value, old.state = value, state
        elif old.state == TextState.STALE or tag == record.language:
            old.state = state


def _age(there: dict[tuple[str, str], Text], field: str, original: str) -> None:
    for (each, tag), text in there.items():
        if each == field and tag != original:
            text.state = TextState.STALE
