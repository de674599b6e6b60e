"""Requirements in words: what one should have before coming."""

from typing import Any

from directory.edge import formats, labels
from directory.edge.speech import gettext
from directory.models.requirements import ADAPTER, AllOf, AnyOf, AtLeast, Done, TopicLevel
from directory.services.topics import Tree


def in_words(written: dict[str, Any], tree: Tree, language: str) -> str:
    """A requirement as a reader would say it."""
    return _say(ADAPTER.validate_python(written), tree, language)


def _say(requirement: Any, tree: Tree, language: str) -> str:
    match requirement:
        case TopicLevel(topic=topic, level=level):
            return gettext(
                "%(topic)s: %(level)s",
                topic=tree.label(topic, language), level=str(labels.LEVELS[level]).lower(),
            )  # fmt: skip
        case Done(opportunity=name):
            return gettext("“%(name)s” done", name=name.replace("-", " "))
        case AllOf(all=parts):
            return formats.listing([_say(part, tree, language) for part in parts])
        case AnyOf(any=parts):
            return formats.alternatives([_say(part, tree, language) for part in parts])
        case AtLeast(at_least=count, of=parts):
            return gettext(
                "at least %(count)s of: %(parts)s",
                count=formats.number(count),
                parts=formats.listing([_say(part, tree, language) for part in parts]),
            )
    return ""
