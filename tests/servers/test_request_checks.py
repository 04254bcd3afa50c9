"""Which requests Granian accepts, started as in deploy/signpost.service, with no edge in front."""

from __future__ import annotations

import socket

import pytest

HOST = b"Host: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture
def ask(serve):
    """Sends bytes to the site, and returns everything that it sends before it closes the connection."""
    site = serve(workers=1)

    def ask(sent: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", site.port), timeout=5) as connection:
            connection.sendall(sent)
            return connection.makefile("rb").read()

    return ask


def test_a_request_may_have_16_kb_before_its_body(ask):
    assert ask(b"GET / HTTP/1.1\r\nX-Large: " + b"x" * 15_000 + b"\r\n" + HOST).startswith(b"HTTP/1.1 200 ")
    refused = ask(b"GET / HTTP/1.1\r\nX-Large: " + b"x" * 17_000 + b"\r\n" + HOST)
    assert refused.startswith(b"HTTP/1.1 431 ")
    # An empty page, as docs/operating.md says; the edge replaces it with a page of help.
    assert b"content-length: 0" in refused


def test_a_large_body_is_refused_before_it_is_sent(ask, numbers):
    refused = ask(b"POST /check/ HTTP/1.1\r\nContent-Length: 99999999\r\n" + HOST)
    assert refused.startswith(b"HTTP/1.1 413 ")
    assert numbers["childline"].number.encode() in refused


@pytest.mark.parametrize("what", ["CONNECT localhost:80", "OPTIONS *", "GET http://evil.example/", "TRACE /"])
def test_odd_forms_of_a_request_are_answered(ask, what):
    answer = ask(what.encode() + b" HTTP/1.1\r\n" + HOST)
    assert answer[9:10] in b"234", answer
    assert b"evil" not in answer


def test_http_2_is_left_to_the_edge(ask):
    """Granian would accept 16 MB of headers over HTTP/2."""
    preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0])
    assert not ask(preface).startswith(b"\0\0")
