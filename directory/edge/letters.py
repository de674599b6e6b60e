"""Letters: what each kind of mail says, in the language of whoever gets it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from directory import languages
from directory.edge import formats, links, reporting
from directory.edge.speech import gettext, ngettext
from directory.languages import Language
from directory.models import Mail
from directory.models.reports import ReportKind, ReportOutcome
from directory.services import mail as post
from directory.settings import Settings

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """Something a letter lists, perhaps with a thing to do."""

    title: str
    note: str = ""
    url: str = ""
    action: str = ""


@dataclass(frozen=True)
class Letter:
    """A mail before it is text and HTML.

    Attributes:
        opening: what is said first.
        items: what is listed.
        quote: what somebody wrote.
        url: of the one thing to do.
        action: what that is.
        closing: what is said last.
        unsubscribe: where such letters end; empty where each is sent once.
        ending: what one says there; “no more reminders” if nothing else.
    """

    subject: str
    opening: tuple[str, ...]
    language: Language
    site: str
    home: str
    items: tuple[Item, ...] = ()
    quote: str = ""
    url: str = ""
    action: str = ""
    closing: tuple[str, ...] = ()
    unsubscribe: str = ""
    ending: str = ""


def compose(mail: Mail, *, settings: Settings, city: str) -> Letter:
    """The letter of a mail; the reader's language has been chosen."""
    written = _KINDS[mail.kind](mail, settings)
    return Letter(
        **written,
        language=languages.INTERFACE[mail.language],
        site="Vereda" + (f" · {city}" if city else ""),
        home=links.home(settings, mail.language),
    )


def _remind(mail: Mail, settings: Settings) -> dict[str, Any]:
    facts, lang = mail.facts, mail.language
    total = facts["total"]
    return {
        "subject": ngettext(
            "Is this still true? One listing of %(name)s",
            "Is this still true? %(count)s listings of %(name)s",
            total, count=formats.number(total), name=facts["provider"],
        ),
        "opening": (
            gettext("Residents trust what is listed here because somebody looks at it now and then."),
            gettext(
                "Please say whether this is still so. One press is enough; you need no password."
            ),
        ),
        "items": tuple(_asked(each, mail, settings) for each in facts["listings"]) + _rest(facts),
        "url": links.still_true(settings, lang, providers=facts["providers"], now=mail.queued),
        "action": gettext("Look and confirm"),
        "closing": (
            gettext(
                "What nobody confirms is marked for readers, comes later in searches, and is"
                " withdrawn after a while. Nothing is deleted: confirming brings it back."
            ),
        ),
        "unsubscribe": links.unsubscribe(
            settings, lang, post.digest(mail.recipient), now=mail.queued
        ),
    }  # fmt: skip


def _asked(told: Facts, mail: Mail, settings: Settings) -> Item:
    by = datetime.fromisoformat(told["by"]).astimezone(settings.zone)
    return Item(
        told["title"],
        gettext("To be confirmed by %(day)s", day=formats.short_date(by)),
        links.one_still_true(settings, mail.language, told["type"], told["id"], mail.queued),
        gettext("Still true, or changed?"),
    )


def _rest(facts: Facts) -> tuple[Item, ...]:
    more = facts["total"] - len(facts["listings"])
    if not more:
        return ()
    return (Item(ngettext("and one more", "and %(count)s more", more, count=formats.number(more))),)


def _expired(mail: Mail, settings: Settings) -> dict[str, Any]:
    facts, total = mail.facts, mail.facts["total"]
    return {
        "subject": ngettext(
            "One listing of %(name)s was withdrawn",
            "%(count)s listings of %(name)s were withdrawn",
            total, count=formats.number(total), name=facts["provider"],
        ),
        "opening": (
            gettext("Nobody has said for a long time that this is still true:"),
        ),
        "items": tuple(_withdrawn(each, settings) for each in facts["listings"]) + _rest(facts),
        "url": links.still_true(
            settings, mail.language, providers=facts["providers"], now=mail.queued
        ),
        "action": gettext("Bring it back"),
        "closing": (
            gettext("Nothing is deleted. If it is still true, one press brings it back."),
        ),
    }  # fmt: skip


def _withdrawn(told: Facts, settings: Settings) -> Item:
    since = datetime.fromisoformat(told["confirmed"]).astimezone(settings.zone)
    note = gettext("Last confirmed on %(day)s", day=formats.short_date(since))
    return Item(told["title"], note)


