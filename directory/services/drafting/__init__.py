"""Drafting: a listing on its way to its readers, and back for changes."""

from directory.services.drafting.members import (
    is_editor,
    let_in,
    let_out,
    may_write,
    membership,
    memberships,
)
from directory.services.drafting.moves import (
    MOVES,
    UNDER_WAY,
    Move,
    Rule,
    assert_allowed,
    moved,
)
from directory.services.drafting.publishing import publish, withdraw
from directory.services.drafting.writing import (
    begin,
    drop,
    read,
    save,
    send_back,
    submit,
    take_back,
)

__all__ = [
    "MOVES",
    "UNDER_WAY",
    "Move",
    "Rule",
    "assert_allowed",
    "begin",
    "drop",
    "is_editor",
    "let_in",
    "let_out",
    "may_write",
    "membership",
    "memberships",
    "moved",
    "publish",
    "read",
    "save",
    "send_back",
    "submit",
    "take_back",
    "withdraw",
]
