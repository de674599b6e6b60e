"""Evaluation: filters, facets, order and page, over columns, for any set of matching words."""

from dataclasses import dataclass, field

import numpy as np

from directory.search.columns import Bools, Columns, Floats, Ints
from directory.search.facets import FACETS, Passing, count_days
from directory.search.filters import FILTERS, distance_km, sitting_masks
from directory.search.request import SearchRequest

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Hit:
    """One listing found.

    Attributes:
        score: relevance; 0 when no words were asked for.
        distance_km: from the point asked for; None without one, or without a place.
        matched: id of the first occurrence that satisfies the time asked for.
        upcoming: id of the next occurrence, whatever was asked.
    """

    type: str
    number: int
    score: float
    distance_km: float | None
    matched: int | None
    upcoming: int | None


@dataclass(frozen=True)
class Found:
    """A page of an answer.

    Attributes:
        total: how many listings there are on all pages.
        wording: how many match the words alone, before any filter.
        facets: facet to value to count under the other filters.
        relax: filter to how many listings there would be without it; only when there are none.
        places: (type, number, latitude, longitude) of everything found, for the map.
    """

    total: int
    wording: int
    hits: tuple[Hit, ...]
    facets: dict[str, dict[str, int]]
    relax: dict[str, int] = field(default_factory=dict)
    places: tuple[tuple[str, int, float, float], ...] = ()


@dataclass(frozen=True)
class Matched:
    """Documents that match the words, and how well; None instead of this means all do."""

    documents: Ints
    scores: Floats


def evaluate(
    columns: Columns,
    live: Bools,
    request: SearchRequest,
    matched: Matched | None,
    most_places: int = 0,
) -> Found:
    """Answer a request over columns."""
    base, scores = _base(columns, live, matched)
    sittings = sitting_masks(columns, request)
    masks = {name: m for name, f in FILTERS.items() if (m := f(columns, request)) is not None}
    masks["when"] = _when(columns, request, sittings)
    passing = Passing.of(base, masks)
    chosen = np.flatnonzero(passing.all())
    facets = _facets(columns, request, passing, sittings)
    relax = {} if len(chosen) else _relax(columns, passing, sittings)
    page = _page(columns, request, chosen, scores, sittings)
    wording = int(np.count_nonzero(base))
    return Found(len(chosen), wording, page, facets, relax, _places(columns, chosen, most_places))


def _base(columns: Columns, live: Bools, matched: Matched | None) -> tuple[Bools, Floats]:
    scores = np.zeros(columns.size)
    if matched is None:
        return live, scores
    base = np.zeros(columns.size, dtype=np.bool_)
    base[matched.documents] = True
    scores[matched.documents] = matched.scores
    return base & live, scores


def _having(columns: Columns, rows: Bools) -> Bools:
    found = np.zeros(columns.size, dtype=np.bool_)
    found[columns.sitting_document[rows]] = True
    return found


def _every(sittings: dict[str, Bools], leave_out: str = "") -> Bools:
    kept = [mask for name, mask in sittings.items() if name != leave_out]
    return (
        np.asarray(np.logical_and.reduce(kept))
        if kept
        else np.ones_like(next(iter(sittings.values())))
    )


def _when(columns: Columns, request: SearchRequest, sittings: dict[str, Bools]) -> Bools:
    on = _having(columns, _every(sittings))
    if request.timed:
        return on | columns.anytime
    return on | ~columns.dated


def _facets(
    columns: Columns, request: SearchRequest, passing: Passing, sittings: dict[str, Bools]
) -> dict[str, dict[str, int]]:
    counts = {
        name: count(columns, passing.without(filter_)) for name, (filter_, count) in FACETS.items()
    }
    without_day = passing.without("when") if request.day else passing.all()
    counts["day"] = count_days(columns, without_day, sittings)
    return counts


def _relax(columns: Columns, passing: Passing, sittings: dict[str, Bools]) -> dict[str, int]:
    """Which single filter to drop, and how many listings come back, most first."""
    without = {name: int(np.count_nonzero(passing.without(name))) for name in passing.masks}
    del without["when"]
    untimed = passing.without("when")
    for part in sittings:
        if part == "coming":
            continue
        rest = _every(sittings, leave_out=part)
        on = _having(columns, rest) | columns.anytime
        without[part] = int(np.count_nonzero(untimed & on))
    return dict(sorted(((k, n) for k, n in without.items() if n), key=lambda pair: -pair[1]))


def _first(columns: Columns, rows: Bools) -> tuple[Ints, Ints]:
    """For each document its first row among some: start, and occurrence id; NEVER without one."""
    starts = np.full(columns.size, NEVER, dtype=np.int64)
    numbers = np.full(columns.size, -1, dtype=np.int64)
    kept = np.flatnonzero(rows)
    documents, first = np.unique(columns.sitting_document[kept], return_index=True)
    starts[documents] = columns.sitting_start[kept[first]]
    numbers[documents] = columns.sitting_number[kept[first]]
    return starts, numbers


def _page(
    columns: Columns,
    request: SearchRequest,
    chosen: Ints,
    scores: Floats,
    sittings: dict[str, Bools],
) -> tuple[Hit, ...]:
    starts, matched = _first(columns, _every(sittings))
    coming = columns.sitting_end > int(request.now.timestamp() // 60)
    _, upcoming = _first(columns, np.asarray(coming))
    distances = distance_km(columns, request.near) if request.near else None
    order = chosen[_order(columns, request, chosen, scores, starts, distances)]
    begin = (request.page - 1) * request.per_page
    types = columns.codes["type"].values
    return tuple(
        Hit(
            type=types[columns.one["type"][n]],
            number=int(columns.number[n]),
            score=round(float(scores[n]), 6),
            distance_km=_known(distances, n),
            matched=int(matched[n]) if matched[n] >= 0 else None,
            upcoming=int(upcoming[n]) if upcoming[n] >= 0 else None,
        )
        for n in order[begin : begin + request.per_page]
    )


def _order(
    columns: Columns,
    request: SearchRequest,
    chosen: Ints,
    scores: Floats,
    starts: Ints,
    distances: Floats | None,
) -> Ints:
    """Positions of ``chosen`` in the order asked for; equals stay in order of their numbers."""
    last = columns.number[chosen]
    when = starts[chosen]
    keys: tuple[Ints | Floats, ...]
    match request.sort:
        case "name":
            keys = (last, columns.name_rank(request.ui_language)[chosen])
        case "distance" if distances is not None:
            keys = (last, when, np.nan_to_num(distances[chosen], nan=np.inf))
        case "date":
            keys = (last, -scores[chosen], when)
        case _:
            keys = (last, when, -scores[chosen])
    return np.lexsort(keys)


def _known(distances: Floats | None, n: int) -> float | None:
    if distances is None or np.isnan(distances[n]):
        return None
    return round(float(distances[n]), 3)


def _places(columns: Columns, chosen: Ints, most: int) -> tuple[tuple[str, int, float, float], ...]:
    if not most:
        return ()
    types = columns.codes["type"].values
    placed = chosen[~np.isnan(columns.lat[chosen])][:most]
    return tuple(
        (
            types[columns.one["type"][n]],
            int(columns.number[n]),
            float(columns.lat[n]),
            float(columns.lon[n]),
        )
        for n in placed
    )
