"""About: where the data comes from, who offers learning, how accessible the site is."""

from flask import Blueprint, render_template, url_for

from directory.edge import formats, labels
from directory.edge.house import db, house
from directory.services import listings
from directory.services.texts import words

about = Blueprint("about", __name__)


@about.get("/<lang:lang>/about")
def data(lang: str) -> str:
    """What is in the directory, from where, and how true it is."""
    summary = listings.summary(db(), now=house().settings.clock())
    return render_template(
        "pages/about.html",
        counts=[
            {"label": str(label), "number": formats.number(number)}
            for label, number in labels.counted(summary)
        ],
        sources=[
            {"name": source, "count": formats.number(count)} for source, count in summary.sources
        ],
        newest=formats.short_date(summary.newest) if summary.newest else "",
        contact=house().settings.contact_email,
        demo=summary.demo,
        counting=house().settings.count_searches,
        providers_url=url_for("about.providers", lang=lang),
    )


@about.get("/<lang:lang>/providers")
def providers(lang: str) -> str:
    """Everyone who offers learning."""
    rows = listings.all_providers(db())
    listed = [
        {
            "title": words(row, "title", lang),
            "summary": words(row, "summary", lang),
            "url": url_for("providers.show", lang=lang, slug=row.slug),
        }
        for row in sorted(rows, key=lambda row: words(row, "title", lang).value.casefold())
    ]
    return render_template("pages/providers.html", listed=listed)


@about.get("/<lang:lang>/accessibility")
def accessibility(lang: str) -> str:
    """The accessibility statement."""
    return render_template(
        "pages/accessibility.html", contact=house().settings.contact_email, lang=lang
    )
