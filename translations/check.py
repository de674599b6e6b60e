"""Fail when a catalogue lags behind the code, or holds a missing, fuzzy or ill-formed message."""

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.checkers import checkers
from babel.messages.pofile import read_po

HERE = Path(__file__).parent
LANGUAGES = ("en", "es", "ar")
EXTRACT = [
    "extract",
    "-F",
    "translations/babel.cfg",
    "-k",
    "_l",
    "-k",
    "_p:1c,2",
    "--no-location",
    "-o",
]


def extracted() -> Catalog:
    """What the code and the templates ask for now."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages.pot"
        command = [sys.executable, "-m", "babel.messages.frontend", "-q", *EXTRACT, str(path), "."]
        subprocess.run(command, check=True, cwd=HERE.parent)  # noqa: S603 - our own command
        with path.open("rb") as file:
            return read_po(file)


def faults(language: str, wanted: Catalog) -> list[str]:
    """What is wrong with a catalogue."""
    with (HERE / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    found = []
    for message in wanted:
        if not message.id:
            continue
        there = catalogue.get(message.id, message.context)
        strings = (
            there.string
            if there and isinstance(there.string, tuple | list)
            else [there and there.string]
        )
        plural = isinstance(message.id, tuple | list)
        if there is None or not all(strings) or (plural and len(strings) != catalogue.num_plurals):
            found.append(f"missing: {message.id!r}")
        elif there.fuzzy:
            found.append(f"fuzzy: {message.id!r}")
        else:
            for check in checkers:
                try:
                    check(catalogue, there)
                except Exception as error:  # noqa: BLE001 - babel's checkers raise their own kind
                    found.append(f"ill-formed: {message.id!r}: {error}")
    extra = [m.id for m in catalogue if m.id and wanted.get(m.id, m.context) is None]
    return found + [f"no longer asked for: {message!r}" for message in extra]


def main() -> int:
    """Print every fault; how many there are is the exit code's truth."""
    wanted = extracted()
    failed = 0
    for language in LANGUAGES:
        for fault in faults(language, wanted):
            print(f"{language}: {fault}")
            failed += 1
    print(
        f"{len([m for m in wanted if m.id])} messages in {len(LANGUAGES)} languages, {failed} faults"
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
