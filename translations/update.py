"""Bring the catalogues up to date with the code: new messages empty, old ones gone, English filled.

English is the language the messages are written in, so its catalogue is their own text.
"""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from check import HERE, LANGUAGES, extracted


def updated(language: str, wanted: Catalog) -> Catalog:
    """A catalogue with exactly the messages wanted, keeping every translation it has."""
    path = catalogue_path(language)
    old = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            old = read_po(file, locale=language)
    new = Catalog(locale=language, project="Vereda", fuzzy=False, header_comment="# Vereda.")
    for message in sorted((m for m in wanted if m.id), key=lambda m: str(m.id)):
        there = old.get(message.id, message.context)
        string = there.string if there else ("", "") if message.pluralizable else ""
        # A message that had one form and has several now begins anew.
        if message.pluralizable and (isinstance(string, str) or len(string) != new.num_plurals):
            string = ("",) * new.num_plurals
        if language == "en":
            string = message.id
        new.add(message.id, string, flags=message.flags - {"fuzzy"}, context=message.context)
    return new


def catalogue_path(language: str) -> Path:
    """Where a language's catalogue lies."""
    return HERE / language / "LC_MESSAGES" / "messages.po"


def main() -> None:
    """Write every catalogue and say what is still to be translated."""
    wanted = extracted()
    for language in LANGUAGES:
        catalogue = updated(language, wanted)
        path = catalogue_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, omit_header=False, width=100, sort_output=False)
        empty = sum(1 for m in catalogue if m.id and not _filled(m.string))
        print(f"{language}: {empty} to translate")


def _filled(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    main()
