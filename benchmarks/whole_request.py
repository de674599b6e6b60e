"""How long the whole of ``GET /api/v1/search`` takes, against the search within it.

Both are asked the same, in turns, with every facet the interface counts.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from engines.vereda import LEXICON
from flask import Flask
from listings import DISTRICTS, NOW, ZONE
from questions import questions
from werkzeug.test import EnvironBuilder

from directory.app import create_app
from directory.database import make_engine, unit_of_work
from directory.edge.house import House
from directory.models import District
from directory.models.vocabulary import Day
from directory.search.grammar import Ask, Piece
from directory.search.index import Index
from directory.search.request import SearchRequest
from directory.services import topics, upkeep
from directory.services.finding import Plain
from directory.settings import Settings


def race(folder: Path, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each search, and of each whole request, over one index."""
    with tempfile.TemporaryDirectory() as data:
        house = _house(Path(data), folder)
        app = create_app(house=house)
        searched: list[float] = []
        whole: list[float] = []
        for round_ in range(rounds + 1):
            for question in questions():
                spent, _ = _timed(lambda q=question: house.index.search(q.request, LEXICON))
                environ = _environ(list(parameters(question.request)))
                spent_whole, (status, body) = _timed(
                    lambda environ=environ: _answered(app, environ)
                )
                if not status.startswith("200"):
                    raise SystemExit(f"{question}: {body.decode()}")
                if round_:
                    searched.append(spent)
                    whole.append(spent_whole)
        house.engine.dispose()
    return searched, whole


def _environ(asked: list[tuple[str, str]]) -> dict[str, Any]:
    """A request as a server hands it over."""
    return EnvironBuilder("/api/v1/search", query_string=urlencode(asked)).get_environ()


def _answered(app: Flask, environ: dict[str, Any]) -> tuple[str, bytes]:
    """The status and the whole body of an answer."""
    said: list[str] = []
    parts = app(environ, lambda status, _headers, _error=None: said.append(status) or said.append)
    return said[0], b"".join(parts)


def _timed(work: Any) -> tuple[float, Any]:
    begun = time.perf_counter_ns()
    result = work()
    return (time.perf_counter_ns() - begun) / 1e6, result


def _house(data: Path, folder: Path) -> House:
    settings = Settings(
        _env_file=None,
        data_dir=data,
        timezone=ZONE,
        now=NOW.strftime("%Y-%m-%dT%H:%M"),
        secret_key="bench",
    )
    engine = make_engine(settings.database)
    upkeep.migrate(engine)
    with unit_of_work(engine) as db:
        topics.load_shipped(db, now=settings.clock())
        db.add_all(District(key=key, names={"es": key}) for key in DISTRICTS)
    return House(settings, engine, Index(folder), Plain(settings.currency))


def parameters(request: SearchRequest) -> Iterator[tuple[str, str]]:
    """A request as an address says it."""
    yield "lang", request.ui_language
    if request.ask:
        yield "q", _text(request.ask)
    for name in ("district", "format", "topic", "access"):
        yield from ((name, value) for value in getattr(request, name))
    if request.price_max is not None:
        yield "price_max", f"{request.price_max:g}"
    if request.near:
        yield "near", f"{request.near.lat},{request.near.lon}"
        yield "within", f"{request.near.within:g}"
    yield from (("day", list(Day)[day].value) for day in request.day)
    if request.after is not None:
        yield "after", f"{request.after // 60:02d}:{request.after % 60:02d}"


def _text(ask: Ask) -> str:
    needed = [" OR ".join(map(_written, group)) for group in ask.needed]
    return " ".join((*needed, *(f"-{_written(piece)}" for piece in ask.excluded)))


def _written(piece: Piece) -> str:
    return f'"{piece.text}"' if piece.phrase else piece.text
