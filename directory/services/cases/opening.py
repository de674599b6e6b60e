"""Opening: a new case, who may see it, what is changed in it, and who did so when."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlmodel import Session, col, select

from directory import languages
from directory.errors import Conflict, Invalid, NotFound, Problem
from directory.models import Account, Case, CaseEvent, CaseShare, Consent
from directory.models.vocabulary import CaseEventKind, ConsentHow, Role
from directory.services import accounts
from directory.services.cases import contents as contents_
from directory.services.cases.contents import Contents
from directory.settings import Settings

MONTHS = (3, 6, 12, 24)
USUAL_MONTHS = 12
# The text a learner agrees to; another wording gets another number, and the old one stays known.
CONSENT_TEXT = "1"
# Whoever goes from page to page of a case has opened it once.
_ONE_VISIT = timedelta(minutes=10)


@dataclass(frozen=True)
class Agreed:
    """That the learner agreed: on which day, how, and for how many months."""

    day: date
    how: ConsentHow
    months: int = USUAL_MONTHS


@dataclass(frozen=True)
class Seen:
    """A case as one person may see it."""

    case: Case
    is_owner: bool
    may_write: bool


def agreed(day: str, how: str, months: str, *, today: date) -> Agreed:
    """Consent as it was filled in.

    Raises:
        Invalid: it was not given, or not on a day that can be.
    """
    problems = []
    if how not in set(ConsentHow):
        problems.append(Problem("consent", "consent-missing"))
    if months not in {str(n) for n in MONTHS}:
        problems.append(Problem("months", "unknown-value", months, tuple(map(str, MONTHS))))
    try:
        given = date.fromisoformat(day) if day else today
    except ValueError:
        given = None
    if given is None or not today - timedelta(days=60) <= given <= today:
        problems.append(Problem("consent_day", "consent-day", day[:20]))
    if problems or given is None:
        raise Invalid(tuple(problems))
    return Agreed(given, ConsentHow(how), int(months))


def make(
    db: Session,
    by: Account,
    *,
    contents: Contents,
    language: str,
    consent: Agreed,
    settings: Settings,
) -> Case:
    """A new case of a learner who agreed to it.

    Raises:
        Invalid: the pseudonym will not do.
    """
    now = settings.clock()
    case = Case(
        name=secrets.token_urlsafe(12),
        owner_id=accounts.known_id(by),
        language=_known(language),
        sealed=contents_.seal(contents_.checked(contents), key=settings.signing_key()),
        made=now,
        contact=now,
        expires=now,
    )
    db.add(case)
    db.flush()
    _agree(db, by, case, consent, settings)
    note_event(db, by, case, CaseEventKind.MADE, now=now)
    return case


def renew(db: Session, by: Account, case: Case, consent: Agreed, *, settings: Settings) -> None:
    """The learner agreed once more."""
    _agree(db, by, case, consent, settings)
    touch(db, by, case, CaseEventKind.RENEWED, now=settings.clock())


def seen(db: Session, by: Account, name: str, *, now: datetime, write: bool = False) -> Seen:
    """A case by the name in its address.

    Raises:
        NotFound: there is none, it is somebody else's and not shared, or its time is over.
    """
    case = db.exec(select(Case).where(Case.name == name, col(Case.expires) > now)).first()
    if case is not None and case.owner_id == by.id:
        return Seen(case, is_owner=True, may_write=True)
    share = _share(db, case, by) if case else None
    if case is None or share is None or (write and not share.may_write):
        raise NotFound("case", "")
    return Seen(case, is_owner=False, may_write=share.may_write)


def owned(db: Session, by: Account, name: str, *, now: datetime) -> Case:
    """A case by the name in its address, for what its owner alone may do.

    Raises:
        NotFound: it is not this person's.
    """
    found = seen(db, by, name, now=now)
    if not found.is_owner:
        raise NotFound("case", "")
    return found.case


def caseload(db: Session, by: Account, *, now: datetime) -> list[Case]:
    """The cases somebody may see, those with the longest silence first."""
    shared = select(CaseShare.case_id).where(CaseShare.account_id == by.id)
    statement = select(Case).where(
        (col(Case.owner_id) == by.id) | col(Case.id).in_(shared), col(Case.expires) > now
    )
    return list(db.exec(statement.order_by(col(Case.contact), col(Case.id))).all())


def read(case: Case, *, key: str) -> Contents:
    """What a case tells."""
    return contents_.unseal(case.sealed, key=key)


def change(
    db: Session,
    by: Account,
    case: Case,
    *,
    contents: Contents,
    language: str,
    version: int,
    settings: Settings,
) -> None:
    """Write anew what a case tells, if it is still what the writer had before them.

    Raises:
        Invalid: the pseudonym will not do.
        Conflict: somebody else changed it meanwhile; nothing is overwritten.
    """
    sealed = contents_.seal(contents_.checked(contents), key=settings.signing_key())
    changed = db.execute(
        sa.update(Case)
        .where(col(Case.id) == case.id, col(Case.version) == version)
        .values(sealed=sealed, language=_known(language), version=version + 1)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        raise Conflict("case")
    db.refresh(case)
    touch(db, by, case, CaseEventKind.CHANGED, now=settings.clock())


def share(
    db: Session, by: Account, case: Case, *, email: str, may_write: bool, now: datetime
) -> None:
    """Let a colleague see a case, or also write in it; again changes which.

    Raises:
        Invalid: no counsellor here has this address.
    """
    colleague = accounts.find(db, email.strip().casefold())
    if (
        colleague is None
        or not colleague.active
        or colleague.role != Role.COUNSELLOR
        or colleague.id == by.id
    ):
        raise Invalid((Problem("email", "no-counsellor", email.strip()[:80]),))
    row = _share(db, case, colleague) or CaseShare(
        case_id=case.id or 0, account_id=accounts.known_id(colleague), since=now
    )
    row.may_write = may_write
    db.add(row)
    touch(db, by, case, CaseEventKind.SHARED, now=now)


def unshare(db: Session, by: Account, case: Case, account_id: int, *, now: datetime) -> None:
    """Let a colleague see a case no longer, from the next page they ask for."""
    db.execute(
        sa.delete(CaseShare).where(
            col(CaseShare.case_id) == case.id, col(CaseShare.account_id) == account_id
        )
    )
    touch(db, by, case, CaseEventKind.UNSHARED, now=now)


def shares(db: Session, case: Case) -> list[tuple[CaseShare, Account]]:
    """Who else sees a case."""
    statement = select(CaseShare, Account).join(
        Account, col(CaseShare.account_id) == col(Account.id)
    )
    return list(db.exec(statement.where(CaseShare.case_id == case.id)).all())


def consents(db: Session, case: Case) -> Sequence[Consent]:
    """When the learner agreed, latest first."""
    statement = select(Consent).where(Consent.case_id == case.id)
    return db.exec(statement.order_by(col(Consent.id).desc())).all()


def events(db: Session, case: Case) -> list[tuple[CaseEvent, Account]]:
    """Who did what with a case, latest first."""
    statement = select(CaseEvent, Account).join(Account, col(CaseEvent.by_id) == col(Account.id))
    return list(
        db.exec(
            statement.where(CaseEvent.case_id == case.id).order_by(col(CaseEvent.id).desc())
        ).all()
    )


def note_opened(db: Session, by: Account, case: Case, *, now: datetime) -> None:
    """Write down that somebody looked into a case."""
    last = db.exec(
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.by_id == by.id)
        .order_by(col(CaseEvent.id).desc())
    ).first()
    if last is None or now - last.at > _ONE_VISIT:
        note_event(db, by, case, CaseEventKind.OPENED, now=now)


def note_event(db: Session, by: Account, case: Case, what: CaseEventKind, *, now: datetime) -> None:
    """Write down what somebody did with a case."""
    db.add(CaseEvent(case_id=case.id or 0, by_id=accounts.known_id(by), what=what, at=now))
    db.flush()


def touch(db: Session, by: Account, case: Case, what: CaseEventKind, *, now: datetime) -> None:
    """Write down what was done, and that the learner was not forgotten."""
    case.contact = now
    db.add(case)
    note_event(db, by, case, what, now=now)


def _agree(db: Session, by: Account, case: Case, consent: Agreed, settings: Settings) -> None:
    given = datetime.combine(consent.day, time(12), settings.zone)
    case.expires = given + relativedelta(months=consent.months)
    db.add(
        Consent(
            case_id=case.id or 0,
            by_id=accounts.known_id(by),
            given=given,
            how=consent.how,
            text=CONSENT_TEXT,
            until=case.expires,
        )
    )
    db.flush()


def _known(language: str) -> str:
    if language not in languages.INTERFACE:
        raise Invalid(
            (Problem("language", "unknown-value", language[:20], tuple(languages.INTERFACE)),)
        )
    return language


def _share(db: Session, case: Case | None, account: Account) -> CaseShare | None:
    if case is None:
        return None
    return db.exec(
        select(CaseShare).where(CaseShare.case_id == case.id, CaseShare.account_id == account.id)
    ).first()
