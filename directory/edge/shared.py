"""Shared: where templates, translations and static files are."""

from pathlib import Path
from typing import Any

from directory import languages

_PACKAGE = Path(__file__).parents[1]


def root() -> Path:
    """Their folder: beside the package, or inside an installed one."""
    installed = _PACKAGE / "_shared"
    return installed if installed.exists() else _PACKAGE.parent


def speech(folder: Path) -> dict[str, Any]:
    """What an application has to know to speak the interface's languages."""
    return {
        "BABEL_DEFAULT_LOCALE": languages.DEFAULT,
        "BABEL_TRANSLATION_DIRECTORIES": str(folder / "translations"),
    }
