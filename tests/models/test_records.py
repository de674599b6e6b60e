"""Records refuse what cannot be meant, and say which part it is."""

import pytest
from pydantic import ValidationError

from directory.models.requirements import ADAPTER, leaves
from directory.models.vocabulary import Format, SpaceKind, slugify
from tests.factories import opportunity_record, space_record


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": {"en": "Only a translation"}}, "title in its own language"),
        ({"price": -1}, "greater than or equal to 0"),
        ({"price": 3, "currency": ""}, "currency"),
        ({"age_min": 12, "age_max": 6}, "at least 12 and at most 6"),
        ({"languages": ("not a tag!",)}, "no language tag"),
        ({"commitments": (13,)}, "less than or equal to 12"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_an_opportunity_that_cannot_be_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        opportunity_record(**changes)


def test_a_place_needs_both_coordinates() -> None:
    with pytest.raises(ValidationError, match="both coordinates"):
        space_record(lat=41.0, lon=None)


def test_a_fingerprint_differs_when_anything_does() -> None:
    record = opportunity_record(external_id="same")
    assert record.fingerprint() == opportunity_record(external_id="same").fingerprint()
    assert record.fingerprint() != opportunity_record(external_id="same", price=None).fingerprint()


def test_unknown_and_free_are_different_prices() -> None:
    assert opportunity_record(price=None).price is None
    assert opportunity_record(price=0).price == 0


def test_words_are_read_as_people_write_them() -> None:
    assert Format.read("Guided visit") is Format.GUIDED_VISIT
    assert Format.read("guided_visit") is Format.GUIDED_VISIT
    assert SpaceKind.read("Community  Centre") is SpaceKind.COMMUNITY_CENTRE


def test_the_lists_are_those_of_the_design() -> None:
    assert len(SpaceKind) == 13
    assert len(Format) == 15


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Español: ¡primeras palabras!", "espanol-primeras-palabras"),
        ("مكتبة الجسر", "مكتبة-الجسر"),
        ("  ", ""),
    ],
)
def test_a_slug_is_readable_in_every_script(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_requirements_nest_and_name_their_leaves() -> None:
    written = {
        "all": [
            {"topic": "spanish", "level": 1},
            {"any": [{"opportunity": "a"}, {"at_least": 1, "of": [{"opportunity": "b"}]}]},
        ]
    }
    requirement = ADAPTER.validate_python(written)
    assert requirement.model_dump(mode="json") == written
    assert len(list(leaves(requirement))) == 3
