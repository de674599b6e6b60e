"""The blueprint of cases, and what every view of one begins with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from directory.edge import access
from directory.edge.house import db, house, writing
from directory.models import Case
from directory.models.vocabulary import Role
from directory.services.cases import opening
from directory.services.cases.opening import Seen

View = TypeVar("View", bound=Callable[..., Any])

cases = Blueprint("cases", __name__)


def get(rule: str) -> Callable[[View], View]:
    """A page of cases, for counsellors."""
    return _view(rule, "GET")


def post(rule: str) -> Callable[[View], View]:
    """Something a counsellor does."""
    return _view(rule, "POST")


def _view(rule: str, method: str) -> Callable[[View], View]:
    def register(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            return view(*args, **values)

        route = cases.route(f"/<lang:lang>/desk/cases{rule}", methods=[method])
        return route(access.needs(Role.COUNSELLOR)(guarded))  # type: ignore[return-value]

    return register


def now() -> datetime:
    """The present instant."""
    return house().settings.clock()


def key() -> str:
    """What opens the sealed parts of cases."""
    return house().settings.signing_key()


def opened(name: str) -> Seen:
    """A case for a page that shows it; that it was looked into is written down.

    Raises:
        NotFound: whoever asks may not know of it.
    """
    with writing() as work:
        found = opening.seen(work, access.account(), name, now=now())
        opening.note_opened(work, access.account(), found.case, now=now())
    return opening.seen(db(), access.account(), name, now=now())


@contextmanager
def changing(name: str, *, owner: bool = False) -> Iterator[tuple[Session, Case]]:
    """A case to write in, in one unit of work.

    Raises:
        NotFound: whoever asks may not write in it.
    """
    by = access.account()
    with writing() as work:
        if owner:
            yield work, opening.owned(work, by, name, now=now())
        else:
            yield work, opening.seen(work, by, name, now=now(), write=True).case


def back(lang: str, name: str, done: str = "", at: str = "") -> ResponseReturnValue:
    """To the case, which says what was done."""
    return redirect(
        url_for("cases.show", lang=lang, name=name, done=done or None, _anchor=at or None), 303
    )


def given(name: str) -> str:
    """What a field of the form holds."""
    return request.form.get(name, "")


def number(name: str) -> int:
    """The whole number in a field; 0 for anything else."""
    text = given(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004
