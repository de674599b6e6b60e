"""Machines to be fetched from: what they answer is written by the test, and who came is counted."""

import datetime as dt
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from directory.services.fetching.policy import Policy

Answer = Callable[[bytes, socket.socket], None]


@dataclass
class Machine:
    """A listening machine on this one; every connection is counted, asked or not."""

    answer: Answer
    tls: ssl.SSLContext | None = None
    connections: int = 0
    asked: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def policy(self, **changes: object) -> Policy:
        """One that allows this machine, whatever it is called."""
        allowed = {
            "ports": frozenset({80, 443, self.port}),
            "allows": lambda number: number.is_loopback,
            "resolve": lambda _host, _port: ["127.0.0.1"],
            "seconds": 5.0,
        }
        return Policy(**{**allowed, **changes})  # type: ignore[arg-type]

    def url(self, page: str = "/", host: str = "feeds.city.org") -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{host}:{self.port}{page}"

    def close(self) -> None:
        with suppress(OSError):  # who waits for a caller is woken, and lets nobody in any more
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _from = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        with closing(line):
            try:
                if self.tls:
                    line = self.tls.wrap_socket(line, server_side=True)
                request = b""
                while b"\r\n\r\n" not in request and (piece := line.recv(4096)):
                    request += piece
                self.asked.append(request)
                self.answer(request, line)
                line.close()
            except OSError:
                return


def says(body: bytes = b"", status: str = "200 OK", **headers: str) -> Answer:
    """The same to everybody."""

    def answer(_request: bytes, line: socket.socket) -> None:
        lines = [f"HTTP/1.1 {status}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        line.sendall("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    return answer


def pages(**answers: Answer) -> Answer:
    """By page: ``/a`` is ``a``."""

    def answer(request: bytes, line: socket.socket) -> None:
        page = request.split(b" ")[1].decode().strip("/")
        answers[page](request, line)

    return answer


def certificate(folder: Path, name: str) -> Path:
    """Key and certificate of a machine that nobody but itself vouches for."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
