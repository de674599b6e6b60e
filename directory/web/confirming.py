"""Confirming: the page a mailed link leads to, where one press says that listings are still true."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from directory.database import unit_of_work
from directory.edge import formats
from directory.edge.house import db, house
from directory.edge.speech import gettext, ngettext
from directory.errors import Invalid, NotFound, Problem
from directory.models.freshness import RHYTHMS, By, Speaker
from directory.models.reports import ReportKind
from directory.services import expiring, freshness, mail, reports, tokens
from directory.services.freshness import Listing, State, Terms
from directory.services.texts import Words, words
from directory.services.tokens import Token
from directory.web.form import Form
from directory.web.reports import private

confirming = Blueprint("confirming", __name__)

_PROVIDER = By(Speaker.PROVIDER)


@dataclass(frozen=True)
class Asked:
    """A listing somebody is asked about.

    Attributes:
        name: its type and number, for the names of fields.
        standing: how far it may be relied on, in a sentence.
        done: it has been confirmed.
    """

    name: str
    title: Words
    url: str
    standing: str
    done: bool


@confirming.get("/<lang:lang>/still-true/<token>")
def show(lang: str, token: str) -> Response:
    """What is to be confirmed. Looking changes nothing: programs that read mail follow links."""
    return _answer(lang, token, Form())


@confirming.post("/<lang:lang>/still-true/<token>")
def take(lang: str, token: str) -> AnyResponse:
    """Confirm one listing or all, or keep what has changed; pressed twice it is done once."""
    typed = request.form.to_dict()
    try:
        told = _apply(lang, token, typed)
    except Invalid as invalid:
        return _answer(lang, token, Form.of(typed, invalid.problems), 422)
    return redirect(url_for("confirming.show", lang=lang, token=token, told=told or None), 303)


@confirming.get("/<lang:lang>/unsubscribe/<token>")
def unsubscribe(lang: str, token: str) -> Response:
    """Ask whether reminders are to end."""
    return _reminders(lang, token, declined=mail.is_declined(db(), _digest(token)))


@confirming.post("/<lang:lang>/unsubscribe/<token>")
def unsubscribed(lang: str, token: str) -> Response:
    """End reminders, or begin again. Mail programs press too (RFC 8058) and follow no redirect."""
    named, again = _digest(token), bool(request.form.get("again"))
    with unit_of_work(house().engine) as work:
        if again:
            mail.subscribe(work, named)
        else:
            mail.unsubscribe(work, named, now=house().settings.clock())
    return _reminders(lang, token, declined=not again)


def _reminders(lang: str, token: str, *, declined: bool) -> Response:
    action = url_for("confirming.unsubscribed", lang=lang, token=token)
    body = render_template("pages/unsubscribe.html", declined=declined, action=action)
    return private(make_response(body))


def _apply(lang: str, written: str, typed: dict[str, str]) -> str:
    token = _token(written)
    now = house().settings.clock()
    with unit_of_work(house().engine) as work:
        asked = {_name(each): each for each in _listings(work, token, to_change=True)}
        if (name := typed.get("changed", "")) in asked:
            _report(work, asked[name], typed.get(f"words-{name}", ""), lang)
            return "report"
        name = typed.get("confirm", "")
        chosen = [each for key, each in asked.items() if name in {key, "all"}]
        freshness.confirm(
            work,
            [each for each in chosen if _is_open(each, token)],
            by=_PROVIDER,
            now=now,
            rhythm=_rhythm(typed.get("rhythm", "")),
        )
    return ""


def _report(work: Session, listing: Listing, said: str, lang: str) -> None:
    if not said.strip():
        raise Invalid((Problem(f"words-{_name(listing)}", "report-words"),))
    try:
        reports.take(
            work, listing, kind=ReportKind.OTHER, said=said, email="", language=lang,
            now=house().settings.clock(), by_provider=True,
        )  # fmt: skip
    except Invalid as invalid:
        field = f"words-{_name(listing)}"
        raise Invalid(tuple(Problem(field, p.code, p.value) for p in invalid.problems)) from None


def _is_open(listing: Listing, token: Token) -> bool:
    """A link confirms once what it was sent for; an old one does not do so again."""
    return freshness.confirmed(listing) < token.issued or bool(listing.expired)


def _rhythm(typed: str) -> int | None:
    return int(typed) if typed in map(str, RHYTHMS) else None


def _token(written: str) -> Token:
    settings = house().settings
    return tokens.read(settings.signing_key(), tokens.STILL_TRUE, written, now=settings.clock())


def _digest(written: str) -> str:
    settings = house().settings
    read = tokens.read(settings.signing_key(), tokens.UNSUBSCRIBE, written, now=settings.clock())
    return str(read.says["d"])


def _listings(session: Session, token: Token, *, to_change: bool = False) -> Sequence[Listing]:
    """What a link is for: one listing, or what is due of some providers."""
    if "l" in token.says:
        type_, number = token.says["l"]
        found = expiring.listing(session, type_, int(number), to_change=to_change)
        if found is None:
            raise NotFound("link", "")
        return [found]
    settings = house().settings
    return expiring.answerable(
        session,
        [int(number) for number in token.says["p"]],
        since=token.issued,
        terms=Terms.of(settings),
        now=settings.clock(),
        to_change=to_change,
    )


def _answer(lang: str, written: str, form: Form, status: int = 200) -> Response:
    token = _token(written)
    asked = [_asked(each, token, lang) for each in _listings(db(), token)]
    waiting = [each for each in asked if not each.done]
    body = render_template(
        "pages/still_true.html",
        form=form,
        heading=gettext("Is this still true?") if waiting else gettext("All is confirmed"),
        waiting=waiting,
        done=[each for each in asked if each.done],
        all_label=ngettext(
            "Yes, it is still true", "Yes, all %(count)s are still true", len(waiting),
            count=formats.number(len(waiting)),
        ),
        rhythms=[{"value": "", "label": gettext("as before")}, *map(_rhythm_option, RHYTHMS)],
        action=url_for("confirming.take", lang=lang, token=written),
        told=request.args.get("told") == "report",
    )  # fmt: skip
    return private(make_response(body, status))


def _rhythm_option(months: int) -> dict[str, str]:
    label = ngettext("every month", "every %(count)s months", months, count=formats.number(months))
    return {"value": str(months), "label": label}


def _asked(listing: Listing, token: Token, lang: str) -> Asked:
    type_ = freshness.type_of(listing)
    endpoint = {"space": "spaces.show", "opportunity": "opportunities.show"}[type_]
    done = not _is_open(listing, token)
    return Asked(
        _name(listing),
        words(listing, "title", lang),
        url_for(endpoint, lang=lang, slug=listing.slug),
        _standing(listing, done=done),
        done,
    )


def _standing(listing: Listing, *, done: bool) -> str:
    settings = house().settings
    zone, terms = settings.zone, Terms.of(settings)
    since = formats.short_date(freshness.confirmed(listing).astimezone(zone))
    if done:
        return gettext("Confirmed on %(day)s. Thank you.", day=since)
    match freshness.state(listing, terms=terms, now=settings.clock()):
        case State.EXPIRED:
            return gettext(
                "Last confirmed on %(day)s, and withdrawn since. Confirming brings it back.",
                day=since,
            )
        case State.OVERDUE:
            return gettext(
                "Last confirmed on %(day)s. Readers are told that nobody has confirmed it.",
                day=since,
            )
        case _:
            return gettext("Last confirmed on %(day)s.", day=since)


def _name(listing: Listing) -> str:
    return f"{freshness.type_of(listing)}-{listing.id}"
