"""Failure pages: help on every one, and nothing in them that can fail in turn.

Each page is made once, at the start, and kept as bytes; a failure only picks one. Under them lies a
plain string, made at the start too, for a fault in this module itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, Response
from markupsafe import escape
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WSGIResponse

from signpost.guide import Guide

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_HTML = "text/html; charset=utf-8"

_WORDS = {
    404: ("We can’t find that page", "The address may be old or not whole. The numbers below still work."),
    405: ("That did not work", "This page can only be opened, not sent to."),
    429: ("Please wait a moment", "There were very many visits from where you are. Try again {wait}."),
}
_OTHER_REFUSED = ("We could not read that", "Something in the address or the request was not right.")
_OTHER_BROKEN = ("Something went wrong here", "It is our fault, not yours. Try again in a minute.")

#: Said first in the last resort, whatever the content says.
_BARE = "In danger now? In the UK call 999."


def last_resort(guide: Guide) -> str:
    """What is shown if even picking a finished page fails: the essential numbers, and nothing to load."""
    heading = _OTHER_BROKEN[0]
    numbers = "".join(
        f"<p>{escape(each.for_whom)}: {escape(route.name)}, {escape(route.contacts[0].text)}."
        for each in guide.emergency.essentials
        for route in [guide.directory.routes[each.route]]
    )
    return (
        f"<!doctype html><html lang=en-GB><meta charset=utf-8><title>{heading}</title>"
        f"<h1>{heading}</h1><p>{_BARE}{numbers}<p>Outside the UK these numbers do not work. Call the local emergency number."
    )


def page(app: Flask, status: int) -> str:
    """The failure page for one HTTP status, as HTML. Needs no request."""
    heading, words = _WORDS.get(status, _OTHER_REFUSED if status < 500 else _OTHER_BROKEN)
    minutes = -(-app.config["SIGNPOST"].rate_limit_window // 60)
    wait = "in a minute" if minutes == 1 else f"in {minutes} minutes"
    template = app.jinja_env.get_template("pages/failure.html")
    return template.render(status=status, heading=heading, words=words.format(wait=wait))


def handle(app: Flask) -> None:
    """Answers every error of the app with its failure page, and a failure of that with the last resort."""
    finished = {
        status.value: page(app, status.value).encode() for status in HTTPStatus if status.value >= 400
    }

    def answer(error: HTTPException) -> WSGIResponse:
        status = error.code or 500
        body = finished.get(status) or finished[500 if status >= 500 else 400]
        response = Response(body, status, content_type=_HTML)
        if allowed := getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(sorted(allowed))
        if seconds := getattr(error, "retry_after", None):
            response.headers["Retry-After"] = str(seconds)
        return response

    app.register_error_handler(HTTPException, answer)

    @app.after_request
    def help_with_every_error(response: Response) -> Response:
        """Puts the page in place of an error that a file's own conditions make (a 412, say)."""
        if response.status_code < 400 or response.mimetype == "text/html":
            return response
        return Response(finished[response.status_code], response.status_code, content_type=_HTML)

    last = last_resort(app.extensions["guide"]).encode()
    inner = app.wsgi_app

    def with_last_resort(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return inner(environ, start_response)
        except BaseException:  # a SystemExit would end no process here, only leave the visitor without help
            headers = [("Content-Type", _HTML), ("Cache-Control", "no-store")]
            start_response("500 Internal Server Error", headers)
            with suppress(Exception):  # a broken log must not take the help away
                app.log_exception(sys.exc_info())
            return [last]

    app.wsgi_app = with_last_resort  # type: ignore[method-assign]
