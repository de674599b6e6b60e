"""Figures: what people look for and what they met with, over some time; and whether acts helped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import selectinload
from sqlalchemy.sql.base import ExecutableOption
from sqlmodel import Session, col, select

from directory.errors import NotFound
from directory.models import Sought, SoughtAct, SoughtDay
from directory.models.seeking import LEAST, ActKind

# What is on the desk is of these weeks; as long a time before an act is compared with after it.
LATELY = timedelta(weeks=12)
# Less of a difference may be chance.
_NOTABLE = 0.1
# Some people open nothing whatever they find.
_FAILURE = 0.25


@dataclass(frozen=True)
class Figures:
    """People of some days, each day's counted anew.

    Attributes:
        found_nothing: how many of them found nothing that has all of the words.
        opened_nothing: how many found something and opened none of it.
        weeks: in how many weeks that was.
        last: the last of the days.
    """

    people: int = 0
    found_nothing: int = 0
    opened_nothing: int = 0
    weeks: int = 0
    last: date | None = None

    @property
    def failed(self) -> int:
        """People whom the search did not help."""
        return self.found_nothing + self.opened_nothing

    @property
    def is_failure(self) -> bool:
        """Whether it fails so many people, and so many of those who look, that it is worth a look."""
        return self.failed >= LEAST and self.rate >= _FAILURE

    @property
    def rate(self) -> float:
        """Which share of them that is."""
        return self.failed / self.people if self.people else 0.0


@dataclass(frozen=True)
class Line:
    """A group on the desk."""

    sought: Sought
    figures: Figures


class Verdict(StrEnum):
    """What became of the share of people whom the search did not help."""

    NOT_YET = "not-yet"
    HELPED = "helped"
    SAME = "same"
    WORSE = "worse"


@dataclass(frozen=True)
class Effect:
    """How it was in the weeks before the day of an act, and how it has been since that day."""

    before: Figures
    since: Figures

    @property
    def verdict(self) -> Verdict:
        """Whether the act helped, as far as can be told."""
        if not self.since.people or not self.before.people:
            return Verdict.NOT_YET
        less = self.before.rate - self.since.rate
        if abs(less) < _NOTABLE:
            return Verdict.SAME
        return Verdict.HELPED if less > 0 else Verdict.WORSE


def load(db: Session, number: int, *, to_change: bool = False) -> Sought:
    """A group, with what was done about it.

    Raises:
        NotFound: there is none.
    """
    wanted = select(Sought).where(col(Sought.id) == number).options(*_with_acts())
    row = db.exec(wanted.with_for_update(of=Sought) if to_change else wanted).first()
    if row is None:
        raise NotFound("group", str(number))
    return row


def lines(db: Session, *, kinds: Iterable[ActKind] | None, today: date) -> list[Line]:
    """Groups where something of these kinds was done, or where nothing was; most failed first.

    Where nothing was done yet, those are left out that are no failure.
    """
    counted = _counted(db, since=today - LATELY, until=today)
    rows = db.exec(select(Sought).options(*_with_acts())).all()
    wanted = None if kinds is None else set(kinds)
    found = [
        Line(row, counted.get(row.id or 0, Figures()))
        for row in rows
        if (wanted is None and not active(row))
        or (wanted is not None and wanted & {act.kind for act in active(row)})
    ]
    if wanted is None:
        found = [line for line in found if line.figures.is_failure]
    return sorted(found, key=lambda line: (-line.figures.failed, line.sought.id or 0))


def of(db: Session, sought: Sought, *, today: date) -> Figures:
    """A group's figures of the last weeks."""
    only = (sought.id or 0,)
    return _counted(db, only, since=today - LATELY, until=today).get(sought.id or 0, Figures())


def effect(db: Session, sought: Sought, at: datetime, *, zone: ZoneInfo, today: date) -> Effect:
    """Whether something done at an instant helped; that day itself is neither before nor after."""
    day, number, one = at.astimezone(zone).date(), sought.id or 0, timedelta(days=1)
    before = _counted(db, (number,), since=day - LATELY, until=day - one)
    since = _counted(db, (number,), since=day + one, until=today)
    return Effect(before.get(number, Figures()), since.get(number, Figures()))


def active(sought: Sought) -> list[SoughtAct]:
    """What was done and not undone."""
    return [act for act in sought.acts if act.undone is None]


def _counted(
    db: Session, numbers: Sequence[int] | None = None, *, since: date, until: date
) -> dict[int, Figures]:
    statement = (
        sa.select(
            col(SoughtDay.sought_id),
            col(SoughtDay.day),
            sa.func.sum(col(SoughtDay.people)),
            sa.func.sum(col(SoughtDay.found_nothing)),
            sa.func.sum(col(SoughtDay.opened_nothing)),
        )
        .where(col(SoughtDay.day) >= since, col(SoughtDay.day) <= until)
        .group_by(col(SoughtDay.sought_id), col(SoughtDay.day))
        .order_by(col(SoughtDay.day))
    )
    if numbers is not None:
        statement = statement.where(col(SoughtDay.sought_id).in_(numbers))
    found: dict[int, Figures] = {}
    weeks: dict[int, set[tuple[int, int]]] = {}
    for number, day, people, nothing, unopened in db.execute(statement).all():
        sofar = found.get(number, Figures())
        weeks.setdefault(number, set()).add(day.isocalendar()[:2])
        found[number] = Figures(
            sofar.people + int(people),
            sofar.found_nothing + int(nothing),
            sofar.opened_nothing + int(unopened),
            len(weeks[number]),
            day,
        )
    return found


def _with_acts() -> tuple[ExecutableOption, ...]:
    acts = selectinload(Sought.acts)  # type: ignore[arg-type]
    return (acts, acts.selectinload(SoughtAct.by))  # type: ignore[arg-type]
