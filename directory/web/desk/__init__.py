"""The desk: pages for those who work with Vereda and have signed in."""

from directory.web.desk.duplicates import duplicates
from directory.web.desk.front import desk
from directory.web.desk.ideas import ideas_desk
from directory.web.desk.invitation import invitation
from directory.web.desk.own import own
from directory.web.desk.people import people
from directory.web.desk.reach import reach_desk
from directory.web.desk.searches import searches
from directory.web.desk.second import second
from directory.web.desk.sign_in import sign_in

DESK_BLUEPRINTS = (
    sign_in,
    invitation,
    desk,
    own,
    second,
    people,
    duplicates,
    searches,
    ideas_desk,
    reach_desk,
)
