"""Texts as vectors: rare words, titles, lengths, and words as they are written."""

import numpy as np
import pytest
from cities import PARENTS, random_city, seeded

from recommender import Item, LinearRecommender, Passage
from recommender.features import Texts, Vectors, Word

ROWS = np.arange(3)
BREAD = Item("bread", passages=(Passage("en", "Baking bread", "an oven and some flour"),))
OVEN = Item("oven", passages=(Passage("en", "Building an oven", "clay, bricks and some patience"),))
CAKE = Item("cake", passages=(Passage("en", "Baking cakes", "sugar and some patience"),))


def test_a_vector_with_slope_one_is_a_cosine():
    vectors = Vectors().fit([["a", "b"], ["a"], ["c"]])
    assert vectors.near(ROWS, vectors.of(["a"])).tolist()[1:] == [pytest.approx(1.0), 0.0]


def test_nothing_is_nearer_than_one():
    vectors = Vectors(rarity=1.4, slope=0.5).fit([["a"], ["a"] * 3 + ["b"] * 9 + ["c"], ["c", "d"]])
    for row in ROWS:
        assert vectors.near(ROWS, vectors.of_rows(np.array([row]))).max() <= 1.0


def test_a_rare_word_says_more_the_greater_the_power():
    documents = [["often", "rare"], ["often"], ["often", "also"]]
    usual, rarer = Vectors().fit(documents), Vectors(rarity=2).fit(documents)
    share = [
        v.near(ROWS, v.of(["rare"]))[0] / v.near(ROWS, v.of(["often"]))[0] for v in (usual, rarer)
    ]
    assert share[1] > share[0]


def test_a_word_of_a_title_counts_more():
    question = "oven"
    near = [
        texts.near(ROWS, texts.of(question))
        for texts in (Texts(title_weight=n).fit([BREAD, OVEN, CAKE]) for n in (1, 4))
    ]
    assert near[1][1] - near[1][0] > near[0][1] - near[0][0]


def test_a_reason_names_words_as_they_are_written():
    def stems(text: str, _language: str) -> list[Word]:
        return [Word(word[:3], word) for word in text.lower().split()]

    texts = Texts(stems).fit([BREAD, OVEN, CAKE])
    assert texts.shared(2, texts.vectors_.of_rows(np.array([0])))[0] == "baking"


def test_the_mean_of_some_is_the_mean_of_each():
    texts = Texts().fit([BREAD, OVEN, CAKE]).vectors_
    both = texts.near(ROWS, texts.of_rows(np.array([0, 1])))
    each = [texts.near(ROWS, texts.of_rows(np.array([n]))) for n in (0, 1)]
    assert both == pytest.approx((each[0] + each[1]) / 2)


def test_fitted_twice_is_the_same():
    def lists():
        model = LinearRecommender().fit(random_city(seeded(3), 40), PARENTS)
        return [model.similar(name, 9) for name in model.catalogue_.row]

    assert lists() == lists()


def test_the_numbers_of_a_model_can_be_asked_for_and_set():
    model = LinearRecommender(rarity=1.2)
    assert model.get_params()["rarity"] == 1.2
    assert LinearRecommender(**model.set_params(slope=0.9).get_params()).slope == 0.9
    assert Vectors(slope=0.5).get_params() == {"rarity": 1.0, "slope": 0.5}


@pytest.mark.parametrize("seed", range(4))
def test_shares_add_up_to_the_score(seed):
    model = LinearRecommender().fit(random_city(seeded(seed), 40), PARENTS)
    names = list(model.catalogue_.row)
    for scored in (*model.like(names[:3], 10), *model.similar(names[5], 10)):
        assert scored.score == pytest.approx(sum(r.share for r in scored.reasons))
        assert 0 <= scored.score <= 1
