"""Villaclara: coherent, complete, never stale."""

from collections import Counter
from datetime import timedelta

from sqlmodel import Session, col, select

from directory.database import reading, unit_of_work
from directory.edge.house import House
from directory.models import District, Occurrence, Opportunity, Provider, Space, Text, Topic
from directory.models.opening import Opening
from directory.models.requirements import ADAPTER, Done, TopicLevel, leaves
from directory.models.vocabulary import Access, Format, Setting, SpaceKind
from directory.services import backups, demo, topics
from directory.services.catalogue import Outcome


def test_it_is_as_large_and_varied_as_a_city(villaclara: House) -> None:
    with reading(villaclara.engine) as db:
        spaces = db.exec(select(Space)).all()
        opportunities = db.exec(select(Opportunity)).all()
        assert len(spaces) >= 80
        assert {s.kind for s in spaces} == set(SpaceKind)
        assert len(db.exec(select(District)).all()) >= 8
        assert len(db.exec(select(Provider)).all()) >= 30
        assert len(opportunities) >= 400
        assert {o.format for o in opportunities} == set(Format)
        assert {o.setting for o in opportunities} == set(Setting)
        prices = Counter(
            "unknown" if o.price is None else "free" if o.price == 0 else "paid"
            for o in opportunities
        )
        assert min(prices[p] for p in ("unknown", "free", "paid")) >= 15
        assert len({tag for o in opportunities for tag in o.languages or ()}) >= 5
        assert {fact for s in spaces for fact in s.access} <= set(Access)
        assert any(len(s.access) == 0 for s in spaces)
        festival = [o for o in opportunities if o.series == "semana-aprender"]
        assert len({o.provider_id for o in festival}) >= 10


def test_at_least_half_is_translated_into_both_other_languages(villaclara: House) -> None:
    with reading(villaclara.engine) as db:
        texts = db.exec(
            select(Text.opportunity_id, Text.field, Text.language).where(
                col(Text.opportunity_id).is_not(None)
            )
        ).all()
    of: dict[int | None, set[tuple[str, str]]] = {}
    for number, field, language in texts:
        of.setdefault(number, set()).add((field, language))
    whole = {(f, lang) for f in ("title", "summary", "description") for lang in ("en", "es", "ar")}
    assert sum(whole <= there for there in of.values()) >= len(of) / 2


def test_nothing_of_it_is_stale(villaclara: House) -> None:
    now = villaclara.settings.clock()
    with reading(villaclara.engine) as db:
        for row in db.exec(select(Opportunity)).all():
            if row.schedules:
                last = max((o.start for o in row.occurrences), default=None)
                assert last is not None, row.slug
                assert last > now, row.slug
        soon = db.exec(
            select(Occurrence).where(
                Occurrence.start > now, Occurrence.start < now + timedelta(days=7)
            )
        ).all()
        assert len(soon) > 100


def test_nothing_takes_place_where_it_is_closed(villaclara: House) -> None:
    closed = 0
    with reading(villaclara.engine) as db:
        for space in db.exec(select(Space)).all():
            opening = Opening.of(space, villaclara.settings.zone)
            closed += bool(space.closures or space.special_days)
            for occurrence in (o for each in space.opportunities for o in each.occurrences):
                day = occurrence.start.astimezone(villaclara.settings.zone).date()
                assert not opening.closures_on(day), (space.slug, day)
                special = opening.special(day)
                assert special is None or special.openings, (space.slug, day)
    assert closed >= 4


def test_what_it_requires_can_be_learned_there(villaclara: House) -> None:
    with reading(villaclara.engine) as db:
        rows = db.exec(select(Opportunity)).all()
        ids = {row.external_id for row in rows}
        reached: dict[str, int] = {}
        for row in rows:
            for taught in row.teaches:
                reached[taught.topic_key] = max(reached.get(taught.topic_key, 0), taught.level_to)
        for row in rows:
            for leaf in leaves(ADAPTER.validate_python(row.requires)) if row.requires else ():
                match leaf:
                    case Done(opportunity=name):
                        assert name in ids, row.slug
                    case TopicLevel(topic=topic, level=level):
                        assert reached.get(topic, 0) >= level, (
                            f"{row.slug} requires {topic} {level}"
                        )


def test_the_topics_are_complete(villaclara: House) -> None:
    with reading(villaclara.engine) as db:
        tree = topics.tree(db)
    assert len(tree.topics) >= 120
    for topic in tree.topics.values():
        for language in ("en", "es", "ar"):
            assert topic.labels.get(language), topic.key
            assert len(set(topic.synonyms.get(language, []))) >= 3, topic.key
        assert topic.isced.isdigit()
        assert topic.parent is None or topic.parent in tree.topics


def test_every_taught_topic_is_of_the_tree(villaclara: House) -> None:
    from directory.services.demo import _opportunities, _spaces

    with reading(villaclara.engine) as db:
        known = set(db.exec(select(Topic.key)).all())
    monday = villaclara.settings.clock().date()
    for record in _opportunities(monday, villaclara.settings):
        assert {t.topic for t in record.teaches} <= known, record.external_id
    for space in _spaces(monday):
        assert set(space.topics) <= known, space.external_id


def test_loaded_again_in_the_same_week_nothing_changes_and_a_week_later_it_moves_along(
    villaclara: House, tmp_path
) -> None:
    from tests.conftest import settings_in

    backups.backup(villaclara.engine, tmp_path / "vereda.sqlite3")
    house = House.of(settings_in(tmp_path))
    now = house.settings.clock()
    with unit_of_work(house.engine) as db:
        same = demo.load(db, now=now, settings=house.settings)
        assert (same.counts[Outcome.NEW], same.counts[Outcome.CHANGED]) == (0, 0)
        assert not demo.is_stale(db, now=now, settings=house.settings)
        later = now + timedelta(weeks=1)
        assert demo.is_stale(db, now=later, settings=house.settings)
        slugs = _slugs(db)
        moved = demo.load(db, now=later, settings=house.settings)
        assert moved.counts[Outcome.NEW] == 0
        assert moved.counts[Outcome.CHANGED] > 300
        assert _slugs(db) == slugs


def _slugs(db: Session) -> set[str]:
    return set(db.exec(select(Opportunity.slug)).all())
