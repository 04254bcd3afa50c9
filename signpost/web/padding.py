"""Gives pages one of few lengths, so that the length of an answer does not tell which page it is.

TLS hides what a page says, but not how long it is. So a page is filled up, and the filling goes where every
decoder skips it: a page that is unpacked is the same with it and without.

This module knows nothing of the web. docs/decisions/0018 has the figures behind the lengths.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise

import brotli

#: The lengths that a page may have, by its coding; a longer one is sent as it is. Hardly any browser asks for a page that
#: is not compressed. `make bench ARGS=lengths` shows what these tell and cost, and others would.
_LENGTHS = {"br": (5888, 9216, 12_288), "gzip": (6656, 9728, 12_288), "identity": (20_480, 36_864)}
#: Those of a result: without the first, which few results would have, and so would stand out.
_RESULT_LENGTHS = {coding: lengths[1:] for coding, lengths in _LENGTHS.items()}

#: The window of brotli, as a power of 2: no page is longer, and each thread that compresses keeps one.
_WINDOW = 16
#: Level 5 of brotli: 7 % smaller than 4, in 20 µs more.
_BROTLI_QUALITY, _GZIP_QUALITY = 5, 6
_END_OF_BROTLI = b"\x03"
_GZIP_HEAD = 10
_GZIP_HAS_EXTRA = 4
_GZIP_EXTRA_HEAD = 6

#: A body compressed by brotli, in parts and without its end.
BrotliParts = tuple[bytes, ...]


def room(length: int, lengths: Sequence[int], least: int = 0) -> int:
    """How many bytes a body of this length needs to have one of ``lengths``; none where it is longer than all.

    Args:
        length: the length.
        lengths: the lengths it may have, the shortest first.
        least: the fewest bytes, other than none, that can be filled.
    """
    return next((each - length for each in lengths if each == length or each >= length + least), 0)


def lengths_of(coding: str, *, result: bool) -> tuple[int, ...]:
    """The lengths that a page may have.

    Args:
        coding: its coding: ``br``, ``gzip`` or ``identity``.
        result: whether it is a result.
    """
    return (_RESULT_LENGTHS if result else _LENGTHS)[coding]


def plain(body: bytes, lengths: Sequence[int]) -> bytes:
    """A text with line ends behind it, which mean nothing in HTML."""
    return body + b"\n" * room(len(body), lengths)


def brotli_parts(body: bytes, seams: Iterable[int]) -> BrotliParts:
    """A body compressed by brotli, in parts and without its end.

    Bodies that have a part in common mostly have the same bytes for it here, so it can be kept once for all of them.
    For the first part that is certain. A later part also depends on what stands before it.

    Args:
        body: the body.
        seams: where to part it, in ascending order.
    """
    compressor = brotli.Compressor(quality=_BROTLI_QUALITY, lgwin=_WINDOW)
    # Flushed, each part ends at a whole byte, and the block that is marked as the last is still to come.
    return tuple(
        compressor.process(body[start:end]) + compressor.flush()
        for start, end in pairwise((0, *seams, len(body)))
    )


def join_brotli(parts: BrotliParts, lengths: Sequence[int]) -> bytes:
    """The parts as a whole stream, filled up to one of ``lengths`` (RFC 7932, section 9.2)."""
    missing = room(sum(map(len, parts)) + len(_END_OF_BROTLI), lengths)
    return b"".join((*parts, _metadata(missing), _END_OF_BROTLI))


def _metadata(length: int) -> bytes:
    """Blocks of metadata that take ``length`` bytes together, their own heads included.

    A head is, from its lowest bit: 0 for a block that is not the last, 11 for metadata, 0, then in two bits
    how many bytes tell its size, and the size less one.
    """
    full, rest = divmod(length, len(_FULL_BLOCK))
    # An empty block takes one byte.
    return _FULL_BLOCK * full + (_block(rest - 2) if rest > 2 else b"\x06" * rest)


def _block(size: int) -> bytes:
    """A block of metadata of 1 to 256 bytes, behind its head of two."""
    return (0b01_0110 | (size - 1) << 6).to_bytes(2, "little") + bytes(size)


#: Every prerendered page is filled up when it is sent, so this takes less than a microsecond.
_FULL_BLOCK = _block(256)


def gzip(body: bytes, lengths: Sequence[int]) -> bytes:
    """A body compressed by gzip, filled up to one of ``lengths`` in an extra field (RFC 1952, section 2.3.1.1)."""
    compressor = zlib.compressobj(_GZIP_QUALITY, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    packed = compressor.compress(body) + compressor.flush()
    extra = room(len(packed), lengths, least=_GZIP_EXTRA_HEAD)
    if not extra:
        return packed
    size = extra - _GZIP_EXTRA_HEAD
    # The length of the field; then one subfield, with a name of two letters and a length of its own.
    field = (size + 4).to_bytes(2, "little") + b"SP" + size.to_bytes(2, "little") + bytes(size)
    return packed[:3] + bytes([_GZIP_HAS_EXTRA]) + packed[4:_GZIP_HEAD] + field + packed[_GZIP_HEAD:]
