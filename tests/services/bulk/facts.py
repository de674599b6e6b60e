"""The same space and opportunity, said twice: every fact of them otherwise the second time."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from directory.models import Opportunity, Space, Topic
from directory.models.records import Record
from directory.services import provenance
from tests.factories import opportunity_record, provider_record, schedule_record, space_record


def TOPICS() -> list[Topic]:  # noqa: N802 - what there is
    return [Topic(key="bread"), Topic(key="salt")]


_PROVIDERS = [provider_record(external_id=each) for each in ("p1", "p2")]
_PLACES = [space_record(external_id=each) for each in ("s1", "s2")]


def _said(which: int) -> list[Record]:
    first = which == 1
    texts = {
        "title": {"es": f"t{which}"},
        "summary": {"es": f"s{which}"},
        "description": {"es": f"d{which}"},
    }
    common = {
        **texts,
        "url": f"https://example.org/{which}",
        "access": {"step-free": first},
        "commitments": (which,),
        "provider": f"p{which}",
    }
    space = space_record(
        external_id="s", kind="library" if first else "museum", address=f"a{which}",
        hours=({"days": ("MO",), "opens": f"0{which}:00", "closes": "12:00"},),
        topics=("bread" if first else "salt",), **common,
    )  # fmt: skip
    opportunity = opportunity_record(
        external_id="o", space=f"s{which}", format="course" if first else "talk",
        languages=("es" if first else "ar",), age_min=which, price=Decimal(which), currency="EUR",
        booking="required" if first else "none", residents_of=(f"d{which}",),
        notices=({"start": datetime(2026, 12, which), "message": {"es": "x"}},),
        teaches=({"topic": "bread" if first else "salt"},),
        schedules=(schedule_record(start=datetime(2026, 12, which, 18)),), **common,
    )  # fmt: skip
    return [*_PROVIDERS, *_PLACES, space, opportunity]


FIRST, SECOND = _said(1), _said(2)


def value(db: Session, source: str, fact: str) -> Any:
    """What a fact is now, of the opportunity, else of the space."""
    db.flush()
    db.expire_all()
    table: type[Space | Opportunity]
    for table, name in ((Opportunity, "o"), (Space, "s")):
        row = db.exec(select(table).where(table.source == source, table.external_id == name)).one()
        facts = provenance.facts(row)
        if fact in facts:
            return facts[fact]
    raise AssertionError(fact)
