"""What the learner should know beside the routes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from recommender.catalogue import Catalogue, needs_no_place
from recommender.items import Item, Learner
from recommender.limits import item_verdicts
from recommender.routes import Note

WHO_ONE_IS = ("language", "age", "access", "area", "skip")


def known_already(learner: Learner, known: Mapping[str, int]) -> Iterator[Note]:
    """Note each wanted level that is reached already."""
    for topic, level in sorted(learner.wants.items()):
        if known.get(topic, 0) >= level:
            yield Note("already-known", {"topic": topic, "level": level, "known": known[topic]})


def not_found(catalogue: Catalogue, learner: Learner) -> Iterator[Note]:
    """Note each kept item and each booked session that is not there, or not any more."""
    for item_id in learner.keep:
        if item_id not in catalogue.row:
            yield Note("keep-not-found", {"item": item_id})
    for session in learner.booked:
        if session not in catalogue.slot:
            yield Note("booked-not-found", {"session": session})


def lowered(
    catalogue: Catalogue, learner: Learner, wanted: Mapping[str, int], goals: Mapping[str, int]
) -> Iterator[Note]:
    """Note each goal that had to be lowered or given up, and what rules its teachers out."""
    for topic, level in sorted(wanted.items()):
        if topic not in goals:
            yield Note("nothing-teaches", {"topic": topic, "level": level})
            yield from _ruled_out(catalogue, learner, topic)
        elif goals[topic] < level:
            yield Note("goes-only-to", {"topic": topic, "wanted": level, "level": goals[topic]})
            yield from _ruled_out(catalogue, learner, topic)


def _ruled_out(catalogue: Catalogue, learner: Learner, topic: str) -> Iterator[Note]:
    lessons = catalogue.lessons.get(catalogue.topic.get(topic, -1))
    if lessons is None:
        return
    for verdict in item_verdicts(catalogue, learner):
        refused = set(lessons.rows[~verdict.allowed[lessons.rows]].tolist())
        if refused and verdict.limit in WHO_ONE_IS:
            values = {"topic": topic, "limit": verdict.limit, "items": len(refused)}
            yield Note("ruled-out", values)


def of_items(learner: Learner, items: Iterable[Item], now: datetime) -> Iterator[Note]:
    """Note what is not known of the items of the routes, and which have begun."""
    for item in items:
        yield from (Note(code, {"item": item.id}) for code in _unknown(learner, item))
        facts = [fact for fact in learner.access if fact not in item.access]
        if facts:
            yield Note("unknown-access", {"item": item.id, "facts": facts})
        start = max(now, learner.earliest)
        if item.whole and any(session.start < start for session in item.sessions):
            yield Note("already-begun", {"item": item.id})


def _unknown(learner: Learner, item: Item) -> Iterator[str]:
    if item.price is None:
        yield "unknown-price"
    if item.languages is None and learner.languages:
        yield "unknown-language"
    if learner.age is None and (item.age_min is not None or item.age_max is not None):
        yield "unknown-age"
    if learner.home is not None and item.lat is None and not needs_no_place(item):
        yield "unknown-place"
    if item.anytime and item.hours is None:
        yield "unknown-hours"
    if item.areas and learner.area is None:
        yield "unknown-area"
