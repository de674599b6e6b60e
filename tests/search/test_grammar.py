"""The public grammar: words, phrases, exclusion, OR; bounded, and never an error."""

from hypothesis import given
from hypothesis import strategies as st

from directory.search.grammar import LONGEST, MOST_TERMS, Piece, parse


def test_words_phrases_exclusion_and_or_are_understood() -> None:
    ask = parse('guitar OR piano "first steps" -drums')
    assert ask.needed == ((Piece("guitar"), Piece("piano")), (Piece("first steps", phrase=True),))
    assert ask.excluded == (Piece("drums"),)


def test_a_phrase_may_be_excluded() -> None:
    assert parse('music -"heavy metal"').excluded == (Piece("heavy metal", phrase=True),)


def test_wildcards_ranges_and_fields_are_only_words() -> None:
    ask = parse("title:foo [a TO z] te*t ~2 (((")
    assert all(isinstance(piece, Piece) for group in ask.needed for piece in group)
    assert not ask.excluded


def test_a_long_question_is_cut_and_says_so() -> None:
    ask = parse("word " * 1000)
    assert ask.shortened
    assert len(ask.needed) == MOST_TERMS


def test_a_dangling_or_is_no_error() -> None:
    assert parse("OR").needed == ((Piece("OR"),),)
    assert parse("guitar OR").needed == ((Piece("guitar"),),)


@given(st.text(max_size=400))
def test_every_string_is_a_question(text: str) -> None:
    ask = parse(text)
    pieces = [p for group in ask.needed for p in group] + list(ask.excluded)
    assert len(pieces) <= MOST_TERMS
    assert sum(len(p.text) for p in pieces) <= LONGEST
