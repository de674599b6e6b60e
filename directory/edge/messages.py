"""Messages: problems and reasons as sentences that name the thing and the remedy."""

from flask_babel import gettext

from directory.edge import formats
from directory.errors import Problem


def problem_message(problem: Problem) -> str:
    """A sentence for a problem with one parameter or field."""
    field, value = problem.field, problem.value
    allowed = formats.listing(list(problem.allowed))
    match problem.code:
        case "unknown-parameter":
            return gettext("There is no parameter “%(field)s”.", field=field)
        case "unknown-value":
            return gettext(
                "“%(value)s” is no value of %(field)s; it takes %(allowed)s.",
                value=value, field=field, allowed=allowed,
            )  # fmt: skip
        case "given-twice":
            return gettext("%(field)s takes one value; it was given several.", field=field)
        case "too-long":
            return gettext(
                "Only the first %(most)s characters of the question were read.", most=value
            )
        case "not-a-whole-number":
            return gettext(
                "%(field)s takes a whole number (%(allowed)s), not “%(value)s”.",
                field=field, value=value, allowed=allowed,
            )  # fmt: skip
        case "not-a-number":
            return gettext(
                "%(field)s takes a number (%(allowed)s), not “%(value)s”.",
                field=field, value=value, allowed=allowed,
            )  # fmt: skip
        case "unknown-topic":
            return gettext("There is no topic “%(value)s” here.", value=value)
        case "unknown-district":
            return gettext(
                "There is no district “%(value)s”; the city knows %(allowed)s.",
                value=value, allowed=allowed,
            )  # fmt: skip
        case "unknown-language":
            return gettext(
                "“%(value)s” is no language tag; write one like es, ar or pt-BR.", value=value
            )
        case "unknown-provider":
            return gettext("There is no organisation “%(value)s” here.", value=value)
        case "not-a-date":
            return gettext(
                "%(field)s takes a date like 2026-11-28, not “%(value)s”.", field=field, value=value
            )
        case "not-a-time":
            return gettext(
                "%(field)s takes a time like 17:00, not “%(value)s”.", field=field, value=value
            )
        case "not-a-datetime":
            return gettext(
                "%(field)s takes a date and time like 2026-11-28T17:00, not “%(value)s”.",
                field=field, value=value,
            )  # fmt: skip
        case "not-a-place":
            return gettext(
                "The city knows no place “%(value)s”; write a district, a postcode, the name of a"
                " place, or coordinates like 41.0,-4.5.",
                value=value,
            )
        case "needs-near":
            return gettext("%(field)s needs a place to be near to.", field=field)
        case "malformed":
            return gettext("%(field)s is not as it should be: %(why)s", field=field, why=allowed)
        case "unknown-opportunity":
            return gettext("There is no listing “%(value)s” here.", value=value)
        case "district-without-place":
            return gettext("The city has not said where “%(value)s” lies.", value=value)
        case "before-from":
            return gettext("The last day is before the first; the last day was left out.")
        case _:
            return gettext("%(field)s: “%(value)s” was not understood.", field=field, value=value)
