"""Standing: the listing a draft is about to change, as it is now."""

from sqlmodel import Session

from directory.errors import NotFound
from directory.models import Account, Opportunity, Space
from directory.services import recording
from directory.services.drafting.members import may_write


def listing(db: Session, by: Account, *, listing: str, number: int) -> Space | Opportunity:
    """A listing this person may change, published or withdrawn.

    Raises:
        NotFound: there is none, or it is of a provider this person does not write for.
    """
    row = db.get(Space, number) if listing == "space" else db.get(Opportunity, number)
    if row is None or not may_write(db, by, row.provider_id):
        raise NotFound(listing, str(number))
    return row


def provider_of(row: Space | Opportunity) -> int | None:
    """The provider that answers for a listing."""
    return row.provider_id


def digest(row: Space | Opportunity) -> str:
    """A digest that differs when anything in the listing does."""
    return recording.whole(row).fingerprint()
