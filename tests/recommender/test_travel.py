import pytest

from recommender.travel import minutes


def test_a_short_way_is_walked():
    assert minutes((41.65, -0.88), (41.66, -0.88)) == pytest.approx(19.27, abs=0.01)


def test_a_long_way_is_ridden_after_a_wait():
    assert minutes((41.65, -0.88), (41.70, -0.88)) == pytest.approx(36.91, abs=0.01)


def test_the_way_back_is_as_long():
    assert minutes((41.6, -0.9), (41.7, -0.8)) == pytest.approx(minutes((41.7, -0.8), (41.6, -0.9)))
