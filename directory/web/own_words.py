"""One's own words on the routes page: a sentence fills the fields, and each says where from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from directory.edge import formats, labels, locale, presenting
from directory.edge.house import city, db, house
from directory.edge.speech import gettext
from directory.edge.windows import window_in_words, window_value
from directory.services import understanding
from directory.services.understanding import Heard, Understood

CHEAP = "cheapest"


@dataclass(frozen=True)
class Told:
    """What a sentence came to.

    Attributes:
        heard: what was understood, and the words it was read from.
        rest: words that were not understood.
    """

    heard: tuple[tuple[str, str], ...] = ()
    rest: tuple[str, ...] = ()


def tell(sent: Mapping[str, list[str]]) -> tuple[dict[str, list[str]], Told]:
    """The form with what its sentence says filled in; what was typed into a field stays."""
    state = dict(sent)
    text = next(iter(state.pop("words", [])), "").strip()
    if not text:
        return state, Told()
    settings = house().settings
    understood = understanding.read(
        db(), text, tree=city().tree, language=locale.tag(), currency=settings.currency
    )
    _fill(state, understood)
    return state, Told(tuple(_in_words(each) for each in understood.heard), understood.rest)


def _fill(state: dict[str, list[str]], understood: Understood) -> None:
    several = {
        "want": [f"{key}:{level}" for key, level in understood.wants.items()],
        "know": [f"{key}:{level}" for key, level in understood.knows.items()],
        "free": [window_value(window) for window in understood.free],
        "languages": list(understood.languages),
    }
    for name, values in several.items():
        state[name] = [*dict.fromkeys([*state.get(name, []), *values])]
    once = {
        "budget": None if understood.budget is None else f"{understood.budget:g}",
        "home": understood.district,
        "age": None if understood.age is None else str(understood.age),
        "show": CHEAP if understood.cheap else None,
    }
    for name, value in once.items():
        if value is not None and not any(state.get(name, [])):
            state[name] = [value]


def _in_words(heard: Heard) -> tuple[str, str]:
    said = formats.joined(*_meaning(heard))
    if heard.assumed:
        said = gettext("%(meaning)s (assumed; look whether it is right)", meaning=said)
    return said, heard.words


def _meaning(heard: Heard) -> Iterable[str]:
    match heard.part:
        case "wants" | "knows":
            topic = city().tree.label(heard.value, locale.tag())
            level = str(labels.LEVELS[heard.level or 0]).lower()
            says = (
                gettext("You want %(topic)s: %(level)s", topic=topic, level=level)
                if heard.part == "wants"
                else gettext("You know %(topic)s: %(level)s", topic=topic, level=level)
            )
            yield says
        case "free":
            yield from (window_in_words(window) for window in heard.free)
        case "budget":
            price = formats.price(float(heard.value), house().settings.currency)
            yield gettext("%(price)s, at most", price=price)
        case "cheap":
            yield gettext("The cheapest route first")
        case "district":
            yield gettext("from %(place)s", place=_district(heard.value))
        case "languages":
            yield labels.language_name(heard.value)
        case "age":
            yield gettext("%(age)s years old", age=formats.number(int(heard.value)))


def _district(key: str) -> str:
    return presenting.localized(city().districts[key].names) or key
