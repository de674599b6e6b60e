"""Deciding: editors publish ideas or say why not, and answer them with listings."""

from sqlmodel import Session, select

from directory.errors import Invalid, NotFound, Problem
from directory.models import Account, District, Idea, IdeaAnswer
from directory.models.ideas import IdeaState
from directory.services import audit, listings, topics
from directory.services.accounts import known_id
from directory.services.drafting import members, standing
from directory.services.ideas import following
from directory.services.ideas.taking import check_words, plain
from directory.services.texts import words as text_of
from directory.settings import Settings

MOST_REASON = 500


def publish(
    db: Session,
    by: Account,
    idea: Idea,
    *,
    words: str,
    topic: str,
    district: str,
    settings: Settings,
) -> None:
    """Let readers see an idea, with the words and the topic an editor gives it.

    Raises:
        Invalid: the words will not do, or there is no such topic or district.
    """
    found = check_words(words)
    if topic and topic not in topics.tree(db).topics:
        found.append(Problem("topic", "unknown-topic", topic[:80]))
    if district and db.get(District, district) is None:
        found.append(Problem("district", "unknown-district", district[:80]))
    if found:
        raise Invalid(tuple(found))
    text = plain(words)
    idea.edited = idea.edited or text != idea.words
    idea.words, idea.topic, idea.district = text, topic, district
    if idea.state is not IdeaState.PUBLISHED:
        idea.state, idea.reason = IdeaState.PUBLISHED, ""
        idea.decided, idea.decided_by_id = settings.clock(), known_id(by)
    db.flush()
    _audit(db, by, idea, "idea-published", settings)


def refuse(db: Session, by: Account, idea: Idea, *, reason: str, settings: Settings) -> None:
    """Say why readers do not see an idea; whoever left an address is told, then it is erased.

    One that they saw already is withdrawn.

    Raises:
        Invalid: no reason was given.
    """
    reason = plain(reason)
    if not reason or len(reason) > MOST_REASON:
        code = "text-too-long" if reason else "reason-missing"
        raise Invalid((Problem("reason", code, str(MOST_REASON)),))
    was_seen = idea.state is IdeaState.PUBLISHED
    idea.state = IdeaState.WITHDRAWN if was_seen else IdeaState.REFUSED
    idea.reason, idea.decided, idea.decided_by_id = reason, settings.clock(), known_id(by)
    cause = f"idea-refused:{idea.id}:{int(settings.clock().timestamp())}"
    following.tell(db, idea, "idea-refused", {"reason": reason}, cause=cause, settings=settings)
    following.forget_all(db, idea)
    db.flush()
    _audit(db, by, idea, "idea-refused", settings)


def answer(db: Session, by: Account, idea: Idea, listing: str, *, settings: Settings) -> IdeaAnswer:
    """Answer an idea with a listing, by its slug or number; whoever follows it is told once.

    Raises:
        Invalid: readers do not see the idea yet.
        NotFound, Gone: there is no such listing, or none they write for.
    """
    if idea.state is not IdeaState.PUBLISHED:
        raise Invalid((Problem("listing", "idea-unseen"),))
    opportunity = listings.opportunity(db, listing)
    if not members.may_write(db, by, standing.provider_of(opportunity)):
        raise NotFound("opportunity", listing)
    there = db.exec(
        select(IdeaAnswer).where(
            IdeaAnswer.idea_id == idea.id, IdeaAnswer.opportunity_id == opportunity.id
        )
    ).first()
    if there is not None:
        return there
    row = IdeaAnswer(
        idea_id=idea.id or 0, opportunity_id=opportunity.id or 0, at=settings.clock(),
        by_id=known_id(by),
    )  # fmt: skip
    db.add(row)
    db.flush()
    _audit(db, by, idea, "idea-answered", settings)
    facts = {
        "idea": idea.id,
        "title": text_of(opportunity, "title", idea.language).value,
        "slug": opportunity.slug,
    }
    following.tell(
        db, idea, "idea-answered", facts, cause=f"idea-answered:{row.id}", settings=settings
    )
    return row


def unanswer(db: Session, by: Account, idea: Idea, opportunity: int, *, settings: Settings) -> None:
    """A listing does not answer an idea after all; mails that have gone stay gone.

    Raises:
        NotFound: it is no answer, or not one of theirs.
    """
    row = next((each for each in idea.answers if each.opportunity_id == opportunity), None)
    if row is None or not members.may_write(db, by, standing.provider_of(row.opportunity)):
        raise NotFound("opportunity", str(opportunity))
    idea.answers.remove(row)
    db.delete(row)
    db.flush()
    _audit(db, by, idea, "idea-unanswered", settings)


def _audit(db: Session, by: Account, idea: Idea, what: str, settings: Settings) -> None:
    audit.note(db, by, what=what, about=f"idea:{idea.id}", now=settings.clock())
