"""CSV records: from the cells of a row to a provider, a space or an opportunity."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import ValidationError

from directory.exchange import opening, values
from directory.exchange.ages import AgeReader
from directory.exchange.cells import LINE, Cells
from directory.exchange.mapping import Mapping
from directory.exchange.messages import Notes, Refusal
from directory.exchange.prices import Price, PriceReader
from directory.exchange.rules import MOST_TOPICS
from directory.exchange.schedules import ScheduleReader, cancelled
from directory.models.records import (
    OpportunityRecord,
    ProviderRecord,
    Record,
    SpaceRecord,
    TeachesRecord,
)
from directory.models.vocabulary import (
    Access,
    Booking,
    Format,
    ProviderKind,
    Setting,
    SpaceKind,
    TextState,
    Word,
    slugify,
)

# BCP 47: no linguistic content. Distinct from an empty cell, which is "unknown".
NO_LANGUAGE = "zxx"
_CENT = Decimal("0.01")
_CURRENCY = re.compile("[A-Z]{3}")
_HIGHEST_PRICE = 1_000_000

ARecord = TypeVar("ARecord", bound=Record)
AWord = TypeVar("AWord", bound=Word)


@dataclass(frozen=True)
class City:
    """What holds where neither row nor mapping says anything, and which topics there are."""

    language: str = "en"
    timezone: str = "UTC"
    currency: str = ""
    topics: frozenset[str] = frozenset()


@dataclass
class Builder:
    """Makes records of cells under one mapping."""

    mapping: Mapping
    city: City
    _unknown: set[str] = field(default_factory=set)
    _schedules: dict[str, ScheduleReader] = field(default_factory=dict)

    def __post_init__(self) -> None:
        source = self.mapping.source
        self._language = source.language or self.city.language
        self._timezone = source.timezone or self.city.timezone
        self._currency = source.currency or self.city.currency
        self._prices = PriceReader(self.mapping.prices)
        self._ages = AgeReader(self.mapping.ages)

    def source(self, cells: Cells) -> str:
        """The source a row belongs to."""
        return cells.key("source") or self.mapping.source.name

    def provider(self, cells: Cells, external_id: str) -> ProviderRecord:
        """An organisation."""
        kind = cells.get("kind")
        return _record(
            ProviderRecord,
            cells,
            **self._common(cells, external_id),
            kind=values.word(kind, ProviderKind, cells.column("kind")) if kind else None,
            email=self._email(cells),
        )

    def named_provider(self, cells: Cells, name: str) -> ProviderRecord | None:
        """The organisation a row only names."""
        external_id = slugify(name)
        if not external_id:
            return None
        language = cells.language(self._language)
        return _record(
            ProviderRecord,
            cells,
            source=self.source(cells),
            external_id=external_id,
            language=language,
            title={language: " ".join(name.split())},
        )

    def space(self, cells: Cells, external_id: str, *, source: str) -> SpaceRecord:
        """A place of learning."""
        lat, lon = values.coordinates(
            cells.get("lat"), cells.get("lon"), cells.column("lat"), cells.notes
        )
        return _record(
            SpaceRecord,
            cells,
            **self._common(cells, external_id) | {"source": source},
            kind=self._word(cells, "kind", SpaceKind) or SpaceKind.COMMUNITY_CENTRE,
            provider=slugify(cells.line("provider")) or None,
            district=values.shortened(
                cells.get("district"), 200, cells.column("district"), cells.notes
            )
            or None,
            address=cells.line("address"),
            postcode=cells.line("postcode"),
            lat=lat,
            lon=lon,
            email=self._email(cells),
            phone=cells.line("phone"),
            access=self._access(cells),
            hours=_structure(cells, "hours", None) if cells.get("hours") else opening.read(cells),
            special_days=_structure(cells, "special_days", ()),
            closures=_structure(cells, "closures", ()),
            holidays=cells.get("holidays"),
            topics=tuple(t.topic for t in self._teaches(cells, Format.DROP_IN)),
            commitments=self._commitments(cells),
        )

    def opportunity(
        self, cells: Cells, external_id: str, *, space: str | None
    ) -> OpportunityRecord:
        """Something to take part in, at a space if it has one."""
        form = self._word(cells, "format", Format) or Format.COURSE
        price = self._price(cells)
        age_min, age_max = self._years(cells)
        capacity = cells.get("capacity")
        return _record(
            OpportunityRecord,
            cells,
            **self._common(cells, external_id),
            provider=slugify(cells.line("provider")) or None,
            space=space,
            format=form,
            setting=self._word(cells, "setting", Setting) or Setting.NON_FORMAL,
            languages=self._languages(cells),
            teaches=self._teaches(cells, form),
            requires=_structure(cells, "requires", None),
            age_min=age_min,
            age_max=age_max,
            price=price.amount,
            currency=self._currency_of(cells, price),
            price_note=price.note,
            booking=self._word(cells, "booking", Booking),
            capacity=values.whole(capacity, cells.column("capacity")) if capacity else None,
            residents_of=tuple(values.split(cells.get("residents_of"))),
            access=self._access(cells),
            commitments=self._commitments(cells),
            notices=_structure(cells, "notices", ()),
            series=cells.key("series") or None,
            schedules=self._when(cells),
        )

    def _common(self, cells: Cells, external_id: str) -> dict[str, Any]:
        language = cells.language(self._language)
        texts = cells.texts_of(language)
        return {
            "source": self.source(cells),
            "external_id": external_id,
            "language": language,
            **texts,
            "translation_state": self._state(cells, language, texts),
            "url": values.address(cells.get("url"), cells.column("url"), cells.notes),
        }

    def _state(self, cells: Cells, language: str, texts: dict[str, dict[str, str]]) -> TextState:
        """Where the translations come from, if there are any."""
        said = cells.get("translation_state")
        if not said or not any(tag != language for text in texts.values() for tag in text):
            return TextState.HUMAN
        return values.word(said, TextState, cells.column("translation_state"))

    def _word(self, cells: Cells, name: str, words: type[AWord]) -> AWord | None:
        """What the row says, else what the rules tell, else the constant."""
        said = cells.texts.get(name)
        if not said and (told := cells.told.get(name)) is not None:
            return words(told)
        said = said or cells.constants.get(name)
        return values.word(said, words, cells.column(name)) if said else None

    def _email(self, cells: Cells) -> str:
        found = values.email(cells.get("email"), cells.column("email"), cells.notes)
        return values.shortened(found, LINE, cells.column("email"), cells.notes)

    def _access(self, cells: Cells) -> dict[Access, bool]:
        said = values.access(cells.get("access"), cells.column("access"), cells.notes)
        return {**cells.told.access, **said}

    def _commitments(self, cells: Cells) -> tuple[int, ...]:
        column = cells.column("commitments")
        said = [values.whole(part, column) for part in values.split(cells.get("commitments"))]
        return tuple(dict.fromkeys(said or cells.told.commitments))

    def _languages(self, cells: Cells) -> tuple[str, ...] | None:
        said = cells.texts.get("languages")
        if not said and cells.told.get("languages") is not None:
            return tuple(cells.told.get("languages"))
        tags = values.split(said or cells.constants.get("languages", ""))
        if not tags:
            return None
        column = cells.column("languages")
        found = dict.fromkeys(values.tag(each, column) for each in tags)
        return tuple(each for each in found if each != NO_LANGUAGE)

    def _teaches(self, cells: Cells, form: Format) -> tuple[TeachesRecord, ...]:
        column = cells.column("topics")
        levels = values.level(cells.get("level"), cells.column("level"))
        said = values.topics(cells.get("topics"), column, levels=levels, form=form)
        if said:
            for each in said:
                if each.topic not in self.city.topics:
                    cells.notes.add(column, "unknown-topic", each.topic)
            return tuple(each for each in said if each.topic in self.city.topics)
        self._note_unknown(cells)
        told = [topic for topic in cells.told.topics if topic in self.city.topics]
        return tuple(values.teaches(t, levels=levels, form=form) for t in told[:MOST_TOPICS])

    def _note_unknown(self, cells: Cells) -> None:
        # The mapping is wrong, not the row: once is enough.
        for topic in cells.told.topics:
            if topic not in self.city.topics and topic not in self._unknown:
                self._unknown.add(topic)
                cells.notes.add("rules", "unknown-topic", topic)

    def _price(self, cells: Cells) -> Price:
        read = self._prices.read(cells.get("price"))
        if values.truth(cells.get("free")):
            read = Price(Decimal(0), read.note)
        note = cells.get("price_note") or read.note
        note = values.shortened(note, LINE, cells.column("price"), Notes(0))
        if read.amount is None:
            return Price(None, note)
        if read.amount > _HIGHEST_PRICE:
            raise Refusal(cells.column("price"), "bad-price", cells.get("price"))
        return Price(read.amount.quantize(_CENT), note)

    def _currency_of(self, cells: Cells, price: Price) -> str:
        said = cells.get("currency").upper()
        if said and not _CURRENCY.fullmatch(said):
            raise Refusal(cells.column("currency"), "bad-currency", said)
        return said or (self._currency if price.amount is not None else "")

    def _years(self, cells: Cells) -> tuple[int | None, int | None]:
        said = {
            name: values.age(text, cells.column(name), cells.notes)
            for name in ("age_min", "age_max")
            if (text := cells.get(name))
        }
        if said:
            return said.get("age_min"), said.get("age_max")
        low, high = self._ages.read(" | ".join(map(cells.get, self.mapping.ages.where)))
        told_low, told_high = cells.told.get("age_min"), cells.told.get("age_max")
        # What the text says in words outweighs what a rule supposes.
        low = told_low if low is None and (high is None or (told_low or 0) <= high) else low
        high = told_high if high is None and (low or 0) <= (told_high or 0) else high
        return (low, high) if low is None or high is None or low <= high else (None, None)

    def _when(self, cells: Cells) -> tuple[Any, ...]:
        timezone = cells.get("timezone") or self._timezone
        found = self._reader(timezone, cells).read(cells.texts, cells.notes)
        return tuple(map(cancelled, found)) if cells.told.get("cancelled") else found

    def _reader(self, timezone: str, cells: Cells) -> ScheduleReader:
        if timezone not in self._schedules:
            try:
                reader = ScheduleReader(self.mapping.schedule, timezone, dict(cells.headers))
            except (KeyError, ValueError, OSError):
                raise Refusal(cells.column("timezone"), "no-zone", timezone) from None
            self._schedules[timezone] = reader
        return self._schedules[timezone]


def _structure(cells: Cells, name: str, unsaid: Any) -> Any:
    text = cells.get(name)
    return values.structure(text, cells.column(name)) if text else unsaid


def _record(of: type[ARecord], cells: Cells, /, **fields: Any) -> ARecord:
    try:
        return of(**fields)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        said = first["msg"].removeprefix("Value error, ")
        column = cells.column(name) if name else ""
        raise Refusal(column, "invalid", name or "the row", said) from None
