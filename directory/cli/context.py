"""What every command works with: the city's house, opened when first needed."""

from functools import cached_property

from directory.edge.house import House
from directory.errors import Misconfigured
from directory.services import upkeep
from directory.settings import Settings


class Context:
    """Settings read, database opened, both once and only when a command needs them."""

    @cached_property
    def settings(self) -> Settings:
        """The city's settings."""
        return Settings()

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
