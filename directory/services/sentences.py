"""Sentences: gone through from the first word to the last, each taken for what it stands for."""

from collections.abc import Collection
from dataclasses import dataclass, field

from directory.services.phrases import Meaning, Phrases, Token

# What fills a field of a form; of equally long phrases these come first, in this order.
_FIELDS = ("money", "parts", "days", "levels", "district", "language", "topic")
# Cue to how what follows is meant; when one is busy is when one is not free.
_MODES = {"want": "want", "speak": "speak", "know": "know", "not": "not", "busy": "not"}
_A_LITTLE = Meaning("cues", "little")
_NOON, _DAY, _FIRST_CLEAR_HOUR = 12 * 60, 24 * 60, 8
_YEARS = Meaning("age", "years")
_SPOKEN_OR_KNOWN = {Meaning("cues", "speak"), Meaning("cues", "know")}
_AGES = range(5, 121)


@dataclass(eq=False)
class Hit:
    """Some words taken for one thing.

    Attributes:
        first: number of the first word.
        after: number of the word after the last.
        mode: whether it is wanted, spoken, known or ruled out.
        little: only a little of it is known.
        taught: a language something is taught in.
        level: of a topic whose very name says one.
        linked: an "and" stands right before it.
    """

    kind: str
    value: str
    first: int
    after: int
    sentence: int
    mode: str = "want"
    little: bool = False
    taught: bool = False
    level: int | None = None
    linked: bool = False


