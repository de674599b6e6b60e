"""Labels: the closed lists of words as a reader sees them."""

from typing import Any

import langcodes

from directory.edge.speech import get_locale
from directory.edge.speech import lazy_gettext as _l
from directory.edge.speech import lazy_pgettext as _p
from directory.models.vocabulary import (
    Access,
    AccountEventKind,
    Booking,
    Day,
    DraftState,
    Format,
    ProviderKind,
    Role,
    Setting,
    SpaceKind,
    TextState,
)
from directory.services.listings import Summary

ROLES = {
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.EDITOR: _l("Editor"),
    Role.COUNSELLOR: _l("Counsellor"),
    Role.PROVIDER: _l("Provider"),
}

ACCOUNT_EVENTS = {
    AccountEventKind.MADE: _l("Account made"),
    AccountEventKind.INVITED: _l("Link to set a password made"),
    AccountEventKind.PASSWORD_SET: _l("Password set"),
    AccountEventKind.SIGNED_IN: _l("Signed in"),
    AccountEventKind.SIGN_IN_REFUSED: _l("Refused at signing in"),
    AccountEventKind.SIGNED_OUT_EVERYWHERE: _l("Signed out everywhere"),
    AccountEventKind.RENAMED: _l("Name or language changed"),
    AccountEventKind.ROLE_CHANGED: _l("Role changed"),
    AccountEventKind.DEACTIVATED: _l("Account closed"),
    AccountEventKind.ACTIVATED: _l("Account opened again"),
    AccountEventKind.CODES_ON: _l("Codes switched on"),
    AccountEventKind.CODES_OFF: _l("Codes switched off"),
    AccountEventKind.PASSKEY_ADDED: _l("Passkey added"),
    AccountEventKind.PASSKEY_REMOVED: _l("Passkey removed"),
    AccountEventKind.RECOVERY_CODES_MADE: _l("Recovery codes made"),
    AccountEventKind.RECOVERY_CODE_USED: _l("Recovery code used"),
    AccountEventKind.SECOND_FACTOR_REMOVED: _l("Second factor removed"),
}

TYPES = {"opportunity": _l("Things to do"), "space": _l("Places")}

KINDS = {
    SpaceKind.LIBRARY: _l("Library"),
    SpaceKind.MUSEUM: _l("Museum"),
    SpaceKind.PARK: _l("Park"),
    SpaceKind.WORKPLACE: _l("Workplace"),
    SpaceKind.COMMUNITY_CENTRE: _l("Community centre"),
    SpaceKind.CULTURAL_CENTRE: _l("Cultural centre"),
    SpaceKind.SPORTS_CENTRE: _l("Sports centre"),
    SpaceKind.RELIGIOUS_INSTITUTION: _l("Religious place"),
    SpaceKind.MEDIA: _l("Media"),
    SpaceKind.SCHOOL: _l("School"),
    SpaceKind.UNIVERSITY: _l("University"),
    SpaceKind.MAKERSPACE: _l("Makerspace"),
    SpaceKind.ONLINE: _l("Online"),
}

KINDS_PLURAL = {
    SpaceKind.LIBRARY: _l("Libraries"),
    SpaceKind.MUSEUM: _l("Museums"),
    SpaceKind.PARK: _l("Parks"),
    SpaceKind.WORKPLACE: _l("Workplaces"),
    SpaceKind.COMMUNITY_CENTRE: _l("Community centres"),
    SpaceKind.CULTURAL_CENTRE: _l("Cultural centres"),
    SpaceKind.SPORTS_CENTRE: _l("Sports centres"),
    SpaceKind.RELIGIOUS_INSTITUTION: _l("Religious places"),
    SpaceKind.MEDIA: _p("kind of place", "Media"),
    SpaceKind.SCHOOL: _l("Schools"),
    SpaceKind.UNIVERSITY: _l("Universities"),
    SpaceKind.MAKERSPACE: _l("Makerspaces"),
    SpaceKind.ONLINE: _p("kind of place", "Online"),
}

FORMATS = {
    Format.COURSE: _l("Course"),
    Format.WORKSHOP: _l("Workshop"),
    Format.TALK: _l("Talk"),
    Format.GUIDED_VISIT: _l("Guided visit"),
    Format.DROP_IN: _l("Drop-in"),
    Format.READING_GROUP: _l("Reading group"),
    Format.EXHIBITION: _l("Exhibition"),
    Format.FESTIVAL: _l("Festival"),
    Format.PLACEMENT: _l("Placement"),
    Format.APPRENTICESHIP: _l("Apprenticeship"),
    Format.VOLUNTEERING: _l("Volunteering"),
    Format.MENTORING: _l("Mentoring"),
    Format.SELF_GUIDED_TRAIL: _l("Self-guided trail"),
    Format.ONLINE_COURSE: _l("Online course"),
    Format.PROGRAMME: _l("Programme"),
}

