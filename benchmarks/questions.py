"""What is asked of every engine: words of eight kinds in three languages, under seven filters."""

from dataclasses import dataclass

from listings import CENTRE, NAMES, NOW, ZONE

from directory.search.grammar import parse
from directory.search.request import Near, SearchRequest

ES, EN, AR = NAMES["es"], NAMES["en"], NAMES["ar"]

FILTERS: dict[str, dict[str, object]] = {
    "none": {},
    "district": {"district": ("ribera",)},
    "workshop, free": {"format": ("workshop",), "price_max": 0.0},
    "topic": {"topic": ("arts",)},
    "within 3 km": {"near": Near(*CENTRE, 3.0)},
    "Saturday evening": {"day": (5,), "after": 17 * 60},
    "step-free": {"access": ("step-free",)},
}
# Answered on purpose by a rectangle in engines that know no circles.
APPROXIMATE = {"within 3 km"}

# Words that no stemmer and no folding changes into another's: every engine must find the same.
EXACT: dict[str, list[str]] = {
    "frequent word": [ES[0], ES[1], EN[0], AR[0]],
    "rare word": [ES[60], ES[400], ES[1500], EN[100], EN[400], AR[150]],
    "two words": [
        f"{ES[0]} {ES[1]}", f"{ES[0]} {ES[4]}", f"{ES[2]} {ES[30]}", f"{EN[0]} {EN[1]}", f"{AR[0]} {AR[2]}",
    ],
    "three words": [
        f"{ES[0]} {ES[1]} {ES[2]}", f"{ES[0]} {ES[3]} {ES[8]}", f"{EN[0]} {EN[1]} {EN[3]}",
    ],
    "phrase": [f'"plaza {ES[0]}"', f'"plaza {ES[5]}"', f'"{EN[0]} bridge"'],
    "exclusion": [f"{ES[0]} -{ES[1]}", f"{EN[0]} -{EN[1]}", f"{AR[0]} -{AR[1]}"],
    "either": [f"{ES[0]} OR {EN[0]}", f"{ES[9]} OR {ES[10]}", f"{AR[3]} OR {AR[4]}"],
    "no words": [""],
}  # fmt: skip
# Ordinary words: engines differ by stemmer, so their totals are only reported.
ORDINARY: dict[str, list[str]] = {
    "frequent word": ["taller", "grupo", "workshop", "ورشة", "cuaderno"],
    "rare word": ["macramé", "telescopio", "sourdough", "القاموس"],
    "two words": [
        "taller cerámica", "guitarra principiantes", "reparar bicicleta", "learn leather", "الخط العربي",
    ],
    "three words": [
        "aprendemos madera familias", "taller barro torno", "bring notebook beginners", "الطين الدولاب الجيران",
    ],
    "phrase": ['"sala grande"', '"recién llegados"', '"recycled paper"', '"القاعة الكبيرة"'],
    "exclusion": ["guitarra -curso", "cerámica -torno", "garden -tea"],
    "either": ["acuarela OR óleo", "oven OR bread", "الخشب OR الحجر"],
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One search.

    Attributes:
        kind: what sort of words it has.
        filters: name of its filters.
        exact: its words are such that all engines must agree, unless the filter is approximate.
    """

    kind: str
    filters: str
    text: str
    exact: bool
    request: SearchRequest

    def __str__(self) -> str:
        return f"{self.text or '(no words)'} / {self.filters}"


def questions() -> list[Question]:
    """All of them: every text under every set of filters."""
    texts = [(kind, t, True) for kind, found in EXACT.items() for t in found]
    texts += [(kind, t, False) for kind, found in ORDINARY.items() for t in found]
    return [
        Question(kind, name, text, exact, _request(text, filters))
        for kind, text, exact in texts
        for name, filters in FILTERS.items()
    ]


def _request(text: str, filters: dict[str, object]) -> SearchRequest:
    return SearchRequest(now=NOW, zone=ZONE, ask=parse(text), ui_language="es", **filters)  # type: ignore[arg-type]
