"""Grouping: which wordings look for the same thing, in whatever spelling and language.

The same wordings always give the same groups: first come groups there are already, then topics that
are named, then the wording most people used; whatever is nearly the same joins it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA

from directory import languages
from directory.models import Topic
from directory.models.seeking import LEAST
from directory.search.analysis import field_language, folded_words, terms
from directory.services import lexicons, phrases
from directory.services.seeking.tallying import Day, Seekers
from directory.services.seeking.wordings import Wording
from directory.services.topics import Tree

# Shorter words differ by one letter and mean something else.
_SLIPS_FROM = 6
Stems = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, order=True)
class Group:
    """A topic, or the wording others are nearly the same as."""

    topic: str = ""
    wording: Wording = field(default_factory=lambda: Wording("", ""))


@dataclass(frozen=True)
class Names:
    """Topics by their names: language and stems to key."""

    topics: Mapping[Stems, str]

    @classmethod
    def of(cls, tree: Tree) -> "Names":
        """The names of a tree, labels before synonyms; what two topics are called names neither."""
        named: dict[Stems, str] = {}
        for spoken in (_labels, _synonyms, _parts):
            found: dict[Stems, set[str]] = {}
            for key, topic in tree.topics.items():
                for language, name in spoken(topic):
                    found.setdefault(_stems(name, language), set()).add(key)
            for stems, keys in found.items():
                if stems[1] and len(keys) == 1:
                    named.setdefault(stems, *keys)
        return cls(named)

    def topic(self, wording: Wording) -> str:
        """The topic a wording names in its own language or another, whatever the form asked for."""
        tags = dict.fromkeys((wording.language, *languages.INTERFACE))
        for language in tags:
            stems = _stems(wording.words, language)
            if key := self.topics.get(stems) or self.topics.get(_without_forms(stems)):
                return key
        return ""


def grouped(day: Day, names: Names, there: Sequence[Group] = ()) -> dict[Group, list[Wording]]:
    """The wordings of a day by group, most used first; ``there`` are groups known already."""
    known = _Near(day)
    for each in there:
        if not each.topic:
            known.add(each)
    found: dict[Group, list[Wording]] = {}
    for wording in sorted(day, key=lambda w: (-len(day[w].everybody), len(w.words), w)):
        group = known.same(wording) or _named(names, wording) or known.close(wording)
        if group is None:
            group = Group(wording=wording)
            known.add(group)
        found.setdefault(group, []).append(wording)
    return found


def _named(names: Names, wording: Wording) -> Group | None:
    topic = names.topic(wording)
    return Group(topic) if topic else None


def together(day: Day, wordings: Iterable[Wording]) -> Seekers:
    """Everybody who looked for the same thing, each once."""
    everybody = Seekers()
    for wording in wordings:
        everybody.join(day[wording])
    return everybody


class _Near:
    """Groups by what is the same as their wording, or a slip away from it."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self._folded: dict[str, Group] = {}
        self._stems: dict[Stems, Group] = {}
        self._slips: dict[str, list[Group]] = {}

    def add(self, group: Group) -> None:
        """Know a group; one that was known before keeps what both could mean."""
        self._folded.setdefault(_folded(group.wording.words), group)
        stems = _stems(group.wording.words, group.wording.language)
        if stems[1]:
            self._stems.setdefault(stems, group)
        for slip in _slips(_folded(group.wording.words)):
            self._slips.setdefault(slip, []).append(group)

    def same(self, wording: Wording) -> Group | None:
        """The group with the same words but for accents, endings and order."""
        stems = _stems(wording.words, wording.language)
        return self._folded.get(_folded(wording.words)) or self._stems.get(stems)

    def close(self, wording: Wording) -> Group | None:
        """The group whose words somebody meant who slipped; what five people wrote is no slip."""
        if len(self._day[wording].everybody) >= LEAST:
            return None
        folded = _folded(wording.words)
        for slip in _slips(folded):
            for group in self._slips.get(slip, ()):
                if OSA.distance(folded, _folded(group.wording.words)) <= 1:
                    return group
        return None


def _labels(topic: Topic) -> Iterator[tuple[str, str]]:
    yield from topic.labels.items()


def _synonyms(topic: Topic) -> Iterator[tuple[str, str]]:
    for language, names in topic.called.items():
        yield from ((language, name) for name in names)


def _parts(topic: Topic) -> Iterator[tuple[str, str]]:
    """“Pottery and ceramics” is called by either."""
    for language in languages.INTERFACE:
        for name in phrases.parts(topic.labels.get(language, ""), language):
            yield language, name


@lru_cache(maxsize=65536)
def _folded(words: str) -> str:
    return " ".join(folded_words(words))


@lru_cache(maxsize=65536)
def _stems(words: str, language: str) -> Stems:
    return field_language(language), tuple(sorted(set(terms(words, language))))


def _without_forms(stems: Stems) -> Stems:
    """“A course in pottery” is pottery, and a course alone stays one."""
    language, all_of_them = stems
    left = tuple(stem for stem in all_of_them if stem not in _forms(language))
    return (language, left) if left else stems


@lru_cache(maxsize=64)
def _forms(language: str) -> frozenset[str]:
    return frozenset(
        term for words in lexicons.words_for_formats(language) for term in terms(words, language)
    )


def _slips(folded: str) -> Iterator[str]:
    """What is left of words with one letter gone: two words a slip apart have one of these in common.

    The first letter stays, and so does every number.
    """
    words = folded.split()
    yield "".join(words)
    for n, word in enumerate(words):
        if len(word) < _SLIPS_FROM or not word.isalpha():
            continue
        shortened = (word, *(word[:at] + word[at + 1 :] for at in range(1, len(word))))
        for short in dict.fromkeys(shortened):
            yield " ".join((*words[:n], f"~{short}", *words[n + 1 :]))
