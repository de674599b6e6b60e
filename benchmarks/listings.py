"""Documents of a generated city of any size: the same for the same seed, one at a time.

Half of what a search costs hangs on how often its words occur, so words are drawn as they occur in
texts: a few in every other listing, some in one of a hundred, most in hardly any.
"""

import itertools
import random
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import TypeVar
from zoneinfo import ZoneInfo

from directory.models.vocabulary import Access, Format, SpaceKind
from directory.search.documents import Document, Sitting

ZONE = "Europe/Madrid"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo(ZONE))
CENTRE = (41.0, -4.5)
DAYS = 90
SPACES = 0.05
LANGUAGES = ("es", "en", "ar")
SHARES = (70, 20, 10)
DISTRICTS = (
    "centro", "ribera", "molinos", "altos", "san-telmo", "estacion", "huertas", "campus", "puerto",
    "las-eras", "arrabal", "vegas", "ferial", "la-cuesta", "miraflores", "canteras", "el-soto",
    "juderia", "tenerias", "aljibe", "los-alamos", "vista-alegre", "parque-sur", "torres",
)  # fmt: skip
_ANYTIME = {Format.SELF_GUIDED_TRAIL.value, Format.ONLINE_COURSE.value}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Part = str | list[str]
Frame = tuple[Part, ...]
T = TypeVar("T")


