"""Every string gets an answer, quickly: known killers and random Unicode asked of a large index.

``make bench-hostile`` after ``make bench-search``, whose index of 100,000 listings it asks.
"""

import argparse
import gc
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from engines.vereda import LEXICON
from questions import questions
from rich.console import Console
from rich.table import Table

from directory.search.grammar import parse
from directory.search.index import Index

CACHE = Path(__file__).parent / ".cache"
KILLERS = {
    "nested brackets": "(" * 5000 + "a" + ")" * 5000,
    "wildcards": "*a* " * 2000,
    "question marks": "?" * 3000,
    "ranges": "[a TO z] {a TO} date:[19000101 TO 20991231] " * 50,
    "fields": "title_es:taller OR text_es:* AND NOT kept:x",
    "quotes": '"' * 999 + "taller" + '"' * 999,
    "minus signs": "-" * 4000 + "taller",
    "OR without end": "taller OR " * 3000,
    "direction controls": "\u202e\u202d\u2066taller\u2069\u200f" * 200,
    "lone surrogates": "\ud800taller\udfff" * 100,
    "NUL": "taller\x00cerámica\x00" * 100,
    "combining marks": "a" + "\u0301" * 10_000,
    "one long word": "a" * 1_000_000,
    "many short words": " ".join(chr(97 + n % 26) for n in range(5000)),
    "the commonest words": "taller curso de la en con para grupo vecinos plaza sala barrio",
    "a phrase of common words": '"taller de la sala"',
    "Han": "学习书法课程" * 2000,
    "Thai": "เรียนเขียนภาษาไทย" * 1000,
    "Arabic with vowel signs": "دَوْرَةُ الخَطِّ العَرَبِيِّ " * 200,
    "emoji": "👩‍🏫🧑🏽‍🔧" * 1000,
    "slash, percent, backslash": "/%\\_" * 2000,
    "like SQL": "'; DROP TABLE opportunity; --",
    "like HTML": "<script>alert(1)</script>" * 100,
    "only exclusion": "-taller",
    "nothing": "",
}  # fmt: skip


def random_strings(count: int) -> Iterator[str]:
    """Strings of any code points, surrogates and controls among them."""
    draw = random.Random(7)
    tops = (0x7F, 0x7FF, 0xFFFF, 0x10FFFF)
    for _ in range(count):
        top = draw.choice(tops)
        yield "".join(chr(draw.randint(0, top)) for _ in range(draw.randint(0, 250)))


def main() -> None:
    """Ask, and print the slowest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=100_000)
    parser.add_argument("--strings", type=int, default=3000)
    options = parser.parse_args()
    folder = CACHE / str(options.listings) / "vereda"
    if not folder.exists():
        sys.exit("There is no index yet; make bench-search first.")
    index = Index(folder)
    plain = questions()[0].request
    index.search(plain, LEXICON)
    gc.collect()
    gc.freeze()  # as the server does once it is warm
    slowest: list[tuple[float, str]] = []
    for name, text in (*KILLERS.items(), *((ascii(t), t) for t in random_strings(options.strings))):
        for close in (False, True):
            begun = time.perf_counter()
            index.search(replace(plain, ask=parse(text), close=close), LEXICON)
            slowest.append(((time.perf_counter() - begun) * 1000, name))
    slowest.sort(reverse=True)
    table = Table("string", "ms", title=f"{len(slowest):,} hostile searches, the slowest")
    for spent, name in slowest[:12]:
        table.add_row(name[:60], f"{spent:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
