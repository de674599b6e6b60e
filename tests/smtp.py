"""A small SMTP server on this machine: it takes mails, or refuses them as it is told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class Server:
    """What has arrived, and how it answers.

    Attributes:
        arrived: mails with their recipients, in order.
        refuse: recipient to the reply it gets instead of an OK.
        log: what clients said, passwords and content left out.
    """

    address: tuple[str, int] = ("", 0)
    arrived: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    hang_up: bool = False

    @property
    def url(self) -> str:
        """Its address as a setting."""
        return f"smtp://{self.address[0]}:{self.address[1]}"


@contextmanager
def serving() -> Iterator[Server]:
    """A server for as long as a test lasts."""
    state = Server()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _talk(self, state)

    class Listener(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Listener(("127.0.0.1", 0), Session) as listener:
        state.address = listener.server_address  # type: ignore[assignment]
        thread = threading.Thread(target=listener.serve_forever, daemon=True)
        thread.start()
        yield state
        listener.shutdown()
        thread.join()


def _talk(session: socketserver.StreamRequestHandler, state: Server) -> None:
    def say(line: str) -> None:
        session.wfile.write(f"{line}\r\n".encode())

    recipients: list[str] = []
    say("220 here")
    while line := session.rfile.readline().decode().strip():
        verb = line.split(" ")[0].upper()
        state.log.append(line)
        match verb:
            case "EHLO":
                say("250-here\r\n250 8BITMIME")
            case "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                answer = state.refuse.get(to, "250 fine")
                if answer.startswith("250"):
                    recipients.append(to)
                say(answer)
            case "DATA":
                say("354 go on")
                body = _body(session)
                if state.hang_up:
                    return  # after taking it, before saying so
                state.arrived.append(
                    (list(recipients), message_from_bytes(body, policy=policy.default))  # type: ignore[arg-type]
                )
                recipients.clear()
                say("250 taken")
            case "RSET":
                recipients.clear()
                say("250 fine")
            case "QUIT":
                say("221 bye")
                return
            case _:
                say("250 fine")


def _body(session: socketserver.StreamRequestHandler) -> bytes:
    lines = []
    while (line := session.rfile.readline()) != b".\r\n":
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)
