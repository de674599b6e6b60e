"""Taking ideas: from anybody, without an account, bounded and without anything to be found by."""

import html
import re
from datetime import datetime, timedelta

import nh3
import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from directory import languages
from directory.errors import Invalid, NotFound, Problem
from directory.models import District, Idea
from directory.models.ideas import IdeaKind, IdeaState
from directory.search.analysis import clean, folded_words
from directory.services import mail, topics
from directory.services.ideas import kept

LONGEST = 280
# More than an editor looks at in a week; the next come when there is room again.
MOST_WAITING = 200
# The same words again within this time are a second press of the button.
SAME_PRESS = timedelta(hours=1)
# An address of any sort, a name of a network's, or seven digits that may be a telephone's.
_CONTACT = re.compile(r"\S@\S|(?:^|\s)@\w|://|\bwww\.|\d(?:[\s().+/-]*\d){6}", re.IGNORECASE)


def plain(words: str) -> str:
    """Words without markup and control characters, on one line."""
    return " ".join(html.unescape(nh3.clean(clean(words), tags=set())).split())


def check(
    db: Session, *, kind: str, words: str, topic: str, district: str, language: str, email: str = ""
) -> tuple[Problem, ...]:
    """What is wrong with an idea as it was typed."""
    found = []
    if kind not in set(IdeaKind):
        found.append(Problem("kind", "idea-kind"))
    found += check_words(words)
    if topic and topic not in topics.tree(db).topics:
        found.append(Problem("topic", "unknown-topic", topic[:80]))
    if district and db.get(District, district) is None:
        found.append(Problem("district", "unknown-district", district[:80]))
    if language not in languages.INTERFACE:
        allowed = tuple(languages.INTERFACE)
        found.append(Problem("language", "unknown-value", language[:20], allowed))
    if email.strip() and not mail.is_address(email.strip()):
        found.append(Problem("email", "not-an-address", email))
    return tuple(found)


def check_words(words: str) -> list[Problem]:
    """What is wrong with the words; addresses and telephones would be read by everybody."""
    text = plain(words)
    if not folded_words(text):
        return [Problem("words", "idea-words")]
    if len(text) > LONGEST:
        return [Problem("words", "text-too-long", str(LONGEST))]
    if _CONTACT.search(text):
        return [Problem("words", "idea-contact")]
    return []


def take(
    db: Session, *, kind: str, words: str, topic: str, district: str, language: str, now: datetime
) -> Idea:
    """Keep an idea for the editors to look at; the same twice is one.

    Raises:
        Invalid: something is missing, too long or not for everybody's eyes; or too many wait.
    """
    found = check(
        db, kind=kind, words=words, topic=topic, district=district, language=language
    )  # fmt: skip
    if found:
        raise Invalid(found)
    text = plain(words)
    there = db.exec(
        select(Idea).where(
            Idea.words == text, Idea.kind == IdeaKind(kind), col(Idea.written) > now - SAME_PRESS
        )
    ).first()
    if there is not None:
        return there
    waiting = select(func.count()).where(col(Idea.state) == IdeaState.WAITING)
    if db.exec(waiting).one() >= MOST_WAITING:
        raise Invalid((Problem("words", "ideas-many"),))
    idea = Idea(
        kind=IdeaKind(kind), words=text, topic=topic, district=district, language=language,
        written=now,
    )  # fmt: skip
    db.add(idea)
    db.flush()
    return idea


def second(db: Session, number: int, *, now: datetime) -> None:
    """One more would like to learn it, or could teach it.

    Raises:
        NotFound: there is no such idea to be seen.
    """
    more = (
        sa.update(Idea)
        .where(col(Idea.id) == number, kept.is_seen(now))
        .values(seconds=Idea.seconds + 1)
    )
    if not db.execute(more).rowcount:  # type: ignore[attr-defined]
        raise NotFound("idea", str(number))
