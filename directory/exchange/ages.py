"""Ages: for whom something is, from phrases such as "de {min} a {max} años"."""

import re

from directory.exchange.mapping import Ages

_YEARS = {"{min}": r"(?P<min>\d{1,2})", "{max}": r"(?P<max>\d{1,2})"}
_PLACE = re.compile(r"(\{min\}|\{max\})")


class AgeReader:
    """Finds the first of a mapping's phrases, in their order, in a text."""

    def __init__(self, ages: Ages) -> None:
        self._phrases = [_compiled(phrase) for phrase in ages.phrases]

    def read(self, text: str) -> tuple[int | None, int | None]:
        """The lowest and highest age, each None where nothing is said."""
        for phrase in self._phrases:
            match = phrase.search(text)
            if match:
                said = match.groupdict()
                low, high = said.get("min"), said.get("max")
                return int(low) if low else None, int(high) if high else None
        return None, None


def _compiled(phrase: str) -> re.Pattern[str]:
    parts = _PLACE.split(phrase)
    body = "".join(
        _YEARS.get(part) or r"\s+".join(re.escape(word) for word in re.split(r"\s+", part))
        for part in parts
    )
    return re.compile(rf"(?<!\w){body}(?!\w)", re.IGNORECASE)
