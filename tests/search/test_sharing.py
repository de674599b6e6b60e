"""One copy of a large file in memory serves every reader, and a harmed file harms no reader."""

from pathlib import Path

import numpy as np
import pytest

from directory.search import sharing, store


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sharing, "SHARED_FROM", 1)
    path = tmp_path / "index" / "g1" / "a.columns"
    path.parent.mkdir(parents=True)
    store.write(path, {"n": np.arange(100_000)}, {})
    yield path
    sharing.forget(tmp_path / "index", [])


def copies(path: Path) -> list[Path]:
    return list(sharing._MEMORY.glob(f"{sharing._prefix(path.parent.parent)}*"))


def test_two_readers_share_one_copy(large: Path) -> None:
    first, second = (store.read(large)[0]["n"] for _ in range(2))
    assert len(copies(large)) == 1
    assert np.array_equal(first, second)


def test_a_file_cut_short_under_a_reader_ends_nobody(large: Path) -> None:
    arrays, _, stamp = store.read(large)
    with large.open("r+b") as file:
        file.truncate(10)
    assert int(arrays["n"].sum()) == 4_999_950_000
    assert store.Stamp.of(large) != stamp
    with pytest.raises(store.Damaged):
        store.read(large)


def test_copies_of_what_is_no_more_are_let_go(large: Path) -> None:
    arrays, _, _ = store.read(large)
    sharing.forget(large.parent.parent, [])
    assert copies(large) == []
    assert int(arrays["n"][-1]) == 99_999
