"""Gives pages one of few lengths, so that the length of an answer does not tell which page it is.

TLS hides what a page says, but not how long it is. So a page is filled up, and the filling goes where every
decoder skips it: a page that is unpacked is the same with it and without.

This module knows nothing of the web. docs/decisions/0018 has the figures behind the lengths.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import brotli

#: The lengths that a compressed page may have, by its coding; a longer one is sent as it is. `make bench ARGS=lengths` shows
#: what these tell and cost, and others would.
LENGTHS = {"br": (5888, 9216, 12_288), "gzip": (6656, 9728, 12_288)}
#: Those of a page that is not compressed. Hardly any browser asks for one.
PLAIN_LENGTHS = (20_480, 32_768)

#: The window of brotli, as a power of 2: no page is longer, and each thread that compresses keeps one.
_WINDOW = 16
_END_OF_BROTLI = b"\x03"
_GZIP_HEAD = 10
_GZIP_HAS_EXTRA = 4
_GZIP_EXTRA_HEAD = 6


def room(length: int, lengths: Sequence[int], least: int = 0) -> int:
    """How many bytes a body of this length needs to have one of ``lengths``; none where it is longer than all.

    Args:
        length: the length.
        lengths: the lengths it may have, the shortest first.
        least: the fewest bytes, other than none, that can be filled.
    """
    return next((each - length for each in lengths if each == length or each >= length + least), 0)


def plain(body: bytes, lengths: Sequence[int] = PLAIN_LENGTHS) -> bytes:
    """A text with line ends behind it, which mean nothing in HTML."""
    return body + b"\n" * room(len(body), lengths)


def compressed(body: bytes, coding: str, quality: int, lengths: Sequence[int]) -> bytes:
    """A body in a content coding, filled up to one of ``lengths``.

    Args:
        body: the body.
        coding: ``br`` or ``gzip``.
        quality: how hard to try: to 11 for ``br``, to 9 for ``gzip``.
        lengths: the lengths, the shortest first; empty for no filling.
    """
    return _brotli(body, quality, lengths) if coding == "br" else _gzip(body, quality, lengths)


def _brotli(body: bytes, quality: int, lengths: Sequence[int]) -> bytes:
    """Brotli, with blocks of metadata before its end (RFC 7932, section 9.2)."""
    compressor = brotli.Compressor(quality=quality, lgwin=_WINDOW)
    # Flushed, it ends at a whole byte, and the block that is marked as the last is still to come.
    packed: bytes = compressor.process(body) + compressor.flush()
    return packed + _metadata(room(len(packed) + len(_END_OF_BROTLI), lengths)) + _END_OF_BROTLI


def _metadata(length: int) -> bytes:
    """Blocks of metadata that take ``length`` bytes together, their own heads included.

    A head is, from its lowest bit: 0 for a block that is not the last, 11 for metadata, 0, then in two bits
    how many bytes tell its size, and the size less one.
    """
    blocks = b""
    while length > 2:
        size = min(length - 2, 256)
        blocks += (0b01_0110 | (size - 1) << 6).to_bytes(2, "little") + bytes(size)
        length -= 2 + size
    return blocks + b"\x06" * length  # an empty block takes one byte


def _gzip(body: bytes, quality: int, lengths: Sequence[int]) -> bytes:
    """gzip, with an extra field in its head (RFC 1952, section 2.3.1.1)."""
    compressor = zlib.compressobj(quality, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    packed = compressor.compress(body) + compressor.flush()
    extra = room(len(packed), lengths, least=_GZIP_EXTRA_HEAD)
    if not extra:
        return packed
    size = extra - _GZIP_EXTRA_HEAD
    # The length of the field; then one subfield, with a name of two letters and a length of its own.
    field = (size + 4).to_bytes(2, "little") + b"SP" + size.to_bytes(2, "little") + bytes(size)
    return packed[:3] + bytes([_GZIP_HAS_EXTRA]) + packed[4:_GZIP_HEAD] + field + packed[_GZIP_HEAD:]
