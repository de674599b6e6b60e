"""A provider's page: who answers for what."""

from flask import Blueprint, render_template, url_for

from directory.edge import labels, presenting
from directory.edge.house import db, house
from directory.edge.speech import gettext
from directory.services import listings, onward
from directory.services.texts import words
from directory.web.opportunities import notes
from directory.web.page import Link

providers = Blueprint("providers", __name__)

SHOWN = 20


@providers.get("/<lang:lang>/providers/<slug>")
def show(lang: str, slug: str) -> str:
    """One organisation."""
    provider = listings.provider(db(), slug)
    now = house().settings.clock()
    on = onward.by_provider(db(), provider, now=now)
    places = listings.spaces_of(db(), provider)
    return render_template(
        "pages/provider.html",
        title=words(provider, "title", lang),
        summary=words(provider, "summary", lang),
        description=words(provider, "description", lang),
        kind_line=str(labels.PROVIDER_KINDS[provider.kind]) if provider.kind else "",
        crumbs=[Link(url_for("about.providers", lang=lang), gettext("Who offers learning"))],
        notes=list(notes(provider)),
        website=provider.url,
        email=provider.email,
        places=[presenting.space_row(space) for space in places],
        listed=[presenting.opportunity_row(listing, next_) for listing, next_ in on[:SHOWN]],
        total=len(on),
        all_url=url_for("search.results", lang=lang, provider=provider.slug),
    )
