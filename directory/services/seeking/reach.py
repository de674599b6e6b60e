"""Reach: how often a listing is looked at, and what people searched who came to it."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from directory.models import Sought, SoughtReach, Views
from directory.services.freshness import Listing, type_of

WEEKS = 12


@dataclass(frozen=True)
class Week:
    """Views of the week that begins on a Monday."""

    monday: date
    views: int


@dataclass(frozen=True)
class Search:
    """Something people looked for and came to a listing by."""

    sought: Sought
    people: int


@dataclass(frozen=True)
class Reach:
    """Who comes to a listing, without anybody in particular.

    Attributes:
        weeks: the last ones, the present last; those without a view are there.
        searches: those of five people a day or more, most people first.
    """

    weeks: tuple[Week, ...]
    searches: tuple[Search, ...]

    @property
    def views(self) -> int:
        """Of all these weeks."""
        return sum(week.views for week in self.weeks)


def reached(db: Session, sought: Sought, *, today: date, most: int = 8) -> dict[int, int]:
    """Opportunities that most people came to by looking for something, with how many they were."""
    people = func.sum(col(SoughtReach.people))
    found = db.exec(
        select(col(SoughtReach.listing_id), people)
        .where(
            SoughtReach.sought_id == sought.id,
            SoughtReach.listing == "opportunity",
            col(SoughtReach.day) >= today - timedelta(weeks=WEEKS),
        )
        .group_by(col(SoughtReach.listing_id))
        .order_by(people.desc(), col(SoughtReach.listing_id))
        .limit(most)
    ).all()
    return {number: int(count) for number, count in found}


def reach(db: Session, listing: Listing, *, today: date, weeks: int = WEEKS) -> Reach:
    """Views by week and searches of the last weeks."""
    this = today - timedelta(days=today.weekday())
    mondays = [this - timedelta(weeks=n) for n in range(weeks - 1, -1, -1)]
    of_it = (type_of(listing), listing.id or 0)
    counted = db.exec(
        select(col(Views.week), col(Views.views)).where(
            Views.listing == of_it[0], Views.listing_id == of_it[1], col(Views.week) >= mondays[0]
        )
    ).all()
    by_week = {week: views for week, views in counted}  # noqa: C416 - rows are no pairs to mypy
    people = func.sum(col(SoughtReach.people))
    found = db.exec(
        select(Sought, people)
        .join(SoughtReach)
        .where(
            SoughtReach.listing == of_it[0],
            SoughtReach.listing_id == of_it[1],
            col(SoughtReach.day) >= mondays[0],
        )
        .group_by(col(Sought.id))
        .order_by(people.desc(), col(Sought.id))
    ).all()
    return Reach(
        tuple(Week(monday, by_week.get(monday, 0)) for monday in mondays),
        tuple(Search(sought, int(count)) for sought, count in found),
    )
