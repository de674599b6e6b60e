"""What large segments do to be fast changes no answer."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import listings
from engines.vereda import LEXICON
from questions import questions

from directory.search import answer, evaluation, filters, matching, ordering, postings
from directory.search.request import SearchRequest
from directory.search.segment import Kept, Segment

COUNT = 900
Answers = list[tuple[int, tuple[str, ...], dict[str, dict[str, int]]]]


def asked() -> list[SearchRequest]:
    """Each kind of words under each filter, in several orders, at two minutes."""
    found = [replace(q.request, per_page=10) for q in questions()[::3]]
    found += [replace(r, sort=sort) for sort in ("date", "name", "distance") for r in found[::5]]
    return found + [replace(r, now=r.now + timedelta(minutes=1)) for r in found[::7]]


def answers(segments: Sequence[Segment]) -> Answers:
    """What is found, in order, and what is counted."""
    live = [(segment, None) for segment in segments]
    found = [answer.answer(live, request, LEXICON) for request in asked()]
    return [(one.total, one.keys, one.facets) for one in found]


@pytest.fixture(scope="module")
def kept() -> list[Kept]:
    return [Kept.of(document) for document in listings.documents(COUNT)]


def segments(kept: list[Kept]) -> list[Segment]:
    """The same listings in two segments, as fresh as from the file."""
    first = Segment.compile(kept[: COUNT // 2])
    return [first, Segment.compile(kept[COUNT // 2 :], others=[first])]


def test_what_is_remembered_and_counted_together_is_the_same(
    kept: list[Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = answers(segments(kept))
    assert sum(total > 0 for total, _, _ in plain) > len(plain) // 2
    for module in (answer, filters):
        monkeypatch.setattr(module, "WORTH_KEEPING", 0)
    monkeypatch.setattr(evaluation, "_WORTH_JOINING", 0)
    monkeypatch.setattr(ordering, "_STRIDE", 2)
    for module in (matching, postings):
        monkeypatch.setattr(module, "_MANY", 0)
    large = segments(kept)
    assert answers(large) == plain
    # Now from memory.
    assert answers(large) == plain


def test_a_word_that_is_said_often_is_found_in_a_row(
    kept: list[Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    place_by_place = answers(segments(kept))
    monkeypatch.setattr(postings, "_SELDOM", 1)
    assert answers(segments(kept)) == place_by_place
