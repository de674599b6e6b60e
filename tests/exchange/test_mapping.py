"""Mappings: shipped ones are whole, mistakes are named with their remedy."""

import tomllib

import pytest

from directory.errors import UnreadableFile
from directory.exchange import mapping
from directory.exchange.csv_writer import COLUMNS

SOURCE = '[source]\nname = "ours"\n'


@pytest.mark.parametrize("name", mapping.shipped())
def test_a_shipped_mapping_is_right(name):
    assert mapping.load(name).columns["title"]


def test_the_plain_mapping_reads_every_column_that_is_written():
    assert set(COLUMNS) <= mapping.load("vereda").headers()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("[source", "no TOML"),
        ("", "lacks “source”"),
        (SOURCE + "[colums]\n", "“colums” that means nothing"),
        ('[source]\nname = "Our City"\n', "source.name"),
        (SOURCE + 'timezone = "Madrid"\n', "source.timezone"),
        (SOURCE + '[[rules]]\nwords = ["a"]\nthen = { format = "party" }\n', "rules.0.then.format"),
        (SOURCE + "[columns]\ntitle = []\n", "columns.title"),
    ],
)
def test_a_mistake_is_named_by_its_key(text, part):
    with pytest.raises(UnreadableFile, match=part):
        mapping.parse(text, "own.toml")


def test_an_unknown_mapping_says_which_there_are(tmp_path):
    with pytest.raises(UnreadableFile, match="vereda"):
        mapping.load(str(tmp_path / "none.toml"))


def test_a_column_is_a_header_a_list_or_a_table():
    text = (
        SOURCE
        + '[columns]\ntitle = "T"\naddress = ["A", "B"]\nphone = { columns = "P", soften = true }\n'
    )
    read = mapping.parse(text, "own.toml").columns
    assert [read[name].columns for name in ("title", "address", "phone")] == [
        ("T",),
        ("A", "B"),
        ("P",),
    ]


def test_shipped_mappings_name_only_topics_of_the_tree(topic_keys):
    if not topic_keys:
        pytest.skip("no topic tree here")
    for name in mapping.shipped():
        read = mapping.load(name)
        rules = (*read.rules, *(read.space.rules if read.space else ()))
        assert {topic for rule in rules for topic in rule.then.topics} <= topic_keys


@pytest.fixture
def topic_keys() -> set[str]:
    folder = mapping.SHIPPED.parent / "topics"
    return {
        topic["key"]
        for file in folder.iterdir()
        if file.name.endswith(".toml")
        for topic in tomllib.loads(file.read_text(encoding="utf-8"))["topic"]
    }
