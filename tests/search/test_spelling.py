"""What was probably meant is a word of the index, and nothing is said when that is not clear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.spelling import Vocabulary

WORDS = {
    "ceramica": 40, "bicicletas": 30, "guitarra": 25, "huerto": 12, "huertos": 6, "workshop": 50,
    "beginners": 20, "calligraphy": 9, "bibliotheque": 7, "بستنة": 5, "الخياطة": 4, "pan": 90,
}  # fmt: skip


def vocabulary(words: dict[str, int]) -> Vocabulary:
    ordered = sorted(words, key=str.encode)
    return Vocabulary.compile(ordered, [words[word] for word in ordered])


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("ceramcia", "ceramica"),
        ("bicicetas", "bicicletas"),
        ("gitarra", "guitarra"),
        ("worksop", "workshop"),
        ("begginers", "beginners"),
        ("caligrafy", None),
        ("bibliotecque", "bibliotheque"),
        ("الخياظة", "الخياطة"),
        ("pna", None),
        ("xyzzyx", None),
        ("huerto", None),
        ("covid19", None),
    ],
)
def test_slips_and_what_was_meant(asked: str, meant: str | None) -> None:
    found = vocabulary(WORDS).correction(asked)
    assert (found.word if found else None) == meant


def test_two_words_as_likely_are_not_chosen_between() -> None:
    assert vocabulary({"cable": 5, "caple": 5}).correction("cazle") is None


_words = st.dictionaries(
    st.text(min_size=1, max_size=12).filter(lambda word: word.isalpha()),
    st.integers(1, 1000),
    max_size=30,
)


@given(_words, st.text(max_size=300))
def test_a_correction_is_another_word_that_is_there(words: dict[str, int], asked: str) -> None:
    found = vocabulary(words).correction(asked)
    assert found is None or (found.word in words and found.word != asked)


@given(_words, st.text(max_size=5))
def test_frequencies_and_beginnings_are_those_of_the_words(
    words: dict[str, int], prefix: str
) -> None:
    made = vocabulary(words)
    again = Vocabulary.from_arrays(made.arrays())
    assert all(again.frequency(word) == count for word, count in words.items())
    expected = {word for word in words if word.encode().startswith(prefix.encode())}
    assert {word for word, _ in again.prefixed(prefix, 100)} == expected
