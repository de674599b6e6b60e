"""Writing: of what a tally knows, that is written down which nobody can be known by."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from directory.models import Sought, SoughtDay, SoughtReach, Views
from directory.services import catalogue
from directory.services.seeking.grouping import Group, Names, grouped, together
from directory.services.seeking.tallying import Day, Listing, Seekers, Taken, are_enough
from directory.services.seeking.wordings import Wording
from directory.services.topics import Tree

# Counts are of use for comparing one year with the one before.
KEPT = timedelta(days=2 * 366)
MOST_WORDINGS = 12


def write(db: Session, taken: Taken, *, part: str, tree: Tree) -> None:
    """Bring what is written down up to what a process knows; again changes nothing more."""
    for (listing, week), views in sorted(taken.views.items()):
        _add_views(db, listing, week, views)
    names = Names.of(tree) if taken.days else Names({})
    for day, seekers in sorted(taken.days.items()):
        _write_day(db, day, seekers, part=part, names=names)
    db.flush()


def forget(db: Session, *, today: date) -> None:
    """Take out counts that are too old to be compared with."""
    for table, column in ((SoughtDay, SoughtDay.day), (SoughtReach, SoughtReach.day), (Views, Views.week)):  # fmt: skip
        db.execute(sa.delete(table).where(col(column) < today - KEPT))


def _write_day(db: Session, day: date, seekers: Day, *, part: str, names: Names) -> None:
    catalogue.take_turn(db)  # two processes would both begin the same group
    rows = db.exec(select(Sought).order_by(col(Sought.id))).all()
    there = {_group(row): row for row in rows}
    for table, column in ((SoughtDay, SoughtDay.part), (SoughtReach, SoughtReach.part)):
        of_this = sa.and_(col(column) == part, col(table.day) == day)
        db.execute(sa.delete(table).where(of_this))
    for group, wordings in grouped(seekers, names, list(there)).items():
        everybody = together(seekers, wordings)
        if not are_enough(everybody.everybody):
            continue
        row = there.get(group) or _new(db, group)
        row.wordings = _remembered(row.wordings, seekers, wordings)
        _count(db, row.id or 0, day, part, everybody)


def _count(db: Session, number: int, day: date, part: str, everybody: Seekers) -> None:
    people, nothing, unopened = everybody.outcome()
    db.add(
        SoughtDay(
            sought_id=number, day=day, part=part, people=people,
            found_nothing=nothing, opened_nothing=unopened,
        )
    )  # fmt: skip
    for (listing, listing_id), marks in everybody.reached.items():
        if are_enough(marks):
            db.add(
                SoughtReach(
                    sought_id=number, day=day, part=part, listing=listing, listing_id=listing_id,
                    people=len(marks),
                )
            )  # fmt: skip


def _group(row: Sought) -> Group:
    return Group(row.topic) if row.topic else Group(wording=Wording(row.words, row.language))


def _new(db: Session, group: Group) -> Sought:
    row = Sought(
        topic=group.topic or None, words=group.wording.words, language=group.wording.language
    )
    db.add(row)
    db.flush()
    return row


def _remembered(
    there: list[list[str]], seekers: Day, wordings: Sequence[Wording]
) -> list[list[str]]:
    """The wordings that five people used alike, the latest that became known last."""
    alike: Iterable[Wording] = (w for w in wordings if are_enough(seekers[w].everybody))
    fresh = [[w.language, w.words] for w in alike if [w.language, w.words] not in there]
    return [*there, *fresh][-MOST_WORDINGS:]


def _add_views(db: Session, listing: Listing, week: date, views: int) -> None:
    row = db.get(Views, (*listing, week), with_for_update=True)
    if row is None:
        db.add(Views(listing=listing[0], listing_id=listing[1], week=week, views=views))
    else:
        row.views += views
