"""Analysis: the same terms for what is written and for what is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.analysis import ANALYSED, clean, fold, forms, positions, terms


@pytest.mark.parametrize(
    ("language", "written", "asked"),
    [
        ("es", "talleres de informática", "taller informatica"),
        ("es", "canciones", "cancion"),
        ("es", "Caligrafía", "caligrafia"),
        ("es", "programación", "programacion"),
        ("en", "Mending bicycles", "mend bicycle"),
        ("ar", "المكتبة العربية", "مكتبه عربيه"),
        ("fr", "Écoles d'été", "ecole ete"),
        ("de", "Häuser", "haus"),
    ],
)
def test_forms_and_accents_meet(language: str, written: str, asked: str) -> None:
    kept = {form for word in positions(written, language) for form in word}
    assert all(kept & set(word) for word in positions(asked, language))


def test_stop_words_are_left_out() -> None:
    assert forms("the", "en") == ()
    assert forms("de", "es") == ()
    assert forms("من", "ar") == ()


def test_scripts_without_spaces_become_pairs() -> None:
    assert terms("日本語教室", "und") == ["日本", "本語", "語教", "教室"]
    assert terms("語", "und") == ["語"]
    assert "ไท" in terms("ภาษาไทย", "und")


def test_alef_and_tatweel_do_not_matter() -> None:
    assert fold("أحمـــد") == fold("احمد")


@given(st.text(alphabet=st.characters(), max_size=200), st.sampled_from(ANALYSED))
def test_any_text_has_terms(text: str, language: str) -> None:
    assert all(isinstance(t, str) and t for t in terms(clean(text), language))


def test_controls_and_lone_surrogates_are_taken_out() -> None:
    assert clean("a\x00b\u202ec\ud800") == "abc\ufffd"
