"""The index finds what the documents say, counts under the other filters, and survives harm."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.search.answer import Found, answer
from directory.search.documents import Document, Sitting
from directory.search.grammar import parse
from directory.search.index import Index, IndexUnavailable
from directory.search.lexicon import Entry, Lexicon
from directory.search.request import Near, SearchRequest
from directory.search.segment import Kept, Segment
from tests.factories import rebuild, write

NOW = datetime(2026, 11, 23, 11, tzinfo=UTC)
TUESDAY = date(2026, 11, 24)


LEXICON = Lexicon.of(
    [
        Entry("topic:calligraphy", "es", "Caligrafía"),
        Entry("topic:calligraphy", "en", "Calligraphy"),
    ]
)


def sitting(day: date, minute: int, length: int = 90) -> Sitting:
    midnight = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() // 60)
    return Sitting(
        midnight + minute,
        midnight + minute + length,
        day.toordinal(),
        day.weekday(),
        minute,
    )


def document(number: int, title: str, **fields: object) -> Document:
    common = {
        "type": "opportunity",
        "language": "es",
        "titles": {"es": title},
        "format": "course",
        "setting": "non-formal",
    }
    values = {**common, "dated": bool(fields.get("sittings")), **fields}
    shown = {"title": values["titles"], "language": values["language"], "slug": f"l{number}"}
    return Document(number=number, shown=shown, **values)


CITY = [
    document(
        1,
        "Taller de bicicletas",
        kind="makerspace",
        district="molinos",
        price=0.0,
        topics=("bicycle-repair", "trades"),
        levels=(0, 1),
        languages=("es", "ar"),
        sittings=(sitting(TUESDAY, 18 * 60), sitting(date(2026, 12, 1), 18 * 60)),
        lat=41.0,
        lon=-4.5,
        access={"step-free": True},
    ),
    document(
        2,
        "Curso de cerámica",
        texts={"es": "También arreglamos bicicletas a veces"},
        kind="library",
        district="centro",
        price=12.0,
        topics=("ceramics", "arts"),
        levels=(1, 2),
        languages=("es",),
        sittings=(sitting(date(2026, 11, 28), 11 * 60),),
        lat=41.01,
        lon=-4.5,
        age_min=16,
    ),
    document(
        3,
        "دورة الخط العربي",
        language="ar",
        titles={"ar": "دورة الخط العربي"},
        about=("topic:calligraphy",),
        kind="library",
        district="centro",
        price=None,
        topics=("calligraphy", "arts"),
        languages=None,
    ),
    document(
        4, "Paseo libre", anytime=True, price=0.0, format="self-guided-trail", setting="informal"
    ),
    document(5, "Ya pasó", sittings=(sitting(date(2026, 11, 1), 600),), price=0.0),
    document(
        6,
        "Biblioteca del Puente",
        type="space",
        format=None,
        setting=None,
        kind="library",
        district="ribera",
        opening={"rules": [[2, 540, 840, -1, -1, 0]], "special": [], "closures": [], "policy": 0},
        lat=41.0,
        lon=-4.49,
    ),
]


def request(q: str = "", **fields: object) -> SearchRequest:
    return SearchRequest(now=NOW, zone="UTC", ask=parse(q), ui_language="es", **fields)


@pytest.fixture
def index(tmp_path: Path) -> Index:
    made = Index(tmp_path / "index")
    rebuild(made, CITY)
    return made


def numbers(index: Index, q: str = "", **fields: object) -> list[int]:
    return [hit.number for hit in search(index, q, **fields).hits]


def search(index: Index, q: str = "", **fields: object) -> Found:
    return index.search(request(q, **fields), LEXICON)


def test_a_word_in_the_title_goes_before_one_in_the_text(index: Index) -> None:
    assert numbers(index, "bicicleta") == [1, 2]


def test_a_question_in_spanish_finds_an_arabic_listing_by_its_topic(index: Index) -> None:
    assert numbers(index, "caligrafia") == [3]


def test_exclusion_phrase_and_or(index: Index) -> None:
    assert numbers(index, "bicicletas -ceramica") == [1]
    assert numbers(index, '"taller de bicicletas"') == [1]
    assert sorted(numbers(index, "ceramica OR caligrafia")) == [2, 3]


def test_what_is_over_is_not_found_unless_asked_for(index: Index) -> None:
    assert 5 not in numbers(index)
    assert numbers(index, first=date(2026, 11, 1), last=date(2026, 11, 2), type="opportunity") == [
        5,
        4,
    ]


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"kind": ("library",)}, [2, 3, 6]),
        ({"district": ("centro", "molinos")}, [1, 2, 3]),
        ({"price_max": 0.0}, [1, 4]),
        ({"price_max": 20.0}, [1, 2, 4]),
        ({"language": ("ar",)}, [1]),
        ({"topic": ("arts",)}, [2, 3]),
        ({"level": (2,)}, [2]),
        ({"age": 10, "kind": ("makerspace", "library"), "type": "opportunity"}, [1, 3]),
        ({"access": ("step-free",)}, [1]),
        ({"near": Near(41.0, -4.5, 0.5)}, [1]),
        ({"near": Near(41.0, -4.5, 1.2), "type": "opportunity"}, [1, 2]),
        ({"day": (5,)}, [2, 4]),
        ({"after": 17 * 60}, [1, 4]),
        ({"before": 12 * 60}, [2, 4]),
        ({"first": date(2026, 11, 25)}, [2, 1, 4]),
        ({"open_at": datetime(2026, 11, 24, 10, tzinfo=UTC)}, [6]),
        ({"open_at": datetime(2026, 11, 24, 18, 30, tzinfo=UTC)}, [1]),
        ({"type": "space"}, [6]),
        ({"commitment": (3,)}, []),
    ],
)
def test_each_filter_means_what_it_says(
    index: Index, fields: dict[str, object], found: list[int]
) -> None:
    assert sorted(numbers(index, **fields)) == sorted(found)


def test_the_occurrence_that_matched_is_shown_with_the_next_one(index: Index) -> None:
    (hit, *_) = index.search(request(first=date(2026, 11, 30), type="opportunity")).hits
    assert hit.number == 1
    assert hit.matched is not None
    assert hit.upcoming is not None
    assert hit.matched.start - hit.upcoming.start == 7 * 24 * 60


def test_day_and_hour_must_be_of_one_occurrence(tmp_path: Path) -> None:
    both = Index(tmp_path / "i")
    saturday = date(2026, 11, 28)
    rebuild(
        both,
        [document(1, "a", sittings=(sitting(TUESDAY, 18 * 60), sitting(saturday, 10 * 60)))],
    )
    assert both.search(request(day=(5,), after=17 * 60)).total == 0


def test_a_facet_never_counts_itself_out_and_occurrences_do_not_multiply(index: Index) -> None:
    found = index.search(request(district=("centro",), type="opportunity"))
    assert found.facets["district"] == {"molinos": 1, "centro": 2}
    assert found.facets["kind"] == {"library": 2}
    assert index.search(request()).facets["day"] == {"tue": 1, "sat": 1}
    assert index.search(request()).facets["topic"]["arts"] == 2


def test_with_nothing_found_it_says_which_filter_to_drop(index: Index) -> None:
    found = index.search(request("bicicletas", district=("centro",), price_max=0.0))
    assert found.total == 0
    assert found.relax == {"district": 1, "price": 1}


def test_order_by_date_distance_and_name(index: Index) -> None:
    assert numbers(index, sort="date", type="opportunity")[:2] == [1, 2]
    near = numbers(index, sort="distance", near=Near(41.01, -4.5))
    assert near[:2] == [2, 1]
    assert numbers(index, sort="name")[0] == 6


def test_pages_neither_lose_nor_repeat(index: Index) -> None:
    pages = [numbers(index, page=n, per_page=2) for n in (1, 2, 3, 4)]
    assert sorted(n for page in pages for n in page) == [1, 2, 3, 4, 6]


def test_a_written_document_is_found_and_a_gone_one_is_not(index: Index) -> None:
    assert write(index, [document(9, "Rosquillas")], gone=["opportunity-1"])
    assert numbers(index, "rosquilla") == [9]
    assert 1 not in numbers(index, "bicicletas")
    assert write(index, [document(9, "Buñuelos")])
    assert numbers(index, "rosquilla") == []


def test_writing_the_same_twice_is_harmless(index: Index) -> None:
    for _ in range(3):
        write(index, [document(1, "Taller de bicicletas")])
    assert numbers(index, "taller") == [1]
    assert index.size() == len(CITY)


def test_a_second_writer_leaves_instead_of_failing(index: Index) -> None:
    with index.writing(), index.writing() as right:
        assert right is None


def test_many_writes_are_merged_into_few_segments(index: Index) -> None:
    for n in range(30):
        write(index, [document(100 + n, f"Rosquillas {n}")])
    assert len(numbers(index, "rosquillas", per_page=50)) == 30
    folder = index.folder / json.loads((index.folder / "state").read_text())["generation"]
    assert len(list(folder.glob("*.columns"))) < 10


def test_what_is_written_while_the_index_is_made_anew_is_not_lost(index: Index) -> None:
    with index.rebuilding() as new:
        assert new is not None
        new.fill(CITY)
        changed = [document(9, "Rosquillas"), document(1, "Torno")]
        write(index, changed, gone=["opportunity-2"])
        assert numbers(index, "rosquilla") == [9]
        with index.rebuilding() as second:
            assert second is None
        new.take_over(lambda keys: [d for d in changed if d.key in keys])
    assert numbers(index, "rosquilla") == [9]
    assert numbers(index, "torno") == [1]
    assert numbers(index, "bicicletas") == []
    assert index.size() == len(CITY)


def test_a_correction_is_a_word_of_the_index(index: Index) -> None:
    correction = index.correction("biciclestas")
    assert correction is not None
    assert correction.word == "bicicletas"
    assert index.correction("bicicletas") is None


def test_titles_are_found_by_their_beginning(index: Index) -> None:
    (hit,) = index.titles_beginning("taller bici", "es", type="opportunity", most=4)
    assert (hit.number, hit.title, hit.language) == (1, "Taller de bicicletas", "es")
    assert index.titles_beginning("puen", "en", type="space", most=4)[0].number == 6
    assert index.titles_beginning("puen", "es", type="opportunity", most=4) == []


def test_a_title_in_neither_language_is_said_to_be_in_its_own(tmp_path: Path) -> None:
    index = Index(tmp_path / "neither")
    rebuild(index, [document(9, "", titles={"fr": "Chorale du quartier"})])
    (hit,) = index.titles_beginning("chor", "en", type="opportunity", most=4)
    assert (hit.title, hit.language) == ("Chorale du quartier", "fr")


@pytest.mark.parametrize("harm", ["delete", "truncate", "garbage", "flip"])
def test_a_broken_index_is_said_to_be_unavailable(index: Index, harm: str) -> None:
    folder = index.folder / json.loads((index.folder / "state").read_text())["generation"]
    for path in folder.glob("*.columns"):
        data = path.read_bytes()
        match harm:
            case "delete":
                path.unlink()
            case "truncate":
                path.write_bytes(data[: len(data) // 2])
            case "garbage":
                path.write_bytes(b"\x00garbage" * 9)
            case "flip":
                at = len(data) // 3
                path.write_bytes(data[:at] + bytes([data[at] ^ 8]) + data[at + 1 :])
    with pytest.raises(IndexUnavailable):
        Index(index.folder).search(request("taller"))


def test_a_file_shortened_under_a_reader_is_not_touched_again(index: Index) -> None:
    numbers(index, "taller")
    folder = index.folder / json.loads((index.folder / "state").read_text())["generation"]
    for path in folder.glob("*.columns"):
        with path.open("r+b") as file:
            file.truncate(100)
    with pytest.raises(IndexUnavailable):
        index.search(request("taller"))


def test_no_index_is_said_to_be_unavailable(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable):
        Index(tmp_path / "none").search(request())


_filters = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from([("library",), ("makerspace", "library")]),
        "district": st.sampled_from([("centro",), ("ribera", "molinos")]),
        "price_max": st.sampled_from([0.0, 20.0]),
        "topic": st.sampled_from([("arts",), ("trades",)]),
        "day": st.sampled_from([(1,), (5, 6)]),
        "after": st.sampled_from([600, 1080]),
        "age": st.integers(0, 90),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.sampled_from(["", "bicicletas", "taller", "caligrafia", "nada", "curso -ceramica"]), _filters
)
def test_columns_in_a_file_and_in_memory_answer_the_same(
    index: Index, q: str, fields: dict[str, object]
) -> None:
    asked = request(q, **fields)
    columns = Segment.compile([Kept.of(each) for each in CITY])
    by_index, plainly = index.search(asked, LEXICON), answer([(columns, None)], asked, LEXICON)
    assert by_index.keys == plainly.keys
    assert by_index.facets == plainly.facets
    assert by_index.total == plainly.total


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=250))
def test_every_string_gets_an_answer(index: Index, q: str) -> None:
    assert index.search(request(q)).total >= 0
    assert index.search(request(q, close=True), LEXICON).total >= 0


@pytest.mark.parametrize(
    "killer",
    [
        "(" * 5000 + "a" + ")" * 5000,
        "*a* " * 2000,
        "[a TO z] " * 500,
        '"' * 999,
        "-" * 4000 + "a",
        "taller OR " * 3000,
        "\u202e\u2066taller\u2069" * 200,
        "\ud800taller\udfff" * 100,
        "taller\x00" * 100,
        "a" + "\u0301" * 10_000,
        "a" * 300_000,
        "学习书法课程" * 2000,
        "เรียนเขียนภาษาไทย" * 1000,
    ],
    ids=lambda killer: ascii(killer[:12]),
)
def test_known_killers_get_an_answer(index: Index, killer: str) -> None:
    for close in (False, True):
        assert index.search(request(killer, close=close), LEXICON).total >= 0


def test_close_matches_forgive_slips_and_inflection(index: Index) -> None:
    assert numbers(index, "bicicletero", close=True)[0] == 1
    assert numbers(index, "ceramcia", close=True)[0] == 2
    assert numbers(index, "kaligrafia", close=True) == [3]
    assert numbers(index, "bicicletero -taller", close=True) == [2]


def test_what_is_found_only_by_what_it_is_about_is_told(index: Index) -> None:
    (hit,) = search(index, "caligrafia").hits
    assert hit.about
    assert not any(hit.about for hit in search(index, "bicicletas").hits)
