"""Freshness: who said what of a listing, when, and how often that is to be said again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from directory.models.vocabulary import Word

# How often, in months, somebody may want to be asked whether a listing is still true.
RHYTHMS = (1, 3, 6, 12)


class Speaker(Word):
    """What sort of source a fact comes from."""

    SOURCE = "source"
    PROVIDER = "provider"
    EDITOR = "editor"


@dataclass(frozen=True)
class By:
    """Who says something: a source by its name, or a provider or editor without one."""

    speaker: Speaker
    name: str = ""


def restated(
    said: Sequence[dict[str, Any]], facts: Collection[str], *, by: By, now: datetime
) -> list[dict[str, Any]]:
    """Statements after somebody has said some facts anew; each fact is of its last statement."""
    kept = [{**old, "facts": [f for f in old["facts"] if f not in facts]} for old in said]
    fresh = {
        "who": by.speaker.value,
        "name": by.name,
        "when": now.isoformat(timespec="seconds"),
        "facts": sorted(facts),
    }
    return [statement for statement in (*kept, fresh) if statement["facts"]]
