"""Compresses each response in a way that the browser accepts, and pads pages so that few lengths are left."""

from __future__ import annotations

from flask import Flask, Response, g, request
from werkzeug.datastructures import Accept

from signpost.web import padding

#: The media types that compression makes smaller. Posters (PDF) are compressed already.
_TYPES = {
    "application/atom+xml",
    "application/json",
    "application/xml",
    "image/svg+xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/javascript",
    "text/plain",
}
#: In bytes. A shorter body fits into one packet anyway, so it is sent plain.
_LEAST = 500
#: The codings that the site can send, the better one first. "Plain" below means without any.
CODINGS = ("br", "gzip")
#: Every page of one language is the same up to here: about half of the page.
_END_OF_STYLE = b"</style>"
#: The list of the questions that were answered, which only results have.
_ANSWERED = b'<details class="change"'
#: Where a result is cut. Pages that show the same outcome differ, by their path, in three parts only: the link to the other
#: language (from the first of these marks to the second), the link Back (second to third), and the list of answered questions
#: (fourth to fifth). Cut there, all the rest is kept once.
_SEAMS_OF_RESULT = (b'<nav class="languages"', b"<main", b"<h1", _ANSWERED, b"<footer")


def coding_for(accepted: Accept) -> str | None:
    """The coding to send: the one that the client prefers, and ``br`` if it has no preference; None for plain.

    A coding that the client refuses with ``q=0`` is never sent.
    """
    best = max((*CODINGS, "identity"), key=accepted.quality)
    return best if best in CODINGS and accepted.quality(best) > 0 else None


def _refuses_plain(accepted: Accept) -> bool:
    """Whether the client refuses a plain body. It gets one all the same if it accepts no coding that the site can send."""
    return accepted.quality("identity") == 0 and any(name in ("identity", "*") for name in accepted.values())


def seams(body: bytes) -> list[int]:
    """The positions at which to cut a page, in ascending order; empty for a file.

    ``prerender.py`` keeps a part that several pages share only once. Each cut makes a page about 30 bytes longer, so only
    results, of which there are thousands, are cut more than once.
    """
    found = (body.find(each) for each in (_END_OF_STYLE, *(_SEAMS_OF_RESULT if _ANSWERED in body else ())))
    return sorted(at for at in found if at > 0)


def compress_responses(app: Flask) -> None:
    """Compresses every response that gets smaller by it, and pads every page except error pages."""

    @app.after_request
    def compress(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Vary", "Accept-Encoding")
        if "Location" in headers:
            # A redirect's body would repeat the address, so its length would tell more of the address.
            response.set_data(b"")
            return response
        # Floods are answered with error pages, so errors.py compresses these once, at the start.
        unfit = response.status_code >= 400 or response.mimetype not in _TYPES
        if unfit or "Content-Encoding" in headers:
            return response
        response.direct_passthrough = False  # or the bytes of a file could not be read here
        body, accepted = response.get_data(), request.accept_encodings
        if not body:
            return response
        coding = coding_for(accepted) if len(body) >= _LEAST or _refuses_plain(accepted) else None
        is_page, is_result = response.mimetype == "text/html", "is_result" in g
        lengths = padding.lengths_of(coding or "identity", result=is_result) if is_page else ()
        # Compression can leak a secret that a page holds (the BREACH attack). Our pages hold none.
        if coding == "br":
            # Prerendering keeps the parts: they take less memory than what is sent.
            g.brotli_parts, g.lengths = padding.brotli_parts(body, seams(body)), lengths
            response.set_data(padding.join_brotli(g.brotli_parts, lengths))
        elif coding == "gzip":
            response.set_data(padding.gzip(body, lengths))
        else:
            response.set_data(padding.plain(body, lengths))
        if coding:
            response.content_encoding = coding
            _mark_coding(response, coding)
        return response


def _mark_coding(response: Response, coding: str) -> None:
    """Makes an ETag differ by coding, as HTTP demands. If the client has this very copy, it gets an empty 304 instead."""
    mark, weak = response.get_etag()
    if mark:
        response.set_etag(f"{mark}:{coding}", weak=bool(weak))
        response.make_conditional(request)
