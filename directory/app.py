"""The application: a city's house with pages and JSON around it."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Flask, Request, Response, request
from flask.json.provider import JSONProvider
from flask_compress import Compress
from werkzeug.routing import BaseConverter, ValidationError
from werkzeug.sansio.utils import host_is_trusted

from directory import failures, languages
from directory.api import API_BLUEPRINTS
from directory.edge import access, locale, sessions, shared, throttle
from directory.edge.house import House, close_db
from directory.edge.house import house as current_house
from directory.edge.speech import get_locale
from directory.services.bulk import keeping
from directory.settings import Settings
from directory.web import BLUEPRINTS
from directory.web.bulk import BULK_BLUEPRINTS
from directory.web.cases import CASE_BLUEPRINTS
from directory.web.desk import DESK_BLUEPRINTS
from directory.web.drafts import DRAFT_BLUEPRINTS
from directory.web.page import page, stylesheet_digests

_HERE = Path(__file__).parent
MOST_BYTES = 2 * 1024 * 1024
# A file and the form around it; what is a little larger still gets a page that says so.
MOST_UPLOADED = keeping.MOST_BYTES + 64 * 1024
MOST_TAKEN = 32 * 1024 * 1024


def create_app(settings: Settings | None = None, *, house: House | None = None) -> Flask:
    """An application on a city's settings, or on a house that is already open."""
    house = house or House.of(settings or Settings())
    root = shared.root()
    app = Flask(
        "directory",
        root_path=str(_HERE),
        template_folder=str(root / "templates"),
        static_folder=str(root / "static"),
    )
    app.request_class = Question
    app.extensions["vereda"] = house
    _configure(app, house, root)
    _speak(app)
    for part in (sessions, access, throttle):
        part.register(app)
    desk = (*DESK_BLUEPRINTS, *DRAFT_BLUEPRINTS, *CASE_BLUEPRINTS, *BULK_BLUEPRINTS)
    for blueprint in (*BLUEPRINTS, *desk, *API_BLUEPRINTS):
        app.register_blueprint(blueprint)
    failures.register(app)
    app.before_request(_refuse_strangers)
    app.teardown_appcontext(close_db)
    app.after_request(_protect)
    return app


class Question(Request):
    """A request, which may be larger where a file is sent."""

    @property
    def max_content_length(self) -> int | None:
        """The most bytes that are read of it."""
        return MOST_UPLOADED if self.endpoint == "imports.send" else super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value


class Json(JSONProvider):
    """Answers written and questions read by orjson."""

    def dumps(self, obj: Any, **_options: Any) -> str:
        """JSON text."""
        return orjson.dumps(obj, default=str).decode()

    def loads(self, s: str | bytes, **_options: Any) -> Any:
        """What JSON text means."""
        return orjson.loads(s)

    def response(self, *args: Any, **values: Any) -> Response:
        """An answer of one object."""
        obj = self._prepare_response_obj(args, values)
        written = orjson.dumps(obj, default=str, option=orjson.OPT_APPEND_NEWLINE)
        return Response(written, mimetype="application/json")


class LanguageConverter(BaseConverter):
    """The first part of every page's address: a language the interface speaks."""

    def to_python(self, value: str) -> str:
        """Only interface languages; anything else is no page."""
        if value not in languages.INTERFACE:
            raise ValidationError
        return value


def _configure(app: Flask, house: House, root: Path) -> None:
    app.config.update(
        SECRET_KEY=house.settings.signing_key(),
        MAX_CONTENT_LENGTH=MOST_BYTES,
        **shared.speech(root),
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_MIN_SIZE=400,
        COMPRESS_MIMETYPES=[
            "text/html", "text/css", "text/plain", "application/json", "application/geo+json",
            "application/problem+json", "text/javascript", "image/svg+xml",
        ],
        SEND_FILE_MAX_AGE_DEFAULT=86400,
    )  # fmt: skip
    app.json = Json(app)
    app.url_map.strict_slashes = False
    app.url_map.converters["lang"] = LanguageConverter
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    Compress(app)


def _speak(app: Flask) -> None:
    locale.babel.init_app(app, locale_selector=locale.tag)
    app.jinja_env.add_extension("jinja2.ext.i18n")

    @app.context_processor
    def frame() -> dict[str, Any]:
        return {"page": page(), "get_locale": get_locale}


def _refuse_strangers() -> Response | None:
    """Nothing is said under a name that is not ours, such as a link that leads elsewhere."""
    hosts = current_house().settings.hosts
    # Who asks after our health may know us by an address of the inner network only.
    if not hosts or request.endpoint == "home.healthz" or host_is_trusted(request.host, hosts):
        return None
    return Response("This site is not called that.\n", status=421, mimetype="text/plain")


def _protect(response: Response) -> Response:
    """Headers every answer carries."""
    tiles = _tile_host()
    policy = (
        "default-src 'none'; "
        f"style-src 'self' {stylesheet_digests()}; style-src-attr 'none'; script-src 'self'; "
        f"img-src 'self' data:{tiles}; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers["Permissions-Policy"] = "geolocation=(self), camera=(), microphone=()"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-cache" if request.method == "GET" else "no-store"
    return response


def _tile_host() -> str:
    parts = urlsplit(current_house().settings.tiles_url)
    return f" {parts.scheme}://{parts.netloc}" if parts.netloc else ""
