"""Texts: which words a listing shows to whom, and how translations come in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Mapped
from sqlmodel import col

from directory import languages
from directory.models import Opportunity, Space, Text
from directory.models.freshness import By, Speaker
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


def apply_texts(
    listing: _Texted, record: ProviderRecord | SpaceRecord | OpportunityRecord, *, by: By
) -> None:
    """Write a record's texts; a translation whose original changed under it becomes stale.

    What a person here has translated no source overwrites, and no machine what any human has.
    """
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
    # Originals first: it is they that make a translation stale.
    for (field, tag), value in sorted(
        wanted.items(), key=lambda item: item[0][1] != record.language
    ):
        state = TextState.ORIGINAL if tag == record.language else record.translation_state
        old = there.get((field, tag))
        if old is None:
            text = Text(field=field, language=tag, value=value, state=state, speaker=by.speaker)
            listing.texts.append(text)
        elif tag == record.language:
            if old.value != value:
                _age(there, field, tag)
                old.value, old.speaker = value, by.speaker
            old.state = state
        elif not _is_kept(old, state, by):
            _translate(old, value, state, by)


def _translate(old: Text, value: str, state: TextState, by: By) -> None:
    """The same words again confirm a translation that had become stale."""
    if old.value != value:
        old.value, old.state, old.speaker = value, state, by.speaker
    elif old.state == TextState.STALE:
        old.state = state


def _is_kept(old: Text, state: TextState, by: By) -> bool:
    """Whether a translation is not to be touched by what comes in."""
    if by.speaker is not Speaker.SOURCE:
        return False
    of_person = old.speaker not in {None, Speaker.SOURCE}
    return of_person or (state is TextState.MACHINE and old.state is TextState.HUMAN)


def _age(there: dict[tuple[str, str], Text], field: str, original: str) -> None:
    for (each, tag), text in there.items():
        if each == field and tag != original:
            text.state = TextState.STALE
