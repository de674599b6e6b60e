"""Links: addresses that travel in mails and do one thing each without signing in."""

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from directory.errors import Misconfigured
from directory.services import tokens
from directory.settings import Settings

# Where the site is for whoever tries it out on their own machine.
_HERE = "http://127.0.0.1:8000"


def base(settings: Settings) -> str:
    """Address of the site, as mails name it.

    Raises:
        Misconfigured: mails really go out and nobody has said where the site is.
    """
    if settings.public_url:
        return settings.public_url.rstrip("/")
    if settings.smtp_url.get_secret_value():
        raise Misconfigured("set VEREDA_PUBLIC_URL: mails need the address of the site for links")
    return _HERE


def home(settings: Settings, lang: str) -> str:
    """The front page."""
    return f"{base(settings)}/{lang}/"


def still_true(settings: Settings, lang: str, *, providers: Iterable[int], now: datetime) -> str:
    """Where providers say of everything that is due whether it is still true."""
    token = tokens.sign(
        settings.signing_key(), tokens.STILL_TRUE, {"p": sorted(providers)}, now=now
    )
    return f"{base(settings)}/{lang}/still-true/{token}"


def one_still_true(settings: Settings, lang: str, type_: str, number: int, now: datetime) -> str:
    """Where somebody says of one listing whether it is still true."""
    says = {"l": [type_, number]}
    token = tokens.sign(settings.signing_key(), tokens.STILL_TRUE, says, now=now)
    return f"{base(settings)}/{lang}/still-true/{token}"


def unsubscribe(settings: Settings, lang: str, digest: str, *, now: datetime) -> str:
    """Where reminders end."""
    token = tokens.sign(settings.signing_key(), tokens.UNSUBSCRIBE, {"d": digest}, now=now)
    return f"{base(settings)}/{lang}/unsubscribe/{token}"


def report_token(settings: Settings, number: int, *, now: datetime) -> str:
    """What names a report to whoever made it."""
    return tokens.sign(settings.signing_key(), tokens.REPORT, {"r": number}, now=now)


def report(settings: Settings, lang: str, number: int, *, now: datetime) -> str:
    """Where whoever reported a mistake sees what came of it."""
    return f"{base(settings)}/{lang}/reports/{report_token(settings, number, now=now)}"


def follow_idea(settings: Settings, lang: str, follower: int, *, now: datetime) -> str:
    """Where somebody says that they want to be told of an answer to an idea."""
    token = tokens.sign(settings.signing_key(), tokens.IDEA_FOLLOW, {"f": follower}, now=now)
    return f"{base(settings)}/{lang}/ideas/follow/{token}"


def unfollow_idea(settings: Settings, lang: str, follower: int, *, now: datetime) -> str:
    """Where that ends."""
    token = tokens.sign(settings.signing_key(), tokens.IDEA_UNFOLLOW, {"f": follower}, now=now)
    return f"{base(settings)}/{lang}/ideas/unfollow/{token}"


def idea(settings: Settings, lang: str, number: int) -> str:
    """An idea's page."""
    return f"{base(settings)}/{lang}/ideas/{number}"


def search(settings: Settings, lang: str, q: str) -> str:
    """What a search finds."""
    return f"{base(settings)}/{lang}/search?{urlencode({'q': q})}"


def page(settings: Settings, lang: str, type_: str, slug: str) -> str:
    """A listing's page."""
    folder = {"space": "spaces", "opportunity": "opportunities"}[type_]
    return f"{base(settings)}/{lang}/{folder}/{slug}"
