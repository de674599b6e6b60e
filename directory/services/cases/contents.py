"""Contents: what a case tells of a learner. It lies in the database sealed, and nowhere else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from directory.errors import Invalid, Misconfigured, Problem
from directory.services import sealing

LONGEST_PSEUDONYM = 40
LONGEST_TEXT = 4000
_DIGITS_OF_A_NUMBER = 6
# The fields of a case that two people may change at the same time, in the order of the form.
FIELDS = ("pseudonym", "language", "goals", "limits", "profile")


@dataclass(frozen=True)
class Contents:
    """What the learner said.

    Attributes:
        goals: what for, in words.
        limits: what must be kept in mind, in words.
        profile: the form of a route as it was filled in, field to values.
    """

    pseudonym: str
    goals: str = ""
    limits: str = ""
    profile: Mapping[str, Sequence[str]] = field(default_factory=dict)


def checked(contents: Contents) -> Contents:
    """Contents as they may be kept.

    Raises:
        Invalid: the pseudonym is none, or tells who the learner is; a text is too long.
    """
    name = " ".join(contents.pseudonym.split())
    problems = [Problem("pseudonym", code, name[:80]) for code in _faults(name)]
    problems += [
        Problem(what, "text-too-long", str(LONGEST_TEXT))
        for what, text in (("goals", contents.goals), ("limits", contents.limits))
        if len(text) > LONGEST_TEXT
    ]
    if problems:
        raise Invalid(tuple(problems[:1] if problems[0].field == "pseudonym" else problems))
    return Contents(name, contents.goals.strip(), contents.limits.strip(), contents.profile)


def _faults(name: str) -> list[str]:
    if not name:
        return ["pseudonym-missing"]
    if len(name) > LONGEST_PSEUDONYM:
        return ["pseudonym-too-long"]
    if "@" in name or re.search(r"\w\.\w+\.\w|https?:", name):
        return ["pseudonym-an-address"]
    if sum(c.isdecimal() for c in name) >= _DIGITS_OF_A_NUMBER:
        return ["pseudonym-a-number"]
    return []


def seal(contents: Contents, *, key: str) -> str:
    """Contents as they lie in the database."""
    plain = orjson.dumps(
        [contents.pseudonym, contents.goals, contents.limits, dict(contents.profile)]
    )
    return sealing.seal(plain.decode(), key=key)


def unseal(sealed: str, *, key: str) -> Contents:
    """What ``seal`` sealed."""
    return Contents(*orjson.loads(words(sealed, key=key)))


def sealed_words(text: str, *, key: str) -> str:
    """A few words as they lie in the database; nothing stays nothing.

    Raises:
        Invalid: it is more than a few.
    """
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise Invalid((Problem("text", "text-too-long", str(LONGEST_TEXT)),))
    return sealing.seal(text, key=key) if text else ""


def words(sealed: str, *, key: str) -> str:
    """What ``sealed_words`` sealed.

    Raises:
        Misconfigured: it was sealed with another key.
    """
    if not sealed:
        return ""
    plain = sealing.unseal(sealed, key=key)
    if plain is None:
        raise Misconfigured(
            "the cases were sealed with another key; set VEREDA_SECRET_KEY to the one of before"
        )
    return plain
