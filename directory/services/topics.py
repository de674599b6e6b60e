"""The topic tree: loading it, and reading it without asking the database for each branch."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from typing import Any

from sqlmodel import Session, select

from directory.models import Opportunity, Outbox, Teaches, Topic
from directory.models.vocabulary import slugify


@dataclass(frozen=True)
class Tree:
    """All topics, with their branches.

    Attributes:
        topics: key to topic, parents before children.
        children: key (or None for the top) to the keys below it, in order.
    """

    topics: dict[str, Topic] = field(default_factory=dict)
    children: dict[str | None, tuple[str, ...]] = field(default_factory=dict)
    _names: dict[str, dict[str, str]] = field(default_factory=dict, repr=False, compare=False)

    def ancestors(self, key: str) -> tuple[str, ...]:
        """The topic itself, then its parents up to the top."""
        path: list[str] = []
        current: str | None = key
        while current is not None and current in self.topics and current not in path:
            path.append(current)
            current = self.topics[current].parent
        return tuple(path)

    def below(self, key: str) -> tuple[str, ...]:
        """The topic itself and everything under it."""
        found = [key]
        for child in self.children.get(key, ()):
            found.extend(self.below(child))
        return tuple(found)

    def label(self, key: str, language: str) -> str:
        """The topic's name in a language, else in English, else its key."""
        return self.names(language).get(key, key)

    def names(self, language: str) -> dict[str, str]:
        """Every topic's name, as ``label`` gives it; made once a language."""
        names = self._names.get(language)
        if names is None:
            names = self._names[language] = {
                key: topic.labels.get(language) or topic.labels.get("en") or key
                for key, topic in self.topics.items()
            }
        return names


def tree(db: Session) -> Tree:
    """The whole tree, in its order."""
    rows = db.exec(select(Topic).order_by(Topic.position)).all()  # type: ignore[arg-type]
    children: dict[str | None, list[str]] = {}
    for row in rows:
        children.setdefault(row.parent, []).append(row.key)
    return Tree(
        {row.key: row for row in rows}, {key: tuple(below) for key, below in children.items()}
    )


def load_shipped(db: Session, *, now: datetime) -> int:
    """Bring the shipped topic tree into the database; how many topics are new or changed.

    Listings that teach a changed topic are indexed again: they carry its labels and synonyms.
    """
    there = {topic.key: topic for topic in db.exec(select(Topic)).all()}
    touched = []
    for position, wanted in enumerate(_shipped()):
        columns = {
            "parent": wanted.get("parent"),
            "position": position,
            "isced": wanted["isced"],
            "labels": wanted["label"],
            "synonyms": wanted["synonyms"],
        }
        topic = there.get(wanted["key"])
        if topic is None:
            topic = Topic(key=wanted["key"])
            db.add(topic)
        elif all(getattr(topic, name) == value for name, value in columns.items()):
            continue
        for name, value in columns.items():
            setattr(topic, name, value)
        touched.append(wanted["key"])
        db.flush()
    _tell_index(db, touched, now)
    db.flush()
    return len(touched)


def give_names(db: Session, key: str, names: Sequence[Sequence[str]], *, now: datetime) -> None:
    """Give a topic synonyms, as pairs of language and name; what it is called already stays."""
    topic = db.get_one(Topic, key, with_for_update=True)
    added = {language: list(there) for language, there in topic.added.items()}
    for language, name in names:
        if name not in topic.called.get(language, ()):
            added.setdefault(language, []).append(name)
    _change_names(db, topic, added, now)


def take_names(db: Session, key: str, names: Sequence[Sequence[str]], *, now: datetime) -> None:
    """Take synonyms back that were given; those shipped stay."""
    topic = db.get_one(Topic, key, with_for_update=True)
    gone = {(language, name) for language, name in names}
    left = {
        language: [name for name in there if (language, name) not in gone]
        for language, there in topic.added.items()
    }
    _change_names(db, topic, {language: there for language, there in left.items() if there}, now)


def _change_names(db: Session, topic: Topic, added: dict[str, list[str]], now: datetime) -> None:
    if added == topic.added:
        return
    topic.added = added
    _tell_index(db, [topic.key], now)
    db.flush()


def _tell_index(db: Session, keys: list[str], now: datetime) -> None:
    for listing in _teaching(db, keys):
        db.add(Outbox(listing="opportunity", listing_id=listing, written=now))


def _teaching(db: Session, keys: list[str]) -> list[int]:
    statement = (
        select(Opportunity.id)
        .join(Teaches)
        .where(Teaches.topic_key.in_(keys))  # type: ignore[attr-defined]
        .distinct()
    )
    return [number for number in db.exec(statement).all() if number is not None]


def _shipped() -> list[dict[str, Any]]:
    folder = resources.files("directory") / "data" / "topics"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return [
        topic
        for file in files
        for topic in tomllib.loads(file.read_text(encoding="utf-8"))["topic"]
    ]


def resolve(whole: Tree, text: str) -> str | None:
    """The topic a person means by a key, a label or a synonym in any language."""
    asked = slugify(text)
    if not asked:
        return None
    if asked in whole.topics:
        return asked
    for spoken in (_labels, _synonyms):
        for key, topic in whole.topics.items():
            if asked in {slugify(name) for name in spoken(topic)}:
                return key
    return None


def _labels(topic: Topic) -> list[str]:
    return list(topic.labels.values())


def _synonyms(topic: Topic) -> list[str]:
    return [name for names in topic.called.values() for name in names]
