"""What exists: tables, and the records through which anything enters one."""

from directory.models.listings import Opportunity, Provider, Space, Teaches
from directory.models.schedules import Occurrence, Schedule
from directory.models.tables import City, District, Outbox
from directory.models.texts import Text
from directory.models.topics import Topic

__all__ = [
    "City",
    "District",
    "Occurrence",
    "Opportunity",
    "Outbox",
    "Provider",
    "Schedule",
    "Space",
    "Teaches",
    "Text",
    "Topic",
]
