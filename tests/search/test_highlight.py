"""Highlighting: the asked words are set apart, and the text stays what it was."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.analysis import ANALYSED
from directory.search.grammar import parse
from directory.search.highlight import pieces, snippet, unshown

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=400)
WORDS = st.lists(
    st.sampled_from(
        ["taller", "talleres", "barro", "日本語", "b\u0301", "قلم", "-no", '"a b"', "de"]
    ),
    max_size=30,
).map(" ".join)


def marked(text: str, q: str, language: str, *, reader: str = "") -> list[str]:
    return [s for s, is_match in pieces(text, parse(q), language, reader=reader) if is_match]


@pytest.mark.parametrize(
    ("text", "q", "language", "wanted"),
    [
        ("Talleres de Cerámica, y un taller", "taller ceramica", "es", ["Talleres", "Cerámica", "taller"]),
        ("Mending bicycles", "mend bicycle", "en", ["Mending", "bicycles"]),
        ("المكتبة العربية", "مكتبه", "ar", ["المكتبة"]),
        ("Cerámica", "cera", "es", []),
        ("Curso de barro", "curso -barro", "es", ["Curso"]),
        ("Curso de barro", 'barro -"curso de barro"', "es", ["barro"]),
        ("Curso de barro", '"curso de barro"', "es", ["Curso", "barro"]),
        ("Curso y taller", "nada OR taller", "es", ["taller"]),
        ("東京の日本語教室です", "日本語", "ja", ["日本語"]),
        ("Cafe\u0301 con leche", "café", "fr", ["Cafe\u0301"]),
    ],
)  # fmt: skip
def test_the_asked_words_are_set_apart(text: str, q: str, language: str, wanted: list[str]) -> None:
    assert marked(text, q, language) == wanted


def test_stop_words_of_the_reader_were_not_asked_for() -> None:
    assert marked("Musée de la Tour", "taller de barro", "en") == ["de"]
    assert marked("Musée de la Tour", "taller de barro", "en", reader="es") == []


@given(ANY_TEXT | WORDS, ANY_TEXT | WORDS, st.sampled_from([*ANALYSED, "ja", "zh-Hans"]))
def test_joined_the_stretches_are_the_text(text: str, q: str, language: str) -> None:
    found = pieces(text, parse(q), language)
    assert "".join(s for s, _ in found) == text
    assert all(s for s, _ in found)
    assert all(one[1] != other[1] for one, other in pairwise(found))


@given(ANY_TEXT | WORDS, WORDS, st.integers(20, 200))
def test_a_snippet_is_a_part_of_the_text_with_a_match_if_there_is_one(
    text: str, q: str, length: int
) -> None:
    ask = parse(q)
    found = snippet(text, ask, "es", length)
    shown = "".join(s for s, _ in found)
    assert shown.removeprefix("…").removesuffix("…") in text or shown in text
    assert any(m for _, m in found) == any(m for _, m in pieces(text, ask, "es"))


def test_a_snippet_is_cut_between_words_where_the_matches_are_thickest() -> None:
    text = "Uno barro dos. " + "relleno " * 40 + "aquí el torno y el barro juntos " + "cola " * 60
    found = snippet(text, parse("barro torno"), "es", 60)
    shown = "".join(s for s, _ in found)
    assert [s for s, m in found if m] == ["torno", "barro"]
    assert shown.startswith("…aquí el torno")
    assert shown.endswith("cola…")
    assert len(shown) <= 62


def test_a_snippet_without_a_match_is_the_beginning() -> None:
    text = "palabra " * 50
    assert snippet(text, parse("nada"), "es", 20) == (("palabra palabra…", False),)
    assert snippet("Poco", parse("nada"), "es", 20) == (("Poco", False),)


def test_what_is_not_shown_yet_is_known() -> None:
    ask = parse("taller OR curso barro de -no")
    rest = unshown(ask, pieces("Un curso", ask, "es"), "es")
    assert [[p.text for p in group] for group in rest.needed] == [["barro"]]
