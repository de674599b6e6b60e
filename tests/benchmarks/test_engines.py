"""The engines that are compared find the same, so that their speeds can be compared."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("tantivy")
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import listings
from engines import base
from questions import APPROXIMATE, Question, questions

COUNT = 300


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, base.Engine]]:
    folder = tmp_path_factory.mktemp("engines")
    made = {name: base.load(name, folder / name) for name in base.ENGINES}
    for engine in made.values():
        engine.build(listings.documents(COUNT))
    yield made
    for engine in made.values():
        engine.close()


def test_all_engines_agree_on_exact_words(engines: dict[str, base.Engine]) -> None:
    exact = [q for q in questions() if q.exact and q.filters not in APPROXIMATE]
    found = 0
    for question in exact:
        answers = {name: e.search(question.request) for name, e in engines.items()}
        reference = answers.pop("fts5")
        found += reference.total > 0
        for name, answer in answers.items():
            assert answer.total == reference.total, f"{name}: {question}"
            assert answer.facets == reference.facets, f"{name}: {question}"
    assert found > len(exact) // 3


def test_vereda_and_fts5_know_circles(engines: dict[str, base.Engine]) -> None:
    asked = next(q for q in questions() if q.filters == "within 3 km" and not q.text)
    one, other = (engines[name].search(asked.request) for name in ("vereda", "fts5"))
    assert 0 < one.total == other.total < COUNT
    assert one.facets == other.facets


def test_pages_hold_no_listing_twice(engines: dict[str, base.Engine]) -> None:
    asked: list[Question] = [q for q in questions() if q.filters == "none"]
    for engine in engines.values():
        for question in asked:
            answer = engine.search(question.request)
            assert len(answer.keys) == len(set(answer.keys)) == min(answer.total, base.TOP)


def test_what_is_saved_is_found(engines: dict[str, base.Engine]) -> None:
    (fresh,) = (d for d in listings.documents(COUNT + 1) if d.number == COUNT + 1)
    everything = next(q for q in questions() if q.filters == "none" and not q.text)
    for name, engine in engines.items():
        for _ in range(2):
            engine.save(fresh)
            assert engine.search(everything.request).total == COUNT + 1, name
