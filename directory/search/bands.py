"""Bands: ages, prices and hours of the day as the few values a reader chooses among."""

from dataclasses import dataclass

PRICE_STEPS = (0, 10, 20, 50)
OLDEST = 120


@dataclass(frozen=True)
class Band:
    """A value that stands for numbers from ``low`` to ``high``, both included."""

    value: str
    low: int
    high: int


AGES = (
    Band("early-childhood", 0, 5),
    Band("children", 6, 11),
    Band("teenagers", 12, 17),
    Band("adults", 18, 64),
    Band("older-people", 65, OLDEST),
)

# Minutes of the local day at which something begins; the night runs past midnight.
PARTS = (
    Band("morning", 5 * 60, 12 * 60 - 1),
    Band("afternoon", 12 * 60, 17 * 60 - 1),
    Band("evening", 17 * 60, 22 * 60 - 1),
    Band("night", 22 * 60, 29 * 60 - 1),
)
PART_OF_HOUR = tuple(
    next(n for n, band in enumerate(PARTS) if band.low <= h * 60 <= band.high or band.low <= (h + 24) * 60 <= band.high)
    for h in range(24)
)  # fmt: skip


def ages(low: int | None, high: int | None) -> tuple[str, ...]:
    """The age bands that somebody between two ages, both included, may be in."""
    first, last = low or 0, OLDEST if high is None else high
    return tuple(band.value for band in AGES if band.low <= last and first <= band.high)


def price(amount: float | None) -> tuple[str, ...]:
    """Every step that a price is at most; none for an unknown one."""
    if amount is None:
        return ()
    return tuple(str(step) for step in PRICE_STEPS if amount <= step)
