"""The value of each fit and the reason it gives say the same."""

import cities
import pytest

from recommender import LinearRecommender

HALVES = {"language-unknown", "price-unknown", "distance-unknown", "time-unknown", "access-unknown"}
WHOLES = {
    "language-shared",
    "language-not-needed",
    "price-free",
    "distance-none",
    "access-met",
    "access-not-needed",
    "level-fits",
}
NOTHINGS = {"language-other", "price-over", "distance-over", "access-not-met", "level-reached"}


@pytest.mark.parametrize("seed", range(12))
def test_a_reason_and_the_value_it_explains_agree(seed):
    rng = cities.seeded(seed)
    recommender = LinearRecommender().fit(cities.random_city(rng, 40), cities.PARENTS)
    catalogue = recommender.catalogue_
    learner = cities.random_learner(rng)
    scores = recommender.scores(learner, catalogue.every_row, cities.NOW)
    for fit in scores.fits.values():
        for row, value in enumerate(fit.values.tolist()):
            code = fit.explain(row, row)[0]
            assert 0 <= value <= 1
            for codes, expected in ((HALVES, 0.5), (WHOLES, 1.0), (NOTHINGS, 0.0)):
                assert code not in codes or value == expected, code
