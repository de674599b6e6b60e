"""A generated city of any size: the same for the same seed, with texts that read like listings."""

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

DISTRICTS = ["Centro", "Ribera", "Molinos", "Altos", "San Telmo", "Estación", "Huertas", "Campus"]
KINDS = ["library", "museum", "park", "community-centre", "school", "makerspace", "workplace"]
FORMATS = ["course", "workshop", "talk", "guided-visit", "drop-in", "reading-group", "volunteering"]
SUBJECTS = {
    "es": {
        "spanish": ["español", "conversación en español", "gramática", "primeras palabras"],
        "ceramics": ["cerámica", "torno y barro", "esmaltes"],
        "bicycle-repair": ["bicicletas", "reparación de frenos", "cambio y cadena"],
        "digital-basics": ["ordenador", "correo electrónico", "trámites en línea"],
        "urban-gardening": ["huerto", "semillas", "compost", "riego"],
        "guitar": ["guitarra", "acordes", "rasgueo"],
        "local-history": ["historia del barrio", "el río y los molinos", "archivo"],
    },
    "en": {
        "english": ["English", "English conversation", "job interviews in English"],
        "astronomy": ["the night sky", "telescopes", "planets and moons"],
        "baking": ["bread", "sourdough", "an oven of one's own"],
    },
    "ar": {
        "arabic": ["اللغة العربية", "القراءة والكتابة", "المحادثة"],
        "calligraphy": ["الخط العربي", "الحبر والقصبة"],
    },
}
FRAMES = {
    "es": [
        "Curso de {s}",
        "Taller de {s}",
        "{s} para empezar",
        "{s}, segunda parte",
        "Tardes de {s}",
    ],
    "en": ["{s} for beginners", "A course in {s}", "{s}, step by step", "An evening of {s}"],
    "ar": ["دورة في {s}", "ورشة {s}", "{s} للمبتدئين"],
}
SENTENCES = {
    "es": [
        "Se trabaja en grupos pequeños con material del centro.",
        "No hace falta saber nada, solo venir con ganas.",
        "Traed cuaderno y ropa que se pueda manchar.",
        "Después hay té y se queda quien quiere.",
        "La sala está en la planta baja, junto al patio.",
    ],
    "en": [
        "We work in small groups with tools you can borrow.",
        "No experience is needed; bring a notebook.",
        "Tea afterwards for whoever wants to stay.",
        "The room is on the ground floor beside the courtyard.",
    ],
    "ar": [
        "نعمل في مجموعات صغيرة بأدوات متوفرة.",
        "لا حاجة إلى خبرة سابقة.",
        "الشاي بعد الدرس لمن يرغب.",
    ],
}
COLUMNS = [
    "id", "type", "title", "summary", "description", "language", "kind", "format", "setting", "topics",
    "space_id", "district", "lat", "lon", "starts", "ends", "rrule", "price", "age_min", "languages", "access",
]  # fmt: skip
QUERIES = [
    "español", "taller cerámica", "bicicletas", "guitar", "conversación", "huerto compost", "pan",
    "bread oven", "الخط العربي", "historia río", "ordenador correo", "segunda parte", '"primeras palabras"',
    "telescopes -moons", "acordes OR esmaltes", "té", "cuaderno patio", "",
]  # fmt: skip


def rows(count: int, *, seed: int = 7, first: date | None = None) -> Iterator[dict[str, str]]:
    """Spaces (a twentieth of the count) and then opportunities, as plain Vereda columns."""
    draw = random.Random(seed)
    first = first or date(2026, 11, 23)
    spaces = max(10, count // 20)
    for n in range(spaces):
        yield _space(draw, n)
    for n in range(count):
        yield _opportunity(draw, n, spaces, first)


def write(path: Path, count: int) -> int:
    """Write a generated city as CSV; how many rows that is."""
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for row in rows(count):
            writer.writerow(row)
            written += 1
    return written


def _space(draw: random.Random, n: int) -> dict[str, str]:
    kind, district = draw.choice(KINDS), draw.choice(DISTRICTS)
    return {
        "id": f"s{n}",
        "type": "space",
        "title": f"Espacio {n} de {district}",
        "language": "es",
        "kind": kind,
        "district": district,
        "lat": f"{41 + draw.uniform(-0.03, 0.03):.5f}",
        "lon": f"{-4.5 + draw.uniform(-0.04, 0.04):.5f}",
        "access": draw.choice(["step-free", "step-free=no", ""]),
    }


def _opportunity(draw: random.Random, n: int, spaces: int, first: date) -> dict[str, str]:
    language = draw.choices(["es", "en", "ar"], [8, 1, 1])[0]
    topic = draw.choice(list(SUBJECTS[language]))
    subject = draw.choice(SUBJECTS[language][topic])
    start = first + timedelta(days=draw.randrange(90))
    hour = draw.choice([9, 10, 11, 16, 17, 18, 19])
    price = draw.choice(["0", "0", "0", str(draw.randrange(2, 90)), ""])
    return {
        "id": f"o{n}",
        "type": "opportunity",
        "title": draw.choice(FRAMES[language]).format(s=subject),
        "summary": draw.choice(SENTENCES[language]),
        "description": " ".join(draw.choices(SENTENCES[language], k=4)),
        "language": language,
        "format": draw.choice(FORMATS),
        "setting": draw.choice(["non-formal", "informal"]),
        "topics": f"{topic}:{draw.choice(['0-1', '1-2', '2-3'])}",
        "space_id": f"s{draw.randrange(spaces)}",
        "starts": f"{start.isoformat()}T{hour:02d}:00",
        "ends": f"{start.isoformat()}T{hour + 1:02d}:30",
        "rrule": f"FREQ=WEEKLY;COUNT={draw.randrange(1, 12)}",
        "price": price,
        "age_min": draw.choice(["", "", "16", "60"]),
        "languages": draw.choice(["es", "es", "en", "ar", ""]),
        "access": "",
    }
