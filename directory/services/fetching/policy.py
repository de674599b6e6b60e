"""Policy: who may be asked, how long and how much; a test passes its own."""

import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from directory.services.fetching import networks
from directory.services.fetching.networks import Number
from directory.settings import Settings

MEGABYTE = 1024 * 1024
Resolve = Callable[[str, int], Sequence[str]]


def resolve(host: str, port: int) -> list[str]:
    """Every number a name has, as this machine's resolver says.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


@dataclass(frozen=True)
class Policy:
    """What may be fetched.

    Attributes:
        ports: doors that may be knocked at.
        allows: whether a machine of a number may be asked.
        own: the city has allowed addresses of its own network.
        resolve: from a name to numbers.
        tls: whose certificates are believed.
        most_bytes: of an answer, unpacked.
        most_head: bytes of the head of an answer.
        seconds: for everything, redirects included.
        redirects: how many are followed.
    """

    ports: frozenset[int] = frozenset({80, 443})
    allows: Callable[[Number], bool] = networks.is_public
    own: bool = False
    resolve: Resolve = resolve
    tls: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)
    most_bytes: int = 10 * MEGABYTE
    most_head: int = 64 * 1024
    seconds: float = 30.0
    redirects: int = 5

    @classmethod
    def of(cls, settings: Settings) -> "Policy":
        """What a city's settings allow."""
        own = networks.read(settings.fetch_networks)

        def allows(number: Number) -> bool:
            return networks.is_public(number) or networks.is_among(number, own)

        return cls(ports=settings.doors, allows=allows, own=bool(own))