def _weighted(words: list[str], most: int) -> list[str]:
    """Each word as often as its rank allows (Zipf), so that drawing evenly draws by frequency."""
    return [word for rank, word in enumerate(words) for _ in range(max(1, most // (rank + 1)))]


def _names(heads: str, middles: str, ends: str, count: int) -> list[str]:
    """Invented place names; their ends are such that no stemmer makes two of them one."""
    made = ["".join(p) for p in itertools.product(heads.split(), middles.split(), ends.split())]
    random.Random(11).shuffle(made)
    return made[:count]


NAMES: dict[str, list[str]] = {
    "es": _names(
        "Al Be Car Dul En For Gal Her Iz Jun Lor Mon Nar Ol Per Quin Rus Sal Tor Ur Val Yun Zar",
        "ba ca de fo gui ha li lla mo nu pe que ra ri so ta to ve xi ya zo",
        "biz caz dul fuz guiz jul lluz moz niz puz rruz suz tul viz",
        6000,
    ),
    "en": _names(
        "Ash Bram Cald Dun Elm Farn Gorm Hax Ing Kel Lang Mar North Oak Pen Rush Sed Thorn Win Yax",
        "a be co du e fo ga hi lo mu ne o pi ra so ta u wo",
        "wick ford holt mark pool stock thorp cliff wark",
        3000,
    ),
    "ar": _names(
        "رش شط طر قر جد حر خد زق صد ضر عط غر دش جر حط شر طق قد",
        "با دا را شا طو قو جو حو زو صو عو غو مو نو لو",
        "رد شر طق قد زر دش جر حق بر در شق ضد",
        3000,
    ),
}

_WORDS: dict[str, dict[str, str]] = {
    "es": {
        "verb": "practicar|descubrir|reparar|dibujar|preparar|comparar|escuchar|ordenar|medir|montar|"
        "leer en voz alta|conversar|cocinar|plantar|coser|grabar|restaurar|calcular|escribir|cantar|"
        "fotografiar|programar|traducir|observar|negociar|lijar|soldar|podar|bailar|modelar",
        "material": "barro|madera|lana|papel reciclado|hilo|cuero|semillas|harina|vidrio|cobre|tinta|"
        "compost|tela|cera|pigmento|acero|mimbre|yeso|corcho|esparto|pintura|arcilla|resina|aceite|"
        "levadura|piedra|cartón|algodón|fieltro|jabón",
        "tool": "torno|cuaderno|ordenador|teléfono|martillo|sierra|aguja|microscopio|telescopio|pincel|"
        "guitarra|cámara|tijeras|horno|brújula|regadera|impresora|destornillador|diccionario|mapa|"
        "calculadora|micrófono|balanza|tablero|cepillo|soldador|rodillo|batidora|bicicleta|tambor",
        "adjective": "tranquilo|práctico|breve|intensivo|gratuito|abierto|accesible|vecinal|colaborativo|"
        "familiar|sostenible|nocturno|inicial|avanzado|creativo|bilingüe|paciente|ameno|riguroso|lento",
        "people": "vecinas|principiantes|familias|mayores|jóvenes|recién llegados|docentes|"
        "personas en paro|curiosos|estudiantes|cuidadoras|artesanos",
        "place": "patio|sala grande|jardín|aula|taller|biblioteca|porche|claustro|terraza|cocina|almacén|"
        "auditorio",
    },
    "en": {
        "verb": "practise|discover|repair|sketch|prepare|compare|listen|sort|measure|assemble|read aloud|"
        "talk|cook|plant|sew|record|restore|calculate|write|sing|photograph|translate|observe|weld|dance",
        "material": "clay|wood|wool|recycled paper|thread|leather|seeds|flour|glass|copper|ink|compost|"
        "cloth|wax|pigment|steel|willow|plaster|cork|paint|resin|yeast|stone|cotton|felt",
        "tool": "wheel|notebook|laptop|phone|hammer|saw|needle|microscope|telescope|brush|guitar|camera|"
        "scissors|oven|compass|watering can|printer|screwdriver|dictionary|map|loom|drum|bicycle",
        "adjective": "quiet|practical|short|intensive|free|open|accessible|local|collaborative|friendly|"
        "sustainable|late|gentle|advanced|creative|bilingual|patient|lively|thorough|slow",
        "people": "neighbours|beginners|families|older adults|teenagers|newcomers|teachers|job seekers|"
        "students|carers|makers",
        "place": "courtyard|great hall|garden|classroom|workshop|library|square|cloister|kitchen|"
        "storeroom|auditorium",
    },
    "ar": {
        "verb": "نتدرب|نكتشف|نصلح|نرسم|نجهز|نقارن|نستمع|نرتب|نقيس|نقرأ|نتحدث|نطبخ|نزرع|نخيط|نكتب|نغني|نصور|نترجم",
        "material": "الطين|الخشب|الصوف|الورق|الخيط|الجلد|البذور|الطحين|الزجاج|النحاس|الحبر|القماش|الشمع|الحجر|القطن",
        "tool": "الدولاب|الدفتر|الحاسوب|الهاتف|المطرقة|المنشار|الإبرة|المجهر|التلسكوب|الفرشاة|العود|المقص|الفرن|القاموس",
        "adjective": "هادئ|عملي|قصير|مكثف|مجاني|مفتوح|محلي|تعاوني|متقدم|مبدع|صبور|بطيء",
        "people": "الجيران|المبتدئين|العائلات|الكبار|الشباب|القادمين الجدد|المعلمين|الطلاب|الحرفيين",
        "place": "الفناء|القاعة الكبيرة|الحديقة|الصف|الورشة|المكتبة|الساحة|المطبخ|المسرح",
    },
}
_TITLES: dict[str, list[str]] = {
    "es": [
        "Taller de {subject}", "Curso de {subject} en {name}", "{subject} para {people}",
        "{subject} con {material}", "Tardes de {subject}: {name}", "{subject}, grupo {adjective}",
        "Encuentro en {name}: {subject}", "Plaza {name}: {subject}",
    ],
    "en": [
        "{subject} for {people}", "A {adjective} course in {subject}", "{subject} at {name}",
        "{subject} with {material}", "{name} workshop: {subject}", "An evening of {subject}",
    ],
    "ar": ["ورشة {subject}", "دورة {subject} في {name}", "{subject} مع {people}", "لقاء {name}: {subject}"],
}  # fmt: skip
_SENTENCES: dict[str, list[str]] = {
    "es": [
        "Aprendemos a {verb} con {material} y {tool} en un grupo {adjective} de {people}.",
        "La actividad se hace en el {place} de {name}, a dos calles de la plaza {name}.",
        "No hace falta experiencia: basta con traer {tool} y ganas de {verb}.",
        "Quien ya sabe {verb} puede pasar al nivel {adjective} y ayudar a las demás {people}.",
        "El equipo de {name} presta {tool}, {material} y un cuaderno a cada participante.",
        "Después de {verb} hay té en el {place}, y se queda quien quiere.",
        "Hablamos de {subject} y de cómo se vivía en {name} hace cien años.",
        "Cada sesión termina con un ejercicio {adjective} de {subject} para practicar en casa.",
        "Vienen {people} de {name}, de {name} y de toda la comarca.",
        "Con {material} de {name} y un {tool} {adjective} se llega muy lejos.",
        "El grupo es {adjective}, con doce plazas, y conviene reservar en {name}.",
        "Se puede llegar en autobús desde {name} o a pie por el camino de {name}.",
    ],
    "en": [
        "We learn to {verb} with {material} and a {tool} in a {adjective} group of {people}.",
        "Sessions are held in the {place} at {name}, two streets from {name} bridge.",
        "No experience is needed: bring a {tool} and the wish to {verb}.",
        "Whoever can {verb} already may join the {adjective} level and help other {people}.",
        "The team at {name} lends a {tool}, {material} and paper to everybody.",
        "Afterwards there is tea in the {place} for whoever wants to stay.",
        "We talk about {subject} and how people lived in {name} a hundred years ago.",
        "Every meeting ends with a {adjective} exercise in {subject} to try at home.",
        "Buses stop at {name}; from {name} it is a walk along the river.",
    ],
    "ar": [
        "{verb} معا باستخدام {material} و {tool} في جو {adjective} مع {people}.",
        "يقام النشاط في {place} قرب {name} وعلى طريق {name}.",
        "لا حاجة إلى خبرة سابقة ويكفي إحضار {tool}.",
        "يقدم فريق {name} لكل مشارك {material} و {tool} مجانا.",
        "نتحدث عن {subject} وعن حياة الناس في {name} قبل مئة عام.",
        "بعد الدرس شاي في {place} لمن يرغب من {people}.",
        "ينتهي كل لقاء بتمرين {adjective} حول {subject} للعمل في البيت.",
    ],
}
_SPACES: dict[str, list[str]] = {
    "es": ["Biblioteca de {name}", "Centro vecinal {name}", "Espacio {name}", "Museo de {name}"],
    "en": ["{name} library", "{name} community centre", "{name} museum"],
    "ar": ["مكتبة {name}", "مركز {name}"],
}


@dataclass(frozen=True)
class _Topic:
    """A topic as listings carry it: its own key with its ancestors', and its words."""

    line: tuple[str, ...]
    words: dict[str, str]
    subjects: dict[str, list[str]]


def _shipped() -> list[dict[str, object]]:
    folder = resources.files("directory") / "data" / "topics"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    return [t for f in files for t in tomllib.loads(f.read_text(encoding="utf-8"))["topic"]]


def _line(key: str, parents: dict[str, str | None]) -> tuple[str, ...]:
    """A topic and its ancestors."""
    found, parent = [key], parents[key]
    while parent is not None:
        found.append(parent)
        parent = parents[parent]
    return tuple(found)


class City:
    """What listings are drawn from: pools of words a language, topics, places."""

    def __init__(self) -> None:
        rows = _shipped()
        by_key = {str(row["key"]): row for row in rows}
        parents = {key: row.get("parent") for key, row in by_key.items()}
        self.topics = [self._topic(_line(key, parents), by_key) for key in by_key]  # type: ignore[arg-type]
        random.Random(5).shuffle(self.topics)
        self.topic_pool = [t for n, t in enumerate(self.topics) for _ in range(1 + 200 // (n + 4))]
        self.pools = {language: self._pools(language) for language in LANGUAGES}
        self.titles = {lang: self._frames(lang, _TITLES[lang]) for lang in LANGUAGES}
        self.sentences = {lang: self._frames(lang, _SENTENCES[lang]) for lang in LANGUAGES}
        self.spaces = {lang: self._frames(lang, _SPACES[lang]) for lang in LANGUAGES}

    def _topic(self, line: tuple[str, ...], rows: dict[str, dict[str, object]]) -> _Topic:
        words, subjects = {}, {}
        for language in LANGUAGES:
            labels = [rows[key]["label"][language] for key in line]  # type: ignore[index]
            synonyms = rows[line[0]]["synonyms"][language]  # type: ignore[index]
            words[language] = "\n".join((*labels, *synonyms))
            subjects[language] = _weighted([labels[0], *synonyms], 6)
        return _Topic(line, words, subjects)

    def _pools(self, language: str) -> dict[str, list[str]]:
        pools = {slot: _weighted(words.split("|"), 40) for slot, words in _WORDS[language].items()}
        most = {"es": 1500, "en": 800, "ar": 800}[language]
        # A subject is the listing's own: nothing here stands for it.
        return {**pools, "subject": [], "name": _weighted(NAMES[language], most)}

    def _frames(self, language: str, frames: list[str]) -> list[Frame]:
        """Sentences cut at their slots, each slot the pool it is filled from."""
        return [
            tuple(
                self.pools[language][piece] if n % 2 else piece
                for n, piece in enumerate(frame.replace("}", "{").split("{"))
            )
            for frame in frames
        ]


CITY = City()
TOPICS = {topic.line[0]: topic for topic in CITY.topics}


class _Writer:
    """Draws one listing after another."""

    def __init__(self, seed: int) -> None:
        self.city = CITY
        self.draw = random.Random(seed)
        self.random = self.draw.random
        self.occurrence = 0

    def pick(self, pool: Sequence[T]) -> T:
        """One of a pool; twice as fast as ``choice``."""
        return pool[int(self.random() * len(pool))]

    def say(self, frame: Frame, subjects: list[str]) -> str:
        """A sentence with its slots filled."""
        pools = [p if type(p) is str else p or subjects for p in frame]
        draw = self.random
        return "".join([p if type(p) is str else p[int(draw() * len(p))] for p in pools])

    def text(self, language: str, subjects: list[str]) -> str:
        """A summary and a description of 60 to 120 words."""
        sentences = self.city.sentences[language]
        count = 6 + int(self.random() * 4)
        return " ".join([self.say(self.pick(sentences), subjects) for _ in range(count)])

    def taught(self) -> list[_Topic]:
        """One topic, or now and then two."""
        first = self.pick(self.city.topic_pool)
        second = self.pick(self.city.topic_pool)
        return [first] if self.random() < 0.7 or second is first else [first, second]

    def place(self) -> tuple[float, float]:
        """Somewhere in the city, denser towards the middle."""
        lat = CENTRE[0] + (self.random() + self.random() - 1) * 0.08
        lon = CENTRE[1] + (self.random() + self.random() - 1) * 0.1
        return round(lat, 5), round(lon, 5)

    def access(self) -> dict[str, bool]:
        """Some facts known, most of those true."""
        return {fact: self.random() < 0.7 for fact in _ACCESS if self.random() < 0.25}

    def sittings(self) -> tuple[Sitting, ...]:
        """One to twelve occurrences, a week apart, at one hour."""
        day = int(self.random() * DAYS)
        minute, length = self.pick(_HOURS), self.pick((60, 90, 120))
        count = 1 + int(self.random() * 12)
        found = []
        for start, date, weekday in _STARTS[day : day + 7 * count : 7]:
            self.occurrence += 1
            begin = start + minute
            found.append(Sitting(begin, begin + length, date, weekday, minute, ZONE))
        return tuple(found)


_ACCESS = tuple(fact.value for fact in Access)
_FORMATS = tuple(f.value for n, f in enumerate(Format) for _ in range(1 + 20 // (n + 1)))
_KINDS = tuple(kind.value for kind in SpaceKind)
_SETTINGS = ("non-formal", "non-formal", "informal", "formal")
_LEVELS = ((0,), (0, 1), (0, 1), (1,), (1, 2), (2,), (2, 3), (0, 1, 2, 3))
_PRICES = (0.0, 0.0, 0.0, 5.0, 12.0, 20.0, 35.0, 60.0, None, None)
_AGES = (None, None, None, 6, 12, 16, 18, 60)
_SPOKEN = (None, ("es",), ("es",), ("es",), ("es", "en"), ("en",), ("ar",), ("es", "ar"), ("fr",))
_HOURS = tuple(h * 60 + m for h in (9, 10, 11, 12, 16, 17, 18, 18, 19, 20) for m in (0, 30))
_DISTRICT_POOL = tuple(_weighted(list(DISTRICTS), 12))


def _starts() -> list[tuple[int, int, int]]:
    """For each coming day: its local midnight in minutes since 1970, its ordinal, its weekday."""
    found = []
    for ahead in range(1, DAYS + 1):
        day = (NOW + timedelta(days=ahead)).replace(hour=0, minute=0)
        minute = int((day.astimezone(UTC) - _EPOCH).total_seconds() // 60)
        found.append((minute, day.toordinal(), day.weekday()))
    return found


_STARTS = _starts()


def documents(count: int, *, seed: int = 7) -> Iterator[Document]:
    """So many listings: spaces first, then what happens in them."""
    writer = _Writer(seed)
    spaces = max(10, int(count * SPACES))
    for number in range(1, count + 1):
        made = _space(writer, number) if number <= spaces else _opportunity(writer, number)
        object.__setattr__(made, "shown", _shown(made))  # frozen, but not seen by anyone yet
        yield made


def _shown(document: Document) -> dict[str, object]:
    """What a row shows, as ``services.shown`` makes it of a listing."""
    language = document.language
    place = {"kind": document.kind, "district": document.district}
    where = {"lat": document.lat, "lon": document.lon}
    common: dict[str, object] = {
        "id": document.number, "external_id": str(document.number), "slug": f"listing-{document.number}",
        "language": language, "title": dict(document.titles), "states": {},
        "summary": {language: document.texts[language][:160]}, "provider": document.provider,
        "topics": list(document.about), "access": dict(document.access), "unconfirmed": None,
    }  # fmt: skip
    if document.type == "space":
        return {**common, "address": "Calle Mayor 1", **place, **where}
    space = {"id": 1, "language": "es", "title": {"es": "Centro de barrio"}, **place, **where}
    return {
        **common, "format": document.format, "setting": document.setting,
        "price": None if document.price is None else f"{document.price:.2f}", "currency": "EUR",
        "ages": [document.age_min, document.age_max], "anytime": document.anytime, "space": space,
        "languages": None if document.languages is None else list(document.languages),
        "residents_of": [], "notices": [],
    }  # fmt: skip


def topic_words(document: Document) -> dict[str, str]:
    """What a listing's topics are called, by language."""
    topics = [TOPICS[key] for key in document.about]
    return {lang: "\n".join(t.words[lang] for t in topics) for lang in LANGUAGES}


def _keys(topics: list[_Topic]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for topic in topics for key in topic.line))


def _language(writer: _Writer) -> str:
    return writer.pick(_LANGUAGE_POOL)


_LANGUAGE_POOL = tuple(
    lang for lang, share in zip(LANGUAGES, SHARES, strict=True) for _ in range(share)
)


def _space(writer: _Writer, number: int) -> Document:
    language = _language(writer)
    lat, lon = writer.place()
    topics = writer.taught()
    subjects = topics[0].subjects[language]
    return Document(
        type="space",
        number=number,
        language=language,
        titles={language: writer.say(writer.pick(writer.city.spaces[language]), subjects)},
        texts={language: writer.text(language, subjects)},
        about=tuple(topic.line[0] for topic in topics),
        kind=writer.pick(_KINDS),
        district=writer.pick(_DISTRICT_POOL),
        topics=_keys(topics),
        access=writer.access(),
        lat=lat,
        lon=lon,
    )


def _opportunity(writer: _Writer, number: int) -> Document:
    language = _language(writer)
    lat, lon = writer.place()
    topics = writer.taught()
    subjects = topics[0].subjects[language]
    format_ = writer.pick(_FORMATS)
    anytime = format_ in _ANYTIME
    return Document(
        type="opportunity",
        number=number,
        language=language,
        titles={language: writer.say(writer.pick(writer.city.titles[language]), subjects)},
        texts={language: writer.text(language, subjects)},
        about=tuple(topic.line[0] for topic in topics),
        kind=writer.pick(_KINDS),
        format=format_,
        setting=writer.pick(_SETTINGS),
        district=writer.pick(_DISTRICT_POOL),
        topics=_keys(topics),
        levels=writer.pick(_LEVELS),
        languages=writer.pick(_SPOKEN),
        access=writer.access(),
        price=writer.pick(_PRICES),
        age_min=writer.pick(_AGES),
        lat=lat,
        lon=lon,
        anytime=anytime,
        dated=not anytime,
        sittings=() if anytime else writer.sittings(),
    )
