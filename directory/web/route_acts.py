"""Acts on a route: what a button under a step, or beside a what-if, does to the form behind it."""

from collections.abc import Callable, Mapping, Sequence

Form = Mapping[str, Sequence[str]]
_State = dict[str, list[str]]

# What a learner has decided about listings; each is a list of hidden fields.
DECIDED = ("keep", "booked", "done", "missed", "skip")
_ONE_OF = ("keep", "booked", "done", "skip")
_SEVERAL = {"free", "languages", "access"}


def acted(form: Form) -> _State:
    """The form after what its button asked for; an act that means nothing changes nothing."""
    state = {name: list(values) for name, values in form.items()}
    for act in state.pop("act", [])[:1]:
        verb, _, what = act.partition(":")
        if what and verb in _ACTS:
            _ACTS[verb](state, what)
    for changes in state.pop("whatif", [])[:1]:
        for change in changes.split(";"):
            name, _, value = change.partition(":")
            _change(state, name, value)
    for slug in state.pop("drop", []):
        state["keep"] = [kept for kept in state.get("keep", []) if kept != slug]
    return state


def _swap(state: _State, what: str) -> None:
    """Another listing instead: a certain one, or whichever is best without this one."""
    slug, _, instead = what.partition(":")
    _decide("skip")(state, slug)
    if instead:
        _decide("keep")(state, instead)


def slug_of(value: str) -> str:
    """The listing a decision is about; what is booked or missed names its dates behind an @."""
    return value.partition("@")[0]


def _decide(name: str) -> Callable[[_State, str], None]:
    """A listing is booked, done or left out: one of these, and no other."""

    def decide(state: _State, value: str) -> None:
        for other in _ONE_OF:
            state[other] = [e for e in state.get(other, []) if slug_of(e) != slug_of(value)]
        state[name].append(value)

    return decide


def _missed(state: _State, value: str) -> None:
    state["missed"] = [*dict.fromkeys([*state.get("missed", []), value])]


def _known(state: _State, what: str) -> None:
    """What a listing teaches: its slug, an @, and ``topic:level`` with commas between them."""
    state["know"] = [*state.get("know", []), *what.partition("@")[2].split(",")]


def _undo(state: _State, what: str) -> None:
    name, _, value = what.partition(":")
    if name in DECIDED:
        state[name] = [each for each in state.get(name, []) if each != value]


def _change(state: _State, name: str, value: str) -> None:
    """One answer of the form as a what-if would have it."""
    if name in _SEVERAL:
        state[name] = [*dict.fromkeys([*state.get(name, []), value])]
    elif name in {"from", "to", "budget", "hours_per_week", "max_travel_minutes"}:
        state[name] = [value]


_ACTS: dict[str, Callable[[_State, str], None]] = {
    "keep": _decide("keep"),
    "book": _decide("booked"),
    "done": _decide("done"),
    "skip": _decide("skip"),
    "swap": _swap,
    "missed": _missed,
    "known": _known,
    "undo": _undo,
}
