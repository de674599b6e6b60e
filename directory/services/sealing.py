"""Sealing: what must be read again is kept so that the database alone does not tell it."""

import base64
import hashlib
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken


def seal(secret: str, *, key: str) -> str:
    """A secret as it may lie in the database."""
    return _fernet(key).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, key: str, within: timedelta | None = None) -> str | None:
    """The secret; none when it was sealed with another key, changed, or too long ago."""
    seconds = int(within.total_seconds()) if within else None
    try:
        return _fernet(key).decrypt(sealed.encode(), ttl=seconds).decode()
    except InvalidToken:
        return None


def _fernet(key: str) -> Fernet:
    # The signing key is long and random, or the city's own; either way of any length.
    derived = hashlib.blake2b(key.encode(), digest_size=32, person=b"vereda-seal").digest()
    return Fernet(base64.urlsafe_b64encode(derived))


def digest(secret: str, *, key: str) -> str:
    """What stands for a secret where it is only to be known again; worth nothing without the key."""
    derived = hashlib.blake2b(key.encode(), digest_size=32, person=b"vereda-known").digest()
    return hashlib.blake2b(secret.encode(), digest_size=16, key=derived).hexdigest()
