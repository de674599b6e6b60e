"""Acting: what editors do about what people look for; each act is noted and can be undone."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from directory import languages
from directory.errors import Invalid, NotFound, Problem
from directory.models import Account, Opportunity, Provider, Sought, SoughtAct, Teaches
from directory.models.seeking import ActKind
from directory.models.vocabulary import ListingState
from directory.search.analysis import clean, folded_words
from directory.services import audit, listings, mail, topics
from directory.services.accounts import known_id
from directory.services.seeking import figures
from directory.services.texts import words
from directory.services.topics import Tree

LONGEST_NAME = 80
MOST_NOTE = 1000
MOST_ASKED = 20


def add_synonym(
    db: Session, by: Account, sought: Sought, *, topic: str, name: str, language: str, now: datetime
) -> SoughtAct:
    """Have a word find every listing of a topic.

    Raises:
        Invalid: there is no such topic or language, or no word.
    """
    key, name = topics.resolve(topics.tree(db), topic), " ".join(clean(name).split())
    problems = []
    if key is None:
        problems.append(Problem("topic", "unknown-topic", topic[:80]))
    if not folded_words(name) or len(name) > LONGEST_NAME:
        problems.append(Problem("name", "synonym-name", str(LONGEST_NAME)))
    if language not in languages.INTERFACE:
        allowed = tuple(languages.INTERFACE)
        problems.append(Problem("language", "unknown-value", language[:20], allowed))
    if problems or key is None:
        raise Invalid(tuple(problems))
    return _name(db, by, sought, ActKind.SYNONYM, key, [[language, name]], now)


def link_topic(db: Session, by: Account, sought: Sought, *, topic: str, now: datetime) -> SoughtAct:
    """Have everything people typed for something find every listing of a topic.

    Raises:
        Invalid: there is no such topic, or what they typed names one already.
    """
    if topic not in topics.tree(db).topics:
        raise Invalid((Problem("topic", "unknown-topic", topic[:80]),))
    typed = [[sought.language, sought.words]] if sought.words else []
    names = [*typed, *(pair for pair in sought.wordings if pair not in typed)]
    if not names:
        raise Invalid((Problem("topic", "no-words-known"),))
    return _name(db, by, sought, ActKind.TOPIC, topic, names, now)


def ask_providers(
    db: Session,
    by: Account,
    sought: Sought,
    *,
    providers: Collection[int],
    note: str,
    tree: Tree,
    now: datetime,
) -> SoughtAct:
    """Ask by mail, each in their own language, whether they could offer it.

    Raises:
        Invalid: nobody was chosen, too many, or somebody who cannot be written to.
    """
    chosen = [row for row in may_be_asked(db) if row.id in set(providers)]
    if not chosen or len(chosen) != len(set(providers)) or len(chosen) > MOST_ASKED:
        raise Invalid((Problem("providers", "providers-missing", str(MOST_ASKED)),))
    act = _note(db, by, sought, ActKind.ASKED, note=_noted(note), now=now)
    act.providers = sorted(row.id or 0 for row in chosen)
    db.flush()
    for row in chosen:
        language = mail.language_for(row.language)
        facts = {
            "what": called(sought, tree, language),
            "q": searched_for(sought, tree, language),
            "provider": words(row, "title", language).value,
            "note": act.note,
        }
        mail.queue(
            db, kind="sought", to=row.email.strip(), language=language, facts=facts, now=now,
            once=f"sought:{act.id}:{row.id}",
        )  # fmt: skip
    return act


def mark_gap(db: Session, by: Account, sought: Sought, *, note: str, now: datetime) -> SoughtAct:
    """Say that the city knows it has nothing of this kind.

    Raises:
        Invalid: the note is too long.
    """
    return _note(db, by, sought, ActKind.GAP, note=_noted(note), now=now)


def mark_of_no_use(db: Session, by: Account, sought: Sought, *, now: datetime) -> SoughtAct:
    """Take it off the desk: it is nothing one could act on."""
    return _note(db, by, sought, ActKind.NO_USE, now=now)


def undo(db: Session, by: Account, number: int, *, now: datetime) -> SoughtAct:
    """Take an act back; letters that have not gone stay here. Twice is fine.

    Raises:
        NotFound: there is no such act.
    """
    act = db.exec(select(SoughtAct).where(col(SoughtAct.id) == number).with_for_update()).first()
    if act is None:
        raise NotFound("act", str(number))
    if act.undone is not None:
        return act
    act.undone, act.undone_by_id = now, known_id(by)
    db.flush()
    _audit(db, by, act, "sought-undone", now)
    if act.names:
        still = _still_given(db, act.topic)
        gone = [pair for pair in act.names if pair not in still]
        topics.take_names(db, act.topic, gone, now=now)
    if act.kind is ActKind.ASKED:
        mail.withdraw(db, f"sought:{act.id}:")
    return act


def may_be_asked(db: Session) -> list[Provider]:
    """Organisations that can be written to."""
    return [row for row in listings.all_providers(db) if mail.is_address(row.email.strip())]


def teaching_near(db: Session, topic: str, tree: Tree) -> set[int]:
    """Organisations that offer something on a topic, or on one beside it."""
    above = tree.topics[topic].parent if topic in tree.topics else None
    near = tree.below(above) if above else (topic,)
    statement = (
        select(Opportunity.provider_id)
        .join(Teaches)
        .where(col(Teaches.topic_key).in_(near), col(Opportunity.state) == ListingState.PUBLISHED)
        .distinct()
    )
    return {number for number in db.exec(statement).all() if number is not None}


def called(sought: Sought, tree: Tree, language: str) -> str:
    """What a group is called: its topic in a language, else its usual words."""
    return tree.label(sought.topic, language) if sought.topic else sought.words


def searched_for(sought: Sought, tree: Tree, language: str) -> str:
    """A question that finds what its people found."""
    return next((typed for tag, typed in sought.wordings if tag == language), "") or called(
        sought, tree, language
    )


def _name(
    db: Session,
    by: Account,
    sought: Sought,
    kind: ActKind,
    topic: str,
    names: list[list[str]],
    now: datetime,
) -> SoughtAct:
    act = _note(db, by, sought, kind, now=now, topic=topic, names=names)
    topics.give_names(db, topic, names, now=now)
    return act


def _note(
    db: Session,
    by: Account,
    sought: Sought,
    kind: ActKind,
    *,
    now: datetime,
    note: str = "",
    topic: str = "",
    names: list[list[str]] | None = None,
) -> SoughtAct:
    """Write down an act; the same again is the one there is."""
    for there in figures.active(sought):
        same = (there.kind, there.topic, there.names) == (kind, topic, names or [])
        if same and kind is not ActKind.ASKED:
            there.note = note or there.note
            return there
    act = SoughtAct(
        sought_id=sought.id or 0, kind=kind, topic=topic, names=names or [], note=note, at=now,
        by_id=known_id(by),
    )  # fmt: skip
    db.add(act)
    db.flush()
    _audit(db, by, act, f"sought-{kind.value}", now)
    return act


def _audit(db: Session, by: Account, act: SoughtAct, what: str, now: datetime) -> None:
    detail = {"act": act.id, "topic": act.topic}
    audit.note(db, by, what=what, about=f"sought:{act.sought_id}", detail=detail, now=now)


def _noted(note: str) -> str:
    note = clean(note).strip()
    if len(note) > MOST_NOTE:
        raise Invalid((Problem("note", "text-too-long", str(MOST_NOTE)),))
    return note


def _still_given(db: Session, topic: str) -> Sequence[list[str]]:
    """Names that another act gives the same topic."""
    acts = db.exec(
        select(SoughtAct).where(SoughtAct.topic == topic, col(SoughtAct.undone).is_(None))
    ).all()
    return [pair for act in acts for pair in act.names]
