"""Lists have variety and room for newcomers, and say where they do not follow the score."""

import numpy as np
import pytest

from recommender.ranking import PLAIN, SHARE, UNKNOWN, VARIED, Taste, ranked

SCORES = np.array([0.9, 0.89, 0.88, 0.87, 0.86, 0.1])
NOBODY = np.zeros(6, dtype=np.bool_)
ALL_BUT_TWO_ALIKE = {"kind": np.array([0, 0, 0, 1, 0, 2])}


def order(places):
    return [place.position for place in places]


def test_by_score_alone_earlier_ones_of_equals_first():
    places = ranked(np.array([0.5, 0.7, 0.5]), 3, {}, np.zeros(3, dtype=np.bool_), PLAIN)
    assert order(places) == [1, 0, 2]
    assert {place.note for place in places} == {None}


def test_something_different_comes_before_more_of_the_same():
    places = ranked(SCORES, 3, ALL_BUT_TWO_ALIKE, NOBODY, Taste(share=0))
    assert order(places) == [0, 3, 1]
    assert [place.note for place in places] == [None, VARIED, None]


def test_what_is_unknown_is_like_nothing():
    unknown = {"kind": np.full(6, UNKNOWN)}
    assert order(ranked(SCORES, 5, unknown, NOBODY, Taste(share=0))) == [0, 1, 2, 3, 4]


def test_newcomers_get_their_share_of_the_places():
    newcomers = np.array([False, False, False, False, True, True])
    places = ranked(SCORES, 4, {}, newcomers, Taste(variety=0, share=0.5))
    assert order(places) == [0, 4, 1, 2]
    assert places[1].note == SHARE


def test_what_is_far_below_the_others_is_not_lifted():
    newcomers = np.array([False] * 5 + [True])
    places = ranked(SCORES, 4, {}, newcomers, Taste(share=0.5))
    assert 5 not in order(places)


@pytest.mark.parametrize("k", [0, 1, 6])
def test_as_many_as_asked_for(k):
    places = ranked(SCORES, k, ALL_BUT_TWO_ALIKE, NOBODY, Taste())
    assert len(set(order(places))) == k


def test_nothing_to_rank():
    assert ranked(np.array([]), 4, {}, np.array([], dtype=np.bool_), Taste()) == []