SETTINGS = {
    Setting.FORMAL: _l("Formal, leads to a recognised certificate"),
    Setting.NON_FORMAL: _l("Organised, without a formal certificate"),
    Setting.INFORMAL: _l("Informal, as you go"),
}

ACCESS = {
    Access.STEP_FREE: _l("Step-free"),
    Access.ACCESSIBLE_TOILET: _l("Accessible toilet"),
    Access.HEARING_LOOP: _l("Hearing loop"),
    Access.SIGN_LANGUAGE: _l("Sign language"),
    Access.EASY_READ: _l("Easy to read"),
    Access.QUIET_HOURS: _l("Quiet hours"),
    Access.CHILDCARE: _l("Childcare"),
    Access.CAPTIONS: _l("Captions"),
    Access.LARGE_PRINT: _l("Large print"),
    Access.ONLINE_OPTION: _l("Can be followed online"),
}

BOOKING = {
    Booking.NONE: _l("No booking, just come"),
    Booking.RECOMMENDED: _l("Better to book"),
    Booking.REQUIRED: _l("Booking required"),
}

PROVIDER_KINDS = {
    ProviderKind.PUBLIC_BODY: _l("Public body"),
    ProviderKind.SCHOOL: _l("School"),
    ProviderKind.UNIVERSITY: _l("University"),
    ProviderKind.ASSOCIATION: _l("Association"),
    ProviderKind.COOPERATIVE: _l("Cooperative"),
    ProviderKind.COMPANY: _l("Company"),
    ProviderKind.RELIGIOUS_COMMUNITY: _l("Religious community"),
    ProviderKind.UNION: _l("Union"),
    ProviderKind.MEDIA: _l("Media"),
}

TEXT_STATES = {
    TextState.ORIGINAL: _l("Original text"),
    TextState.HUMAN: _l("Translated by a person"),
    TextState.MACHINE: _l("Translated by a machine"),
    TextState.STALE: _l("The original has changed since this was translated"),
}

LEVELS = {
    0: _l("No knowledge needed"),
    1: _l("Starting"),
    2: _l("Basic"),
    3: _l("Independent"),
    4: _l("Advanced"),
    5: _l("Expert"),
}

DAYS = {
    Day.MONDAY: _l("Monday"),
    Day.TUESDAY: _l("Tuesday"),
    Day.WEDNESDAY: _l("Wednesday"),
    Day.THURSDAY: _l("Thursday"),
    Day.FRIDAY: _l("Friday"),
    Day.SATURDAY: _l("Saturday"),
    Day.SUNDAY: _l("Sunday"),
}

# Parts of the day at which something begins.
PARTS = {
    "morning": _l("Morning (5:00 to 12:00)"),
    "afternoon": _l("Afternoon (12:00 to 17:00)"),
    "evening": _l("Evening (17:00 to 22:00)"),
    "night": _l("Night (22:00 to 5:00)"),
}

AGES = {
    "early-childhood": _l("Small children (up to 5)"),
    "children": _l("Children (6 to 11)"),
    "teenagers": _l("Teenagers (12 to 17)"),
    "adults": _l("Adults (18 to 64)"),
    "older-people": _l("Older people (65 and over)"),
}

COMMITMENTS = {
    1: _l("Living together: literacy, civic life, equality, safety"),
    2: _l("Economy and culture: work, science, arts, sport"),
    3: _l("Sustainable development"),
    4: _l("Inclusive education from early childhood to adulthood"),
    5: _l("Families and communities"),
    6: _l("Learning for and at work"),
    7: _l("Modern learning technologies"),
    8: _l("Quality in learning"),
    9: _l("A culture of learning throughout life"),
    10: _l("Political will"),
    11: _l("Participation of everyone who can offer learning"),
    12: _l("Resources and volunteers"),
}

SORTS = {
    "relevance": _l("Best match"),
    "date": _l("Soonest"),
    "distance": _l("Nearest"),
    "name": _l("Name"),
}


def language_name(tag: str) -> str:
    """A language's name in the reader's language, by CLDR; its tag where CLDR has none."""
    known = get_locale().languages
    return known.get(tag.replace("-", "_")) or known.get(tag.split("-", maxsplit=1)[0]) or tag


def own_language_name(tag: str) -> str:
    """A language's name in itself."""
    return langcodes.Language.get(tag).autonym()


def counted(summary: Summary) -> list[tuple[Any, int]]:
    """What there is, with its name."""
    return [
        (_l("Things to do"), summary.opportunities),
        (_l("Places"), summary.spaces),
        (_l("Organisations"), summary.providers),
        (_l("Topics"), summary.topics),
        (_l("Dates to come"), summary.occurrences),
    ]


DRAFT_STATES = {
    DraftState.OPEN: _l("Being written"),
    DraftState.SUBMITTED: _l("With the editors"),
    DraftState.RETURNED: _l("Sent back for changes"),
    DraftState.PUBLISHED: _l("Published"),
    DraftState.DROPPED: _l("Given up"),
}
