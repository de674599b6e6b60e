"""Guidance: what is like a listing and why, and learning routes for a profile that is never kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from directory.models import Occurrence, Opportunity
from directory.models.vocabulary import ListingState, OccurrenceStatus
from directory.services.fitting import Guide, gone
from directory.services.listings import load_opportunities, next_of
from directory.services.profiles import Profile
from directory.services.texts import words
from directory.settings import Settings
from recommender import (
    Learner,
    LinearRecommender,
    Note,
    Plan,
    Reason,
    Scored,
    Step,
    WhatIf,
    Window,
    plan,
    what_if,
)
from recommender import Session as Meeting

__all__ = [
    "Guide",
    "Planned",
    "Similar",
    "in_time",
    "learner",
    "plan_routes",
    "recommended",
    "similar",
    "what_ifs",
]

MOST_SIMILAR = 4
MOST_RECOMMENDED = 10


@dataclass(frozen=True)
class Similar:
    """A listing like another, its next occurrence, and why.

    `note` says why it stands before one that is more like it, where it does.
    """

    listing: Opportunity
    upcoming: Occurrence | None
    reasons: tuple[Reason, ...]
    note: str | None = None


@dataclass(frozen=True)
class Planned:
    """A plan, with the listings and occurrences it speaks of.

    Attributes:
        listings: item id to opportunity, loaded for a row.
        occurrences: session id to occurrence.
    """

    plan: Plan
    listings: dict[str, Opportunity]
    occurrences: dict[str, Occurrence]

    def titles(self, language: str) -> dict[str, str]:
        """Item id to title, in a language if it has one."""
        return {n: words(row, "title", language).value for n, row in self.listings.items()}

    def dates(self, step: Step) -> list[Occurrence]:
        """The occurrences of a step, in order."""
        return [self.occurrences[m.id] for m in step.sessions if m.id in self.occurrences]

    def visits(self, step: Step) -> list[Meeting]:
        """When to come, of a step that has no occurrences but opening hours."""
        return [m for m in step.sessions if not m.id.isdecimal()]


def similar(
    db: Session, guide: Guide, listing: Opportunity, *, settings: Settings
) -> list[Similar]:
    """Listings still to come that are like one, each with why; none where nobody knows yet."""
    now = settings.clock()
    recommender = guide.at_hand(db, now=now)
    if recommender is None or str(listing.id) not in recommender.catalogue_.row:
        return []  # the city, or this listing, was listed a moment ago
    scored = recommender.similar(str(listing.id), MOST_SIMILAR * 4)
    return _still_on(db, scored, now=now)[:MOST_SIMILAR]


def recommended(
    db: Session, guide: Guide, profile: Profile, *, settings: Settings
) -> list[Similar]:
    """What suits a learner, each with why: an answer to a few questions, before there is a route."""
    now = settings.clock()
    recommender = guide.recommender(db, now=now)
    who = learner(profile, now=now, zone=settings.zone)
    scored = recommender.recommend(who, MOST_RECOMMENDED * 2)
    return _still_on(db, scored, now=now)[:MOST_RECOMMENDED]


def _still_on(db: Session, scored: Sequence[Scored], *, now: datetime) -> list[Similar]:
    """Those that are published at this moment and have something to come, as the fit may be older."""
    numbers = [int(each.item_id) for each in scored]
    coming = next_of(db, numbers, now=now)
    rows = load_opportunities(db, numbers, provider=False)
    return [
        Similar(rows[n], coming.get(n), each.reasons, each.note)
        for n, each in zip(numbers, scored, strict=True)
        if n in rows
        and rows[n].state == ListingState.PUBLISHED
        and (n in coming or not rows[n].schedules)
    ]


def plan_routes(db: Session, guide: Guide, profile: Profile, *, settings: Settings) -> Planned:
    """Learning routes for a profile, with everything a page or a document shows of them."""
    now = settings.clock()
    recommender = guide.recommender(db, now=now)
    profile, put_right = in_time(profile, now=now, zone=settings.zone)
    made = plan(_asking(db, recommender, profile, settings=settings, now=now), recommender, now)
    made = replace(made, notes=(*put_right, *made.notes))
    steps = [step for route in made.routes for step in route.steps]
    named = {step.item_id for step in steps}
    named |= {other.item_id for step in steps for other in step.others}
    notes = (*made.shaped_by, *made.notes)
    named |= {str(note.values["item"]) for note in notes if "item" in note.values}
    rows = load_opportunities(db, {int(each) for each in named if each.isdecimal()})
    wanted = {int(m.id) for step in steps for m in step.sessions if m.id.isdecimal()}
    dated = db.exec(select(Occurrence).where(col(Occurrence.id).in_(wanted))).all()
    return Planned(made, {str(n): row for n, row in rows.items()}, {str(o.id): o for o in dated})


def what_ifs(
    db: Session, guide: Guide, profile: Profile, *, settings: Settings
) -> tuple[WhatIf, ...]:
    """What each of a profile's limits a little looser, or a later start, would change."""
    now = settings.clock()
    recommender = guide.recommender(db, now=now)
    profile, _ = in_time(profile, now=now, zone=settings.zone)
    who = _asking(db, recommender, profile, settings=settings, now=now)
    return what_if(who, recommender, now)


