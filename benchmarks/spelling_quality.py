"""Did-you-mean on real misspellings: how often it speaks, and how often it is right when it does.

The words known are those of the occupations' descriptions, alone and with every correction of the
list, so that the right word stands among many others. Pairs that folding makes equal are left out.
"""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.table import Table
from whoosh.fields import TEXT, Schema
from whoosh.filedb.filestore import RamStorage

from directory.search.analysis import fold, folded_words
from directory.search.spelling import SHORTEST, Vocabulary

LANGUAGES = ("en", "es", "fr", "pt")
MOST = 2000
MOST_OF_PEER = 150  # it takes long

Pair = tuple[str, tuple[str, ...]]
Correct = Callable[[str], str | None]


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


def table(data: Path) -> Table:
    """Every language, with few and with many words known."""
    made = Table("", "words", "pairs", "speaks", "precision@1", "recall", title="Did you mean")
    for language in LANGUAGES:
        listed = list(pairs(data, language))
        few = words(data, language)
        many = few + Counter(word for _, meant in listed for word in set(meant))
        for name, known in (("descriptions", few), ("and corrections", many)):
            asked = [
                (slip, meant)
                for slip, meant in listed
                if slip not in known and any(w in known and len(w) >= SHORTEST for w in meant)
            ]
            if not asked:
                continue
            for engine, make, most in (("Vereda", ours, MOST), ("Whoosh", whooshs, MOST_OF_PEER)):
                some = asked[:: max(1, len(asked) // most)]
                shares = (f"{share:.3f}" for share in figures(make(known), some))
                made.add_row(
                    f"{language}, {name}: {engine}", str(len(known)), str(len(some)), *shares
                )
    return made
