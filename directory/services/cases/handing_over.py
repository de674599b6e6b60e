"""Handing over: a link to one route, for a time, until it is taken back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from directory import languages
from directory.errors import Invalid, NotFound, Problem
from directory.models import Account, Case, CaseRoute, HandOver
from directory.models.vocabulary import CaseEventKind
from directory.services import accounts
from directory.services.cases import planning
from directory.services.cases.contents import sealed_words
from directory.services.cases.opening import touch
from directory.settings import Settings

DAYS = (30, 90, 180, 365)
USUAL_DAYS = 90


@dataclass(frozen=True)
class Terms:
    """How a route is handed over: in which language, for how long, to whom it is addressed."""

    language: str
    days: int = USUAL_DAYS
    addressed: str = ""


def hand_over(
    db: Session, by: Account, case: Case, route: CaseRoute, *, terms: Terms, settings: Settings
) -> str:
    """The secret of a new link to a route; it is told now and never again.

    Raises:
        Invalid: the language or the time is none on offer.
    """
    if terms.language not in languages.INTERFACE:
        raise Invalid((Problem("language", "unknown-value", terms.language[:20]),))
    if terms.days not in DAYS:
        raise Invalid((Problem("days", "unknown-value", str(terms.days)),))
    now, token = settings.clock(), secrets.token_urlsafe(24)
    db.add(
        HandOver(
            case_id=case.id or 0,
            route_id=route.id or 0,
            digest=accounts.digest(token),
            language=terms.language,
            sealed=sealed_words(terms.addressed, key=settings.signing_key()),
            made=now,
            expires=min(now + timedelta(days=terms.days), case.expires),
        )
    )
    if not any(each.chosen for each in planning.routes(db, case)):
        route.chosen = True
        db.add(route)
    touch(db, by, case, CaseEventKind.HANDED_OVER, now=now)
    return token


def handed_over(db: Session, case: Case) -> Sequence[HandOver]:
    """Every link of a case, latest first."""
    statement = select(HandOver).where(HandOver.case_id == case.id)
    return db.exec(statement.order_by(col(HandOver.id).desc())).all()


def revoke(db: Session, by: Account, case: Case, number: int, *, now: datetime) -> None:
    """Let a link open nothing any more.

    Raises:
        NotFound: the case has no such link.
    """
    row = db.exec(
        select(HandOver).where(HandOver.case_id == case.id, HandOver.id == number)
    ).first()
    if row is None:
        raise NotFound("link", "")
    row.revoked = row.revoked or now
    db.add(row)
    touch(db, by, case, CaseEventKind.REVOKED, now=now)


def behind(db: Session, token: str, *, now: datetime) -> tuple[HandOver, CaseRoute]:
    """The route a link opens.

    Raises:
        NotFound: it never was one, was taken back, or its time or the case's is over.
    """
    found = db.exec(
        select(HandOver, CaseRoute)
        .join(CaseRoute, col(HandOver.route_id) == col(CaseRoute.id))
        .join(Case, col(HandOver.case_id) == col(Case.id))
        .where(
            HandOver.digest == accounts.digest(token),
            col(HandOver.revoked).is_(None),
            col(HandOver.expires) > now,
            col(Case.expires) > now,
        )
    ).first()
    if found is None:
        raise NotFound("plan", "")
    return found
