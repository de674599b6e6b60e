"""Ownership: which facts a source may say anew, and which the city keeps once it has them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from directory.models import Opportunity, Provider, Space
from directory.models.records import OpportunityRecord, ProviderRecord, SpaceRecord
from directory.models.texts import FIELDS
from directory.services import provenance

Row = Provider | Space | Opportunity
RecordOf = ProviderRecord | SpaceRecord | OpportunityRecord


@dataclass(frozen=True)
class Kept:
    """What of a listing stays as it is, whatever a source says.

    Attributes:
        facts: by the names readers know them by.
        columns: what their columns hold.
    """

    facts: frozenset[str] = frozenset()
    columns: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, row: Row, owned: Collection[str]) -> "Kept":
        """Every fact of a listing that is not owned and has been said; unknown is not kept."""
        if isinstance(row, Provider):
            return cls()
        said = provenance.facts(row)
        facts = frozenset(
            fact for fact, value in said.items() if fact not in owned and provenance.is_said(value)
        )
        names = [name for fact in facts for name in provenance.columns(row, fact)]
        return cls(facts, {name: getattr(row, name) for name in names})

    def texts(self, row: Row, record: RecordOf) -> RecordOf:
        """A record with the texts that stay; a language they lack comes in beside them."""
        fields = [name for name in FIELDS if name in self.facts]
        if not fields:
            return record
        there = {
            name: {text.language: text.value for text in row.texts if text.field == name}
            for name in fields
        }
        changes: dict[str, Any] = {
            name: {**getattr(record, name), **there[name]} for name in fields
        }
        if "title" in fields:
            changes["language"] = row.language
        return record.model_copy(update=changes)

    def put_back(self, row: Row) -> None:
        """Leave the columns as they were."""
        for name, value in self.columns.items():
            setattr(row, name, value)


NOTHING = Kept()
