"""Small readers of one cell."""

from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from directory.exchange import values
from directory.exchange.ages import AgeReader
from directory.exchange.dates import clock, moment
from directory.exchange.mapping import Ages, Prices
from directory.exchange.messages import Notes, Refusal
from directory.exchange.prices import PriceReader
from directory.models.vocabulary import Access, Format, SpaceKind

MADRID = ZoneInfo("Europe/Madrid")
PRICES = PriceReader(
    Prices(free=("gratis", "gratuit*", "entrada libre"), extras=("gasto*", "guantes"))
)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12 euros por persona", "12"),
        ("3,50 euros", "3.50"),
        ("3.5 €", "3.50"),
        ("€ 7", "7"),
        ("12", "12"),
        ("0.500", "0.50"),
        ("0,500 €", "0.50"),
        ("1.000", "1000"),
        ("10.500,75", "10500.75"),
        ("1.200 euros", "1200"),
        ("1,200.50 eur", "1200.50"),
        ("Platea: 28 euros  Preferente: 24 euros", "24"),
        ("De 6 a 22 euros", "6"),
        ("20 euros. Mayores de 65 años: 14 % de descuento", "20"),
        ("6,5 euros por 30 minutos. Guantes: 1,6 euros", "6.50"),
        ("gastos de 1,50 euros por entrada.  Desde 9,90 euros", "9.90"),
        ("5 euros (más gastos de gestión)", "5"),
        ("Gratuito hasta completar aforo", "0"),
        ("Entrada libre", "0"),
        ("Próximamente más información", None),
        ("A la venta el 20 de octubre", None),
        ("", None),
        ("-5", None),
    ],
)
def test_a_price_text_is_its_lowest_amount_or_honestly_unknown(text, amount):
    read = PRICES.read(text)
    assert read.amount == (None if amount is None else Decimal(amount))
    assert read.note in {"", text}


def test_a_mapping_may_say_which_mark_is_before_decimals():
    points = PriceReader(Prices(decimal="."))
    assert [points.read(text).amount for text in ("1.000", "1,000", "12.500 €", "1,200.50")] == [
        Decimal("1.00"), Decimal(1000), Decimal("12.50"), Decimal("1200.50"),
    ]  # fmt: skip
    commas = PriceReader(Prices(decimal=","))
    assert [commas.read(text).amount for text in ("1.000", "1,000")] == [Decimal(1000), Decimal(1)]


def test_a_plain_number_needs_no_note():
    assert PRICES.read("12,50").note == ""
    assert PRICES.read("12,50 euros").note == "12,50 euros"


@pytest.mark.parametrize(
    ("text", "formats", "expected", "day_only"),
    [
        ("2022-12-07 00:00:00.0", ["%Y-%m-%d %H:%M:%S.%f"], datetime(2022, 12, 7), False),
        ("6/12/2022", ["%d/%m/%Y"], datetime(2022, 12, 6), True),
        ("2022-12-07", [], datetime(2022, 12, 7), True),
        ("2022-12-07T18:30", [], datetime(2022, 12, 7, 18, 30), False),
        ("2022-12-07T18:30:00Z", [], datetime(2022, 12, 7, 19, 30), False),
        ("2022-07-07T18:30:00-03:00", [], datetime(2022, 7, 7, 23, 30), False),
    ],
)
def test_a_date_is_local_time(text, formats, expected, day_only):
    assert moment(text, formats, MADRID, "c") == (expected, day_only)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tomorrow", "bad-date"),
        ("2022-13-01", "bad-date"),
        ("0022-12-01", "far-date"),
        ("9" * 50, "bad-date"),
    ],
)
def test_what_is_no_date_is_refused(text, code):
    with pytest.raises(Refusal) as refused:
        moment(text, ["%d/%m/%Y"], MADRID, "c")
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("18:30", time(18, 30)),
        ("8.05", time(8, 5)),
        ("19h", time(19)),
        ("18:30:00", time(18, 30)),
        ("6:30 pm", time(18, 30)),
        ("12 am", time(0)),
    ],
)
def test_a_time_of_day_is_read_as_people_write_it(text, expected):
    assert clock(text, "c") == expected


