"""Requirement: what one should have before an opportunity, as a nested expression.

The written form is that of the API: ``{"topic", "level"}``, ``{"opportunity"}``, ``{"all": […]}``,
``{"any": […]}`` and ``{"at_least": n, "of": […]}``.
"""

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TopicLevel(_Node):
    """A level of a topic, had before or gained on the way."""

    topic: str
    level: int = Field(ge=1, le=5)


class Done(_Node):
    """Another opportunity, named by its external id in the same source, or by its slug."""

    opportunity: str


class AllOf(_Node):
    """Every one of these."""

    all: tuple["Requirement", ...] = Field(min_length=1, max_length=20)


class AnyOf(_Node):
    """One of these is enough."""

    any: tuple["Requirement", ...] = Field(min_length=1, max_length=20)


class AtLeast(_Node):
    """So many of these."""

    at_least: int = Field(ge=1, le=20)
    of: tuple["Requirement", ...] = Field(min_length=1, max_length=20)


def _tag(value: Any) -> str | None:
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", ())
    return next((k for k in ("topic", "opportunity", "all", "any", "of") if k in keys), None)


_Any = (
    Annotated[TopicLevel, Tag("topic")]
    | Annotated[Done, Tag("opportunity")]
    | Annotated[AllOf, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[AtLeast, Tag("of")]
)
Requirement = Annotated[_Any, Discriminator(_tag)]

for _model in (AllOf, AnyOf, AtLeast):
    _model.model_rebuild()

ADAPTER: TypeAdapter[Requirement] = TypeAdapter(Requirement)


def leaves(requirement: Any) -> Iterator[TopicLevel | Done]:
    """Every topic level and opportunity an expression names."""
    match requirement:
        case TopicLevel() | Done():
            yield requirement
        case AllOf(all=parts) | AnyOf(any=parts) | AtLeast(of=parts):
            for part in parts:
                yield from leaves(part)
