"""Import and export, as a person types them."""

import os
import subprocess
import sys

import pytest

from tests.conftest import NOW


@pytest.fixture
def vereda(tmp_path):
    environment = {
        **os.environ,
        "VEREDA_DATA_DIR": str(tmp_path / "data"),
        "VEREDA_NOW": NOW,
        "COLUMNS": "200",
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "directory.cli", *words]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

    assert run("init").returncode == 0
    return run


def test_from_a_dry_run_to_an_export_that_reads_back(vereda, tmp_path):
    file = tmp_path / "city.csv"
    file.write_text("id,title,starts\n1,Torno,2026-11-28T10:00\n2,,\n1,Otro,\n", encoding="utf-8")
    dry = vereda("import", "csv", str(file), "--dry-run")
    assert dry.returncode == 0
    assert "1 would be applied, 2 refused" in dry.stdout
    assert "nothing was changed" in dry.stdout
    real = vereda("import", "csv", str(file))
    assert real.returncode == 0
    assert "1 applied, 2 refused" in real.stdout
    assert "already the id of line 2" in real.stdout
    assert vereda("index", "check").returncode == 0
    exported = tmp_path / "out.csv"
    assert vereda("export", "csv", str(exported)).returncode == 0
    again = vereda("import", "csv", str(exported))
    assert "1 applied, 0 refused" in again.stdout


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (None, "no such file"),
        (b"", "empty"),
        (b"%PDF-1.4", "PDF"),
        (b"a,b\n1,2\n", "no column “title”"),
    ],
)
def test_what_is_no_table_is_one_sentence_and_exit_code_2(vereda, tmp_path, content, part):
    file = tmp_path / "city.csv"
    if content is not None:
        file.write_bytes(content)
    answer = vereda("import", "csv", str(file))
    assert answer.returncode == 2
    assert part in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_an_unknown_mapping_is_one_sentence(vereda, tmp_path):
    answer = vereda("import", "csv", str(tmp_path / "x.csv"), "--mapping", "nowhere")
    assert answer.returncode == 2
    assert "vereda" in answer.stderr
    assert "Traceback" not in answer.stderr
