"""Pages: blueprints by what they show."""

from directory.web.about import about
from directory.web.confirming import confirming
from directory.web.home import home
from directory.web.ideas import ideas
from directory.web.opportunities import opportunities
from directory.web.providers import providers
from directory.web.reports import reports
from directory.web.routes import routes
from directory.web.search import search
from directory.web.shared_routes import shared_routes
from directory.web.spaces import spaces
from directory.web.topics import topics

BLUEPRINTS = (
    home,
    search,
    spaces,
    opportunities,
    topics,
    providers,
    routes,
    shared_routes,
    about,
    confirming,
    reports,
    ideas,
)
