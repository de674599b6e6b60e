"""The listings that are drawn for benchmarks are as those of a city."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import listings

from directory.models import Opportunity, Space
from directory.services.shown import opportunity_shown, space_shown
from tests.factories import Put, opportunity_record, space_record

COUNT = 40


def test_the_same_seed_draws_the_same_city() -> None:
    assert list(listings.documents(COUNT)) == list(listings.documents(COUNT))


def test_a_drawn_listing_shows_what_a_real_one_shows(put: Put) -> None:
    space, opportunity = put(space_record(external_id="here"), opportunity_record(space="here"))
    assert isinstance(space, Space)
    assert isinstance(opportunity, Opportunity)
    real = {"space": space_shown(space), "opportunity": opportunity_shown(opportunity)}
    for document in listings.documents(COUNT):
        assert document.shown.keys() == real[document.type].keys()
