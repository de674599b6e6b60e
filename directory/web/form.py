"""Form: what was typed and what is wrong with it, kept together for the page that shows both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from directory.edge.messages import problem_message
from directory.errors import Problem


@dataclass(frozen=True)
class Form:
    """A form as it goes back to whoever filled it in.

    Attributes:
        typed: by field, what was typed.
        problems: by field, what is wrong with it.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, typed: Mapping[str, str], problems: Iterable[Problem] = ()) -> "Form":
        """What was typed, with the first problem of each field as a sentence."""
        said: dict[str, str] = {}
        for problem in problems:
            said.setdefault(problem.field, problem_message(problem))
        return cls(typed, said)
