"""Districts: the parts of the city, by name."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from directory.models import District


def all_districts(db: Session) -> Sequence[District]:
    """Every district, by key."""
    return db.exec(select(District).order_by(col(District.key))).all()
