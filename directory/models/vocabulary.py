"""The closed lists of words: the same in code, in the database, in files and in addresses."""

import re
import unicodedata
from enum import StrEnum
from typing import Self


class Word(StrEnum):
    """A term of a closed list; read leniently (``Guided visit``), written one way."""

    @classmethod
    def read(cls, value: str) -> Self:
        """The term meant by a person's spelling.

        Raises:
            ValueError: it is none of the list.
        """
        return cls(slugify(value))


class SpaceKind(Word):
    """What sort of place of learning a space is."""

    LIBRARY = "library"
    MUSEUM = "museum"
    PARK = "park"
    WORKPLACE = "workplace"
    COMMUNITY_CENTRE = "community-centre"
    CULTURAL_CENTRE = "cultural-centre"
    SPORTS_CENTRE = "sports-centre"
    RELIGIOUS_INSTITUTION = "religious-institution"
    MEDIA = "media"
    SCHOOL = "school"
    UNIVERSITY = "university"
    MAKERSPACE = "makerspace"
    ONLINE = "online"


class Format(Word):
    """What sort of thing one takes part in."""

    COURSE = "course"
    WORKSHOP = "workshop"
    TALK = "talk"
    GUIDED_VISIT = "guided-visit"
    DROP_IN = "drop-in"
    READING_GROUP = "reading-group"
    EXHIBITION = "exhibition"
    FESTIVAL = "festival"
    PLACEMENT = "placement"
    APPRENTICESHIP = "apprenticeship"
    VOLUNTEERING = "volunteering"
    MENTORING = "mentoring"
    SELF_GUIDED_TRAIL = "self-guided-trail"
    ONLINE_COURSE = "online-course"
    PROGRAMME = "programme"


class Setting(Word):
    """Formal, non-formal or informal learning, as UNESCO's ISCED tells them apart."""

    FORMAL = "formal"
    NON_FORMAL = "non-formal"
    INFORMAL = "informal"


class Access(Word):
    """A fact about who can get in and take part; each may also be unknown."""

    STEP_FREE = "step-free"
    ACCESSIBLE_TOILET = "accessible-toilet"
    HEARING_LOOP = "hearing-loop"
    SIGN_LANGUAGE = "sign-language"
    EASY_READ = "easy-read"
    QUIET_HOURS = "quiet-hours"
    CHILDCARE = "childcare"
    CAPTIONS = "captions"
    LARGE_PRINT = "large-print"
    ONLINE_OPTION = "online-option"


class Booking(Word):
    """Whether one must say beforehand that one comes."""

    NONE = "none"
    RECOMMENDED = "recommended"
    REQUIRED = "required"


class ProviderKind(Word):
    """What sort of organisation answers for a listing."""

    PUBLIC_BODY = "public-body"
    SCHOOL = "school"
    UNIVERSITY = "university"
    ASSOCIATION = "association"
    COOPERATIVE = "cooperative"
    COMPANY = "company"
    RELIGIOUS_COMMUNITY = "religious-community"
    UNION = "union"
    MEDIA = "media"


class TextState(Word):
    """Where a translated text comes from, and whether it still fits its original."""

    ORIGINAL = "original"
    HUMAN = "human"
    MACHINE = "machine"
    STALE = "stale"


class ListingState(Word):
    """Where a listing is between its writer and its readers."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class DraftState(Word):
    """Where a draft is between its writer and the editors."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PUBLISHED = "published"
    DROPPED = "dropped"


class MemberRole(Word):
    """What somebody may do for a provider: an owner also says who else writes."""

    OWNER = "owner"
    WRITER = "writer"


class Verdict(Word):
    """What an editor said of two listings that look alike."""

    OPEN = "open"
    SAME = "same"
    NOT_SAME = "not-same"


class OccurrenceStatus(Word):
    """Whether a dated occurrence takes place."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class Role(Word):
    """What an account is for; each sees its own part of the desk and nothing of the others'."""

    ADMINISTRATOR = "administrator"
    EDITOR = "editor"
    COUNSELLOR = "counsellor"
    PROVIDER = "provider"


class AccountEventKind(Word):
    """What may happen to an account, and is written down."""

    MADE = "made"
    INVITED = "invited"
    PASSWORD_SET = "password-set"  # noqa: S105 - a word for what happened
    SIGNED_IN = "signed-in"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGNED_OUT_EVERYWHERE = "signed-out-everywhere"
    RENAMED = "renamed"
    ROLE_CHANGED = "role-changed"
    DEACTIVATED = "deactivated"
    ACTIVATED = "activated"
    CODES_ON = "codes-on"
    CODES_OFF = "codes-off"
    PASSKEY_ADDED = "passkey-added"
    PASSKEY_REMOVED = "passkey-removed"
    RECOVERY_CODES_MADE = "recovery-codes-made"
    RECOVERY_CODE_USED = "recovery-code-used"
    SECOND_FACTOR_REMOVED = "second-factor-removed"


class CaseEventKind(Word):
    """What may be done with a learner's case, and is written down in it."""

    OPENED = "opened"
    MADE = "made"
    CHANGED = "changed"
    PLANNED = "planned"
    CHECKED = "checked"
    HANDED_OVER = "handed-over"
    PRINTED = "printed"
    REVOKED = "revoked"
    EXPORTED = "exported"
    SHARED = "shared"
    UNSHARED = "unshared"
    RENEWED = "renewed"


class ConsentHow(Word):
    """How a learner agreed that a case about them is kept."""

    WRITTEN = "written"
    SPOKEN = "spoken"
    INTERPRETED = "interpreted"


class OutcomeKind(Word):
    """What became of a step of a route."""

    STARTED = "started"
    FINISHED = "finished"
    DROPPED = "dropped"


class FileKind(Word):
    """A sort of file that can be brought in."""

    CSV = "csv"
    XLSX = "xlsx"
    ICAL = "ical"


class TransferState(Word):
    """How far a file is on its way in."""

    CHECKING = "checking"
    CHECKED = "checked"
    BRINGING = "bringing"
    DONE = "done"
    SAME = "same"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class LineOutcome(Word):
    """What came of a line of a file; the order is that in which people want to know."""

    REFUSED = "refused"
    WARNED = "warned"
    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left-out"


class Day(Word):
    """A day of the week, as addresses write it; order is that of ISO 8601."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"

    @property
    def number(self) -> int:
        """0 for Monday to 6 for Sunday."""
        return list(Day).index(self)


LEVELS = range(6)
COMMITMENTS = range(1, 13)


def slugify(text: str, longest: int = 80) -> str:
    """Lower-case ASCII words joined by hyphens; other scripts keep their letters.

    Accents are folded where NFKD splits them off a Latin letter; what is left of other scripts is
    letters and digits, so that an Arabic title still gives a readable address.
    """
    folded = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in folded if not unicodedata.combining(c)).casefold()
    return re.sub(r"[\W_]+", "-", plain).strip("-")[:longest].rstrip("-")
