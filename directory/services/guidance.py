"""Guidance: what is like a listing and why, and learning routes for a profile that is never kept."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from directory.models import Occurrence, Opportunity, Space
from directory.models.vocabulary import Format, ListingState, OccurrenceStatus
from directory.services.listings import load_opportunities, next_of
from directory.services.profiles import Profile
from directory.services.shown import is_anytime, known_access
from directory.services.texts import words
from directory.services.topics import tree
from directory.settings import Settings
from recommender import (
    Item,
    Learner,
    LinearRecommender,
    Plan,
    Reason,
    Step,
    Window,
    plan,
)
from recommender import Session as Meeting

MOST_SIMILAR = 4
# Fitting takes a moment, and listings seldom change: a fit is kept at most this long.
KEPT = timedelta(hours=6)

# One begins these at the first meeting and stays to the last.
_COURSES = {Format.COURSE, Format.PROGRAMME, Format.APPRENTICESHIP, Format.PLACEMENT}
# One goes to these again and again and may begin with any meeting; of the rest one visit is enough.
_REPEATED = {
    Format.READING_GROUP,
    Format.MENTORING,
    Format.VOLUNTEERING,
    Format.DROP_IN,
    Format.WORKSHOP,
}
# A level takes more than one meeting: of what goes on without end, so many count as having done it.
MEETINGS = 8


@dataclass(frozen=True)
class Similar:
    """A listing like another, its next occurrence, and why."""

    listing: Opportunity
    upcoming: Occurrence | None
    reasons: tuple[Reason, ...]


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


@dataclass(frozen=True)
class _Fit:
    stamp: tuple[int, datetime | None]
    made: datetime
    recommender: LinearRecommender


class Guide:
    """Keeps the recommender fitted on the published listings, and nothing about anybody."""

    def __init__(self) -> None:
        """Nothing is fitted before somebody asks."""
        self._lock = threading.Lock()
        self._fit: _Fit | None = None

    def recommender(self, db: Session, *, now: datetime) -> LinearRecommender:
        """The recommender fitted on what is published now."""
        stamp = _stamp(db)
        with self._lock:
            fit = self._fit
            if fit is None or fit.stamp != stamp or abs(now - fit.made) > KEPT:
                topics = tree(db)
                parents = {key: topic.parent for key, topic in topics.topics.items()}
                fitted = LinearRecommender().fit(list(_items(db, now)), parents)
                fit = self._fit = _Fit(stamp, now, fitted)
        return fit.recommender


def similar(
    db: Session, guide: Guide, listing: Opportunity, *, settings: Settings
) -> list[Similar]:
    """Listings still to come that are like one, each with why."""
    now = settings.clock()
    scored = guide.recommender(db, now=now).similar(str(listing.id), MOST_SIMILAR * 4)
    numbers = [int(each.item_id) for each in scored]
    coming = next_of(db, numbers, now=now)
    rows = load_opportunities(db, numbers)
    found = [
        Similar(rows[n], coming.get(n), each.reasons)
        for n, each in zip(numbers, scored, strict=True)
        if n in rows and (n in coming or not rows[n].schedules)
    ]
    return found[:MOST_SIMILAR]


def plan_routes(db: Session, guide: Guide, profile: Profile, *, settings: Settings) -> Planned:
    """Learning routes for a profile, with everything a page or a document shows of them."""
    now = settings.clock()
    recommender = guide.recommender(db, now=now)
    made = plan(learner(profile, now=now, zone=settings.zone), recommender, now)
    steps = [step for route in made.routes for step in route.steps]
    rows = load_opportunities(db, {int(step.item_id) for step in steps})
    wanted = {int(m.id) for step in steps for m in step.sessions}
    dated = db.exec(select(Occurrence).where(col(Occurrence.id).in_(wanted))).all()
    return Planned(made, {str(n): row for n, row in rows.items()}, {str(o.id): o for o in dated})


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
    )


def _stamp(db: Session) -> tuple[int, datetime | None]:
    """What changes whenever a listing does."""
    count = db.exec(select(func.count()).select_from(Opportunity)).one()
    newest = db.exec(
        select(Opportunity.modified).order_by(col(Opportunity.modified).desc()).limit(1)
    ).first()
    return count, newest


def _items(db: Session, now: datetime) -> Iterable[Item]:
    numbers: Sequence[int | None] = db.exec(
        select(Opportunity.id)
        .where(col(Opportunity.state) == ListingState.PUBLISHED)
        .order_by(col(Opportunity.id))
    ).all()
    with Session(db.get_bind()) as apart:  # it lets go of rows as it reads on
        for begin in range(0, len(numbers), 500):
            for row in _loaded(apart, numbers[begin : begin + 500]):
                yield item(row, now=now)
            apart.expunge_all()


def _loaded(db: Session, numbers: Sequence[int | None]) -> Sequence[Opportunity]:
    statement = (
        select(Opportunity)
        .where(col(Opportunity.id).in_(numbers))
        .options(
            selectinload(Opportunity.texts),  # type: ignore[arg-type]
            selectinload(Opportunity.teaches),  # type: ignore[arg-type]
            selectinload(Opportunity.schedules),  # type: ignore[arg-type]
            selectinload(Opportunity.occurrences),  # type: ignore[arg-type]
            selectinload(Opportunity.space),  # type: ignore[arg-type]
        )
        .order_by(col(Opportunity.id))
    )
    return db.exec(statement).all()


def item(row: Opportunity, *, now: datetime) -> Item:
    """An opportunity as the recommender takes it; what it is made of is loaded."""
    space: Space | None = row.space
    sessions, whole = _attended(row, now)
    return Item(
        id=str(row.id),
        text="\n".join(t.value for t in row.texts),
        topics=tuple(t.topic_key for t in row.teaches),
        teaches={t.topic_key: (t.level_from, t.level_to) for t in row.teaches},
        requires=row.requires,
        format=row.format,
        setting=row.setting,
        space_kind=space.kind if space else None,
        provider=None if row.provider_id is None else str(row.provider_id),
        languages=None if row.languages is None else tuple(row.languages),
        price=None if row.price is None else float(row.price),
        age_min=row.age_min,
        age_max=row.age_max,
        access=known_access(row),
        lat=space.lat if space else None,
        lon=space.lon if space else None,
        sessions=sessions,
        anytime=is_anytime(row),
        whole=whole,
    )


def _attended(row: Opportunity, now: datetime) -> tuple[tuple[Meeting, ...], bool]:
    """The meetings that may be attended, and whether all of them have to be."""
    on = [o for o in row.occurrences if o.status == OccurrenceStatus.SCHEDULED]
    coming = [o for o in on if o.start > now]
    endless = not all(_ends(s.rule) for s in row.schedules)
    whole = row.format in _COURSES | _REPEATED
    if whole and endless:
        coming = coming[:MEETINGS]
    attended = on if row.format in _COURSES and not endless else coming
    return tuple(_meeting(o) for o in attended), whole


def _ends(rule: str) -> bool:
    upper = rule.upper()
    return not rule or "UNTIL=" in upper or "COUNT=" in upper


def _meeting(occurrence: Occurrence) -> Meeting:
    zone = ZoneInfo(occurrence.timezone)
    return Meeting(
        str(occurrence.id),
        occurrence.start.replace(tzinfo=UTC).astimezone(zone),
        occurrence.end.replace(tzinfo=UTC).astimezone(zone),
    )
