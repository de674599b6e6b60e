"""Reminding: providers are asked whether their listings are still true, and told when one expires."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from directory.models import Provider
from directory.services import expiring, freshness, mail, reports
from directory.services.freshness import Listing, Terms
from directory.services.texts import words

# A letter names so many listings and counts the rest; its link shows them all.
NAMED = 30


@dataclass(frozen=True)
class Reminded:
    """What was asked: mails, and listings in them, without an address, and of who declined."""

    mails: int
    listings: int
    unreachable: int
    declined: int


@dataclass(frozen=True)
class Expired:
    """What became of what nobody confirmed."""

    marked: int
    withdrawn: int
    mails: int
    forgotten: int


def remind(db: Session, *, terms: Terms, now: datetime) -> Reminded:
    """Ask each provider by one mail for all that is due; again only after a while."""
    listings = expiring.to_remind(db, terms=terms, now=now)
    letters, unreachable = _by_address(listings)
    sent = listed = 0
    for address, theirs in letters.items():
        if not _write(db, "remind", address, theirs, terms, now):
            continue
        sent, listed = sent + 1, listed + len(theirs)
        for each in theirs:
            each.reminded = now
    db.flush()
    declined = len(listings) - unreachable - listed
    return Reminded(sent, listed, unreachable, declined)


def expire(db: Session, *, terms: Terms, now: datetime) -> Expired:
    """Mark what is overdue, withdraw what has been for long, and tell whoever offers it."""
    marked = expiring.mark(db, terms=terms, now=now)
    withdrawn = expiring.withdraw(db, terms=terms, now=now)
    letters, _unreachable = _by_address(withdrawn)
    sent = sum(
        _write(db, "expired", address, theirs, terms, now) for address, theirs in letters.items()
    )
    forgotten = reports.forget_addresses(db, now=now)
    mail.forget(db, before=now - reports.KEPT)
    return Expired(marked, len(withdrawn), sent, forgotten)


def _by_address(listings: Iterable[Listing]) -> tuple[dict[str, list[Listing]], int]:
    """Listings by the address of whoever answers for them; how many have none."""
    found: dict[str, list[Listing]] = defaultdict(list)
    unreachable = 0
    for listing in listings:
        provider = freshness.provider_of(listing)
        if provider and mail.is_address(provider.email):
            found[provider.email.strip().casefold()].append(listing)
        else:
            unreachable += 1
    return found, unreachable


def _write(
    db: Session, kind: str, address: str, listings: list[Listing], terms: Terms, now: datetime
) -> bool:
    providers = {p.id: p for each in listings if (p := freshness.provider_of(each))}
    first = next(iter(providers.values()))
    language = mail.language_for(first.language)
    shown = sorted(listings, key=freshness.confirmed)
    facts = {
        "provider": _named(first, language),
        "providers": sorted(number for number in providers if number is not None),
        "total": len(listings),
        "listings": [_told(each, language, terms) for each in shown[:NAMED]],
    }
    return mail.queue(db, kind=kind, to=address, language=language, facts=facts, now=now)


def _named(provider: Provider, language: str) -> str:
    return words(provider, "title", language).value


def _told(listing: Listing, language: str, terms: Terms) -> dict[str, Any]:
    return {
        "type": freshness.type_of(listing),
        "id": listing.id,
        "title": words(listing, "title", language).value,
        "confirmed": freshness.confirmed(listing).isoformat(),
        "by": freshness.confirm_by(listing, terms=terms).isoformat(),
    }
