"""Recommendations one can follow by reading."""

from dataclasses import replace

import pytest
from cities import HOME, NOW, PARENTS, session

from recommender import Item, Learner, LinearRecommender

LEARNER = Learner(earliest=NOW, wants={"web": 1}, languages=("es",), interests="bread", home=HOME)
WEB = Item(
    "web", "write a page", ("web",), {"web": (0, 1)}, languages=("es",), price=0, anytime=True
)
BREAD = Item("bread", "bake bread", ("cooking",), languages=None, price=None, sessions=())
OFFICE = Item("office", "write a letter", ("office",), languages=("en",), anytime=True)


def fitted(*items):
    return LinearRecommender().fit(items, PARENTS)


def reasons(scored):
    return {reason.code: reason.values for reason in scored.reasons}


def test_what_is_wanted_comes_first_and_says_so():
    first = fitted(BREAD, WEB).recommend(LEARNER, 2)[0]
    assert first.item_id == "web"
    told = reasons(first)
    assert told["topic-wanted"] == {"topics": ["web"]}
    assert {"level-fits", "price-free", "language-shared", "time-any"} <= set(told)


def test_the_words_of_an_interest_are_named():
    told = {s.item_id: reasons(s) for s in fitted(BREAD, WEB).recommend(LEARNER, 2)}
    assert told["bread"]["interest-words"] == {"words": ["bread"]}


def test_unknown_is_never_no():
    told = {s.item_id: s for s in fitted(BREAD, WEB).recommend(LEARNER, 2)}["bread"]
    shares = {reason.code: reason.share for reason in told.reasons}
    assert {"price-unknown", "language-unknown", "distance-unknown", "time-unknown"} <= set(shares)
    assert shares["price-unknown"] == pytest.approx(0.05)


def test_another_language_is_not_recommended():
    assert "office" not in [s.item_id for s in fitted(BREAD, OFFICE).recommend(LEARNER, 9)]


def test_a_regional_language_is_the_language():
    brazil = replace(WEB, languages=("pt-BR",))
    assert fitted(brazil).recommend(replace(LEARNER, languages=("pt",)), 1)


def test_what_is_over_is_not_recommended():
    past = replace(WEB, anytime=False, sessions=(session("p", -3, 18),))
    assert fitted(past).recommend(LEARNER, 1) == []


def test_similar_items_share_topics_words_and_kind():
    park = Item("park", "write outdoors", ("web",), space_kind="park")
    twin = Item("twin", "write a page outdoors", ("web",), space_kind="park")
    first, second = fitted(park, BREAD, twin).similar("park", 2)
    assert first.item_id == "twin"
    told = reasons(first)
    assert "web" in told["same-topics"]["topics"]
    assert told["same-kind"] == {"kind": "park"}
    assert second.score < first.score


def test_a_city_without_any_text_or_topic_still_recommends():
    assert fitted(Item("a", anytime=True)).recommend(LEARNER, 3)[0].item_id == "a"


def test_an_empty_city_recommends_nothing():
    assert fitted().recommend(LEARNER, 3) == []
