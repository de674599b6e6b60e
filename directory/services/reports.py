"""Reports: readers say what is wrong with a listing, and are told what came of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from directory.errors import Invalid, NotFound, Problem
from directory.models import Opportunity, Report, Space
from directory.models.reports import ReportKind, ReportOutcome
from directory.models.vocabulary import ListingState
from directory.services import freshness, mail
from directory.services.freshness import Listing
from directory.services.texts import words

# An address is kept no longer than this, answered or not.
KEPT = timedelta(days=90)
# The same words again within this time are a second press of the button.
SAME_PRESS = timedelta(hours=1)
MOST_OPEN = 20
MOST_WORDS = 2000


def check(*, kind: str, said: str, email: str) -> tuple[Problem, ...]:
    """What is wrong with a report as it was typed."""
    found = []
    if kind not in set(ReportKind):
        found.append(Problem("kind", "report-kind"))
    if kind == ReportKind.OTHER and not said.strip():
        found.append(Problem("words", "report-words"))
    if len(said) > MOST_WORDS:
        found.append(Problem("words", "report-long", str(MOST_WORDS)))
    if email.strip() and not mail.is_address(email.strip()):
        found.append(Problem("email", "not-an-address", email))
    return tuple(found)


def take(
    db: Session,
    listing: Listing,
    *,
    kind: str,
    said: str,
    email: str,
    language: str,
    now: datetime,
    by_provider: bool = False,
) -> Report:
    """Keep a report and tell whoever offers the listing; the same twice is one.

    Raises:
        Invalid: something is missing or too long, or too many reports of it wait already.
    """
    if problems := check(kind=kind, said=said, email=email):
        raise Invalid(problems)
    said, email = said.strip(), email.strip()
    _take_turn(db, listing)
    if same := _pressed_again(db, listing, kind, said, now):
        same.email = same.email or email
        return same
    if _waiting(db, listing) >= MOST_OPEN:
        raise Invalid((Problem("kind", "report-many"),))
    report = Report(
        kind=ReportKind(kind), words=said, email=email, language=language, written=now,
        by_provider=by_provider,
        space_id=listing.id if isinstance(listing, Space) else None,
        opportunity_id=listing.id if isinstance(listing, Opportunity) else None,
    )  # fmt: skip
    db.add(report)
    db.flush()
    if not by_provider:
        _tell_provider(db, report, listing, now)
    return report


def answer(
    db: Session, number: int, *, outcome: ReportOutcome, note: str = "", now: datetime
) -> Report:
    """Say what came of a report, once; whoever left an address is told, then it is erased.

    Raises:
        NotFound: there is no such report.
        Invalid: it was answered before.
    """
    report = load(db, number, to_change=True)
    if report.answered is not None:
        raise Invalid((Problem("report", "answered", str(number)),))
    listing = report.listing
    report.outcome, report.note, report.answered = outcome, note.strip(), now
    if outcome is ReportOutcome.WITHDRAWN and listing.state is ListingState.PUBLISHED:
        listing.state = ListingState.WITHDRAWN
        freshness.tell_index(db, listing, now=now)
    if report.email:
        facts = {
            "report": report.id,
            "title": words(listing, "title", report.language).value,
            "outcome": outcome.value,
            "note": report.note,
        }
        mail.queue(
            db, kind="answered", to=report.email, language=report.language, facts=facts,
            now=now, once=f"answered:{report.id}",
        )  # fmt: skip
    report.email = ""
    db.flush()
    return report


def load(db: Session, number: int, *, to_change: bool = False) -> Report:
    """A report by number; for nobody else meanwhile, if it is to be changed.

    Raises:
        NotFound: there is none.
    """
    wanted = _with_listing().where(col(Report.id) == number)
    found = db.exec(wanted.with_for_update() if to_change else wanted).first()
    if found is None:
        raise NotFound("report", str(number))
    return found


def open_ones(db: Session) -> Sequence[Report]:
    """Reports nobody has answered, the oldest first."""
    return db.exec(_with_listing().where(col(Report.answered).is_(None))).all()


def forget_addresses(db: Session, *, now: datetime) -> int:
    """Erase addresses that have been kept long enough; how many."""
    old = sa.and_(col(Report.email) != "", col(Report.written) < now - KEPT)
    statement = sa.update(Report).where(old).values(email="")
    return int(db.execute(statement).rowcount)  # type: ignore[attr-defined]


def _take_turn(db: Session, listing: Listing) -> None:
    """Of two presses of one button the second finds, on PostgreSQL too, what the first has kept."""
    table: type[Listing] = type(listing)
    db.exec(select(table.id).where(col(table.id) == listing.id).with_for_update()).one()


def _of(listing: Listing) -> sa.ColumnElement[bool]:
    column = Report.space_id if isinstance(listing, Space) else Report.opportunity_id
    return col(column) == listing.id


def _with_listing() -> SelectOfScalar[Report]:
    return (
        select(Report)
        .options(
            selectinload(Report.space).selectinload(Space.texts),  # type: ignore[arg-type]
            selectinload(Report.opportunity).selectinload(Opportunity.texts),  # type: ignore[arg-type]
        )
        .order_by(col(Report.id))
    )


def _pressed_again(
    db: Session, listing: Listing, kind: str, said: str, now: datetime
) -> Report | None:
    return db.exec(
        select(Report).where(
            _of(listing),
            col(Report.kind) == ReportKind(kind),
            col(Report.words) == said,
            col(Report.answered).is_(None),
            col(Report.written) > now - SAME_PRESS,
        )
    ).first()


def _waiting(db: Session, listing: Listing) -> int:
    statement = select(func.count()).select_from(Report)
    return int(db.exec(statement.where(_of(listing), col(Report.answered).is_(None))).one())


def _tell_provider(db: Session, report: Report, listing: Listing, now: datetime) -> None:
    """One mail a day and listing: a flood of reports is none of mails."""
    provider = freshness.provider_of(listing)
    if provider is None or not provider.email:
        return
    language = mail.language_for(provider.language)
    facts = {
        "type": freshness.type_of(listing),
        "id": listing.id,
        "slug": listing.slug,
        "title": words(listing, "title", language).value,
        "kind": report.kind.value,
        "words": report.words,
        "providers": [provider.id],
    }
    day = now.date().isoformat()
    mail.queue(
        db, kind="reported", to=provider.email.strip(), language=language, facts=facts, now=now,
        once=f"reported:{freshness.type_of(listing)}:{listing.id}:{day}",
    )  # fmt: skip
