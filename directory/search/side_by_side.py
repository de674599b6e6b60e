"""Side by side: large segments answered by several threads, which arrays leave room for."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

WORTH_IT = 400_000
"""With fewer documents than these, handing work over takes longer than it saves."""


def in_turn(work: Callable[[Given], Made], several: Sequence[Given], *, size: int) -> list[Made]:
    """What a piece of work makes of each of several, in their order."""
    if size < WORTH_IT or len(several) < 2:  # noqa: PLR2004 - nothing to share
        return [work(one) for one in several]
    return list(_pool().map(work, several))


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="search")
