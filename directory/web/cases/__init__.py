"""Cases: a counsellor's work with learners; plans: what a learner is handed; unmet: what was not found."""

from directory.web.cases import (  # noqa: F401 - each registers its views
    caseload,
    ending,
    handing,
    planning,
    sharing,
    writing_down,
)
from directory.web.cases.blueprint import cases
from directory.web.cases.plans import plans
from directory.web.cases.unmet import unmet

CASE_BLUEPRINTS = (cases, unmet, plans)
