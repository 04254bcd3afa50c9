"""Padding: every decoder reads the same page with it, and no length belongs to one kind of page alone."""

from __future__ import annotations

import gzip
import random
import zlib

import brotli
import pytest
from flask.testing import FlaskClient

from signpost.models.urls import every_page
from signpost.web import padding
from tests.bench.lengths import questions, results, told
from tests.page import Page, unpacked
from tests.planting import site

LENGTHS = {**padding.LENGTHS, "identity": padding.PLAIN_LENGTHS}
#: A single kind in a group of two would stand out whenever the other can be ruled out.
FEWEST = 3
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
        packed = padding.compressed(body, "br", 5, lengths)
        assert len(packed) in lengths
        assert brotli.decompress(packed) == body
        # Byte by byte, as a body may come over a slow line; and nothing stands behind the end.
        decoder = brotli.Decompressor()
        assert b"".join(decoder.process(packed[at : at + 1]) for at in range(len(packed))) == body
        assert decoder.is_finished()

        packed = padding.compressed(body, "gzip", 6, lengths)
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


@pytest.fixture(scope="module")
def bilingual():
    return site(LANGUAGES="en cy", RATE_LIMIT="1000000 per minute")


@pytest.mark.parametrize("coding", LENGTHS)
@pytest.mark.parametrize("root", ["", "/cy"])
def test_no_length_belongs_to_one_kind_of_result_or_question(bilingual, root, coding):
    client = FlaskClient(bilingual, bilingual.response_class)

    def length(address: str) -> int:
        return len(client.get(root + address, headers={"Accept-Encoding": coding}).data)

    for kind in (results(bilingual), questions(bilingual)):
        found = told({address: length(address) for address in kind}, kind).kinds
        assert found.keys() <= set(LENGTHS[coding])
        assert {length: kinds for length, kinds in found.items() if len(kinds) < FEWEST} == {}


@pytest.mark.parametrize("coding", LENGTHS)
def test_every_page_is_padded_whoever_makes_it(app, content, coding):
    """With a query or without; but for lists of all there is, which are longer than anything else."""
    client = FlaskClient(app, app.response_class)
    asked = [
        *[each for each in every_page(content) if each != "/journey.svg"][::7],
        "/help/",
        "/check/?go=1",
        "/?utm_source=x",
    ]
    for address in asked:
        response = client.get(address, headers={"Accept-Encoding": coding})
        assert response.content_length == len(response.data)
        if len(response.data) not in LENGTHS[coding]:
            assert address in ("/help/", "/journey")
            assert len(response.data) > max(LENGTHS[coding])


def test_what_is_padded_is_the_same_page(app, content):
    """Of each coding, the same text; and white space behind a page is no fault in it."""
    client = FlaskClient(app, app.response_class)
    for address in [each for each in every_page(content) if each != "/journey.svg"][::25]:
        pages = {
            unpacked(client.get(address, headers={"Accept-Encoding": coding})).rstrip(b"\n")
            for coding in LENGTHS
        }
        assert len(pages) == 1, address
        Page(client.get(address).text).check()


def test_a_redirect_says_where_and_nothing_else(app, content):
    """Its words would have told the length of the address twice more."""
    client = FlaskClient(app, app.response_class)
    first = content.journey.questions[content.journey.first].answers[0].code
    for address in (f"/check/?go=1&answer={first}", "/check", "/help//"):
        response = client.get(address, headers={"Accept-Encoding": "br"})
        assert response.location
        assert response.data == b""
        assert response.content_length == 0
