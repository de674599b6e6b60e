"""Plans."""

from datetime import datetime

from recommender.items import Learner
from recommender.model import LinearRecommender
from recommender.routes import Plan


def plan(learner: Learner, recommender: LinearRecommender, now: datetime) -> Plan:
    """Stub."""
    return Plan((), None, ())
