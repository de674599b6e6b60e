"""Moves: every way a listing may go from one state to another, and who may send it there."""

from dataclasses import dataclass

from directory.errors import Invalid, Problem
from directory.models.vocabulary import DraftState, Word


class Move(Word):
    """What somebody does with a draft as a whole."""

    SUBMIT = "submit"
    TAKE_BACK = "take-back"
    SEND_BACK = "send-back"
    PUBLISH = "publish"
    DROP = "drop"


@dataclass(frozen=True)
class Rule:
    """Where a move leads, and whether only an editor may make it."""

    to: DraftState
    only_editors: bool


_OPEN, _SUBMITTED, _RETURNED = DraftState.OPEN, DraftState.SUBMITTED, DraftState.RETURNED
_ANYBODY, _EDITOR = False, True

MOVES: dict[tuple[DraftState, Move], Rule] = {
    (_OPEN, Move.SUBMIT): Rule(_SUBMITTED, _ANYBODY),
    (_RETURNED, Move.SUBMIT): Rule(_SUBMITTED, _ANYBODY),
    (_SUBMITTED, Move.TAKE_BACK): Rule(_OPEN, _ANYBODY),
    (_SUBMITTED, Move.SEND_BACK): Rule(_RETURNED, _EDITOR),
    (_OPEN, Move.PUBLISH): Rule(DraftState.PUBLISHED, _EDITOR),
    (_SUBMITTED, Move.PUBLISH): Rule(DraftState.PUBLISHED, _EDITOR),
    (_RETURNED, Move.PUBLISH): Rule(DraftState.PUBLISHED, _EDITOR),
    (_OPEN, Move.DROP): Rule(DraftState.DROPPED, _ANYBODY),
    (_SUBMITTED, Move.DROP): Rule(DraftState.DROPPED, _ANYBODY),
    (_RETURNED, Move.DROP): Rule(DraftState.DROPPED, _ANYBODY),
}

# While it is in one of these, a draft may still become something.
UNDER_WAY = (_OPEN, _SUBMITTED, _RETURNED)


def moved(state: DraftState, move: Move, *, by_editor: bool) -> DraftState:
    """The state after a move.

    Raises:
        Invalid: there is no such move from here, or not for this person.
    """
    assert_allowed(state, move, by_editor=by_editor)
    return MOVES[state, move].to


def assert_allowed(state: DraftState, move: Move, *, by_editor: bool) -> None:
    """Refuse a move that the table does not have.

    Raises:
        Invalid: there is no such move from here, or not for this person.
    """
    rule = MOVES.get((state, move))
    if rule is None or (rule.only_editors and not by_editor):
        allowed = tuple(
            each.value
            for (from_, each), one in MOVES.items()
            if from_ == state and (by_editor or not one.only_editors)
        )
        raise Invalid((Problem("move", "no-such-move", move.value, allowed),))
