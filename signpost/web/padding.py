"""Pads pages to one of a few lengths, so that the length of an encrypted response does not tell which page it is.

TLS hides what a page says, but not how long it is. The padding goes where every decoder skips it, so a page is the same with
padding and without once it is unpacked. The longest addresses are padded too, because a browser sends them encrypted as well.

This module knows nothing about requests. docs/decisions/0018 says how the lengths were chosen.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise

import brotli

#: The lengths in bytes that a page may have, by its coding ("identity" means not compressed). A page that is longer than all
#: of them is not padded. `make bench ARGS=lengths` compares these lengths with others: what they reveal, and what they cost.
_LENGTHS = {"br": (5888, 9216, 12_288), "gzip": (6656, 9728, 12_288), "identity": (20_480, 38_912)}
#: The lengths that a result may have. So few results would fit the first length that these would stand out.
_RESULT_LENGTHS = {coding: lengths[1:] for coding, lengths in _LENGTHS.items()}

#: Brotli's window is 2 to this power: 64 KB. No page is longer, and each thread that compresses keeps a window in memory.
_WINDOW = 16
#: Brotli's level 5 makes pages 7 % smaller than level 4 and takes 20 µs more.
_BROTLI_QUALITY, _GZIP_QUALITY = 5, 6
_END_OF_BROTLI = b"\x03"
_GZIP_HEAD = 10
_GZIP_HAS_EXTRA = 4
_GZIP_EXTRA_HEAD = 6

#: A body compressed by brotli, in parts and without its end.
BrotliParts = tuple[bytes, ...]


def room(length: int, lengths: Sequence[int], least: int = 0) -> int:
    """How many bytes to add to a body so that it has one of ``lengths``; 0 if it is longer than all of them.

    Args:
        length: the length of the body.
        lengths: the lengths to choose from, the shortest first.
        least: the fewest bytes that can be added, apart from none.
    """
    return next((each - length for each in lengths if each == length or each >= length + least), 0)


def lengths_of(coding: str, *, result: bool) -> tuple[int, ...]:
    """The lengths that a page may have.

    Args:
        coding: how it is compressed: ``br``, ``gzip`` or ``identity`` (not at all).
        result: whether it is a result.
    """
    return (_RESULT_LENGTHS if result else _LENGTHS)[coding]


def plain(body: bytes, lengths: Sequence[int]) -> bytes:
    """A page that is not compressed, padded with line ends after its text. They mean nothing in HTML."""
    return body + b"\n" * room(len(body), lengths)


def brotli_parts(body: bytes, seams: Iterable[int]) -> BrotliParts:
    """A body compressed by brotli, as several parts, without the byte that ends the stream.

    If two bodies have a part in common, its compressed bytes are mostly the same, so they can be kept once for both. The
    first part always has the same bytes. A later one may differ, because brotli refers back to what came before.

    Args:
        body: the body.
        seams: where to cut it, in ascending order.
    """
    compressor = brotli.Compressor(quality=_BROTLI_QUALITY, lgwin=_WINDOW)
    # After a flush a part ends at a whole byte, and the stream can go on.
    return tuple(
        compressor.process(body[start:end]) + compressor.flush()
        for start, end in pairwise((0, *seams, len(body)))
    )


def join_brotli(parts: BrotliParts, lengths: Sequence[int]) -> bytes:
    """The whole stream made of the parts, padded to one of ``lengths`` (RFC 7932, section 9.2)."""
    missing = room(sum(map(len, parts)) + len(_END_OF_BROTLI), lengths)
    return b"".join((*parts, _metadata(missing), _END_OF_BROTLI))


def _metadata(length: int) -> bytes:
    """Metadata blocks, which decoders skip, of ``length`` bytes in all, headers included.

    The bits of a header, the lowest first: 0 (not the last block), 11 (metadata), 0 (reserved), two bits for the number of
    bytes that hold the size, then the size minus one.
    """
    full, rest = divmod(length, len(_FULL_BLOCK))
    # An empty block is one byte: 0x06.
    return _FULL_BLOCK * full + (_block(rest - 2) if rest > 2 else b"\x06" * rest)


def _block(size: int) -> bytes:
    """A metadata block of 1 to 256 bytes, after a header of two bytes."""
    return (0b01_0110 | (size - 1) << 6).to_bytes(2, "little") + bytes(size)


#: Made once, because prerendered pages are padded when they are sent, and that should take less than a microsecond.
_FULL_BLOCK = _block(256)


def gzip(body: bytes, lengths: Sequence[int]) -> bytes:
    """A body compressed by gzip, padded to one of ``lengths`` by an extra field (RFC 1952, section 2.3.1.1)."""
    compressor = zlib.compressobj(_GZIP_QUALITY, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    packed = compressor.compress(body) + compressor.flush()
    extra = room(len(packed), lengths, least=_GZIP_EXTRA_HEAD)
    if not extra:
        return packed
    size = extra - _GZIP_EXTRA_HEAD
    # The length of the extra field; then one subfield: its two-letter name, its length, and zeros.
    field = (size + 4).to_bytes(2, "little") + b"SP" + size.to_bytes(2, "little") + bytes(size)
    return packed[:3] + bytes([_GZIP_HAS_EXTRA]) + packed[4:_GZIP_HEAD] + field + packed[_GZIP_HEAD:]


#: How many bits HTTP/2 takes for each character that our paths have (RFC 7541, appendix B). HTTP/1.1 takes eight.
_BITS = {
    **dict.fromkeys("012aceiost", 5),
    **dict.fromkeys("-/3456789bdfghlmnpru", 6),
    **dict.fromkeys("jkqvwxyz", 7),
    "?": 10,
    "+": 11,
}
#: A padded address has this many characters, or a multiple of it, and so many bits for each of them on average.
_ADDRESS, _BITS_EACH = 160, 6
_SHORT, _MIDDLE, _LONG = "a", "b", "z"


def address(path: str) -> str:
    """A path with a query that means nothing, so that it takes as many bytes as every other, over HTTP/1.1 and over HTTP/2.

    Args:
        path: a path without a query.
    """
    asked = f"{path}?"
    excess = sum(_BITS[each] - _BITS_EACH for each in asked)
    missing = -len(asked) % _ADDRESS
    # "+" has eleven bits, and each filling character can make up for one bit only.
    while abs(excess) > missing:
        missing += _ADDRESS
    return asked + (_SHORT if excess > 0 else _LONG) * abs(excess) + _MIDDLE * (missing - abs(excess))
