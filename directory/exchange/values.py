"""Values: small readers of one cell each."""

import json
import re
from typing import Any, TypeVar

from directory import languages
from directory.exchange.columns import SEPARATORS
from directory.exchange.folding import fold
from directory.exchange.messages import Notes, Refusal
from directory.models.records import TeachesRecord
from directory.models.vocabulary import Access, Format, Word

YES = frozenset({"yes", "y", "true", "1", "x", "si", "s", "oui", "ja", "verdadero", "نعم"})
NO = frozenset({"no", "n", "false", "0", "non", "nein", "falso", "لا"})
MOST_AGE = 120
MOST_NUMBER = 1_000_000
_CEFR = {"a1": 1, "a2": 2, "b1": 3, "b2": 3, "c1": 4, "c2": 5}
_LEVELS = re.compile(r"([0-5])(?:\s*[-–:/]\s*([0-5]))?")
_TOPIC = re.compile(r"(.+?)\s*:\s*([0-5])\s*-\s*([0-5])")
_NUMBER = re.compile(r"[-+−]?\d+(?:[.,]\d+)?")
_URL = re.compile(r"https?://[^\s<>\"]+")
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+([/?#:][^\s<>\"]*)?")
_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]+")
_LONGEST_URL = 2000
_LONGEST_TOPIC = 200
_LEARNT = frozenset({Format.COURSE, Format.WORKSHOP, Format.ONLINE_COURSE})

AWord = TypeVar("AWord", bound=Word)


def word(text: str, words: type[AWord], column: str) -> AWord:
    """A term of a closed list.

    Raises:
        Refusal: it is none of the list.
    """
    try:
        return words.read(text)
    except ValueError:
        allowed = ", ".join(each.value for each in words)
        raise Refusal(column, "unknown-word", text, allowed) from None


def truth(text: str) -> bool | None:
    """Yes, no, or neither said."""
    folded = fold(text)
    return True if folded in YES else False if folded in NO else None


def split(text: str) -> list[str]:
    """The parts of a list in a cell."""
    return [part for each in SEPARATORS.split(text) if (part := each.strip())]


def tag(text: str, column: str) -> str:
    """A language tag in its standard form.

    Raises:
        Refusal: it is none.
    """
    try:
        return languages.standard(text)
    except ValueError:
        raise Refusal(column, "bad-language", text) from None


def whole(text: str, column: str) -> int:
    """A whole number from 0 to a million.

    Raises:
        Refusal: it is none.
    """
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(MOST_NUMBER)):
        raise Refusal(column, "bad-number", text)
    number = int(text)
    if number > MOST_NUMBER:
        raise Refusal(column, "bad-number", text)
    return number


def age(text: str, column: str, notes: Notes) -> int | None:
    """An age in whole years; anything else is left out with a warning."""
    digits = text.removesuffix("+").strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= len(str(MOST_AGE)):
        years = int(digits)
        if years <= MOST_AGE:
            return years
    notes.add(column, "bad-age", text)
    return None


def coordinates(lat: str, lon: str, column: str, notes: Notes) -> tuple[float | None, float | None]:
    """Both coordinates or neither; a comma may stand for the point."""
    if not lat and not lon:
        return None, None
    if _NUMBER.fullmatch(lat) and _NUMBER.fullmatch(lon):
        north, east = _degrees(lat), _degrees(lon)
        # 0, 0 lies in the Gulf of Guinea: it is how programs write "unknown".
        if abs(north) <= 90 and abs(east) <= 180 and (north, east) != (0, 0):  # noqa: PLR2004
            return north, east
    notes.add(column, "bad-coordinates", f"{lat}, {lon}")
    return None, None


def _degrees(text: str) -> float:
    return float(text.replace(",", ".").replace("−", "-"))


def address(text: str, column: str, notes: Notes) -> str:
    """A web address; one without scheme gets one, anything else is left out with a warning."""
    if len(text) <= _LONGEST_URL:
        if _URL.fullmatch(text):
            return text
        if _HOST.fullmatch(text):
            return f"http://{text}"
    if text:
        notes.add(column, "bad-url", text)
    return ""


def email(text: str, column: str, notes: Notes) -> str:
    """The first mail address in a cell; none is left out with a warning."""
    for part in re.split(r"[,;<>()]|\s-\s", text):
        cleaned = part.strip(" .")
        if _EMAIL.fullmatch(cleaned):
            return cleaned
    if text:
        notes.add(column, "bad-email", text)
    return ""


def access(text: str, column: str, notes: Notes) -> dict[Access, bool]:
    """Facts as ``step-free=yes;hearing-loop=no``; a fact alone is a yes, the first one wins."""
    facts: dict[Access, bool] = {}
    for part in split(text):
        name, _equals, said = part.partition("=")
        known = truth(said) if said else True
        try:
            fact = Access.read(name)
        except ValueError:
            notes.add(column, "unknown-access", part, ", ".join(each.value for each in Access))
            continue
        if known is not None:
            facts.setdefault(fact, known)
    return facts


def level(text: str, column: str) -> tuple[int, int] | None:
    """From which level to which: ``2``, ``1-2`` or one of the CEFR; None if not said.

    Raises:
        Refusal: it is no level.
    """
    if not text:
        return None
    if (reached := _CEFR.get(fold(text))) is not None:
        return reached - 1, reached
    match = _LEVELS.fullmatch(text)
    if match is None:
        raise Refusal(column, "bad-level", text)
    low, high = int(match[1]), int(match[2] or -1)
    if high < 0:
        return max(low - 1, 0), low
    if high < low:
        raise Refusal(column, "bad-level", text)
    return low, high


def topics(
    text: str, column: str, *, levels: tuple[int, int] | None, form: Format
) -> tuple[TeachesRecord, ...]:
    """Topics with their levels, each once: ``english:1-2;singing``.

    Raises:
        Refusal: a level is none.
    """
    found: dict[str, TeachesRecord] = {}
    for part in split(text):
        match = _TOPIC.fullmatch(part) if len(part) <= _LONGEST_TOPIC else None
        if match is None:
            part = part[:_LONGEST_TOPIC]  # noqa: PLW2901 - the record takes no more
            found.setdefault(part, teaches(part, levels=levels, form=form))
            continue
        low, high = int(match[2]), int(match[3])
        if high < low:
            raise Refusal(column, "bad-level", part)
        found.setdefault(match[1], TeachesRecord(topic=match[1], level_from=low, level_to=high))
    return tuple(found.values())


def teaches(topic: str, *, levels: tuple[int, int] | None, form: Format) -> TeachesRecord:
    """One topic; a course or workshop starts it unless said otherwise, a concert only touches it."""
    low, high = levels or ((0, 1) if form in _LEARNT else (0, 0))
    return TeachesRecord(topic=topic, level_from=low, level_to=high)


def structure(text: str, column: str) -> Any:
    """What an export wrote as JSON.

    Raises:
        Refusal: it is no JSON that can be stored.
    """
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise Refusal(column, "bad-json", text) from None
    return value


def shortened(text: str, longest: int, column: str, notes: Notes) -> str:
    """A text that fits; what is too long is cut with a warning."""
    if len(text) <= longest:
        return text
    notes.add(column, "shortened", str(len(text)), str(longest))
    return text[: longest - 1].rstrip() + "…"
