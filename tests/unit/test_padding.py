"""Padding: every decoder reads the same body with it."""

from __future__ import annotations

import gzip
import random
import zlib

import brotli
import pytest

from signpost.web import padding

_RNG = random.Random(4)


def texts() -> list[bytes]:
    """Bodies of many lengths, some that compress well and some that do not."""
    words = [b"one ", b"two ", b"three ", b"999 "]
    mixed = [b"".join(_RNG.choices(words, k=_RNG.randrange(1, 3000))) for _ in range(12)]
    return [*mixed, b"", b"x", _RNG.randbytes(3000), b"<p>" * 60_000]


@pytest.mark.parametrize("step", [2, 7, 255, 1024, 20_000])
def test_every_decoder_reads_the_body_that_was_padded(step):
    lengths = range(step, 200_000, step)
    for body in texts():
        packed = padding.join_brotli(padding.brotli_parts(body, [len(body) // 3]), lengths)
        assert len(packed) in lengths
        assert brotli.decompress(packed) == body
        # Byte by byte, as a body may come over a slow line; and nothing stands behind the end.
        decoder = brotli.Decompressor()
        assert b"".join(decoder.process(packed[at : at + 1]) for at in range(len(packed))) == body
        assert decoder.is_finished()

        packed = padding.gzip(body, lengths)
        assert len(packed) in lengths
        assert gzip.decompress(packed) == body
        unzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
        assert b"".join(unzip.decompress(packed[at : at + 1]) for at in range(len(packed))) == body
        assert unzip.eof
        assert unzip.unused_data == b""

        padded = padding.plain(body, lengths)
        assert len(padded) in {0, *lengths}
        assert padded.rstrip(b"\n") == body.rstrip(b"\n")


@pytest.mark.parametrize(
    ("length", "least", "filled"),
    [
        (0, 0, 10),
        (9, 0, 1),
        (10, 0, 0),
        (11, 0, 9),
        (19, 0, 1),
        (20, 6, 0),
        (14, 6, 6),
        (15, 6, 0),
        (21, 0, 0),
    ],
)
def test_a_body_is_filled_to_the_next_length_and_a_longer_one_is_left(length, least, filled):
    assert padding.room(length, (10, 20), least) == filled


def test_every_length_of_filling_is_what_it_says():
    """From none to several blocks: where one block is full another begins."""
    for length in range(1600):
        filled = padding._metadata(length)
        assert len(filled) == length
        empty = brotli.Compressor(lgwin=16)
        assert brotli.decompress(empty.process(b"x") + empty.flush() + filled + b"\x03") == b"x"


def test_bodies_that_begin_alike_share_their_first_part():
    """So prerendered pages can keep it once."""
    head = b"<style>" + b"".join(b"a%d{color:red}" % number for number in range(300))
    (one, its_rest), (other, _) = (
        padding.brotli_parts(head + rest, [len(head)]) for rest in (b"x" * 999, b"<p>y")
    )
    assert one == other
    assert brotli.decompress(padding.join_brotli((other, its_rest), ())) == head + b"x" * 999
