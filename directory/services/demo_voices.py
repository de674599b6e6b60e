"""Voices of the demo city: invented ideas, and invented counts of what people look for."""

import tomllib
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any

from sqlmodel import Session, select

from directory.models import Idea, Opportunity, Sought, SoughtDay, SoughtReach, Views
from directory.models.ideas import IdeaKind, IdeaState
from directory.services import upkeep
from directory.services.demo import SOURCE

_PART = "demo"
_Entry = dict[str, Any]


def ensure(db: Session, *, now: datetime) -> None:
    """Give the demo city voices, in the demo city alone and once."""
    if upkeep.city(db).demo_week is None or db.exec(select(Idea.id)).first() is not None:
        return
    path = resources.files("directory") / "data" / "demo" / "voices.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    for entry in told["idea"]:
        _idea(db, entry, now)
    for entry in told["sought"]:
        _sought(db, entry, now.date())
    for entry in told["reach"]:
        _reach(db, entry, now.date())
    db.flush()


def _idea(db: Session, entry: _Entry, now: datetime) -> None:
    written = now - timedelta(days=entry["days"])
    waits = entry.get("waiting", False)
    db.add(
        Idea(
            kind=IdeaKind(entry["kind"]), words=entry["words"], language=entry["language"],
            topic=entry["topic"], district=entry.get("district", ""), written=written,
            seconds=0 if waits else entry["seconds"],
            state=IdeaState.WAITING if waits else IdeaState.PUBLISHED,
            decided=None if waits else written,
        )
    )  # fmt: skip


def _sought(db: Session, entry: _Entry, today: date) -> None:
    row = Sought(
        topic=entry.get("topic"), words=entry.get("words", ""), wordings=entry["wordings"],
        language=entry.get("language", ""),
    )  # fmt: skip
    db.add(row)
    db.flush()
    for day, (people, nothing, unopened) in zip(
        _days(today, len(entry["days"])), entry["days"], strict=True
    ):
        db.add(
            SoughtDay(
                sought_id=row.id or 0, day=day, part=_PART, people=people, found_nothing=nothing,
                opened_nothing=unopened,
            )
        )  # fmt: skip


def _reach(db: Session, entry: _Entry, today: date) -> None:
    named = entry["opportunity"]
    listing = db.exec(
        select(Opportunity.id).where(Opportunity.source == SOURCE, Opportunity.external_id == named)
    ).one()
    sought = db.exec(select(Sought.id).where(Sought.topic == entry["topic"])).one()
    key: _Entry = {"listing": "opportunity", "listing_id": listing or 0}
    monday = today - timedelta(days=today.weekday())
    for n, views in enumerate(reversed(entry["views"])):
        db.add(Views(week=monday - timedelta(weeks=n), views=views, **key))
    for day, people in zip(_days(today, len(entry["people"])), entry["people"], strict=True):
        db.add(SoughtReach(sought_id=sought or 0, day=day, part=_PART, people=people, **key))


def _days(today: date, weeks: int) -> list[date]:
    """A day of each of the last weeks, the oldest first."""
    return [today - timedelta(days=3 + 7 * n) for n in range(weeks - 1, -1, -1)]
