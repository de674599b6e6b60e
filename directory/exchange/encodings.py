"""Encodings: from bytes to text, without trusting a guess where there is better."""

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

_BOMS = (
    # The longer first: UTF-32-LE begins like UTF-16-LE.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CODE_PAGES = (
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257",
    "gb18030", "big5", "cp932", "cp949",
)  # fmt: skip
_OF_LANGUAGE = {
    "ar": "cp1256", "fa": "cp1256", "ur": "cp1256", "ru": "cp1251", "uk": "cp1251",
    "bg": "cp1251", "sr": "cp1251", "mk": "cp1251", "pl": "cp1250", "cs": "cp1250",
    "sk": "cp1250", "hu": "cp1250", "ro": "cp1250", "hr": "cp1250", "sl": "cp1250",
    "el": "cp1253", "tr": "cp1254", "he": "cp1255", "lt": "cp1257", "lv": "cp1257",
    "et": "cp1257", "zh": "gb18030", "ja": "cp932", "ko": "cp949",
}  # fmt: skip
_WESTERN = "cp1252"
_SAMPLE = 32_768
# How much messier than the best guess the expected code page may look and still be believed:
# the guesser cannot tell cp1250 from cp1252 in Spanish.
_SLACK = 0.05
_NOT_ASCII = re.compile(rb"[^\n]*[\x80-\xff][^\n]*")


def decode(data: bytes, *, said: str = "", language: str = "") -> tuple[str, str]:
    """The text of a file and the encoding it was in.

    A byte order mark decides; else UTF-8, which other text hardly ever resembles; else what the
    mapping says; else the code page of its language, unless the bytes speak against it.

    Args:
        data: the whole file.
        said: the encoding the mapping names, if it does.
        language: the language the text is expected in.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), encoding
    for encoding in _candidates(data, said, language):
        try:
            return data.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1"), "latin-1"


def _candidates(data: bytes, said: str, language: str) -> Iterator[str]:
    yield "utf-8"
    if said:
        yield said
    yield _guess(data, language)


def _guess(data: bytes, language: str) -> str:
    expected = _OF_LANGUAGE.get(language.split("-", maxsplit=1)[0], _WESTERN)
    sample = b"\n".join(_NOT_ASCII.findall(data[: 16 * _SAMPLE]))[:_SAMPLE]
    if not sample:
        return expected
    guesses = list(from_bytes(sample, cp_isolation=list(_CODE_PAGES)))
    if not guesses:
        return expected
    best = guesses[0]
    for guess in guesses:
        likely = expected in guess.could_be_from_charset
        if likely and guess.chaos <= best.chaos + _SLACK:
            return expected
    return best.encoding
