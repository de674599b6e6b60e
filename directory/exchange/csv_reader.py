"""The CSV reader: rows under a mapping become records, or are refused with a reason."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from directory.exchange import tables, values
from directory.exchange.ages import AgeReader
from directory.exchange.columns import Bound, Cleaner, Texts, bind, doubled, missing, same, unread
from directory.exchange.mapping import Columns, Mapping, SpacePart
from directory.exchange.messages import Notes, Refusal, Remark
from directory.exchange.prices import Price, PriceReader
from directory.exchange.rules import MOST_TOPICS, Told, compiled, tell
from directory.exchange.schedules import ScheduleReader, cancelled
from directory.exchange.tables import Row
from directory.models.records import (
    OpportunityRecord,
    ProviderRecord,
    Record,
    SpaceRecord,
    TeachesRecord,
)
from directory.models.vocabulary import (
    Booking,
    Format,
    ProviderKind,
    Setting,
    SpaceKind,
    TextState,
    Word,
    slugify,
)