def _reported(mail: Mail, settings: Settings) -> dict[str, Any]:
    facts = mail.facts
    kind = str(reporting.KINDS[ReportKind(facts["kind"])])
    return {
        "subject": gettext("A reader found a mistake in “%(title)s”", title=facts["title"]),
        "opening": (
            gettext("Somebody who read “%(title)s” says that this is wrong:", title=facts["title"]),
            kind,
        ),
        "quote": facts["words"],
        "items": (
            Item(
                facts["title"],
                url=links.page(settings, mail.language, facts["type"], facts["slug"]),
                action=gettext("See the listing"),
            ),
        ),
        "url": links.one_still_true(
            settings, mail.language, facts["type"], facts["id"], mail.queued
        ),
        "action": gettext("Say whether it is still true"),
        "closing": (gettext("The city's editors have been told too."),),
    }


def _answered(mail: Mail, settings: Settings) -> dict[str, Any]:
    facts = mail.facts
    return {
        "subject": gettext("What came of your report on “%(title)s”", title=facts["title"]),
        "opening": (
            gettext("You told us of a mistake in “%(title)s”.", title=facts["title"]),
            str(reporting.OUTCOMES[ReportOutcome(facts["outcome"])]),
        ),
        "quote": facts["note"],
        "url": links.report(settings, mail.language, facts["report"], now=mail.queued),
        "action": gettext("See your report"),
        "closing": (gettext("Your address has been erased; we will not write to you again."),),
    }


def _sought(mail: Mail, settings: Settings) -> dict[str, Any]:
    facts = mail.facts
    what = facts["what"]
    return {
        "subject": gettext("Residents look for “%(what)s”", what=what),
        "opening": (
            gettext("To %(name)s", name=facts["provider"]),
            gettext(
                "Residents look for “%(what)s” in the city's directory and find nothing, or nothing"
                " that suits them. Do you offer it, or could you?",
                what=what,
            ),
        ),
        "quote": facts["note"],
        "url": links.search(settings, mail.language, facts["q"]),
        "action": gettext("See what they find now"),
        "closing": (
            gettext("Answer this mail, and the city's editors help you to list it."),
            gettext(
                "We know how many look for it, and never who: what fewer than five people look for"
                " on a day is not written down."
            ),
        ),
        "unsubscribe": links.unsubscribe(
            settings, mail.language, post.digest(mail.recipient), now=mail.queued
        ),
    }


def _idea_follow(mail: Mail, settings: Settings) -> dict[str, Any]:
    facts = mail.facts
    return {
        "subject": gettext("Shall we tell you when your idea is answered?"),
        "opening": (
            gettext(
                "Somebody, you we hope, wants to be told by mail when a listing answers this idea:"
            ),
        ),
        "quote": facts["words"],
        "url": links.follow_idea(settings, mail.language, facts["follower"], now=mail.queued),
        "action": gettext("Yes, tell me"),
        "closing": (
            gettext("If it was not you, do nothing: in seven days your address is erased."),
        ),
    }


def _idea_answered(mail: Mail, settings: Settings) -> dict[str, Any]:
    facts = mail.facts
    title = facts["title"]
    return {
        "subject": gettext("An answer: “%(title)s”", title=title),
        "opening": (gettext("There is a listing now that answers this idea:"),),
        "quote": facts["words"],
        "items": (
            Item(
                title,
                url=links.page(settings, mail.language, "opportunity", facts["slug"]),
                action=gettext("See the listing"),
            ),
        ),
        "url": links.idea(settings, mail.language, facts["idea"]),
        "action": gettext("See the idea and its answers"),
        **_until_unfollowed(mail, settings),
    }


def _idea_refused(mail: Mail, settings: Settings) -> dict[str, Any]:  # noqa: ARG001 - as all letters
    facts = mail.facts
    return {
        "subject": gettext("Your idea is not shown"),
        "opening": (
            gettext("The city's editors do not show the idea “%(words)s”.", words=facts["words"]),
            gettext("They say why:"),
        ),
        "quote": facts["reason"],
        "closing": (gettext("Your address has been erased; we will not write to you again."),),
    }


def _until_unfollowed(mail: Mail, settings: Settings) -> dict[str, Any]:
    follower = mail.facts["follower"]
    return {
        "unsubscribe": links.unfollow_idea(settings, mail.language, follower, now=mail.queued),
        "ending": gettext("Tell me no more of this idea"),
    }


_KINDS: dict[str, Callable[[Mail, Settings], dict[str, Any]]] = {
    "remind": _remind,
    "expired": _expired,
    "reported": _reported,
    "answered": _answered,
    "sought": _sought,
    "idea-follow": _idea_follow,
    "idea-answered": _idea_answered,
    "idea-refused": _idea_refused,
}
