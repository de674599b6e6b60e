"""Networks: which numbers stand for a machine that anybody on the Internet may ask."""

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Number = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Written out, as what the standard library counts as global differs from version to version.
_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
            "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
            "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            # Answers every virtual machine of one cloud about itself.
            "168.63.129.16/32",
        ),
    )
)  # fmt: skip
_UNICAST_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    map(
        IPv6Network,
        # Protocol assignments with Teredo and ORCHID, documentation, 6to4, documentation.
        ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48"),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
# An interface that tunnels to the IPv4 address in its last four bytes.
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})


def is_public(number: Number) -> bool:
    """Whether a number is of the public Internet, through whichever translation."""
    if isinstance(number, IPv4Address):
        return number.is_global and not any(number in network for network in _NOT_PUBLIC_4)
    inner = _inner(number)
    if inner is not None:
        return is_public(inner)
    if number.scope_id or number not in _UNICAST_6 or not number.is_global:
        return False
    if (int(number) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    return not any(number in network for network in _NOT_PUBLIC_6)


def read(text: str) -> tuple[Network, ...]:
    """Networks joined by commas.

    Raises:
        ValueError: one of them is none.
    """
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def is_among(number: Number, networks: Sequence[Network]) -> bool:
    """Whether a number lies in one of some networks."""
    return any(number in network for network in networks)


def number(text: str) -> Number:
    """The number a resolver answered with.

    Raises:
        ValueError: it is none.
    """
    return ip_address(text)


def _inner(number: IPv6Address) -> IPv4Address | None:
    """The IPv4 address a translated one leads to."""
    if number.ipv4_mapped is not None:
        return number.ipv4_mapped
    if number in _NAT64:
        return IPv4Address(int(number) & 0xFFFFFFFF)
    return None
