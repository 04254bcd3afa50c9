"""No response is in a coding that the browser refuses, and every response can be decoded."""

from __future__ import annotations

from itertools import product

import pytest
from flask.testing import FlaskClient

from signpost.models.urls import OPEN_DATA
from tests.page import unpacked
from tests.planting import site
from tests.states import some

#: One of each kind: a prerendered page, a page rendered on request, open data, a file, a short text.
ADDRESSES = ["/", "/?utm_source=x", OPEN_DATA, "/static/style.css", "/robots.txt", "/badge.svg"]
NAMES = ("br", "gzip", "identity", "*")
#: Each coding accepted, refused in two spellings, or not named, combined with each of the others.
HEADERS = [
    ", ".join(f"{name}{wish}" for name, wish in zip(NAMES, wishes, strict=True) if wish is not None)
    for wishes in product(("", ";q=0", "; q=0.000", None), repeat=len(NAMES))
]


def wish(header: str, coding: str) -> float:
    """The quality of a coding, by RFC 9110, section 12.5.3. ``identity`` is accepted unless the header refuses it."""
    named = {}
    for part in filter(None, (each.strip() for each in header.split(","))):
        name, _, quality = part.partition(";")
        named[name.strip()] = float(quality.partition("=")[2] or 1)
    return named.get(coding, named.get("*", 0.001 if coding == "identity" else 0))


@pytest.fixture(scope="module")
def client(unconfirmed):
    """The client of a site that has prerendered its first page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("signpost.web.prerender._MOST", 1)
        patch.setattr("signpost.web.prerender._minute", lambda: 30_000_000)
        app = site(RATE_LIMIT="100000000 per minute", CONTENT=unconfirmed)
        app.extensions["prerendered_pages"].render(30_000_000)
        yield FlaskClient(app, app.response_class)


@pytest.mark.slow
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_refused_coding_is_not_sent(client, address):
    plain = unpacked(client.get(address, buffered=True)).rstrip(b"\n")
    seen = set()
    for header in some(HEADERS, 5):
        response = client.get(address, headers={"Accept-Encoding": header}, buffered=True)
        sent = response.content_encoding or "identity"
        seen.add(sent)
        wishes = {coding: wish(header, coding) for coding in ("br", "gzip", "identity")}
        if any(wishes.values()):
            assert wishes[sent], (header, sent)
        else:
            assert sent == "identity", "everything is refused, so the response is not encoded"
        assert unpacked(response).rstrip(b"\n") == plain
        assert response.headers["Vary"] == "Accept-Encoding"
    assert seen == {"br", "gzip", "identity"}


@pytest.mark.parametrize(
    ("header", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("*", "br"),
        ("br;q=0.5, gzip", "gzip"),
        ("br;q=0", None),
        ("gzip;q=0", None),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, *", "gzip"),
        ("BR;Q=0, GZIP", "gzip"),
        ("identity, br;q=0.5", None),
        ("identity;q=0, *", "br"),
        ("br;q=zero, gzip;q=2", None),
        (";;,,=", None),
        ("zstd", None),
        ("", None),
        # Written so that a program could read a refusal as a wish.
        ("br ; q=0, gzip", "gzip"),
        ("br ; q = 0", None),
        ("br;q= 0", None),
        ("br;q =0, gzip", None),
        ("br;\tq=0", None),
        ("br;q=", None),
        ("br;q", None),
        ("br;q=00", None),
        ("br;level=1;q=0", None),
        ("br;q=0;level=1", None),
    ],
)
def test_the_preferred_coding_is_sent(client, header, sent):
    assert client.get("/", headers={"Accept-Encoding": header}).content_encoding == sent


def test_an_error_page_is_sent_compressed_and_was_compressed_before(client, monkeypatch):
    """Floods are answered by error pages, so compressing one for each would cost as much as a page."""
    plain = client.get("/no-such-page").data
    monkeypatch.setattr("signpost.web.padding.brotli", None)
    monkeypatch.setattr("signpost.web.padding.zlib", None)
    for coding in ("br", "gzip"):
        response = client.get("/no-such-page", headers={"Accept-Encoding": coding})
        assert (response.status_code, response.content_encoding) == (404, coding)
        assert unpacked(response) == plain
        assert len(response.data) < len(plain) / 2
