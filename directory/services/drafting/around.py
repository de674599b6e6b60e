"""Around: what a draft may refer to, and what is published of it now."""

from sqlmodel import Session, col, select

from directory.models import Draft, Opportunity, Space, Topic
from directory.models.public_holidays import public_holidays
from directory.models.records import OpportunityRecord
from directory.models.vocabulary import ListingState
from directory.services import recording
from directory.services.drafting.filling import Around
from directory.settings import Settings


def around(db: Session, draft: Draft, *, settings: Settings, language: str) -> Around:
    """What the city says that nobody types into a draft."""
    return Around(
        external_id=f"draft-{draft.id}",
        provider=draft.provider_id,
        currency=settings.currency,
        timezone=settings.timezone,
        topics=frozenset(db.exec(select(Topic.key)).all()),
        spaces=frozenset(number for number, _ in spaces(db)),
        base=published(db, draft),
        holidays=public_holidays(settings.country, settings.subdivision, language),
    )


def published(db: Session, draft: Draft) -> OpportunityRecord | None:
    """What readers see of it now."""
    row = db.get(Opportunity, draft.listing_id) if draft.listing_id else None
    if row is None:
        return None
    record = recording.whole(row)
    return record if isinstance(record, OpportunityRecord) else None


def spaces(db: Session) -> list[tuple[int, int | None]]:
    """The number of every published space, and of its provider."""
    wanted = select(Space.id, Space.provider_id).where(col(Space.state) == ListingState.PUBLISHED)
    return [(number, provider) for number, provider in db.exec(wanted) if number is not None]
