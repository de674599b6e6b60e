"""From text to terms, the same for what is written and for what is asked."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import Stemmer
from whoosh.lang.stopwords import stoplists

# Snowball's algorithm for each language that has one (snowballstem.org).
STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
    "yi": "yiddish",
}  # fmt: skip
# Languages without a stemmer share one field: folded words, and bigrams where no spaces are used.
OTHER = "und"
ANALYSED = (*STEMMERS, OTHER)

# Whoosh has no Arabic list; these are particles, pronouns and conjunctions of the written language.
_ARABIC_STOPS = [
    "في",
    "من",
    "على",
    "إلى",
    "عن",
    "مع",
    "هذا",
    "هذه",
    "ذلك",
    "تلك",
    "التي",
    "الذي",
    "الذين",
    "ما",
    "لا",
    "لم",
    "لن",
    "إن",
    "أن",
    "أو",
    "ثم",
    "هو",
    "هي",
    "هم",
    "كان",
    "كانت",
    "كل",
    "بعد",
    "قبل",
    "عند",
    "بين",
    "حتى",
    "كما",
    "قد",
    "لقد",
    "هل",
    "إذا",
    "بل",
    "أي",
    "نحن",
    "أنا",
    "أنت",
    "و",
    "ب",
    "ل",
    "ك",
    "ف",
    "يا",
]


def _marks() -> str:
    """All marks that belong to the letter before them, and the joiners within words, as a class."""
    marks = [n for n in range(0x300, 0x10000) if unicodedata.category(chr(n)) in {"Mn", "Mc"}]
    return "".join(f"\\u{n:04x}" for n in (*marks, 0x200C, 0x200D))


# Vowel signs stand between the letters of one Arabic or Hindi word, and are no letters themselves.
_WORD = re.compile(rf"\w[\w{_marks()}]*")
# Scripts written without spaces: Han, kana, Hangul (words are short and inflected), Thai.
_BIGRAM_RUN = re.compile(
    "[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+"
)
_VOICING = {"\u3099", "\u309a"}


def clean(text: str) -> str:
    """Text that can be stored and compared: no NUL, no lone surrogate, no direction control."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    kept = (
        c
        for c in whole
        if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"} or c in "\t\n\r"
    )
    return "".join(kept)


def fold(text: str) -> str:
    """Lower case without accents, vowel signs or Arabic letter variants."""
    if text.isascii():
        return text.lower()
    bare = "".join(
        c
        for c in unicodedata.normalize("NFKD", text.casefold())
        if c in _VOICING or not unicodedata.combining(c)
    )
    return (
        unicodedata.normalize("NFC", bare)
        .replace("\u0640", "")
        .replace("\u0649", "\u064a")
        .replace("\u0629", "\u0647")
    )


# A word comes again and again; the memory is bounded, the texts are not.
_fold_word = lru_cache(maxsize=65536)(fold)


def folded_words(text: str) -> list[str]:
    """The words of a text without accents or capitals."""
    return [_fold_word(word) for word, _, _ in spans(text)]


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words of a language that say nothing, folded."""
    listed = _ARABIC_STOPS if language == "ar" else stoplists.get(language, ())
    return frozenset(fold(word) for word in listed)


@cache
def _stemmer(language: str) -> Any:
    return Stemmer.Stemmer(STEMMERS[language]) if language in STEMMERS else None


@lru_cache(maxsize=65536)
def forms(word: str, language: str) -> tuple[str, ...]:
    """The terms a word is kept as, the one that ignores accents first; none for a stop word.

    Snowball's rules look at accents, and people leave them out: “caligrafía” is stemmed as it
    stands and without its accent, so that either spelling meets the other.
    """
    bare = _fold_word(word)
    if bare in stop_words(language):
        return ()
    accented = fold(_stem(unicodedata.normalize("NFC", word.casefold()), language))
    # A few letters decompose into a space and a mark, or into nothing.
    both = ("".join(form.split()) for form in (_stem(bare, language), accented))
    return tuple(dict.fromkeys(form for form in both if form))


def _stem(word: str, language: str) -> str:
    """Stemmed until it stays: Snowball takes “talleres” to “taller” and that on to “tall”."""
    stemmer = _stemmer(language)
    if stemmer is None:
        return word
    for _ in range(3):
        stemmed = str(stemmer.stemWord(word))
        if stemmed == word:
            break
        word = stemmed
    return word


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Words with where they begin and end; bigrams in scripts written without spaces."""
    unspaced = _BIGRAM_RUN.search(text) is not None
    for match in _WORD.finditer(text):
        if unspaced:
            yield from _pieces(match.group(), match.start())
        else:
            yield match.group(), match.start(), match.end()


def _pieces(word: str, begin: int) -> Iterator[tuple[str, int, int]]:
    for run in _split_scripts(word):
        end = begin + len(run)
        if _BIGRAM_RUN.fullmatch(run) and len(run) > 2:  # noqa: PLR2004 - a pair is a bigram
            yield from ((run[i : i + 2], begin + i, begin + i + 2) for i in range(len(run) - 1))
        else:
            yield run, begin, end
        begin = end


def _split_scripts(word: str) -> Iterator[str]:
    at = 0
    for run in _BIGRAM_RUN.finditer(word):
        if run.start() > at:
            yield word[at : run.start()]
        yield run.group()
        at = run.end()
    if at < len(word):
        yield word[at:]


def terms(text: str, language: str) -> list[str]:
    """The terms of a text that ignore accents, in order, without stop words."""
    return [found[0] for word, _, _ in spans(text) if (found := forms(word, language))]


def positions(text: str, language: str) -> list[tuple[str, ...]]:
    """For each word of a text that is no stop word, every term it is kept as, in order.

    Stop words take no place, so a phrase matches with or without them.
    """
    return [found for word, _, _ in spans(text) if (found := forms(word, language))]


def field_language(tag: str) -> str:
    """Which analysis a text of a language gets: its own, or the common one."""
    base = tag.split("-", 1)[0].lower()
    return {"nb": "no", "nn": "no"}.get(base, base if base in STEMMERS else OTHER)
