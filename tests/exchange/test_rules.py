"""Rules: words of a row tell what its columns do not say."""

import pytest

from directory.exchange.mapping import Rule
from directory.exchange.rules import compiled, tell

RULES = compiled(
    [
        Rule.model_validate(rule)
        for rule in (
            {"words": ["club de lectura"], "then": {"format": "reading-group"}},
            {"words": ["taller*"], "then": {"format": "workshop", "topics": ["crafts"]}},
            {"words": ["música"], "unless": ["sin musica"], "then": {"topics": ["music"]}},
            {"words": ["x"], "in": ["title", "TIPO"], "then": {"age_max": 12}},
        )
    ]
)


def _told(**texts: str):
    return tell(RULES, lambda name: texts.get(name, ""))


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("Club de Lectura: taller", "reading-group"),
        ("TALLERES de pan", "workshop"),
        ("Detallerista", None),
    ],
)
def test_the_first_rule_wins_and_words_are_whole(title, form):
    assert _told(title=title).get("format") == form


def test_topics_add_up_and_accents_do_not_matter():
    assert list(_told(title="Taller de musica").topics) == ["crafts", "music"]


def test_a_word_can_forbid_a_rule():
    assert not _told(title="Baile sin música").topics


def test_a_phrase_does_not_run_from_one_field_into_the_next():
    rules = compiled(
        [Rule.model_validate({"words": ["a b"], "in": ["title", "T"], "then": {"age_min": 3}})]
    )
    texts = {"title": "a", "T": "b"}
    assert tell(rules, lambda name: texts[name]).get("age_min") is None


def test_rules_look_where_they_are_told():
    assert _told(TIPO="x").get("age_max") == 12
