"""Understood: which column of a file a mapping reads as which field."""

from collections.abc import Iterator, Sequence

from directory.exchange.columns import same
from directory.exchange.mapping import Mapping

PLACE = "place."
Understood = tuple[tuple[str, str, str], ...]


def columns(mapping: Mapping, header: Sequence[str], examples: Sequence[str]) -> Understood:
    """Of each column its header, the field it is read as (or nothing), and an example."""
    meant = list(_meant(mapping))
    return tuple(
        (name, _field(name, meant), example)
        for name, example in zip(header, examples, strict=True)
        if name
    )


def _field(name: str, meant: Sequence[tuple[str, str]]) -> str:
    for header, field in meant:
        if same(name, header):
            return field
    for header, field in meant:
        if "[" in name and same(name.partition("[")[0], header):
            return field + name[name.index("[") :]
    return ""


def _meant(mapping: Mapping) -> Iterator[tuple[str, str]]:
    """Header and field, what the listing itself reads before what only its place reads."""
    for field, column in (mapping.columns | mapping.schedule.columns()).items():
        yield from ((header, field) for header in column.columns)
    for field, column in mapping.hours.columns().items():
        yield from ((header, field.partition(".")[0]) for header in column.columns)
    if mapping.space:
        for field, column in mapping.space.columns.items():
            yield from ((header, PLACE + field) for header in column.columns)
    for part in (mapping, mapping.space):
        for rule in part.rules if part else ():
            yield from ((header, "rules") for header in rule.where)
    yield from ((header, "skip") for header in mapping.skip_when)
