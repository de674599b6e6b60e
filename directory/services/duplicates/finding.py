"""Finding: pairs of listings that may be one, kept for an editor to judge."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from directory.models import Duplicate, Opportunity, Space
from directory.models.vocabulary import Verdict
from directory.services.duplicates import blocking, loading, weighing
from directory.services.duplicates.likeness import Rarity
from directory.services.duplicates.traits import Traits
from directory.services.duplicates.weighing import OFFERED, Weighed

# What was judged is asked again when a listing has changed and the signs add up otherwise by so
# much: three is what “the same dates and times” weighs, twenty times the odds.
RECONSIDER = 3.0

TABLES: dict[str, type[Space | Opportunity]] = {"space": Space, "opportunity": Opportunity}
_Weigh = Callable[[Traits, Traits, Rarity], Weighed | None]
_WEIGH: dict[str, _Weigh] = {
    "space": weighing.spaces,
    "opportunity": weighing.opportunities,
}
Pairs = dict[tuple[int, int], Weighed]


@dataclass(frozen=True)
class Found:
    """What a search did: pairs found, new to the editors, asked again, and no longer alike."""

    pairs: int
    new: int
    again: int
    dropped: int


def find(db: Session, *, now: datetime, zone: str) -> Found:
    """Look through everything published and keep what looks alike."""
    results = [
        keep(db, listing, alike(listing, traits), now=now)
        for listing, traits in (
            ("space", loading.spaces(db)),
            ("opportunity", loading.opportunities(db, now=now, zone=zone)),
        )
    ]
    return Found(*(sum(numbers) for numbers in zip(*map(_counts, results), strict=True)))


def alike(listing: str, traits: Sequence[Traits]) -> Pairs:
    """The pairs that are to be shown, by the numbers of both."""
    rarity = Rarity(each.tokens for each in traits)
    weigh, found = _WEIGH[listing], {}
    for one, other in blocking.pairs(traits, rarity):
        weighed = weigh(traits[one], traits[other], rarity)
        if weighed is not None and weighed.score >= OFFERED:
            numbers = sorted((traits[one].number, traits[other].number))
            found[numbers[0], numbers[1]] = weighed
    return found


def keep(db: Session, listing: str, pairs: Pairs, *, now: datetime) -> Found:
    """Bring what is kept up to date; what was judged stays judged."""
    rows = db.exec(select(Duplicate).where(Duplicate.listing == listing)).all()
    there = {(row.first_id, row.second_id): row for row in rows}
    new = again = dropped = 0
    for numbers, weighed in pairs.items():
        row = there.pop(numbers, None)
        if row is None:
            first, second = numbers
            row = Duplicate(listing=listing, first_id=first, second_id=second, score=0, found=now)
            new += 1
        elif row.verdict is Verdict.NOT_SAME and _differs(db, row, weighed):
            row.verdict, row.found = Verdict.OPEN, now
            again += 1
        if row.verdict is Verdict.OPEN:
            row.score, row.evidence = weighed.score, _kept(weighed)
            db.add(row)
    for row in there.values():
        if row.verdict is Verdict.OPEN:
            db.delete(row)
            dropped += 1
    db.flush()
    return Found(len(pairs), new, again, dropped)


def _differs(db: Session, row: Duplicate, weighed: Weighed) -> bool:
    """Whether a pair that was judged is so much another one that it is asked again."""
    table = TABLES[row.listing]
    changed = db.exec(
        select(table.id).where(
            col(table.id).in_((row.first_id, row.second_id)), col(table.modified) > row.judged
        )
    ).first()
    if changed is None:
        return False
    before = {sign["code"]: float(sign["weight"]) for sign in row.evidence}
    after = {sign.code: sign.weight for sign in weighed.signs}
    codes = before.keys() | after.keys()
    apart = sum(abs(before.get(code, 0.0) - after.get(code, 0.0)) for code in codes)
    return apart >= RECONSIDER


def _kept(weighed: Weighed) -> list[dict[str, Any]]:
    return [sign.kept() for sign in weighed.signs]


def _counts(found: Found) -> tuple[int, int, int, int]:
    return found.pairs, found.new, found.again, found.dropped
