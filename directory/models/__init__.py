"""What exists: tables, and the records through which anything enters one."""

from directory.models.accounts import Account, AccountEvent, Invitation, Passkey, RecoveryCode
from directory.models.bulk import SavedMapping, Source, Transfer, TransferLine
from directory.models.cases import (
    Case,
    CaseEvent,
    CaseRoute,
    CaseShare,
    Consent,
    HandOver,
    Note,
    Outcome,
    Shortlisted,
    Unmet,
    UnmetCount,
)
from directory.models.drafting import AuditEvent, Draft, Membership, Version
from directory.models.duplicates import Duplicate
from directory.models.ideas import Idea, IdeaAnswer, IdeaFollower
from directory.models.listings import Opportunity, Provider, Space, Teaches
from directory.models.mail import Mail, Unsubscribed
from directory.models.reports import Report
from directory.models.schedules import Occurrence, Schedule
from directory.models.seeking import Sought, SoughtAct, SoughtDay, SoughtReach, Views
from directory.models.tables import City, District, Outbox
from directory.models.texts import Text
from directory.models.topics import Topic

__all__ = [
    "Account",
    "AccountEvent",
    "AuditEvent",
    "Case",
    "CaseEvent",
    "CaseRoute",
    "CaseShare",
    "City",
    "Consent",
    "District",
    "Draft",
    "Duplicate",
    "HandOver",
    "Idea",
    "IdeaAnswer",
    "IdeaFollower",
    "Invitation",
    "Mail",
    "Membership",
    "Note",
    "Occurrence",
    "Opportunity",
    "Outbox",
    "Outcome",
    "Passkey",
    "Provider",
    "RecoveryCode",
    "Report",
    "SavedMapping",
    "Schedule",
    "Shortlisted",
    "Sought",
    "SoughtAct",
    "SoughtDay",
    "SoughtReach",
    "Source",
    "Space",
    "Teaches",
    "Text",
    "Topic",
    "Transfer",
    "TransferLine",
    "Unmet",
    "UnmetCount",
    "Unsubscribed",
    "Version",
    "Views",
]
