"""Languages: which the interface speaks, how a tag is read, which way a script runs."""

from collections.abc import Mapping
from dataclasses import dataclass

import langcodes


@dataclass(frozen=True)
class Language:
    """A language of the interface.

    Attributes:
        tag: BCP 47 tag, also the first part of every page's address.
        name: its name in itself.
        direction: ``ltr`` or ``rtl``.
    """

    tag: str
    name: str
    direction: str


INTERFACE = {
    "en": Language("en", "English", "ltr"),
    "es": Language("es", "Español", "ltr"),
    "ar": Language("ar", "العربية", "rtl"),
}
DEFAULT = "en"

_RTL_SCRIPTS = {"Arab", "Hebr", "Syrc", "Thaa", "Nkoo", "Adlm", "Rohg", "Mand", "Samr", "Mend"}


def negotiate(accepted: list[str]) -> str:
    """The interface language closest to what a browser accepts, best first.

    ``langcodes`` compares by CLDR distance, so ``pt-BR, en`` with Portuguese on offer is
    Portuguese; a wanted language too far from all on offer is passed over for the next.
    """
    for tag in accepted:
        if tag == "*" or not langcodes.tag_is_valid(tag):
            continue
        match, _distance = langcodes.closest_match(tag, list(INTERFACE), max_distance=25)
        if match != "und":
            return match
    return DEFAULT


def chosen(values: Mapping[str, object], *wanted: str) -> str | None:
    """Of values by language, the language to show: the first wanted that is there, else any."""
    return next((tag for tag in (*wanted, *values) if values.get(tag)), None)


def standard(tag: str) -> str:
    """A BCP 47 tag in its standard form.

    Raises:
        ValueError: the tag is not valid.
    """
    cleaned = tag.strip().replace("_", "-")
    if not langcodes.tag_is_valid(cleaned):
        raise ValueError(f"“{tag}” is no language tag; use one like es, ar or pt-BR")
    return langcodes.standardize_tag(cleaned)


def direction(tag: str) -> str:
    """``rtl`` or ``ltr``, by the script the language is usually written in."""
    script = langcodes.Language.get(tag).maximize().script
    return "rtl" if script in _RTL_SCRIPTS else "ltr"
