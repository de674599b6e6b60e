"""Unpacking: what an answer weighs once it is unpacked, never more than is allowed."""

import zlib
from collections.abc import Callable

from directory.errors import NotFetched

_PIECE = 64 * 1024
# Either of the two wrappings that servers mean by “gzip” and “deflate”.
_WRAPPED = 47
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})


def body(read: Callable[[int], bytes], *, encoding: str, most: int, address: str) -> bytes:
    """The whole body, unpacked.

    Raises:
        NotFetched: it is packed in a way nobody asked for, broken, or too large.
    """
    wrapping = encoding.strip().lower()
    if wrapping in {"", "identity"}:
        return _plain(read, most, address)
    if wrapping not in _PACKED:
        raise NotFetched(address, "packed", wrapping)
    return _unpacked(read, most, address)


def _plain(read: Callable[[int], bytes], most: int, address: str) -> bytes:
    whole = bytearray()
    while piece := read(_PIECE):
        whole += piece
        if len(whole) > most:
            raise NotFetched(address, "too-large")
    return bytes(whole)


def _unpacked(read: Callable[[int], bytes], most: int, address: str) -> bytes:
    unpack = zlib.decompressobj(_WRAPPED)
    whole = bytearray()
    try:
        while piece := read(_PIECE):
            while piece:
                whole += unpack.decompress(piece, most + 1 - len(whole))
                if len(whole) > most:
                    raise NotFetched(address, "too-large")
                piece = unpack.unconsumed_tail
    except zlib.error:
        raise NotFetched(address, "packed", "gzip") from None
    if not unpack.eof:
        raise NotFetched(address, "cut-off")
    return bytes(whole)
