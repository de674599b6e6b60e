"""Backends: how mails leave the house, as files or over SMTP."""

import os
import smtplib
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask_mailman import EmailMessage
from flask_mailman.backends.base import BaseEmailBackend
from flask_mailman.backends.smtp import EmailBackend


class Files(BaseEmailBackend):  # type: ignore[misc]
    """One file a mail, for the owner's eyes only, named after the mail."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each into the outbox; whole or not at all."""
        folder = Path(self.mailman.file_path)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = message.extra_headers["X-Vereda-Mail"]
            fresh = folder / f".{name}"
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as f:
                f.write(message.message().as_bytes())
                f.flush()
                os.fsync(f.fileno())
            fresh.replace(folder / f"{name}.eml")
        return len(email_messages)


class Smtp(EmailBackend):  # type: ignore[misc]
    """SMTP that asks for the server's certificate after STARTTLS, which the library does not."""

    connection: Any

    def open(self) -> Any:
        """Connect, unless that is done."""
        if self.connection or not self.use_tls:
            return super().open()
        connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            connection.starttls(context=ssl.create_default_context())
            if self.username and self.password:
                connection.login(self.username, self.password)
        except BaseException:
            connection.close()
            raise
        self.connection = connection
        return True
