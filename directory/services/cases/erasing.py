"""Erasing: a case and everything in it, at once or when its time is over; and telling it all."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory.models import Account, Case, Unmet, UnmetCount
from directory.models.vocabulary import CaseEventKind
from directory.services import carrying
from directory.services.cases import handing_over, opening, outcomes, planning
from directory.services.cases.contents import words
from directory.services.texts import words as titled
from directory.settings import Settings


def erase(db: Session, case: Case) -> None:
    """Remove a case and all that hangs on it; what could not be found stays as a count of cases."""
    for row in db.exec(select(Unmet).where(Unmet.case_id == case.id)).all():
        count = db.get(UnmetCount, (row.topic, row.limit)) or UnmetCount(
            topic=row.topic, limit=row.limit, cases=0
        )
        count.cases += 1
        db.add(count)
        db.flush()
    db.execute(sa.delete(Case).where(col(Case.id) == case.id))
    db.expunge(case)


def is_any_over(db: Session, *, now: datetime) -> bool:
    """Whether the time of a case is over."""
    return db.exec(select(Case.id).where(col(Case.expires) <= now).limit(1)).first() is not None


def expire(db: Session, *, now: datetime) -> int:
    """Erase every case whose time is over; how many."""
    over = db.exec(select(Case).where(col(Case.expires) <= now)).all()
    for case in over:
        erase(db, case)
    return len(over)


def everything(db: Session, by: Account, case: Case, *, settings: Settings) -> dict[str, Any]:
    """All that a case tells, for the learner; that it was told is written down."""
    key = settings.signing_key()
    opening.note_event(db, by, case, CaseEventKind.EXPORTED, now=settings.clock())
    contents = opening.read(case, key=key)
    return {
        "case": {
            "pseudonym": contents.pseudonym,
            "language": case.language,
            "goals": contents.goals,
            "limits": contents.limits,
            "profile": {name: list(values) for name, values in contents.profile.items()},
            "made": case.made,
            "expires": case.expires,
        },
        "consent": [
            {"given": c.given, "how": c.how, "text": c.text, "until": c.until}
            for c in opening.consents(db, case)
        ],
        "routes": [_route(row, key) for row in planning.routes(db, case)],
        "shortlist": [
            {
                "opportunity": listing.slug,
                "title": titled(listing, "title", case.language).value,
                "reason": words(row.sealed, key=key),
                "at": row.at,
            }
            for row, listing in planning.shortlisted(db, case)
        ],
        "notes": [
            {"at": row.at, "by": who.name, "text": words(row.sealed, key=key)}
            for row, who in planning.notes(db, case)
        ],
        "handed_over": [
            {"route": h.route_id, "made": h.made, "expires": h.expires, "revoked": h.revoked}
            for h in handing_over.handed_over(db, case)
        ],
        "outcomes": [
            {
                "route": row.route_id,
                "opportunity": row.opportunity_id,
                "what": row.what,
                "limit": row.limit,
                "why": words(row.sealed, key=key),
                "at": row.at,
            }
            for row in outcomes.outcomes(db, [case]).values()
        ],
        "accesses": [
            {"at": event.at, "by": who.name, "what": event.what}
            for event, who in opening.events(db, case)
        ],
    }


def _route(row: Any, key: str) -> dict[str, Any]:
    carried, beside = carrying.unpack(row.carried), planning.annotation(row, key=key)
    return {
        "id": row.id,
        "label": row.label,
        "made": row.made,
        "chosen": row.chosen,
        "for_the_counsellor": beside.own,
        "for_the_learner": beside.learner,
        "steps": [
            {
                "opportunity": leg.opportunity,
                "space": leg.space,
                "price": None if leg.price is None else str(leg.price),
                "starts": list(leg.starts),
            }
            for leg in carried.legs
        ],
    }
