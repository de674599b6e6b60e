"""Rules: what the words of a row tell about it, where its columns say nothing."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from directory.exchange.folding import fold
from directory.exchange.mapping import Rule, Then

# A listing about everything is found for nothing.
MOST_TOPICS = 4
_ADDED = ("topics", "access", "commitments")


@dataclass(frozen=True)
class Compiled:
    """A rule with its words as patterns."""

    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    where: tuple[str, ...]
    then: Then


@dataclass
class Told:
    """What the rules tell of one row: the first to say something wins, topics and facts add up."""

    said: dict[str, Any] = field(default_factory=dict)
    topics: dict[str, None] = field(default_factory=dict)
    access: dict[Any, bool] = field(default_factory=dict)
    commitments: dict[int, None] = field(default_factory=dict)

    def take(self, then: Then) -> None:
        """Add what one rule says."""
        for name in then.model_fields_set:
            value = getattr(then, name)
            if name not in _ADDED:
                self.said.setdefault(name, value)
        self.topics.update(dict.fromkeys(then.topics))
        self.commitments.update(dict.fromkeys(then.commitments))
        for fact, known in then.access.items():
            self.access.setdefault(fact, known)

    def get(self, name: str) -> Any:
        """What was said of a field, or None."""
        return self.said.get(name)


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Whole words and phrases on folded text; a star at the end is any ending."""
    parts = []
    for word in words:
        folded = re.escape(fold(word.removesuffix("*"))).replace(r"\ ", " ")
        parts.append(folded + (r"\w*" if word.endswith("*") else ""))
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


def compiled(rules: Sequence[Rule]) -> list[Compiled]:
    """Rules ready to be applied to many rows."""
    return [
        Compiled(
            pattern(rule.words),
            pattern(rule.unless) if rule.unless else None,
            rule.where,
            rule.then,
        )
        for rule in rules
    ]


def tell(rules: Iterable[Compiled], look: Callable[[str], str]) -> Told:
    """What rules say of a row.

    Args:
        rules: in their order.
        look: the text of a field or column of the row.
    """
    told = Told()
    seen: dict[tuple[str, ...], str] = {}
    for rule in rules:
        text = seen.get(rule.where)
        if text is None:
            # A bar, so that no phrase runs from one field into the next.
            text = seen[rule.where] = " | ".join(fold(look(name)) for name in rule.where)
        if rule.words.search(text) and not (rule.unless and rule.unless.search(text)):
            told.take(rule.then)
    return told