@pytest.mark.parametrize("text", ["25:00", "18:75", "noon", "١٨:٣٠"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(Refusal):
        clock(text, "c")


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [
        ("40.4", "-3.7", (40.4, -3.7)),
        ("40,4", "-3,7", (40.4, -3.7)),
        ("", "", (None, None)),
        ("40.4", "", (None, None)),
        ("95", "3", (None, None)),
        ("0", "0", (None, None)),
        ("nan", "inf", (None, None)),
    ],
)
def test_coordinates_are_both_or_neither(lat, lon, expected):
    notes = Notes(2)
    assert values.coordinates(lat, lon, "c", notes) == expected
    assert bool(notes.remarks) == (expected == (None, None) and bool(lat or lon))


@pytest.mark.parametrize(
    ("text", "known"), [("sí", True), ("1", True), ("No", False), ("maybe", None), ("", None)]
)
def test_yes_and_no_in_several_languages(text, known):
    assert values.truth(text) is known


def test_access_facts_are_yes_no_or_unknown():
    notes = Notes(2)
    facts = values.access(
        "step-free=yes; hearing loop=no, easy-read, quiet-hours=?, ramp", "c", notes
    )
    assert facts == {Access.STEP_FREE: True, Access.HEARING_LOOP: False, Access.EASY_READ: True}
    assert [remark.value for remark in notes.remarks] == ["ramp"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2", (1, 2)), ("0", (0, 0)), ("1-3", (1, 3)), ("A2", (1, 2)), ("c2", (4, 5)), ("", None)],
)
def test_levels_are_numbers_ranges_or_cefr(text, expected):
    assert values.level(text, "c") == expected


@pytest.mark.parametrize("text", ["6", "3-1", "hard"])
def test_what_is_no_level_is_refused(text):
    with pytest.raises(Refusal):
        values.level(text, "c")


def test_topics_carry_their_levels_and_come_once():
    taught = values.topics("english:1-2, singing; english", "c", levels=None, form=Format.COURSE)
    assert [(t.topic, t.level_from, t.level_to) for t in taught] == [
        ("english", 1, 2),
        ("singing", 0, 1),
    ]


def test_a_concert_touches_its_topic_and_teaches_no_level():
    (taught,) = values.topics("music", "c", levels=None, form=Format.FESTIVAL)
    assert (taught.level_from, taught.level_to) == (0, 0)


def test_an_unknown_word_is_refused_with_the_words_there_are():
    with pytest.raises(Refusal) as refused:
        values.word("disco", SpaceKind, "kind")
    assert "library" in refused.value.at(3).remedy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("www.example.org/a", "http://www.example.org/a"),
        ("https://example.org", "https://example.org"),
        ("/about", ""),
        ("see website", ""),
        ("", ""),
    ],
)
def test_an_address_without_scheme_gets_one_and_nonsense_goes(text, expected):
    notes = Notes(2)
    assert values.address(text, "c", notes) == expected
    assert bool(notes.remarks) == (bool(text) and not expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a@example.org", "a@example.org"),
        ("a@example.org, b@example.org", "a@example.org"),
        ("The Library <a@example.org>", "a@example.org"),
        ("The Library (a@example.org)", "a@example.org"),
        ("ask us", ""),
    ],
)
def test_the_first_mail_address_counts(text, expected):
    assert values.email(text, "c", Notes(2)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Taller (8-11 años)", (8, 11)),
        ("Para niños de 6  a 12 años", (6, 12)),
        ("A PARTIR DE 3 AÑOS", (3, None)),
        ("Celebra 30 años de carrera", (None, None)),
    ],
)
def test_ages_are_found_by_the_mappings_phrases(text, expected):
    phrases = ("({min}-{max} años)", "de {min} a {max} años", "a partir de {min} años")
    assert AgeReader(Ages(phrases=phrases)).read(text) == expected
