"""Learners and things to learn with, in; explained recommendations and routes, out."""

from recommender.items import Item, Learner, Passage, Session, Window
from recommender.model import LinearRecommender
from recommender.planner import plan
from recommender.reasons import Reason, Scored
from recommender.routes import Blocked, Change, Note, Other, Plan, Route, Step
from recommender.whatif import WhatIf, what_if

__all__ = [
    "Blocked",
    "Change",
    "Item",
    "Learner",
    "LinearRecommender",
    "Note",
    "Other",
    "Passage",
    "Plan",
    "Reason",
    "Route",
    "Scored",
    "Session",
    "Step",
    "WhatIf",
    "Window",
    "plan",
    "what_if",
]
