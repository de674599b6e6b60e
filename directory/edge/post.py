"""Post: takes mails out of the database, makes letters of them and hands them over, each once."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import formataddr
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, g, render_template
from flask_babel import force_locale
from flask_mailman import EmailMultiAlternatives
from flask_mailman import Mail as Mailman

from directory.database import reading, unit_of_work
from directory.edge import backends, letters, locale, shared
from directory.edge.house import House
from directory.edge.letters import Letter
from directory.errors import Misconfigured
from directory.models import Mail
from directory.services import mail as mails
from directory.services import upkeep
from directory.settings import Settings

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_PATIENCE = 30  # seconds
_PERMANENT = range(500, 600)


@dataclass
class Delivered:
    """What became of the mails that were due."""

    sent: int = 0
    failed: int = 0


@dataclass
class Post:
    """The post office of one house; any number of processes may have one."""

    house: House
    _app: Flask | None = field(default=None, init=False)

    @property
    def settings(self) -> Settings:
        """The city's."""
        return self.house.settings

    @cached_property
    def office(self) -> Flask:
        """An application that knows templates, languages and the way out, and no pages."""
        root = shared.root()
        app = Flask("directory.post", template_folder=str(root / "templates"))
        app.config.update(way_out(self.settings), **shared.speech(root))
        app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
        app.extensions["vereda"] = self.house
        locale.babel.init_app(app, locale_selector=locale.tag)
        app.jinja_env.add_extension("jinja2.ext.i18n")
        Mailman(app)
        return app

    def deliver(self) -> Delivered:
        """Send everything that is due; what fails is due again later."""
        done = Delivered()
        while mails_due := self._claim():
            with self.office.app_context():
                self._send(mails_due, done)
        return done

    def _claim(self) -> Sequence[Mail]:
        now = self.settings.clock()
        with reading(self.house.engine) as db:
            if not mails.is_waiting(db, now=now):
                return ()
        with unit_of_work(self.house.engine) as db:
            return mails.claim(db, now=now)

    def _send(self, due: Sequence[Mail], done: Delivered) -> None:
        with reading(self.house.engine) as db:
            names = upkeep.city_names(db)
        connection = self.office.extensions["mailman"].get_connection()
        try:
            for mail in due:
                trouble, final = self._hand_over(mail, names, connection)
                self._note(mail, trouble, final=final)
                done.failed += bool(trouble)
                done.sent += not trouble
        finally:
            _close(connection)

    def _hand_over(self, mail: Mail, names: dict[str, str], connection: Any) -> tuple[str, bool]:
        """Send one mail; what went wrong, without saying to whom, and whether it always will."""
        try:
            message = self._message(mail, names)
            message.connection = connection
            connection.open()
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = {code for code, _said in error.recipients.values()}
            return f"refused ({min(codes)})", all(code in _PERMANENT for code in codes)
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            return f"refused ({error.smtp_code})", error.smtp_code in _PERMANENT
        except smtplib.SMTPResponseException as error:
            return f"{type(error).__name__} ({error.smtp_code})", False
        except Misconfigured as error:
            return str(error), False
        except Exception as error:  # noqa: BLE001 - whatever it is, the mail is kept and tried again
            _close(connection)
            return (isinstance(error, OSError) and error.strerror) or type(error).__name__, False
        return "", False

    def _note(self, mail: Mail, trouble: str, *, final: bool) -> None:
        assert mail.id is not None  # noqa: S101 - it comes from the database
        with unit_of_work(self.house.engine) as db:
            if trouble:
                mails.failed(db, mail.id, trouble, final=final)
            else:
                mails.delivered(db, mail.id, now=self.settings.clock())

    def _message(self, mail: Mail, names: dict[str, str]) -> EmailMultiAlternatives:
        g.language = mail.language
        with force_locale(mail.language):
            city = names.get(mail.language) or next(iter(names.values()), self.settings.city_name)
            letter = letters.compose(mail, settings=self.settings, city=city)
            text = render_template("mail/letter.txt", letter=letter)
            html = render_template("mail/letter.html", letter=letter)
        message = EmailMultiAlternatives(
            " ".join(letter.subject.split()),
            text,
            formataddr((letter.site, sender(self.settings))),
            [mail.recipient],
            headers=_headers(mail, letter, self.settings),
        )
        message.attach_alternative(html, "text/html")
        return message


def way_out(settings: Settings) -> dict[str, Any]:
    """What the mail library has to know: a server, or a folder.

    Raises:
        Misconfigured: the address of the server cannot be meant.
    """
    url = settings.smtp_url.get_secret_value()
    if not url:
        return {"MAIL_BACKEND": backends.Files, "MAIL_FILE_PATH": str(settings.data_dir / "outbox")}
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Misconfigured(
            "VEREDA_SMTP_URL has to be like smtp+starttls://user:password@mail.example:587"
            f" (with {', '.join(_PORTS)})"
        )
    return {
        "MAIL_BACKEND": backends.Smtp,
        "MAIL_SERVER": parts.hostname,
        "MAIL_PORT": parts.port or _PORTS[parts.scheme],
        "MAIL_USERNAME": unquote(parts.username or "") or None,
        "MAIL_PASSWORD": unquote(parts.password or "") or None,
        "MAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "MAIL_USE_SSL": parts.scheme == "smtps",
        "MAIL_TIMEOUT": _PATIENCE,
    }


def sender(settings: Settings) -> str:
    """Whom mails come from."""
    host = urlsplit(settings.public_url).hostname or "localhost"
    return settings.mail_from or settings.contact_email or f"vereda@{host}"


def _headers(mail: Mail, letter: Letter, settings: Settings) -> dict[str, str]:
    """A second copy, sent after a crash, has the name of the first, so that it may be dropped."""
    host = sender(settings).rpartition("@")[2]
    name = f"{mail.id}-{int(mail.queued.timestamp())}-{mail.kind}"
    found = {
        "Message-ID": f"<{name}@{host}>",
        "X-Vereda-Mail": name,
        "Auto-Submitted": "auto-generated",
        "Content-Language": mail.language,
    }
    if letter.unsubscribe:
        found["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        connection.connection = None
