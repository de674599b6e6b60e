"""Reach at the desk: how often a listing is looked at, and by what searches people come to it."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue

from directory.edge import access, formats, locale
from directory.edge.house import city, db, house
from directory.edge.speech import ngettext
from directory.models import Opportunity
from directory.models.seeking import LEAST
from directory.models.vocabulary import Role
from directory.services import listings
from directory.services.seeking import acting
from directory.services.seeking.reach import Reach, reach
from directory.services.texts import words
from directory.web.desk import frame

reach_desk = Blueprint("reach", __name__)


@reach_desk.get("/<lang:lang>/desk/reach/opportunities/<name>")
@access.needs(Role.EDITOR, Role.ADMINISTRATOR)
def show(lang: str, name: str) -> ResponseReturnValue:
    """Views by week and searches of one opportunity."""
    listing = listings.opportunity(db(), name)
    return frame.render(
        "seeking/reach.html",
        title=words(listing, "title", lang),
        url=url_for("opportunities.show", lang=lang, slug=listing.slug),
        reach=reach_of(listing),
    )


def reach_of(listing: Opportunity) -> dict[str, Any]:
    """What ``components/reach.html`` shows of a listing."""
    settings = house().settings
    today = settings.clock().astimezone(settings.zone).date()
    return in_words(reach(db(), listing, today=today))


def in_words(told: Reach) -> dict[str, Any]:
    """Weeks and searches as a reader reads them; the widest bar is of the week with most views."""
    lang, tree = locale.tag(), city().tree
    most = max(week.views for week in told.weeks)
    return {
        "views": formats.number(told.views),
        "least": formats.number(LEAST),
        "most": most,
        "weeks": [
            {
                "label": formats.day_only(week.monday),
                "until": formats.day_only(week.monday + timedelta(days=6)),
                "number": week.views,
                "views": formats.number(week.views),
            }
            for week in told.weeks
        ],
        "searches": [
            {
                "label": acting.called(each.sought, tree, lang),
                "count": ngettext(
                    "%(count)s person", "%(count)s people", each.people,
                    count=formats.number(each.people),
                ),
            }
            for each in told.searches
        ],
    }  # fmt: skip
