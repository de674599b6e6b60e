"""Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002)."""

import math
from collections.abc import Hashable, Iterable, Sequence


def ndcg(ranked: Sequence[Hashable], relevant: Iterable[Hashable], k: int) -> float:
    """How well the first k hold what is relevant, early; 1 is as well as possible."""
    wanted = set(relevant)
    if not wanted:
        return 0.0
    gain = sum(1 / math.log2(n + 2) for n, item in enumerate(ranked[:k]) if item in wanted)
    return gain / sum(1 / math.log2(n + 2) for n in range(min(k, len(wanted))))
