"""Messages: problems and reasons as sentences that name the thing and the remedy."""

from directory.edge import formats
from directory.edge.speech import lazy_gettext as _l
from directory.errors import Problem


def problem_message(problem: Problem) -> str:
    """A sentence for a problem with one parameter or field."""
    values = {
        "field": problem.field,
        "value": problem.value,
        "allowed": formats.listing(list(problem.allowed)),
    }
    message = _MESSAGES.get(problem.code, _NOT_UNDERSTOOD)
    return str(message) % values


_NOT_UNDERSTOOD = _l("%(field)s: “%(value)s” was not understood.")
_MESSAGES = {
    "unknown-parameter": _l("There is no parameter “%(field)s”."),
    "unknown-value": _l("“%(value)s” is no value of %(field)s; it takes %(allowed)s."),
    "given-twice": _l("%(field)s takes one value; it was given several."),
    "too-long": _l("Only the first %(value)s characters of the question were read."),
    "not-a-whole-number": _l("%(field)s takes a whole number (%(allowed)s), not “%(value)s”."),
    "not-a-number": _l("%(field)s takes a number (%(allowed)s), not “%(value)s”."),
    "unknown-topic": _l("There is no topic “%(value)s” here."),
    "unknown-district": _l("There is no district “%(value)s”; the city knows %(allowed)s."),
    "unknown-language": _l("“%(value)s” is no language tag; write one like es, ar or pt-BR."),
    "unknown-provider": _l("There is no organisation “%(value)s” here."),
    "unknown-opportunity": _l("There is no listing “%(value)s” here."),
    "not-a-date": _l("%(field)s takes a date like 2026-11-28, not “%(value)s”."),
    "not-a-time": _l("%(field)s takes a time like 17:00, not “%(value)s”."),
    "not-a-datetime": _l("%(field)s takes a date and time like 2026-11-28T17:00, not “%(value)s”."),
    "not-a-place": _l(
        "The city knows no place “%(value)s”; write a district, a postcode, the name of a place,"
        " or coordinates like 41.0,-4.5."
    ),
    "needs-near": _l("%(field)s needs a place to be near to."),
    "empty": _l("%(field)s was given without a value; leave it out, or give it one."),
    "missing": _l("%(field)s is missing."),
    "not-whole": _l("%(field)s takes a whole number, not “%(value)s”."),
    "no-number": _l("%(field)s takes a number, not “%(value)s”."),
    "no-text": _l("%(field)s takes text."),
    "no-list": _l("%(field)s takes a list."),
    "no-object": _l("%(field)s takes an object with names and values."),
    "too-small": _l("%(field)s takes nothing below %(allowed)s; it was “%(value)s”."),
    "too-large": _l("%(field)s takes nothing above %(allowed)s; it was “%(value)s”."),
    "not-above": _l("%(field)s has to be more than %(allowed)s; it was “%(value)s”."),
    "too-many": _l("%(field)s is too long; it takes at most %(allowed)s."),
    "malformed": _l("%(field)s is not as it should be."),
    "place-twice": _l("%(field)s takes lat and lon, or a district, not both."),
    "half-a-place": _l("%(field)s takes both lat and lon, or a district."),
    "district-without-place": _l("The city has not said where “%(value)s” lies."),
    "not-an-email": _l("“%(value)s” is no e-mail address."),
    "email-taken": _l("%(value)s has an account already."),
    "no-such-move": _l("That cannot be done with this draft now. Look at how it stands."),
    "draft-not-whole": _l("Something is still missing. Look through the steps marked as open."),
    "pair-judged": _l("Somebody has said of these two already whether they are the same."),
    "pair-withdrawn": _l("One of the two is no longer published, so there is nothing to merge."),
    "pair-not-merged": _l("These two are not merged."),
    "pair-changed-first": _l("The first listing has changed since. Nothing was undone."),
    "pair-changed-second": _l("The second listing has changed since. Nothing was undone."),
    "not-open": _l("This draft was handed in. Take it back to write on."),
    "not-a-reason": _l("Write why, in at most 2000 characters."),
    "not-a-name": _l("Write a name, at most 120 characters."),
    "account-inactive": _l("The account of %(value)s is closed; open it first."),
    "last-administrator": _l(
        "%(value)s is the last administrator; make somebody else one first, or nobody could."
    ),
    "password-too-short": _l("Use at least %(value)s characters; several words are easiest."),
    "password-too-long": _l("Use at most %(value)s characters."),
    "password-guessed-first": _l(
        "This would be among the first guesses. Take a few words that have nothing to do with"
        " you or with this site."
    ),
    "password-wrong": _l("This is not your present password."),
    "code-wrong": _l("That code is not right. Take the one shown now."),
    "code-offer-over": _l("That took too long. Here is a new picture."),
    "passkey-refused": _l("The passkey was not made. Try again, or use codes instead."),
    "pseudonym-missing": _l("Write a pseudonym the learner chose."),
    "pseudonym-too-long": _l("A pseudonym has at most 40 characters."),
    "pseudonym-an-address": _l(
        "“%(value)s” looks like an address by which the learner could be found. Take another name."
    ),
    "pseudonym-a-number": _l(
        "“%(value)s” looks like a telephone or document number. Take a name that tells nobody who it is."
    ),
    "text-too-long": _l("Use at most %(value)s characters."),
    "consent-missing": _l("Without the learner's consent there is no case. Say how it was given."),
    "consent-day": _l("“%(value)s”: write a day within the last 60 days."),
    "no-counsellor": _l("No counsellor here has the address “%(value)s”."),
    "too-many-routes": _l("A case has room for %(value)s routes; remove one first."),
    "nothing-left": _l("Nothing of this route is offered any more; plan a new one."),
    "reason-missing": _l("Say in a few words why."),
    "note-missing": _l("Write something first."),
    "limit-missing": _l("Say what was in the way."),
    "no-route": _l("This is no route."),
    "report-kind": _l("Say what is wrong: choose one."),
    "report-words": _l("Say in a few words what is wrong."),
    "report-long": _l("Say it in fewer words: at most %(value)s characters."),
    "report-many": _l(
        "Several reports of this listing are waiting for the editors already; yours is not needed."
    ),
    "not-an-address": _l("“%(value)s” is no e-mail address; write one like ana@example.org."),
    "leave-empty": _l("Leave the field that is marked so empty."),
    "file-missing": _l("Choose a file first; an empty one is none."),
    "file-too-large": _l("The file is larger than %(value)s MB. Part it, or have it fetched."),
    "transfer-over": _l("This file was brought in already. Send it again if it has changed."),
    "transfer-busy": _l("This file is being worked on; wait a moment."),
    "transfer-not-checked": _l("Try the file first; then you see what would come of it."),
    "mapping-no-title": _l("Say which column is the title."),
    "mapping-refused": _l("These columns make no mapping (%(value)s)."),
    "mapping-shipped": _l("“%(value)s” is the name of a mapping that cannot be replaced."),
    "not-a-name-here": _l("Write a name, at most %(allowed)s characters."),
    "source-key": _l(
        "“%(value)s” cannot be used as a name; begin it with a Latin letter or digit."
    ),
    "source-key-taken": _l("There is a source “%(value)s” already; take another name."),
    "idea-kind": _l("Say whether you would like to learn it or could teach it."),
    "idea-words": _l("Say in a few words what it is."),
    "idea-contact": _l(
        "Leave out e-mail addresses, telephone numbers and web addresses: everybody reads this."
    ),
    "ideas-many": _l("Very many ideas wait for the editors; please come back in a few days."),
    "idea-unseen": _l("Publish the idea first."),
    "synonym-name": _l("Write the word, at most %(value)s characters."),
    "no-words-known": _l("No five people typed the same words for this; add a synonym by hand."),
    "providers-missing": _l("Choose whom to ask: at least one, at most %(value)s."),
    "not-of-a-provider": _l("Only an account with the role “Provider” writes for an organisation."),
    "field-missing": _l("this is still missing."),
    "no-such-number": _l("“%(value)s” is not a whole number from %(allowed)s."),
    "no-amount": _l("“%(value)s” is no amount; write a number like 12.50, and 0 for free."),
    "no-day": _l("“%(value)s” is no day; write one like 2026-11-28."),
    "no-time": _l("“%(value)s” is no time; write one like 18:30."),
    "not-of-the-list": _l("“%(value)s” is not among what can be chosen; choose again."),
    "no-web-address": _l("“%(value)s” is no web address; it begins with https://."),
    "last-before-first": _l("the last day is before the first."),
    "no-date-left": _l("no date is left; look at the first and last day and what is left out."),
    "none-of-the-dates": _l("%(value)s is none of the dates; take it out or correct it."),
    "level-downwards": _l("the level it leads to is below the one it begins with."),
    "language-missing": _l("tick at least one language."),
    "ages-downwards": _l("it is below the least age."),
    "no-such-listing": _l("“%(value)s” is no address of a listing here; copy it from its page."),
    "before-from": _l("The last day is before the first; the last day was left out."),
}
