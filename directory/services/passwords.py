"""Passwords: argon2id, at the same pace for whoever asks, and none that is guessed first."""

import re
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from directory.errors import Invalid, Problem

SHORTEST = 12
LONGEST = 200

_HASHER = PasswordHasher()
# Each takes 64 MiB: many at once would be a way to fill the machine.
_AT_ONCE = BoundedSemaphore(2)
_NOBODYS = _HASHER.hash("of nobody")
_FIRST_GUESSES = re.compile(
    r"passw[o0]rd|passwort|contrase[ñn]a|clave|secret[o]?|vereda|admin|welcome|bienvenid[oa]"
    r"|letmein|qwerty(uiop)?|asdf(ghjkl)?|1q2w3e4r|0?123(4(5(6(7(8(90?)?)?)?)?)?)?|abc(def)?"
)
_LEFT = 6


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def is_right(kept: str, password: str) -> bool:
    """Whether this is the password; as slow where there is none to compare with."""
    known = bool(kept)
    with _AT_ONCE:
        try:
            _HASHER.verify(kept or _NOBODYS, _normal(password)[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return known


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with other parameters than are used now."""
    return _HASHER.check_needs_rehash(kept)


def checked(password: str, *, about: tuple[str, ...] = ()) -> str:
    """The password, if it will do.

    Args:
        password: as typed.
        about: what everybody knows of the person: name, e-mail address.

    Raises:
        Invalid: it is too short, too long, or would be among the first guesses.
    """
    length = len(_normal(password))
    if not SHORTEST <= length <= LONGEST:
        code = "password-too-short" if length < SHORTEST else "password-too-long"
        limit = SHORTEST if length < SHORTEST else LONGEST
        raise Invalid((Problem("password", code, str(limit)),))
    if _guessed_first(password, about):
        raise Invalid((Problem("password", "password-guessed-first"),))
    return password


def _guessed_first(password: str, about: tuple[str, ...]) -> bool:
    """Whether little remains of it without what everybody would try."""
    left = _normal(password).casefold()
    for word in re.findall(r"\w{3,}", " ".join(about).casefold()):
        left = left.replace(word, "")
    left = _FIRST_GUESSES.sub("", left)
    return len(set(left)) < _LEFT


def _normal(password: str) -> str:
    """The same password from every keyboard: NFC, so that é is é."""
    return unicodedata.normalize("NFC", password)
