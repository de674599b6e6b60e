"""Every remark of an import, and every reason to fail, has words for a page."""

import re
import string
from pathlib import Path

import pytest

from directory.edge import bulk
from directory.edge.remarks import SENTENCES
from directory.exchange.messages import REFUSED, WARNINGS
from directory.models.vocabulary import FileKind, LineOutcome, TransferState
from directory.services.bulk import mappings
from directory.services.bulk.sources import RHYTHMS
from tests.conftest import ROOT


def test_every_code_of_a_line_has_a_sentence() -> None:
    assert set(SENTENCES) == set(REFUSED) | set(WARNINGS)


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_names_only_what_is_known(code: str) -> None:
    names = {name for _, name, _, _ in string.Formatter().parse(SENTENCES[code]._args[0]) if name}
    assert names <= {"value", "allowed"}


def test_every_reason_not_to_fetch_or_read_has_a_sentence() -> None:
    said = set()
    for folder in ("services/fetching", "exchange"):
        for path in (ROOT / "directory" / folder).glob("*.py"):
            said |= _codes(path)
    assert said > {"not-public", "is-markup", "bomb", "cut-calendar"}
    assert said <= set(bulk.TROUBLES), said - set(bulk.TROUBLES)


def test_every_word_of_a_list_has_a_label() -> None:
    assert set(bulk.KINDS) == set(FileKind)
    assert set(bulk.STATES) == set(TransferState)
    assert set(bulk.OUTCOMES) == set(LineOutcome)
    assert set(bulk.RHYTHMS) == set(RHYTHMS)
    assert set(bulk.DATES) == set(mappings.DATES)
    assert set(mappings.FIELDS) <= set(bulk.FIELDS)


def _codes(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    raised = re.findall(r'NotFetched\([^"]*"([a-z-]+)"', text)
    unreadable = re.findall(r'UnreadableFile\((?:[^()]|\([^()]*\))*?"([a-z]+(?:-[a-z]+)+)"', text)
    refused = re.findall(r'_refusal\(name, "([a-z-]+)"', text)
    return {*raised, *unreadable, *refused}
