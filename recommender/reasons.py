"""Why something is recommended: message ids with values, whose shares add up to the score."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A message id, the values it speaks of, and its exact share of the score."""

    code: str
    share: float
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Scored:
    """An item with its score in [0, 1]; the shares of its reasons add up to it.

    `note` says why it stands before another of a higher score, where it does.
    """

    item_id: str
    score: float
    reasons: tuple[Reason, ...]
    note: str | None = None


def strongest_first(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Order reasons by share, then by code."""
    return tuple(sorted(reasons, key=lambda reason: (-reason.share, reason.code)))


def averaged(steps: Sequence[Sequence[Reason]]) -> tuple[Reason, ...]:
    """Merge the reasons of several steps, one for each code, with the mean of their shares.

    A merged reason tells how many of the steps have it: `{"steps": n, "of": m}`.
    """
    total: dict[str, float] = {}
    count: dict[str, int] = {}
    for reasons in steps:
        for reason in reasons:
            total[reason.code] = total.get(reason.code, 0.0) + reason.share
            count[reason.code] = count.get(reason.code, 0) + 1
    return strongest_first(
        [
            Reason(code, share / len(steps), {"steps": count[code], "of": len(steps)})
            for code, share in total.items()
        ]
    )
