"""The few ways a rule can say no. Web and API map each of them once."""

from dataclasses import dataclass
from datetime import datetime


class VeredaError(Exception):
    """Anything Vereda refuses knowingly; its text names the thing and the remedy."""


@dataclass
class NotFound(VeredaError):
    """There is no such thing, or the asker may not know of it."""

    what: str
    name: str

    def __str__(self) -> str:
        return f"There is no {self.what} “{self.name}”."


@dataclass
class Gone(VeredaError):
    """The listing was published once and is withdrawn; ``replaced_by`` is a slug of its own type.

    ``expired`` is when that was because nobody had confirmed it.
    """

    what: str
    name: str
    replaced_by: str | None = None
    expired: datetime | None = None

    def __str__(self) -> str:
        return f"The {self.what} “{self.name}” was withdrawn."


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one field of an input.

    Attributes:
        field: the parameter, column or form field.
        code: a stable message id, translated at the edge.
        value: what was given, shortened by whoever shows it.
        allowed: what would have been accepted, where that can be listed.
    """

    field: str
    code: str
    value: str = ""
    allowed: tuple[str, ...] = ()


@dataclass
class Invalid(VeredaError):
    """The input was understood as far as it could be; these parts were not."""

    problems: tuple[Problem, ...]

    def __str__(self) -> str:
        return "; ".join(f"{p.field}: {p.code} ({p.value})" for p in self.problems)


@dataclass
class Conflict(VeredaError):
    """Somebody else changed the thing meanwhile; nothing was overwritten."""

    what: str

    def __str__(self) -> str:
        return f"Somebody else changed this {self.what} meanwhile."


@dataclass
class UnreadableFile(VeredaError):
    """A file that cannot be read as what it was said to be.

    Attributes:
        name: what to call it.
        reason: why, as a sentence for a terminal.
        code: the same for pages, which say it in the reader's language; empty where none can meet it.
        value: what the sentence names.
    """

    name: str
    reason: str
    code: str = ""
    value: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


@dataclass
class NotFetched(VeredaError):
    """An address that may not be asked, or did not answer as it should; the edge says it in words."""

    address: str
    code: str
    value: str = ""

    def __str__(self) -> str:
        said = f" ({self.value})" if self.value else ""
        return f"{self.address}: {self.code}{said}"


@dataclass
class SignInNeeded(VeredaError):
    """Whoever asks has not said who they are."""

    def __str__(self) -> str:
        return "Sign in first."


@dataclass
class Misconfigured(VeredaError):
    """The city's settings or the machine do not allow what was asked."""

    reason: str

    def __str__(self) -> str:
        return self.reason
