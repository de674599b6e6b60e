"""Planning: routes kept in a case, what is written beside them, a shortlist and notes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import orjson
import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory.errors import Conflict, Invalid, NotFound, Problem
from directory.models import Account, Case, CaseRoute, Note, Opportunity, Shortlisted, Unmet
from directory.models.vocabulary import CaseEventKind
from directory.services import accounts, carrying, itineraries, listings
from directory.services.cases.contents import sealed_words, words
from directory.services.cases.opening import touch
from directory.services.itineraries import Opened
from directory.settings import Settings

MOST_ROUTES = 12


@dataclass(frozen=True)
class Annotation:
    """What is written beside a route: for oneself, and for the learner in their language."""

    own: str = ""
    learner: str = ""


def keep(
    db: Session, by: Account, case: Case, *, label: str, carried: str, now: datetime
) -> CaseRoute:
    """Keep a planned route as it is now; the same one twice is one.

    Raises:
        Invalid: it is no route, or one more than a case has room for.
    """
    carrying.unpack(carried)
    there = routes(db, case)
    for row in there:
        if row.carried == carried:
            return row
    if len(there) >= MOST_ROUTES:
        raise Invalid((Problem("route", "too-many-routes", str(MOST_ROUTES)),))
    made = CaseRoute(case_id=case.id or 0, label=label[:40], carried=carried, made=now, checked=now)
    db.add(made)
    touch(db, by, case, CaseEventKind.PLANNED, now=now)
    return made


def routes(db: Session, case: Case) -> Sequence[CaseRoute]:
    """The routes of a case, in the order they were kept."""
    statement = select(CaseRoute).where(CaseRoute.case_id == case.id)
    return db.exec(statement.order_by(col(CaseRoute.id))).all()


def route(db: Session, case: Case, number: int) -> CaseRoute:
    """One route of a case.

    Raises:
        NotFound: the case has no such route.
    """
    row = db.exec(
        select(CaseRoute).where(CaseRoute.case_id == case.id, CaseRoute.id == number)
    ).first()
    if row is None:
        raise NotFound("route", "")
    return row


def opened(db: Session, rows: Iterable[CaseRoute], *, now: datetime) -> list[Opened]:
    """Kept routes as they are now, each with what changed since."""
    return itineraries.open_all(db, [carrying.unpack(row.carried) for row in rows], now=now)


def check(db: Session, by: Account, case: Case, *, now: datetime) -> int:
    """Look at every route of a case anew; how many are not as they were."""
    rows = routes(db, case)
    for row in rows:
        row.checked = now
        db.add(row)
    touch(db, by, case, CaseEventKind.CHECKED, now=now)
    return sum(bool(each.changes) for each in opened(db, rows, now=now))


def take_as_is(db: Session, by: Account, case: Case, row: CaseRoute, *, now: datetime) -> None:
    """Keep a route as it is now: what changed is known.

    Raises:
        Invalid: nothing of it is left.
    """
    (now_,) = opened(db, [row], now=now)
    if not now_.itinerary.stops:
        raise Invalid((Problem("route", "nothing-left"),))
    row.carried = carrying.pack(now_.itinerary.carried(now=now))
    row.checked = now
    db.add(row)
    touch(db, by, case, CaseEventKind.CHECKED, now=now)


def annotation(row: CaseRoute, *, key: str) -> Annotation:
    """What is written beside a route."""
    plain = words(row.sealed, key=key)
    return Annotation(*orjson.loads(plain)) if plain else Annotation()


def annotate(
    db: Session,
    by: Account,
    case: Case,
    row: CaseRoute,
    *,
    annotation: Annotation,
    version: int,
    settings: Settings,
) -> None:
    """Write beside a route, if nobody else has meanwhile.

    Raises:
        Conflict: somebody has; nothing is overwritten.
    """
    plain = orjson.dumps([annotation.own.strip(), annotation.learner.strip()]).decode()
    changed = db.execute(
        sa.update(CaseRoute)
        .where(col(CaseRoute.id) == row.id, col(CaseRoute.version) == version)
        .values(sealed=sealed_words(plain, key=settings.signing_key()), version=version + 1)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict("route")
    touch(db, by, case, CaseEventKind.CHANGED, now=settings.clock())


def choose(db: Session, by: Account, case: Case, row: CaseRoute, *, now: datetime) -> None:
    """The one route of a case the learner goes."""
    for each in routes(db, case):
        each.chosen = each.id == row.id
        db.add(each)
    touch(db, by, case, CaseEventKind.CHANGED, now=now)


def remove(db: Session, by: Account, case: Case, row: CaseRoute, *, now: datetime) -> None:
    """Keep a route no longer; links to it open nothing from now on."""
    db.delete(row)
    touch(db, by, case, CaseEventKind.CHANGED, now=now)


def shortlist(
    db: Session, by: Account, case: Case, *, slug: str, reason: str, settings: Settings
) -> None:
    """Note a listing that may be something, and why; again writes another reason.

    Raises:
        Invalid: there is no such listing, or no reason.
    """
    listing = listings.titled(db, slug)
    if listing is None:
        raise Invalid((Problem("found", "unknown-opportunity", slug[:80]),))
    if not reason.strip():
        raise Invalid((Problem("reason", "reason-missing"),))
    row = db.exec(
        select(Shortlisted).where(
            Shortlisted.case_id == case.id, Shortlisted.opportunity_id == listing.id
        )
    ).first()
    now, sealed = settings.clock(), sealed_words(reason, key=settings.signing_key())
    row = row or Shortlisted(
        case_id=case.id or 0, opportunity_id=listing.id or 0, sealed=sealed, at=now
    )
    row.sealed = sealed
    db.add(row)
    touch(db, by, case, CaseEventKind.CHANGED, now=now)


def shortlisted(db: Session, case: Case) -> list[tuple[Shortlisted, Opportunity]]:
    """The listings noted in a case, oldest first."""
    rows = db.exec(
        select(Shortlisted).where(Shortlisted.case_id == case.id).order_by(col(Shortlisted.id))
    ).all()
    there = listings.load_opportunities(db, [row.opportunity_id for row in rows])
    return [(row, there[row.opportunity_id]) for row in rows]


def unlist(db: Session, by: Account, case: Case, number: int, *, now: datetime) -> None:
    """Take a listing off the shortlist."""
    db.execute(
        sa.delete(Shortlisted).where(
            col(Shortlisted.case_id) == case.id, col(Shortlisted.id) == number
        )
    )
    touch(db, by, case, CaseEventKind.CHANGED, now=now)


def write_down(db: Session, by: Account, case: Case, *, text: str, settings: Settings) -> None:
    """Add a note.

    Raises:
        Invalid: it is empty, or too long.
    """
    if not text.strip():
        raise Invalid((Problem("note", "note-missing"),))
    now, sealed = settings.clock(), sealed_words(text, key=settings.signing_key())
    db.add(Note(case_id=case.id or 0, by_id=accounts.known_id(by), sealed=sealed, at=now))
    touch(db, by, case, CaseEventKind.CHANGED, now=now)


def notes(db: Session, case: Case) -> list[tuple[Note, Account]]:
    """What was written down, latest first."""
    statement = select(Note, Account).join(Account, col(Note.by_id) == col(Account.id))
    return list(
        db.exec(statement.where(Note.case_id == case.id).order_by(col(Note.id).desc())).all()
    )


def not_found(db: Session, case: Case, topics: Iterable[str], limit: str) -> None:
    """Note what the learner could not find, once a case."""
    there = set(db.exec(select(Unmet.topic, Unmet.limit).where(Unmet.case_id == case.id)).all())
    for topic in dict.fromkeys(topics):
        if (topic, limit) not in there:
            db.add(Unmet(case_id=case.id or 0, topic=topic, limit=limit))
    db.flush()
