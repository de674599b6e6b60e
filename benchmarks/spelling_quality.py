"""Did-you-mean on real misspellings: how often it speaks, and how often it is right when it does.

The words known are those of the occupations' descriptions, alone and with every correction of the
list, so that the right word stands among many others. Pairs that folding makes equal are left out.
Words that are spelled right but not known are asked too, by taking them out: whoever speaks of them
is wrong. Only the half of both that no weight was learned from is asked; which sounds are alike and
when to speak were chosen with sight of a part of it, of nearly all but in English.

By itself: ``python benchmarks/spelling_quality.py [folder]``.
"""

import argparse
import csv
import json
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from whoosh.fields import TEXT, Schema
from whoosh.filedb.filestore import RamStorage

from directory.search.analysis import fold, folded_words
from directory.search.spelling import SHORTEST, Vocabulary

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
LANGUAGES = ("en", "es", "fr", "pt")
MOST_OF_PEER = 150  # it takes long
TAKEN_OUT = 16  # one word of so many
LEAST = 10  # fewer words taken out say nothing

Pair = tuple[str, tuple[str, ...]]
Correct = Callable[[str], str | None]
Make = Callable[[Counter[str]], Correct]


@dataclass(frozen=True)
class Row:
    """What was measured of one engine with one vocabulary.

    Attributes:
        language: of the misspellings.
        words: where the known words are from.
        engine: whose corrections.
        known: how many words are known.
        pairs: how many misspellings were asked.
        speaks: the share of them that it says something about.
        precision: the share of what it says that is right.
        recall: the share of all that it is right about.
        disturbs: the share of words spelled right but not known that it says something about;
            None where there are too few.
    """

    language: str
    words: str
    engine: str
    known: int
    pairs: int
    speaks: float
    precision: float
    recall: float
    disturbs: float | None


def pairs(data: Path, language: str) -> Iterator[Pair]:
    """Misspelt words with what they may be corrected to, all folded."""
    with (data / "typos" / f"{language}.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            slip = fold(row["typo"])
            meant = tuple(fold(word.strip()) for word in (row["corrections"] or "").split(","))
            if slip.isalpha() and all(map(str.isalpha, meant)) and slip not in meant:
                yield slip, meant


def words(data: Path, language: str) -> Counter[str]:
    """Words of the descriptions, each with in how many it stands."""
    path = data / "esco_search" / f"docs_{language}.jsonl"
    counted: Counter[str] = Counter()
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            counted.update(set(folded_words(f"{row['title']} {row['description']}")))
    return counted


def ours(known: Counter[str]) -> Correct:
    """Vereda's."""
    ordered = sorted(known, key=str.encode)
    vocabulary = Vocabulary.compile(ordered, [known[word] for word in ordered])

    def correct(word: str) -> str | None:
        found = vocabulary.correction(word)
        return found.word if found else None

    return correct


def whooshs(known: Counter[str]) -> Correct:
    """Whoosh's corrector, with the most frequent of the nearest first."""
    index = RamStorage().create_index(Schema(words=TEXT(stored=False, phrase=False)))
    writer = index.writer()
    for word, count in known.items():
        writer.add_document(words=" ".join([word] * min(count, 9)))
    writer.commit()
    reader = index.reader()
    corrector = reader.corrector("words")

    def correct(word: str) -> str | None:
        found = corrector.suggest(word, limit=1, maxdist=2)
        return found[0] if found else None

    return correct


def figures(correct: Correct, asked: Sequence[Pair]) -> tuple[float, float, float]:
    """How often it speaks, how often it is right then, and how often it is right of all."""
    said = [(correct(slip), meant) for slip, meant in asked]
    spoken = [(word, meant) for word, meant in said if word is not None]
    right = sum(word in meant for word, meant in spoken)
    return len(spoken) / len(asked), right / max(len(spoken), 1), right / len(asked)


def disturbing(make: Make, known: Counter[str], most: int) -> float | None:
    """How often it speaks of a word that is spelled right, but not known."""
    out = sorted(w for w in known if w.isalpha() and len(w) >= SHORTEST and _lot(w, TAKEN_OUT))
    if len(out) < LEAST:
        return None
    without = set(out)
    correct = make(Counter({word: n for word, n in known.items() if word not in without}))
    some = thinned(out, most)
    return sum(correct(word) is not None for word in some) / len(some)


def thinned(listed: Sequence[Any], most: int) -> Sequence[Any]:
    """At most so many, evenly from all."""
    return listed[:: -(-len(listed) // most)]


def measure(data: Path) -> list[Row]:
    """Every language and vocabulary: Vereda on all, then Vereda and Whoosh on the same few."""
    return [row for language in LANGUAGES for row in _of_language(data, language)]


def _of_language(data: Path, language: str) -> Iterator[Row]:
    listed = list(pairs(data, language))
    few = words(data, language)
    many = few + Counter(word for _, meant in listed for word in set(meant))
    for name, known in (("descriptions", few), ("and corrections", many)):
        asked = [pair for pair in listed if _lot(pair[0], 2) and _is_fair(pair, known)]
        if asked:
            yield from (_row(language, name, known, asked, *of) for of in _engines(len(asked)))


def _engines(most: int) -> Iterable[tuple[str, Make, int]]:
    yield "Vereda", ours, most
    if most > MOST_OF_PEER:
        yield "Vereda, the peer's", ours, MOST_OF_PEER
    yield "Whoosh", whooshs, min(most, MOST_OF_PEER)


def _row(
    language: str,
    name: str,
    known: Counter[str],
    asked: Sequence[Pair],
    engine: str,
    make: Make,
    most: int,
) -> Row:
    some = thinned(asked, most)
    shares = figures(make(known), some)
    disturbs = disturbing(make, known, max(most, MOST_OF_PEER))
    return Row(language, name, engine, len(known), len(some), *shares, disturbs)


def _is_fair(pair: Pair, known: Counter[str]) -> bool:
    slip, meant = pair
    return slip not in known and any(word in known and len(word) >= SHORTEST for word in meant)


def _lot(word: str, of: int) -> bool:
    """Whether it falls to a word to be asked, the same in every run; never to one learned from."""
    return zlib.crc32(word.encode()) % of == 1


def table(data: Path) -> Table:
    """Every language, with few and with many words known."""
    columns = ("words", "pairs", "speaks", "precision@1", "recall", "disturbs")
    made = Table("", *columns, title="Did you mean")
    for row in measure(data):
        shares = (row.speaks, row.precision, row.recall, row.disturbs)
        made.add_row(
            f"{row.language}, {row.words}: {row.engine}",
            str(row.known),
            str(row.pairs),
            *("" if share is None else f"{share:.3f}" for share in shares),
        )
    return made


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", nargs="?", type=Path, default=SHARED)
    data: Path = parser.parse_args().data
    if not (data / "typos").is_dir():
        sys.exit(f"There is no folder “typos” in {data}; say where: spelling_quality.py folder")
    Console(width=max(Console().width, 110)).print(table(data))


if __name__ == "__main__":
    main()
