"""Suggesting: topics, places and things to do, by how they begin; with the index or without."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from directory.edge.house import House
from directory.models import Topic
from directory.search.index import IndexUnavailable
from directory.search.lexicon import EMPTY
from directory.search.request import SearchRequest
from directory.search.titles import TitleHit
from directory.services.suggesting import Suggestions, suggest, topic_counts
from directory.services.topics import Tree
from tests.factories import Put, opportunity_record, schedule_record, space_record

Ask = Callable[..., Suggestions]


def _topic(key: str, labels: dict[str, str], **synonyms: list[str]) -> Topic:
    return Topic(key=key, labels=labels, synonyms=synonyms, isced="0000", position=0)


TREE = Tree(
    {
        t.key: t
        for t in (
            _topic(
                "ceramics",
                {"en": "Ceramics", "es": "Cerámica", "ar": "الخزف"},
                es=["alfarería", "torno de barro"],
            ),
            _topic("bikes", {"en": "Bicycle repair", "es": "Reparación de bicicletas"}),
            _topic("repair", {"en": "Repair", "es": "Reparación"}, en=["fixing things"]),
            _topic("sewing", {"en": "Sewing repairs", "es": "Arreglos"}),
        )
    }
)


class Broken:
    def titles_beginning(self, *_asked: object, **_more: object) -> list[TitleHit]:
        raise IndexUnavailable("gone")


@pytest.fixture(params=["index", "database"])
def ask(request: pytest.FixtureRequest, house: House, db: Session) -> Ask:
    index = house.index if request.param == "index" else Broken()

    def asked(q: str, language: str = "en", **changes: object) -> Suggestions:
        now = house.settings.clock()
        return suggest(db, index, TREE, q, language, **{"now": now, **changes})  # type: ignore[arg-type]

    return asked


def labels(found: tuple) -> list[str]:
    return [each.label for each in found]


@pytest.mark.parametrize(
    ("q", "language", "wanted"),
    [
        ("rep", "en", ["Repair", "Bicycle repair", "Sewing repairs"]),
        ("repair", "en", ["Repair", "Bicycle repair", "Sewing repairs"]),
        ("rep bic", "en", ["Bicycle repair"]),
        ("CERAMIC", "es", ["Cerámica"]),
        ("alfar", "en", ["Ceramics"]),
        ("bar", "es", ["Cerámica"]),
        ("خزف", "ar", ["الخزف"]),
        ("ال", "ar", ["الخزف"]),
        ("الخز", "ar", ["الخزف"]),
        ("pair", "en", []),
        ("  ", "en", []),
        ("-", "en", []),
    ],
)
def test_topics_begin_with_every_word_that_was_typed(
    ask: Ask, q: str, language: str, wanted: list[str]
) -> None:
    assert labels(ask(q, language).topics) == wanted


def test_a_topic_without_a_name_in_the_language_says_in_which_it_is(ask: Ask) -> None:
    (topic,) = ask("bicy", "ar").topics
    assert (topic.label, topic.language) == ("Bicycle repair", "en")


def test_topics_without_listings_are_left_out_and_the_others_counted(ask: Ask) -> None:
    found = ask("repair", counts={"bikes": 3, "sewing": 0}).topics
    assert [(t.name, t.total) for t in found] == [("bikes", 3)]


def test_listings_have_all_words_in_the_title_the_last_unfinished(put: Put, ask: Ask) -> None:
    put(
        space_record(title={"es": "Biblioteca del Puente", "en": "Bridge Library"}),
        opportunity_record(title={"es": "Taller de bicicletas"}),
        opportunity_record(title={"es": "Taller del tallo"}),
    )
    assert labels(ask("biblioteca del pu", "es").spaces) == ["Biblioteca del Puente"]
    assert labels(ask("bridge", "en").spaces) == ["Bridge Library"]
    assert labels(ask("tall", "es").opportunities) == ["Taller del tallo", "Taller de bicicletas"]
    assert labels(ask("taller bici", "es").opportunities) == ["Taller de bicicletas"]
    assert labels(ask("tall bicicletas", "es").opportunities) == []
    (bicycles,) = ask("bicicletas", "en").opportunities
    assert (bicycles.language, bicycles.name) == ("es", "taller-de-bicicletas")


def test_what_is_over_or_called_off_is_not_suggested(put: Put, ask: Ask) -> None:
    start = schedule_record().start
    put(
        opportunity_record(
            title={"es": "Barro pasado"}, schedules=(schedule_record(start=start.replace(day=2)),)
        ),
        opportunity_record(
            title={"es": "Barro anulado"}, schedules=(schedule_record(cancelled=(start,)),)
        ),
        opportunity_record(title={"es": "Barro sin fecha"}, schedules=()),
        opportunity_record(title={"es": "Barro"}),
    )
    assert labels(ask("barro").opportunities) == ["Barro", "Barro sin fecha"]


def test_the_same_title_comes_once_and_only_a_few_come(put: Put, ask: Ask) -> None:
    put(*[opportunity_record(title={"es": "Barro"}) for _ in range(3)])
    put(*[opportunity_record(title={"es": f"Barro {n}"}) for n in range(9)])
    assert labels(ask("barro", most=3).opportunities) == ["Barro", "Barro 0", "Barro 1"]


def test_topics_are_counted_while_the_index_answers(put: Put, house: House) -> None:
    request = SearchRequest(now=house.settings.clock(), per_page=0, facets=("topic",))

    assert topic_counts(house.index, request, EMPTY) is None
    put(space_record())
    assert topic_counts(house.index, request, EMPTY) == {}
