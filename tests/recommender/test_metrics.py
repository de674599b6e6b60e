"""Measures one can follow by hand."""

import math

import pytest

from recommender.metrics import coverage, diversity, gini, ndcg, novelty, share_of


def test_ndcg():
    assert ndcg("abc", "ab", 20) == pytest.approx(1)
    assert ndcg("xab", "a", 20) == pytest.approx(1 / math.log2(3))
    assert ndcg("abc", "c", 2) == 0
    assert ndcg("abc", "", 20) == 0


def test_coverage():
    assert coverage(["ab", "bc"], "abcd") == 0.75
    assert coverage([], "abcd") == 0
    assert coverage(["ab"], "") == 0


def test_diversity():
    library, park = ("library", "informal", "one"), ("park", "informal", "two")
    assert diversity([library, library]) == 0
    assert diversity([library, park]) == pytest.approx(2 / 3)
    assert diversity([library, ("park", None, None)]) == 1
    assert diversity([library]) == 0


def test_exposure_counts_places_as_ndcg_does():
    assert share_of("a", ["ab"]) == pytest.approx(1 / (1 + 1 / math.log2(3)))
    assert share_of("a", []) == 0


def test_gini():
    due = {"a": 1, "b": 1}
    assert gini(["a", "b"], due) == pytest.approx(0)
    assert gini(["a", "a"], due) == pytest.approx(0.5)
    assert gini(["a", "a", "b"], {"a": 2, "b": 1}) == pytest.approx(0)
    assert gini([], due) == 0


def test_novelty():
    assert novelty(["a", "b"], "a", "ab") == pytest.approx(1)
    assert novelty(["a", "a"], "a", "ab") == pytest.approx(2)
    assert novelty(["a"], "", "ab") == 0
