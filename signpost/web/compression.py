"""Sends each answer in a coding that the browser takes, and no page with a length of its own."""

from __future__ import annotations

from flask import Flask, Response, g, request
from werkzeug.datastructures import Accept

from signpost.web import padding

#: What gets smaller. Posters and pictures are compressed by themselves.
_TYPES = {
    "application/json",
    "application/xml",
    "image/svg+xml",
    "text/css",
    "text/html",
    "text/javascript",
    "text/plain",
}
#: Whatever is shorter fits into one packet anyway.
_LEAST = 500
#: The codings that are sent, the better one first.
CODINGS = ("br", "gzip")
#: Between these, many pages are the same (see ``seams``). All pages of a language are the same up to the end of the style,
#: and all paths to a result are the same between its heading and the questions that were answered.
_SEAMS = (
    b"</style>",
    b'<nav class="languages"',
    b"<main",
    b"<h1",
    b'<details class="change"',
    b"<footer",
)


def coding_for(accepted: Accept) -> str | None:
    """The coding that is wished for most, ``br`` before ``gzip``; None for none. One with ``q=0`` is never sent."""
    best = max((*CODINGS, "identity"), key=accepted.quality)
    return best if best in CODINGS and accepted.quality(best) > 0 else None


def _refuses_plain(accepted: Accept) -> bool:
    """Whether even a body without any coding is refused. Where nothing else can be sent, it is sent all the same."""
    return accepted.quality("identity") == 0 and any(name in ("identity", "*") for name in accepted.values())


def seams(body: bytes) -> list[int]:
    """Where to part a page, so that parts that it shares with other pages are kept once; nowhere if it is no page."""
    found = (body.find(each) for each in _SEAMS)
    return sorted(at for at in found if at > 0)


def compress_responses(app: Flask) -> None:
    """Compresses what gets smaller, and pads every page except error pages."""

    @app.after_request
    def compress(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Vary", "Accept-Encoding")
        if "Location" in headers:
            # The words of a redirect would tell the length of the address twice more.
            response.set_data(b"")
            return response
        # Error pages are compressed at the start, because floods are answered by them (errors.py).
        unfit = response.status_code >= 400 or response.mimetype not in _TYPES
        if unfit or "Content-Encoding" in headers:
            return response
        response.direct_passthrough = False  # or the bytes of a file could not be read here
        body, is_page = response.get_data(), response.mimetype == "text/html"
        accepted = request.accept_encodings
        coding = coding_for(accepted)
        lengths = padding.lengths_of(coding or "identity", result="is_result" in g) if is_page else ()
        if body and coding and (len(body) >= _LEAST or _refuses_plain(accepted)):
            # Pages hold no secret, so compressing them gives none away.
            if coding == "br":
                # Prerendering keeps the parts: they take less memory than what is sent.
                g.brotli_parts, g.lengths = padding.brotli_parts(body, seams(body)), lengths
                response.set_data(padding.join_brotli(g.brotli_parts, lengths))
            else:
                response.set_data(padding.gzip(body, lengths))
            response.content_encoding = coding
            _mark_coding(response, coding)
        elif body and is_page:
            response.set_data(padding.plain(body, padding.lengths_of("identity", result="is_result" in g)))
        return response


def _mark_coding(response: Response, coding: str) -> None:
    """Gives an answer that has a mark (ETag) another in each coding; and sends no copy of what the browser has."""
    mark, weak = response.get_etag()
    if mark:
        response.set_etag(f"{mark}:{coding}", weak=bool(weak))
        response.make_conditional(request)
