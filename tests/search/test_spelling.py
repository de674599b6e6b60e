"""What was probably meant is a word of the index, and nothing is said when that is not clear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.search.spelling import Vocabulary

WORDS = {
    "ceramica": 40, "bicicletas": 30, "guitarra": 25, "huerto": 12, "huertos": 6, "workshop": 50,
    "beginners": 20, "calligraphy": 9, "bibliotheque": 7, "بستنة": 5, "الخياطة": 4, "pan": 90,
    "цветоводство": 3, "κεραμικη": 2, "学习日本語": 8, "bicicletas2": 900,
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
        ("biciceltas", "bicicletas"),
        ("cerámcia", None),
        ("البستنه", None),
        ("цветоводсво", "цветоводство"),
        ("κεραμηκη", "κεραμικη"),
    ],
)
def test_slips_and_what_was_meant(asked: str, meant: str | None) -> None:
    found = vocabulary(WORDS).correction(asked)
    assert (found.word if found else None) == meant


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("honey", "money"),
        ("sponsors", "sponsor"),
        ("verifican", "verificar"),
        ("buque", "buques"),
    ],
)
def test_another_word_or_another_form_is_no_slip(asked: str, known: str) -> None:
    assert vocabulary({known: 50}).correction(asked) is None


def test_of_a_question_only_the_slip_is_corrected() -> None:
    known = vocabulary(WORDS)
    found = [known.correction(word) for word in ["huerto", "bibliotecque", "workshop"]]
    assert [each and each.word for each in found] == [None, "bibliotheque", None]


def test_a_word_that_is_there_is_not_corrected_however_rare() -> None:
    assert vocabulary({"recieve": 1, "receive": 9000}).correction("recieve") is None


@pytest.mark.parametrize(
    "asked", ["学习日木語", "学习日本", "กขคงจฉ", "bicicl_tas", "biciclet4s", "\ud800bcd"]
)
def test_nothing_is_said_of_what_is_not_spelled_with_letters(asked: str) -> None:
    assert vocabulary(WORDS).correction(asked) is None


def test_the_surest_of_several_is_said_with_how_likely_it_is() -> None:
    found = vocabulary({"guitarra": 10, "guitarras": 10}).correction("gitarra")
    assert found is not None
    assert found.word == "guitarra"
    assert 0.45 <= found.confidence < 1


def test_two_words_as_likely_are_not_chosen_between() -> None:
    assert vocabulary({"cable": 5, "caple": 5}).correction("cazle") is None


_any = st.text(st.characters(), max_size=12) | st.text("abcñчبな学\ud800", max_size=8)
_vocabularies = st.dictionaries(_any.filter(bool), st.integers(0, 1000), max_size=30)


def _in_order(words: dict[str, int]) -> Vocabulary:
    ordered = sorted(words, key=_bytes)
    return Vocabulary.compile(ordered, [words[word] for word in ordered])


def _bytes(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")


@given(_vocabularies, st.text(st.characters(), max_size=300) | _any)
def test_a_correction_is_another_word_that_is_there(words: dict[str, int], asked: str) -> None:
    found = _in_order(words).correction(asked)
    assert found is None or (found.word in words and found.word != asked)


@given(st.text("abcdefghil", min_size=6, max_size=12), st.data())
def test_a_swap_within_the_only_word_is_undone(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 3))
    slip = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    found = vocabulary({word: 1}).correction(slip)
    assert (found.word if found else None) == (None if slip == word else word)


@given(_vocabularies, _any)
def test_frequencies_are_those_of_the_words(words: dict[str, int], asked: str) -> None:
    again = Vocabulary.from_arrays(_in_order(words).arrays())
    assert len(again) == len(words)
    assert all(again.frequency(word) == count for word, count in words.items())
    assert again.frequency(asked) == words.get(asked, 0)


@given(_vocabularies, _any, st.integers(0, 40))
def test_beginnings_are_found_the_most_frequent_first(
    words: dict[str, int], prefix: str, most: int
) -> None:
    there = [pair for pair in words.items() if pair[0].startswith(prefix)]
    expected = sorted(there, key=lambda pair: (-pair[1], _bytes(pair[0])))[:most]
    assert _in_order(words).prefixed(prefix, most) == expected
