"""What every command works with: the city's house, opened when first needed."""

from functools import cached_property

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from directory.edge.house import House
from directory.errors import Misconfigured
from directory.services import upkeep
from directory.settings import Settings


def _sentence(error: ErrorDetails) -> str:
    """What is wrong with a setting, under the name it is set by."""
    said = error["msg"].removeprefix("Value error, ")
    name = "_".join(map(str, error["loc"])).upper()
    where = f"VEREDA_{name}: " if name else ""
    return f"{where}{said}. Correct it in the environment or in .env"


class Context:
    """Settings read, database opened, both once and only when a command needs them."""

    @cached_property
    def settings(self) -> Settings:
        """The city's settings.

        Raises:
            Misconfigured: one of them cannot be meant; it is named.
        """
        try:
            return Settings()
        except ValidationError as error:
            raise Misconfigured("; ".join(map(_sentence, error.errors()))) from error
        except UnicodeDecodeError as error:
            raise Misconfigured("the file .env is not in UTF-8; save it as that") from error

    @cached_property
    def unprepared(self) -> House:
        """The house as it is, perhaps without tables."""
        return House.of(self.settings)

    @cached_property
    def house(self) -> House:
        """The house, with tables of the present shape.

        Raises:
            Misconfigured: ``vereda init`` has not been run for this version.
        """
        if not upkeep.is_current(self.unprepared.engine):
            raise Misconfigured(
                "the database has no tables of this version; run “vereda init” first"
            )
        return self.unprepared
