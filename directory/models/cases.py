"""Cases: what a counsellor keeps of a learner, with consent, until it expires.

Whatever the learner said or somebody wrote about them lies in ``sealed`` columns, readable with
the signing key alone; plain are only numbers, dates, and terms of closed lists.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from directory.models.tables import Instant, word
from directory.models.vocabulary import CaseEventKind, ConsentHow, OutcomeKind


class Case(SQLModel, table=True):
    """A learner's case. Erasing it removes the row and all that hangs on it."""

    __tablename__ = "learner_case"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, description="Random, for addresses; says nothing.")
    owner_id: int = Field(foreign_key="account.id", index=True)
    language: str = Field(description="Interface language of what is handed to the learner.")
    sealed: str = Field(repr=False, description="Pseudonym, languages, goals, limits, profile.")
    version: int = Field(default=1, description="Counts changes of what is sealed.")
    made: datetime = Field(sa_type=Instant)
    contact: datetime = Field(sa_type=Instant, description="When something was last done in it.")
    expires: datetime = Field(sa_type=Instant, index=True, description="Then it is erased.")


def _of_case() -> int:
    made: int = Field(foreign_key="learner_case.id", index=True, ondelete="CASCADE")
    return made


class Consent(SQLModel, table=True):
    """The learner agreed to this case: when, how, to which text, and for how long."""

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = _of_case()
    by_id: int = Field(foreign_key="account.id", description="Who took it down.")
    given: datetime = Field(sa_type=Instant)
    how: ConsentHow = word(ConsentHow)
    text: str = Field(description="Version of the text that was agreed to.")
    until: datetime = Field(sa_type=Instant)


class CaseShare(SQLModel, table=True):
    """A colleague who sees a case that is not theirs, until that is taken back."""

    __tablename__ = "case_share"
    __table_args__ = (sa.UniqueConstraint("case_id", "account_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = _of_case()
    account_id: int = Field(foreign_key="account.id", index=True)
    may_write: bool = False
    since: datetime = Field(sa_type=Instant)


class CaseRoute(SQLModel, table=True):
    """A route kept in a case, as it was when it was made."""

    __tablename__ = "case_route"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = _of_case()
    label: str = Field(description="Under which idea it was planned, such as soonest.")
    carried: str = Field(description="Listings, dates, prices and places then.")
    sealed: str = Field(default="", repr=False, description="What was written beside it.")
    version: int = 1
    chosen: bool = False
    made: datetime = Field(sa_type=Instant)
    checked: datetime | None = Field(default=None, sa_type=Instant)


class Shortlisted(SQLModel, table=True):
    """A listing that may be something for the learner, and why."""

    __table_args__ = (sa.UniqueConstraint("case_id", "opportunity_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = _of_case()
    opportunity_id: int = Field(foreign_key="opportunity.id", index=True, ondelete="CASCADE")
    sealed: str = Field(repr=False, description="The reason.")
    at: datetime = Field(sa_type=Instant)


class Note(SQLModel, table=True):
    """Something written down; it is added, never changed."""

    __tablename__ = "case_note"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = _of_case()
    by_id: int = Field(foreign_key="account.id")
    sealed: str = Field(repr=False)
    at: datetime = Field(sa_type=Instant)


class HandOver(SQLModel, table=True):
    """A link through which whoever holds it sees one route and nothing else of the case."""

    __tablename__ = "hand_over"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = _of_case()
    route_id: int = Field(foreign_key="case_route.id", index=True, ondelete="CASCADE")
    digest: str = Field(unique=True, repr=False)
    language: str
    sealed: str = Field(default="", repr=False, description="How the learner is addressed, if so.")
    made: datetime = Field(sa_type=Instant)
    expires: datetime = Field(sa_type=Instant)
    revoked: datetime | None = Field(default=None, sa_type=Instant)


class Outcome(SQLModel, table=True):
    """What became of a step of a route, and why."""

    __table_args__ = (sa.UniqueConstraint("route_id", "opportunity_id"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = _of_case()
    route_id: int = Field(foreign_key="case_route.id", ondelete="CASCADE")
    opportunity_id: int = Field(foreign_key="opportunity.id", index=True, ondelete="CASCADE")
    what: OutcomeKind = word(OutcomeKind)
    limit: str = Field(default="", description="Of what was dropped: which limit was in the way.")
    sealed: str = Field(default="", repr=False, description="Why, in words.")
    at: datetime = Field(sa_type=Instant)


class Unmet(SQLModel, table=True):
    """Something a learner could not find: a topic, and the limit that was in the way."""

    __table_args__ = (sa.UniqueConstraint("case_id", "topic", "limit"),)

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = _of_case()
    topic: str
    limit: str


class UnmetCount(SQLModel, table=True):
    """In how many cases that are erased by now something could not be found."""

    __tablename__ = "unmet_count"

    topic: str = Field(primary_key=True)
    limit: str = Field(primary_key=True)
    cases: int = 0


class CaseEvent(SQLModel, table=True):
    """Who did what with a case, and when; it goes when the case goes."""

    __tablename__ = "case_event"

    id: int | None = Field(default=None, primary_key=True)
    case_id: int = _of_case()
    by_id: int = Field(foreign_key="account.id")
    what: CaseEventKind = word(CaseEventKind)
    at: datetime = Field(sa_type=Instant)
