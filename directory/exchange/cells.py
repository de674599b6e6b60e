"""Cells: one row as its readers see it, field by field, with what is assumed beside it."""

from collections.abc import Mapping as Dictionary
from dataclasses import dataclass

from directory.exchange import values
from directory.exchange.columns import Texts
from directory.exchange.messages import Notes, Refusal
from directory.exchange.rules import Told
from directory.models.vocabulary import slugify

LINE, PROSE, KEY = 300, 20_000, 200
_OF_TEXT = {"title": LINE, "summary": PROSE, "description": PROSE}


@dataclass(frozen=True)
class Cells:
    """The fields of one row.

    Attributes:
        texts: what its columns say.
        constants: what the mapping says of every row.
        told: what the mapping's rules tell of it.
        headers: field to the header it came from, for remarks.
        notes: where warnings go.
    """

    texts: Texts
    constants: Dictionary[str, str]
    told: Told
    headers: Dictionary[str, str]
    notes: Notes

    def get(self, field: str) -> str:
        """What the row says of a field, else the constant, else nothing."""
        return self.texts.get(field) or self.constants.get(field, "")

    def column(self, field: str) -> str:
        """The header to name in a remark on a field."""
        return self.headers.get(field, field)

    def line(self, field: str) -> str:
        """A short text, cut with a warning where it is too long."""
        text = self.get(field)
        return values.shortened(text, LINE, self.column(field), self.notes) if text else ""

    def key(self, field: str) -> str:
        """An identifier.

        Raises:
            Refusal: it is too long to be one.
        """
        text = self.get(field)
        if len(text) > KEY:
            raise Refusal(self.column(field), "long-id", str(len(text)), str(KEY))
        return text

    def language(self, assumed: str) -> str:
        """The language of the texts."""
        said = self.get("language")
        return values.tag(said, self.column("language")) if said else assumed

    def in_languages(self, field: str, language: str) -> dict[str, str]:
        """A text field by language, its translations (``title[ar]``) included."""
        longest = _OF_TEXT[field]
        found: dict[str, str] = {}
        for name in (field, *(n for n in self.texts if n.startswith(f"{field}["))):
            text = self.get(name)
            if not text:
                continue
            column = self.column(name)
            said = language if name == field else values.tag(name[len(field) + 1 : -1], column)
            if field == "title":
                text = " ".join(text.split())
            found.setdefault(said, values.shortened(text, longest, column, self.notes))
        return found

    def id_from(self, *fields: str) -> str:
        """An identifier made of other fields; the line, where they have no letters."""
        made = slugify(" ".join(self.get(field) for field in fields), KEY)
        return made or f"line-{self.notes.line}"

    def texts_of(self, language: str) -> dict[str, dict[str, str]]:
        """Title, summary and description, as a record takes them."""
        return {field: self.in_languages(field, language) for field in _OF_TEXT}
