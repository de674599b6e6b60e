"""Madrid's agenda, written by another hand: the same venues and events, told differently.

A seeded generator: renamed venues, dropped accents, changed order of words, moved points, changed
case, abbreviations, other columns and ids, some rows in only one of the two.
"""

import csv
import io
import math
import random
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

COLUMNS = (
    "ref", "nombre", "coste", "libre", "dias", "salvo", "desde", "hasta", "a_las", "texto",
    "enlace", "lugar", "lugar_web", "acceso", "via", "calle", "num", "distrito", "cp", "lat",
    "lon", "clase", "publico",
)  # fmt: skip
_OURS = (
    "ID-EVENTO", "TITULO", "PRECIO", "GRATUITO", "DIAS-SEMANA", "DIAS-EXCLUIDOS", "FECHA",
    "FECHA-FIN", "HORA", "DESCRIPCION", "CONTENT-URL", "NOMBRE-INSTALACION", "URL-INSTALACION",
    "ACCESIBILIDAD-INSTALACION", "CLASE-VIAL-INSTALACION", "NOMBRE-VIA-INSTALACION",
    "NUM-INSTALACION", "DISTRITO-INSTALACION", "CODIGO-POSTAL-INSTALACION", "LATITUD", "LONGITUD",
    "TIPO", "AUDIENCIA",
)  # fmt: skip
RENAMED = dict(zip(_OURS, COLUMNS, strict=True))
_SHORT = {
    "Biblioteca": "Bibl.", "Pública": "Púb.", "Municipal": "Mpal.", "Centro": "Ctro.",
    "Cultural": "Cult.", "Auditorio": "Aud.", "Exposiciones": "Expos.", "Espacio": "Esp.",
    "Concierto": "Conc.", "Exposición": "Expo.", "Contemporánea": "Contemp.",
    "Interpretación": "Interp.", "Información": "Inf.", "Educación": "Educ.",
}  # fmt: skip
_METRES_A_DEGREE = 111_195.0
Row = dict[str, str]


@dataclass
class Hands:
    """How often each hand changes what."""

    accents: float = 0.4
    case: float = 0.25
    order: float = 0.2
    short: float = 0.35
    drop: float = 0.2
    slip: float = 0.1
    no_link: float = 0.6
    no_text: float = 0.3
    moved: float = 50.0
    missing: float = 0.08
    venues: dict[str, Row] = field(default_factory=dict)


def read(file: Path) -> list[Row]:
    """The agenda's rows as published."""
    text = file.read_bytes().decode("cp1252")
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    return [
        {(k or "").strip(): v or "" for k, v in row.items() if (k or "").strip()} for row in reader
    ]


def two_exports(rows: Sequence[Row], seed: int) -> tuple[list[Row], list[Row]]:
    """Two copies by different hands; ``ID-EVENTO`` still says what is one."""
    draw = random.Random(seed)
    first, second = Hands(), Hands(accents=0.7, case=0.4)
    return _copy(rows, draw, first), _copy(rows, draw, second)


def written(rows: Sequence[Row], prefix: str, seed: int) -> bytes:
    """A file in other columns, in another order, with ids of its own."""
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, delimiter=",")
    writer.writeheader()
    for row in shuffled:
        named = {RENAMED[name]: row[name] for name in _OURS}
        writer.writerow(named | {"ref": f"{prefix}-{row['ID-EVENTO']}"})
    return out.getvalue().encode()


def mapping_text(shipped: str, source: str) -> str:
    """The shipped mapping, for those other columns."""
    for ours, theirs in RENAMED.items():
        shipped = shipped.replace(f'"{ours}"', f'"{theirs}"')
    shipped = shipped.replace('name = "madrid-agenda"', f'name = "{source}"')
    return shipped.replace('encoding = "cp1252"', 'encoding = "utf-8"')


def _copy(rows: Sequence[Row], draw: random.Random, hands: Hands) -> list[Row]:
    kept = [row for row in rows if draw.random() >= hands.missing]
    return [_row(row, draw, hands) for row in kept]


def _row(row: Row, draw: random.Random, hands: Hands) -> Row:
    new = row | {"TITULO": _told(row["TITULO"], draw, hands)}
    if draw.random() < hands.no_link:
        new["CONTENT-URL"] = ""
    if draw.random() < hands.no_text:
        new["DESCRIPCION"] = ""
    name = row["NOMBRE-INSTALACION"]
    if name:  # a venue is written one way by one hand
        new |= hands.venues.setdefault(name, _venue(row, draw, hands))
    return new


def _venue(row: Row, draw: random.Random, hands: Hands) -> Row:
    changed = {"NOMBRE-INSTALACION": _told(row["NOMBRE-INSTALACION"], draw, hands)}
    changed["URL-INSTALACION"] = "" if draw.random() < hands.no_link else row["URL-INSTALACION"]
    for name in (
        "CLASE-VIAL-INSTALACION", "NOMBRE-VIA-INSTALACION", "NUM-INSTALACION",
        "DISTRITO-INSTALACION", "CODIGO-POSTAL-INSTALACION",
    ):  # fmt: skip
        changed[name] = row[name]
    if row["LATITUD"] and row["LONGITUD"]:
        far, towards = draw.uniform(0, hands.moved / 2), draw.uniform(0, 2 * math.pi)
        lat = float(row["LATITUD"])
        east = far * math.sin(towards) / _METRES_A_DEGREE / math.cos(math.radians(lat))
        changed["LATITUD"] = str(lat + far * math.cos(towards) / _METRES_A_DEGREE)
        changed["LONGITUD"] = str(float(row["LONGITUD"]) + east)
    return changed


def _told(text: str, draw: random.Random, hands: Hands) -> str:
    """A name as another clerk would write it."""
    words = text.split()
    if draw.random() < hands.short:
        words = [_SHORT.get(word, word) for word in words]
    if draw.random() < hands.drop and len(words) > 3:
        plain = [n for n, word in enumerate(words) if word.isalpha() and len(word) < 9]
        if plain:
            del words[draw.choice(plain)]
    if draw.random() < hands.slip:
        words = [_slipped(word, draw) if len(word) > 6 else word for word in words]
    if draw.random() < hands.order and len(words) > 2:
        cut = draw.randrange(1, len(words))
        words = words[cut:] + words[:cut]
    told = " ".join(words)
    if draw.random() < hands.accents:
        apart = unicodedata.normalize("NFKD", told)
        told = "".join(c for c in apart if not unicodedata.combining(c))
    if draw.random() < hands.case:
        told = draw.choice((str.upper, str.lower, str.title))(told)
    return told or text


def _slipped(word: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