def _asking(
    db: Session,
    recommender: LinearRecommender,
    profile: Profile,
    *,
    settings: Settings,
    now: datetime,
) -> Learner:
    """A profile as the recommender takes it, without what went since it was fitted."""
    who = learner(profile, now=now, zone=settings.zone)
    catalogue = recommender.catalogue_
    rows = catalogue.row_of_slot(catalogue.slots_named(who.booked)).tolist()
    went = set(gone(db, recommender, now=now)) - {catalogue.items[row].id for row in rows}
    return replace(
        who,
        keep=tuple(each for each in who.keep if each not in went),
        skip=(*who.skip, *sorted(went)),
        missed=(*who.missed, *_called_off(db, who.booked)),
    )


def _called_off(db: Session, booked: Sequence[str]) -> list[str]:
    """Those of some booked occurrences that do not take place."""
    off = db.exec(
        select(Occurrence.id).where(
            col(Occurrence.id).in_([int(each) for each in booked]),
            col(Occurrence.status) == OccurrenceStatus.CANCELLED,
        )
    ).all()
    return [str(number) for number in off]


def in_time(profile: Profile, *, now: datetime, zone: ZoneInfo) -> tuple[Profile, tuple[Note, ...]]:
    """A profile with days one can plan between, and a note for each day that had to be put right.

    A first day in the past means today. A last day in the past, or before the first, means none.
    """
    today = now.astimezone(zone).date()
    notes = []
    if profile.first and profile.first < today:
        notes.append(Note("from-past", {"date": profile.first.isoformat()}))
        profile = replace(profile, first=None)
    if profile.last and profile.last < today:
        notes.append(Note("to-past", {"date": profile.last.isoformat()}))
        profile = replace(profile, last=None)
    elif profile.first and profile.last and profile.last < profile.first:
        days = {"from": profile.first.isoformat(), "to": profile.last.isoformat()}
        notes.append(Note("to-before-from", days))
        profile = replace(profile, last=None)
    return profile, tuple(notes)


def learner(profile: Profile, *, now: datetime, zone: ZoneInfo) -> Learner:
    """A profile as the recommender takes it."""
    first = profile.first or now.astimezone(zone).date()
    earliest = max(now, datetime.combine(first, time(), zone)).astimezone(zone)
    latest = None
    if profile.last:
        latest = datetime.combine(profile.last + timedelta(days=1), time(), zone)
    return Learner(
        earliest=earliest,
        latest=latest,
        knows=profile.knows,
        wants=profile.wants,
        languages=profile.languages,
        age=profile.age,
        access=profile.access,
        budget=profile.budget,
        hours_per_week=profile.hours_per_week,
        free=tuple(Window(w.day, w.begin, w.end) for w in profile.free),
        home=profile.home,
        max_travel_minutes=profile.max_travel_minutes,
        interests=profile.interests,
        keep=profile.keep,
        skip=profile.skip,
        done=profile.done,
        prefer=profile.prefer,
        prefer_sessions=profile.prefer_dates,
        booked=profile.booked,
        missed=profile.missed,
        area=profile.district,
    )