@dataclass
class Sentence:
    """Words, and the phrases they may be taken for."""

    text: str
    tokens: list[Token]
    closed: Phrases
    topics: Phrases
    districts: Phrases
    languages: Phrases
    silent: Collection[str]
    currency: str
    # Where the eye is: what the words so far say of the next, which words say nothing, and which
    # ("up to", "euros") say something only beside a number.
    _mode: str = "want"
    _little: bool = False
    _before: frozenset[tuple[str, str]] = frozenset()
    _quiet: set[int] = field(default_factory=set)
    _weak: set[int] = field(default_factory=set)

    def hits(self) -> list[Hit]:
        """Everything that was recognised, in order."""
        found: list[Hit] = []
        at = 0
        while at < len(self.tokens):
            self._turn(at)
            hit = self._number(at) or self._field(at)
            if hit is None:
                at = self._soft(at)
                continue
            hit.linked = self.tokens[at].joined or ("joins", "") in self._before
            found.append(hit)
            self._before = frozenset()
            self._little = self._little and hit.kind != "topic"
            at = hit.after
        return found

    def stretches(self, hits: list[Hit], lost: list[Hit]) -> list[str]:
        """Words in a row that say something and are in no hit, or in one that led to nothing."""
        taken = {n for hit in hits if hit not in lost for n in range(hit.first, hit.after)}
        of_lost = {n for hit in lost for n in range(hit.first, hit.after)}
        rows: list[list[int]] = []
        for number in range(len(self.tokens)):
            if number in taken or (self._says_nothing(number) and number not in of_lost):
                continue
            if rows and rows[-1][-1] == number - 1:
                rows[-1].append(number)
            else:
                rows.append([number])
        return [
            self.text[self.tokens[row[0]].begin : self.tokens[row[-1]].end]
            for row in rows
            if not self._weak.issuperset(row)
        ]

    def _says_nothing(self, number: int) -> bool:
        silent = any(bare in self.silent for bare in self.tokens[number].bare)
        word = self.tokens[number].word
        loud = word.isupper() and len(word) > 1  # ESO is a school, eso is nothing
        return number in self._quiet or (silent and not loud and number not in self._weak)

    def _turn(self, at: int) -> None:
        """A new sentence starts afresh; a new clause forgets what was ruled out."""
        if at == 0:
            return
        last, this = self.tokens[at - 1], self.tokens[at]
        if this.sentence != last.sentence or (self._mode == "not" and this.clause != last.clause):
            self._mode, self._little, self._before = "want", False, frozenset()

    def _soft(self, at: int) -> int:
        """Take what fills no field: a cue, an "and", a word that says nothing; the next word."""
        soft = [
            (length, meaning)
            for length, meaning in self.closed.at(self.tokens, at)
            if meaning.kind not in _FIELDS
        ]
        if not soft:
            self._before = frozenset()
            return at + 1
        longest = soft[0][0]
        meanings = [meaning for length, meaning in soft if length == longest]
        of_number = not {m.kind for m in meanings} - {"sums", "currencies", "clock"}
        (self._weak if of_number else self._quiet).update(range(at, at + longest))
        # "I do not | speak": what is denied stays denied.
        denied = ("cues", "not") in self._before and not {m.value for m in meanings} & {"want"}
        self._before = frozenset((m.kind, m.value) for m in meanings)
        for meaning in meanings:
            if meaning.kind == "cues" and meaning.value in _MODES and not denied:
                self._mode, self._little = _MODES[meaning.value], False
            elif meaning == _A_LITTLE:
                self._little = self._mode in {"speak", "know"}
        return at + longest

    # Fields

    def _field(self, at: int) -> Hit | None:
        soft = [o for o in self.closed.at(self.tokens, at) if o[1].kind not in _FIELDS]
        options = self._options(at, soft)
        if not options:
            return None
        length, meaning = min(options, key=lambda o: (-o[0], _FIELDS.index(o[1].kind)))
        if soft and soft[0][0] > length:
            return None
        return self._hit(at, length, meaning, soft)

    def _options(self, at: int, soft: list[tuple[int, Meaning]]) -> list[tuple[int, Meaning]]:
        options = [o for o in self.closed.at(self.tokens, at) if o[1].kind in _FIELDS[:4]]
        says = {meaning for _, meaning in soft}
        if not says & _SPOKEN_OR_KNOWN or ("cues", "want") in self._before:
            # "Free" alone is no book, though its stem is that of one.
            least = 2 if Meaning("idle", "") in says else 1
            options += [o for o in self.topics.at(self.tokens, at) if o[0] >= least]
        if ("cues", "place") in self._before or self.tokens[at].within:
            options += self.districts.at(self.tokens, at)
        if (self._taught(at) or self._mode == "speak") and not self._little:
            options += self.languages.at(self.tokens, at)
        return options

    def _taught(self, at: int) -> bool:
        return ("cues", "taught") in self._before or self.tokens[at].within

    def _hit(self, at: int, length: int, meaning: Meaning, soft: list[tuple[int, Meaning]]) -> Hit:
        hit = Hit(meaning.kind, meaning.value, at, at + length, self.tokens[at].sentence)
        if meaning.kind == "topic":
            if any(m == Meaning("cues", "want") for _, m in soft):  # "learn Spanish" is one name
                self._mode = "want"
            hit.level = self._level_within(hit)
        hit.mode = "want" if self._mode == "speak" and meaning.kind == "topic" else self._mode
        hit.little = self._little
        hit.taught = meaning.kind == "language" and self._taught(at) and self._mode != "speak"
        return hit

    def _level_within(self, hit: Hit) -> int | None:
        for at in range(hit.first, hit.after):
            for length, meaning in self.closed.at(self.tokens, at):
                if meaning.kind == "levels" and at + length <= hit.after:
                    return int(meaning.value)
        return None

    # Numbers

    def _number(self, at: int) -> Hit | None:
        return self._sum(at) or self._age(at) or self._hours(at)

    def _value(self, at: int) -> int | None:
        word = self.tokens[at].word if at < len(self.tokens) else ""
        return int(word) if word.isdecimal() and len(word) < 7 else None  # noqa: PLR2004 - no sum, no hour

    def _after(self, at: int, kind: str, value: str) -> int:
        """The word after a phrase of a kind that begins at a word; the same word if none does."""
        for length, meaning in self.closed.at(self.tokens, at) if at < len(self.tokens) else ():
            if meaning == Meaning(kind, value):
                return at + length
        return at

    def _sum(self, at: int) -> Hit | None:
        """Up to 30 euros; what it costs each time is no sum for all."""
        begin = self._after(at, "sums", "most")
        sign = self._after(begin, "currencies", self.currency)
        amount = self._value(sign)
        if amount is None:
            return None
        after = self._after(sign + 1, "currencies", self.currency)
        if after == sign + 1 and sign == begin:
            return None
        if self._after(after, "sums", "each") != after:
            return None
        after = self._after(after, "sums", "most")
        return Hit("sum", str(amount), at, after, self.tokens[at].sentence, self._mode)

    def _age(self, at: int) -> Hit | None:
        number = self._after(at, "age", "cue")
        age = self._value(number)
        after = self._after(number + 1, "age", "years")
        if number == at or age not in _AGES or after == number + 1:
            return None
        return Hit("years", str(age), at, after, self.tokens[at].sentence)

    def _hours(self, at: int) -> Hit | None:
        """After 17:30, before 2 pm or between 5 and 7 pm, as minutes of the day."""
        span = self._between(at)
        if span is None:
            for value in ("after", "before"):
                begin = self._after(at, "clock", value)
                hour = self._hour(begin) if begin != at else None
                if hour and (hour[2] or hour[0] >= _FIRST_CLEAR_HOUR * 60):
                    low, high = (hour[0], _DAY) if value == "after" else (0, hour[0])
                    span = low, high, hour[1]
        if span is None or span[0] >= span[1]:
            return None
        return Hit(
            "hours", f"{span[0]}-{span[1]}", at, span[2], self.tokens[at].sentence, self._mode
        )

    def _between(self, at: int) -> tuple[int, int, int] | None:
        begin = self._after(at, "clock", "between")
        first = self._hour(begin) if begin != at else None
        if first is None:
            return None
        to = self._after(first[1], "clock", "to")
        joined = first[1] < len(self.tokens) and self.tokens[first[1]].joined
        second = self._hour(to) if to != first[1] or joined else None
        if second is None:
            return None
        low, high = first[0], second[0]
        if second[2] and not first[2] and high >= _NOON and low + _NOON < high:
            low += _NOON  # "between 5 and 7 pm"
        clear = second[2] or low >= _FIRST_CLEAR_HOUR * 60
        return (low, high, second[1]) if clear else None

    def _hour(self, at: int) -> tuple[int, int, bool] | None:
        """Minutes of the day, the word after, and whether it was said which half of the day."""
        hour, after, minute, clear = self._value(at), at + 1, 0, False
        if hour is None or hour > 24:  # noqa: PLR2004 - hours of a day
            return None
        then = self._value(after)
        if then is not None and then < 60 and self._gap(after) in {":", ".", "h"}:  # noqa: PLR2004 - minutes
            minute, after, clear = then, after + 1, True
        for half in ("morning", "evening"):
            end = self._after(after, "clock", half)
            if end != after:
                late = half == "evening" and hour < 12  # noqa: PLR2004 - of the clock's twelve
                return hour * 60 + minute + _NOON * late, end, True
        if any(m.kind == "currencies" or m == _YEARS for _, m in self._at(after)):
            return None
        return hour * 60 + minute, after, clear

    def _gap(self, at: int) -> str:
        return self.text[self.tokens[at - 1].end : self.tokens[at].begin]

    def _at(self, at: int) -> list[tuple[int, Meaning]]:
        return list(self.closed.at(self.tokens, at)) if at < len(self.tokens) else []
