"""What make bench-recommend prints is measured as it says."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import recommend
from recommend import plain_words

SKILLS = [
    {"id": "bread", "lang": "en", "title": "bake bread", "description": "knead dough for an oven"},
    {"id": "cake", "lang": "en", "title": "bake cakes", "description": "an oven, sugar and dough"},
    {"id": "tyre", "lang": "en", "title": "mend a tyre", "description": "find the hole in a tube"},
    {"id": "brake", "lang": "en", "title": "adjust brakes", "description": "cables of a tyre rim"},
]
PROFILE = {"liked": ["bread"], "held_out": ["cake"]}
DATA = recommend.SHARED / "skill_recommending"


@pytest.mark.parametrize(
    "rank",
    [
        recommend.vereda(recommend.as_items(SKILLS)),
        recommend.bm25(SKILLS, plain_words),
        recommend.popularity([PROFILE, {"liked": ["tyre"], "held_out": ["cake"]}]),
    ],
    ids=["vereda", "bm25", "popularity"],
)
def test_every_engine_finds_the_like_and_never_the_liked(rank):
    ranked = rank(PROFILE)
    assert ranked[0] == "cake"
    assert "bread" not in ranked
    assert recommend.judged(rank, [PROFILE]) == [1.0]


def test_popularity_does_not_know_the_profile_it_is_asked_for():
    alone = {"liked": ["tyre"], "held_out": ["brake"]}
    assert recommend.popularity([PROFILE, PROFILE, alone])(alone)[0] != "brake"


def test_chosen_numbers_are_judged_on_profiles_that_did_not_choose(monkeypatch):
    monkeypatch.setattr(recommend, "TITLES", (1, 4))
    monkeypatch.setattr(recommend, "RARITIES", (1.0,))
    monkeypatch.setattr(recommend, "SLOPES", (1.0,))
    value, chosen = recommend.cross_validated(recommend.as_items(SKILLS), [PROFILE] * 5)
    assert value == 1.0
    assert chosen == [(1, 1.0, 1.0)] * recommend.FOLDS


@pytest.mark.skipif(not DATA.exists(), reason="the skills are not here")
def test_vereda_is_better_than_bm25_on_skills():
    skills = recommend.read(DATA / "skills_en.jsonl")
    profiles = recommend.read(DATA / "profiles.jsonl")
    values = recommend.judged(recommend.vereda(recommend.as_items(skills)), profiles)
    assert sum(values) / len(values) >= 0.205
