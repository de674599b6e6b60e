"""Understanding one sentence in somebody's own words, and saying what was not understood."""

import pytest

from directory import languages
from directory.database import reading
from directory.services import profiles, understanding
from directory.services.phrases import spoken
from directory.services.profiles import Free
from directory.services.understanding import Understood


@pytest.fixture
def understand(villaclara):
    """Read a sentence in Villaclara."""

    def read(text: str, language: str = "en") -> Understood:
        with reading(villaclara.engine) as db:
            tree = villaclara.known.city(db).tree
            return understanding.read(db, text, tree=tree, language=language)

    return read


TUESDAY_EVENING = (Free(1, 17 * 60, 22 * 60),)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "I want to learn Spanish from the start, I am free on Tuesday evenings, nothing expensive",
        ),
        (
            "es",
            "Quiero aprender español desde cero, estoy libre los martes por la noche, nada caro",
        ),
        ("ar", "أريد أن أتعلم الإسبانية من البداية، أنا متفرغ مساء الثلاثاء، لا شيء غالي"),
    ],
)
def test_the_same_is_understood_in_every_language(understand, language, text):
    understood = understand(text, language)
    assert understood.wants == {"spanish": 1}
    assert understood.free == TUESDAY_EVENING
    assert (understood.cheap, understood.budget) == (True, None)
    assert understood.rest == ()
    assert not any(heard.assumed for heard in understood.heard)


def test_what_was_heard_comes_with_its_words(understand):
    understood = understand("Spanish from the start, on Tuesday evenings, near Molinos, up to 30 €")
    words = {heard.part: heard.words for heard in understood.heard}
    assert words == {
        "wants": "Spanish from the start",
        "free": "Tuesday evenings",
        "district": "Molinos",
        "budget": "up to 30 €",
    }


def test_a_level_nobody_said_is_marked(understand):
    (heard,) = understand("guitar").heard
    assert (heard.value, heard.level, heard.assumed) == ("guitar", 1, True)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("I want to learn guitar and dragonriding", ("dragonriding",)),
        ("guitar, after 6", ("after 6",)),  # morning or evening?
        ("guitar, 20 euros a month", ("20 euros a month",)),
        ("guitar, up to 20 pounds", ("up to 20 pounds",)),
        ("guitar but not the piano", ("piano",)),
        ("guitar, not on Monday evenings", ("Monday evenings",)),
    ],
)
def test_what_is_not_understood_is_given_back(understand, text, rest):
    understood = understand(text)
    assert understood.wants == {"guitar": 1}
    assert (understood.free, understood.budget) == ((), None)
    assert understood.rest == rest


@pytest.mark.parametrize(
    ("language", "text", "free"),
    [
        ("en", "Tuesdays and Thursdays after 18:30", [(1, 1110, 1440), (3, 1110, 1440)]),
        ("en", "weekends between 5 and 7 pm", [(5, 1020, 1140), (6, 1020, 1140)]),
        ("en", "Saturday mornings or Sunday afternoons", [(5, 480, 840), (6, 780, 1080)]),
        (
            "es",
            "los lunes por la mañana y los viernes por la tarde",
            [(0, 480, 840), (4, 780, 1320)],
        ),
        ("es", "sábados de 10 a 12", [(5, 600, 720)]),
        ("ar", "صباح السبت ومساء الخميس", [(3, 1020, 1320), (5, 480, 840)]),
        ("ar", "أيام الثلاثاء بعد الساعة ١٨", [(1, 1080, 1440)]),
    ],
)
def test_days_and_hours(understand, language, text, free):
    assert understand(text, language).free == tuple(Free(*window) for window in free)


def test_evenings_and_a_day_are_two_things(understand):
    windows = understand("evenings and Sundays").free
    assert Free(0, 17 * 60, 22 * 60) in windows
    assert Free(6, 0, 24 * 60) in windows


def test_a_day_ruled_out_leaves_the_others(understand):
    assert [w.day for w in understand("No puedo los lunes", "es").free] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("language", "text", "languages_"),
    [
        ("en", "I speak Arabic and French and want to learn Spanish", ("ar", "fr")),
        ("es", "Hablo árabe y francés. Quiero aprender español", ("ar", "fr")),
        ("ar", "أتكلم العربية والفرنسية وأريد تعلم الإسبانية", ("ar", "fr")),
    ],
)
def test_languages_one_speaks_are_not_what_one_wants(understand, language, text, languages_):
    understood = understand(text, language)
    assert understood.languages == languages_
    assert understood.wants == {"spanish": 1}


def test_a_course_in_a_language(understand):
    alone, beside = understand("a course in Spanish"), understand("cooking lessons in Spanish")
    assert (alone.wants, alone.languages, alone.heard[0].assumed) == ({"spanish": 1}, (), True)
    assert (beside.wants, beside.languages) == ({"cooking": 1}, ("es",))


def test_a_little_is_known(understand):
    understood = understand("I speak a little Spanish and want to improve my English, intermediate")
    assert understood.knows == {"spanish": 1}
    assert understood.wants == {"english": 3}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I do not speak Spanish"),
        ("es", "No hablo español"),
        ("ar", "لا أتكلم الإسبانية"),
    ],
)
def test_a_language_one_does_not_speak_is_not_spoken(understand, language, text):
    understood = understand(text, language)
    assert understood.languages == ()
    assert understood.wants == {}
    assert understood.rest != ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I work on Mondays, I would like yoga"),
        ("es", "Trabajo los lunes, me gustaría hacer yoga"),
        ("ar", "أعمل يوم الاثنين وأريد يوغا"),
    ],
)
def test_when_one_works_one_is_not_free(understand, language, text):
    understood = understand(text, language)
    assert [w.day for w in understood.free] == [1, 2, 3, 4, 5, 6]
    assert understood.wants == {"yoga": 1}


def test_some_history_is_wanted_not_known(understand):
    assert understand("some history at weekends").wants == {"history": 1}
    assert understand("algo de historia", "es").wants == {"history": 1}


def test_free_time_is_not_free_of_charge(understand):
    assert understand("I am free on Mondays").budget is None
    assert understand("a free course on Mondays").budget == 0
    assert understand("algo gratis", "es").budget == 0
    assert understand("دورة مجانية", "ar").budget == 0


def test_the_words_tell_the_language_not_the_page(understand):
    assert understand("Quiero aprender guitarra los sábados", "en").wants == {"guitar": 1}
    assert understand("I want to learn cerámica", "en").wants == {"ceramics": 1}


def test_what_is_understood_is_a_request_for_routes(villaclara, understand):
    understood = understand(
        "Spanish, Tuesday evenings, near Molinos, up to 30 euros, I am 30 years old"
    )
    with reading(villaclara.engine) as db:
        tree = villaclara.known.city(db).tree
        profile = profiles.read(db, understood.as_request(), tree=tree)
    assert (profile.wants, profile.free, profile.budget, profile.age) == (
        {"spanish": 1},
        TUESDAY_EVENING,
        30,
        30,
    )
    assert profile.home is not None


@pytest.mark.parametrize(
    "text", ["", " ", "?!", "١٢٣", "\x00", "a" * 5000, "not not not", "5 5 5 5"]
)
def test_nothing_breaks_it(understand, text):
    assert understand(text).wants == {}


def test_every_language_of_the_interface_has_the_same_lists():
    shape = {
        language: {
            kind: sorted(value) if isinstance(value, dict) and kind != "parts" else None
            for kind, value in spoken(language).items()
        }
        for language in languages.INTERFACE
    }
    assert all(each == shape["en"] for each in shape.values())
