"""Evidence: why two listings may be one and the same, sentence by sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from directory.edge import formats
from directory.edge.speech import gettext
from directory.edge.speech import lazy_gettext as _l

_METRES = {"near", "apart", "far", "venue-near", "venue-apart"}
# What adds or takes less than this is not worth a sentence.
_WORTH = 0.25

_SENTENCES = {
    "title": _l("The words that say most in the titles agree to %(share)s."),
    "near": _l("The two points on the map are %(distance)s apart."),
    "apart": _l("The two points on the map are %(distance)s apart."),
    "far": _l("The two points on the map are %(distance)s apart."),
    "address": _l("The addresses agree to %(share)s."),
    "postcode": _l("The postcodes are different."),
    "contact": _l("They share a web or e-mail address or a telephone number that few others have."),
    "text": _l("The longer texts have %(share)s of their words in common."),
    "sources": _l("They come from different sources."),
    "kind": _l("They are said to be different kinds of place."),
    "venue": _l("Both are at the same place."),
    "venue-name": _l("The names of the places agree to %(share)s; where one lies is not known."),
    "venue-near": _l("The places are %(distance)s apart."),
    "venue-apart": _l("The places are %(distance)s apart."),
    "dates": _l("The dates are the same; a time is not known."),
    "dates-times": _l("The dates and times are the same."),
    "dates-nearly": _l("First and last day are the same, but not all between them."),
}


@dataclass(frozen=True)
class Evidence:
    """What speaks for two listings being one, and what against; the weightiest first."""

    certainty: str
    speaks_for: list[str]
    against: list[str]


def evidence(score: float, signs: Iterable[dict[str, Any]]) -> Evidence:
    """The evidence of a pair as it is kept."""
    told = [sign for sign in signs if sign["code"] in _SENTENCES]
    return Evidence(
        gettext("%(share)s certain", share=formats.percent(min(score, 0.99))),
        [sentence(sign) for sign in told if sign["weight"] >= _WORTH],
        [sentence(sign) for sign in told if sign["weight"] < _WORTH],
    )


def sentence(sign: dict[str, Any]) -> str:
    """One sign in words."""
    value = sign.get("value") or 0
    if sign["code"] in _METRES:
        return str(_SENTENCES[sign["code"]]) % {"distance": formats.distance(value / 1000)}
    return str(_SENTENCES[sign["code"]]) % {"share": formats.percent(value)}
