"""Idea: what a resident would like to learn or could teach, and the listings that answer it."""

from datetime import datetime

from sqlmodel import Field, Relationship, SQLModel

from directory.models.listings import Opportunity
from directory.models.tables import Instant, word
from directory.models.vocabulary import Word


class IdeaKind(Word):
    """Whether somebody would like to learn something or could teach it."""

    LEARN = "learn"
    TEACH = "teach"


class IdeaState(Word):
    """Where an idea is between whoever had it and its readers."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Idea(SQLModel, table=True):
    """An idea; nothing in it says whose it is."""

    id: int | None = Field(default=None, primary_key=True)
    kind: IdeaKind = word(IdeaKind)
    words: str
    language: str
    topic: str = ""
    district: str = ""
    state: IdeaState = word(IdeaState, default=IdeaState.WAITING, index=True)
    seconds: int = Field(default=0, description="how many others would too")
    written: datetime = Field(sa_type=Instant)
    decided: datetime | None = Field(default=None, sa_type=Instant)
    decided_by_id: int | None = Field(default=None, foreign_key="account.id")
    edited: bool = Field(default=False, description="the editors changed the words")
    reason: str = Field(default="", description="why it was refused or withdrawn")

    answers: list["IdeaAnswer"] = Relationship(
        sa_relationship_kwargs={"order_by": "IdeaAnswer.id", "passive_deletes": True}
    )


class IdeaFollower(SQLModel, table=True):
    """A sealed address of somebody who wants to be told of an answer to an idea."""

    __tablename__ = "idea_follower"

    id: int | None = Field(default=None, primary_key=True)
    idea_id: int = Field(foreign_key="idea.id", index=True, ondelete="CASCADE")
    sealed: str
    digest: str = Field(description="by which the same address is known without opening the seal")
    language: str
    since: datetime = Field(sa_type=Instant)
    confirmed: datetime | None = Field(default=None, sa_type=Instant)


class IdeaAnswer(SQLModel, table=True):
    """A listing that answers an idea."""

    __tablename__ = "idea_answer"

    id: int | None = Field(default=None, primary_key=True)
    idea_id: int = Field(foreign_key="idea.id", index=True, ondelete="CASCADE")
    opportunity_id: int = Field(foreign_key="opportunity.id", index=True, ondelete="CASCADE")
    at: datetime = Field(sa_type=Instant)
    by_id: int = Field(foreign_key="account.id")

    opportunity: Opportunity = Relationship()
