"""What an item asks for first: nested facts about levels and finished items.

A requirement is `{"topic": t, "level": n}`, `{"opportunity": id}`, `{"all": [...]}`,
`{"any": [...]}` or `{"at_least": n, "of": [...]}`.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import cast

Requirement = Mapping[str, object]


class UnknownRequirementError(ValueError):
    """A requirement of a form that is not defined."""

    def __init__(self, requirement: object) -> None:
        super().__init__(f"not a requirement: {requirement!r}")


def parts(requirement: Requirement) -> tuple[int, list[Requirement]]:
    """Return how many of which parts are needed; a single fact has no parts."""
    if "all" in requirement:
        inner = cast("list[Requirement]", requirement["all"])
        return len(inner), inner
    if "any" in requirement:
        return 1, cast("list[Requirement]", requirement["any"])
    if "at_least" in requirement:
        inner = cast("list[Requirement]", requirement["of"])
        return cast("int", requirement["at_least"]), inner
    if "topic" in requirement or "opportunity" in requirement:
        return 0, []
    raise UnknownRequirementError(requirement)


def is_fact(requirement: Requirement) -> bool:
    """Tell a single fact from a combination."""
    return "topic" in requirement or "opportunity" in requirement


def topic_and_level(fact: Requirement) -> tuple[str, int]:
    """Return the topic and the level a fact asks for; no level given means 1."""
    return str(fact["topic"]), int(cast("int", fact.get("level") or 1))


def is_met(
    requirement: Requirement | None, levels: Mapping[str, int], done: Collection[str]
) -> bool:
    """Evaluate a requirement against levels (ancestors included) and finished items."""
    if requirement is None:
        return True
    if "topic" in requirement:
        topic, level = topic_and_level(requirement)
        return levels.get(topic, 0) >= level
    if "opportunity" in requirement:
        return requirement["opportunity"] in done
    needed, inner = parts(requirement)
    return sum(is_met(part, levels, done) for part in inner) >= needed


def missing(
    requirement: Requirement | None, levels: Mapping[str, int], done: Collection[str]
) -> tuple[Requirement, ...]:
    """Return the single facts that are not met yet, in the order they are written."""
    if requirement is None or is_met(requirement, levels, done):
        return ()
    return tuple(fact for fact in facts(requirement) if not is_met(fact, levels, done))


def facts(requirement: Requirement | None) -> Iterator[Requirement]:
    """Yield the single facts of a requirement."""
    if requirement is None:
        return
    if is_fact(requirement):
        yield requirement
        return
    for part in parts(requirement)[1]:
        yield from facts(part)
