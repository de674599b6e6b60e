"""Understanding: one sentence in somebody's own words, as the form of a route would hold it.

Nothing is guessed in silence: what was understood comes with the words it was read from, what had
to be assumed is marked, and what was not understood is given back as it was written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import langcodes
from sqlmodel import Session

from directory import languages
from directory.models.vocabulary import Day
from directory.search.analysis import clean, stop_words
from directory.services.districts import all_districts
from directory.services.phrases import (
    Meaning,
    Phrases,
    as_written,
    by_stem,
    closed,
    named,
    parts,
    read_tokens,
)
from directory.services.profiles import MOST_TOPICS, Free
from directory.services.sentences import Hit, Sentence
from directory.services.topics import Tree, resolve
from directory.services.windows import windows

LONGEST = 1000
"""So many characters are read."""
STARTING, BASIC = 1, 2
# Languages people may say they speak; each is known by its name in the reader's language.
_SPOKEN = [
    "en", "es", "ar", "fr", "de", "it", "pt", "ro", "ru", "uk", "pl", "bg", "hu", "cs",
    "sk", "sl", "hr", "sr", "sq", "el", "tr", "fa", "ps", "ur", "hi", "bn", "pa", "ta",
    "te", "ne", "zh", "ja", "ko", "vi", "th", "id", "ms", "tl", "sw", "am", "so", "ti",
    "ha", "yo", "ig", "wo", "ff", "bm", "ln", "rw", "ca", "eu", "gl", "nl", "sv", "no",
    "da", "fi", "et", "lt", "lv", "ga", "cy", "he", "hy", "ka", "az", "kk", "uz", "mn",
    "ku", "qu", "gn", "ay",
]  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """One thing that was understood.

    Attributes:
        part: of the form: ``wants``, ``knows``, ``free``, ``budget``, ``cheap``, ``district``,
            ``languages`` or ``age``.
        value: a topic's or district's key, a language's tag, a number; empty where there is none.
        words: what it was read from, as written.
        level: of a topic.
        free: the windows, for ``free``.
        assumed: nothing said so clearly; a person should look at it.
    """

    part: str
    value: str
    words: str
    level: int | None = None
    assumed: bool = False
    free: tuple[Free, ...] = ()


@dataclass(frozen=True)
class Understood:
    """What a sentence says of a learner, and what of it was not understood.

    Attributes:
        cheap: something cheap was asked for, and no sum was named.
        heard: everything above with its words.
        rest: stretches of text that say something, but not to us.
    """

    wants: Mapping[str, int] = field(default_factory=dict)
    knows: Mapping[str, int] = field(default_factory=dict)
    free: tuple[Free, ...] = ()
    budget: float | None = None
    cheap: bool = False
    district: str | None = None
    languages: tuple[str, ...] = ()
    age: int | None = None
    heard: tuple[Heard, ...] = ()
    rest: tuple[str, ...] = ()

    def as_request(self) -> dict[str, Any]:
        """The same as the body of ``POST /api/v1/routes``; what was not said is left out."""
        given: dict[str, Any] = {
            "wants": dict(self.wants),
            "knows": dict(self.knows),
            "languages": list(self.languages),
            "free": [
                {"day": list(Day)[w.day].value, "from": _clock(w.begin), "to": _clock(w.end)}
                for w in self.free
            ],
            "home": {"district": self.district} if self.district else None,
        }
        said = {name: value for name, value in given.items() if value}
        numbers = {"budget": self.budget, "age": self.age}
        return said | {name: value for name, value in numbers.items() if value is not None}


def read(db: Session, text: str, *, tree: Tree, language: str, currency: str = "EUR") -> Understood:
    """Understand one or a few sentences.

    Args:
        db: asked for the names of the districts.
        text: in any language of the interface; only so much of it is read.
        tree: all topics.
        language: the reader's, where the words themselves do not tell.
        currency: the city's; a sum in another is not understood.
    """
    text = clean(text)[:LONGEST]
    spoken = language_of(text, language)
    sentence = Sentence(
        text=text,
        tokens=read_tokens(text, spoken),
        closed=closed(spoken),
        topics=_topics(tree, spoken),
        districts=_districts(db, spoken),
        languages=_languages(spoken),
        silent=stop_words(spoken),
        currency=currency,
    )
    return _Form(sentence, tree).filled()


def language_of(text: str, preferred: str) -> str:
    """The interface language most of whose usual words are in a text; the preferred of equals."""

    def usual(tag: str) -> tuple[int, bool]:
        known = closed(tag)
        tokens = read_tokens(text, tag)
        silent = stop_words(tag)
        count = sum(
            any(bare in silent for bare in token.bare) or any(known.at(tokens, n))
            for n, token in enumerate(tokens)
        )
        return count, tag == preferred

    return max(languages.INTERFACE, key=usual)


def _topics(tree: Tree, language: str) -> Phrases:
    def names() -> Iterator[tuple[str, Meaning]]:
        labels = [
            (topic.labels.get(language, ""), Meaning("topic", key))
            for key, topic in tree.topics.items()
        ]
        yield from ((label, meaning) for label, meaning in labels if label)
        for key, topic in tree.topics.items():
            yield from ((name, Meaning("topic", key)) for name in topic.called.get(language, ()))
        for label, meaning in labels:
            yield from ((part, meaning) for part in parts(label, language))

    return named(names(), language, by_stem)


def _districts(db: Session, language: str) -> Phrases:
    def names() -> Iterator[tuple[str, Meaning]]:
        for district in all_districts(db):
            called = {district.key, district.postcode, *district.names.values()}
            yield from (
                (name, Meaning("district", district.key)) for name in sorted(called) if name
            )

    return named(names(), language, as_written)


@cache
def _languages(language: str) -> Phrases:
    names = (
        (langcodes.Language.get(tag).display_name(language), Meaning("language", tag))
        for tag in _SPOKEN
    )
    return named(names, language, as_written)


@dataclass
class _Form:
    """What is filled in while the hits of a sentence are gone through."""

    sentence: Sentence
    tree: Tree
    heard: list[Heard] = field(default_factory=list)
    lost: list[Hit] = field(default_factory=list)

    def filled(self) -> Understood:
        hits = self.sentence.hits()
        wants = self._wants(hits)
        knows = self._knows(hits)
        free, times, unused = windows(hits)
        self.heard.extend(Heard("free", "", self._words(at), free=each) for at, each in times)
        self.lost.extend(unused)
        simple = self._simple(hits)
        rest = self._rest(hits, wants)
        return Understood(
            wants=dict(list(wants.items())[:MOST_TOPICS]),
            knows=knows,
            free=free,
            heard=tuple(self.heard),
            rest=tuple(rest),
            **simple,
        )

    def _words(self, hits: tuple[Hit, ...]) -> str:
        tokens = self.sentence.tokens
        first, last = min(h.first for h in hits), max(h.after for h in hits) - 1
        return self.sentence.text[tokens[first].begin : tokens[last].end]

    def _wants(self, hits: list[Hit]) -> dict[str, int]:
        wanted = [h for h in hits if h.kind == "topic" and h.mode == "want" and not h.little]
        if not wanted:  # "a course in Spanish", and nothing else, is a course of Spanish
            wanted = self._taught_as_topic(hits)
        levels = _nearest(wanted, [h for h in hits if h.kind == "levels"])
        self.lost.extend(h for h in hits if h.kind == "levels" and h not in levels.values())
        wants: dict[str, int] = {}
        for hit in wanted:
            level = levels.get(hit)
            reached = int(level.value) if level else hit.level or STARTING
            words = self._words((hit, level) if level else (hit,))
            if hit.value not in wants:
                wants[hit.value] = reached
                assumed = (level is None and hit.level is None) or hit.taught
                self.heard.append(Heard("wants", hit.value, words, reached, assumed))
        return wants

    def _taught_as_topic(self, hits: list[Hit]) -> list[Hit]:
        found = []
        for hit in hits:
            if hit.kind == "language" and hit.taught:
                word = self._words((hit,))
                key = resolve(self.tree, word) or resolve(self.tree, self._the_name(hit))
                if key is not None:
                    hit.kind, hit.value = "topic", key
                    found.append(hit)
        return found

    def _the_name(self, hit: Hit) -> str:
        return langcodes.Language.get(hit.value).display_name("en")

    def _knows(self, hits: list[Hit]) -> dict[str, int]:
        knows: dict[str, int] = {}
        for hit in hits:
            if hit.kind != "topic" or not (hit.little or hit.mode == "know"):
                continue
            level = STARTING if hit.little else BASIC
            knows[hit.value] = level
            words = self._words((hit,))
            self.heard.append(Heard("knows", hit.value, words, level, assumed=True))
        return knows

    def _simple(self, hits: list[Hit]) -> dict[str, Any]:
        """What is one value each, the first that was said; and the languages."""
        found: dict[str, Any] = {"languages": ()}
        for hit in hits:
            if hit.kind == "language":
                self._note(hit, "languages", hit.value)
                found["languages"] = tuple(dict.fromkeys((*found["languages"], hit.value)))
            elif hit.kind == "sum" or (hit.kind == "money" and hit.value == "free"):
                amount = float(hit.value) if hit.kind == "sum" else 0.0
                self._once(found, hit, "budget", amount)
            elif hit.kind == "money":
                self._once(found, hit, "cheap", True)
            elif hit.kind == "district":
                self._once(found, hit, "district", hit.value)
            elif hit.kind == "years":
                self._once(found, hit, "age", int(hit.value))
        return found

    def _once(self, found: dict[str, Any], hit: Hit, part: str, value: object) -> None:
        if hit.mode == "not" or found.setdefault(part, value) != value:
            self.lost.append(hit)
        else:
            self._note(
                hit,
                part,
                "" if value is True else f"{value:g}" if isinstance(value, float) else str(value),
            )

    def _note(self, hit: Hit, part: str, value: str) -> None:
        if not any(h.part == part and h.value == value for h in self.heard):
            self.heard.append(Heard(part, value, self._words((hit,))))

    def _rest(self, hits: list[Hit], wants: dict[str, int]) -> list[str]:
        """What nobody understood; a topic's name in another language is understood after all."""
        declined = [h for h in hits if h.kind == "topic" and h.mode == "not"]
        rest = []
        for stretch in self.sentence.stretches(hits, [*self.lost, *declined]):
            key = resolve(self.tree, stretch)
            if key is not None and key not in wants and not declined:
                wants[key] = STARTING
                self.heard.append(Heard("wants", key, stretch, STARTING, assumed=True))
            else:
                rest.append(stretch)
        return rest


def _nearest(topics: list[Hit], levels: list[Hit]) -> dict[Hit, Hit]:
    """Each level goes to the topic of its sentence that stands nearest to it."""
    given: dict[Hit, Hit] = {}
    for level in levels:
        near = [t for t in topics if t.sentence == level.sentence] or topics[-1:]
        if near:
            best = min(
                near, key=lambda t: min(abs(level.first - t.after), abs(t.first - level.after))
            )
            given.setdefault(best, level)
    return given


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
