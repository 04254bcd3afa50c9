"""Failure pages: help on every one, and nothing in them that can fail in turn.

Each page is made once, at the start, and kept as bytes; a failure only picks one. Under them lies a
plain string, made at the start too, for a fault in this module itself.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from gettext import NullTranslations
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Flask, Response, render_template, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WSGIResponse

from signpost.editions import Edition, edition, speaking
from signpost.languages import ENGLISH, Language, split

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_HTML = "text/html; charset=utf-8"


def _words(say: NullTranslations, status: int, minutes: int) -> tuple[str, str]:
    """The heading of the failure page for an HTTP status, and what it says of the failure.

    Args:
        say: the translations of the page's language.
        status: the HTTP status.
        minutes: how long somebody is to wait who has asked for too much.
    """
    match status:
        case 404:
            return (
                say.gettext("We can’t find that page"),
                say.gettext("The address may be old or not whole. The numbers below still work."),
            )
        case 405:
            return say.gettext("That did not work"), say.gettext("This page can only be opened, not sent to.")
        case 429:
            many = say.gettext("There were very many visits from where you are.")
            wait = say.ngettext("Try again in a minute.", "Try again in %(num)s minutes.", minutes)
            return say.gettext("Please wait a moment"), f"{many} {wait % {'num': minutes}}"
        case _ if status < 500:
            return (
                say.gettext("We could not read that"),
                say.gettext("Something in the address or the request was not right."),
            )
    return (
        say.gettext("Something went wrong here"),
        say.gettext("It is our fault, not yours. Try again in a minute."),
    )


def last_resort(of: Edition) -> str:
    """What is shown if even picking a finished page fails: the essential numbers, and nothing to load."""
    say, guide = of.say, of.guide
    heading, _ = _words(say, 500, 1)
    numbers = "".join(
        f"<p>{escape(each.for_whom)}: {escape(route.name)}, {escape(route.contacts[0].text)}."
        for each in guide.emergency.essentials
        for route in [guide.directory.routes[each.route]]
    )
    # Said first, whatever the content says.
    danger = say.gettext("In danger now? In the UK call 999.")
    abroad = say.gettext("Outside the UK these numbers do not work. Call the local emergency number.")
    return (
        f"<!doctype html><html lang={of.language.tag}><meta charset=utf-8><title>{heading}</title>"
        f"<h1>{heading}</h1><p>{danger}{numbers}<p>{abroad}"
    )


def page(app: Flask, status: int, language: Language = ENGLISH) -> str:
    """The failure page for one HTTP status, as HTML; made as at the start, whatever is being asked for.

    Args:
        app: the app.
        status: the HTTP status.
        language: that of the page.
    """
    minutes = -(-app.config["SIGNPOST"].rate_limit_window // 60)
    with speaking(app, language):
        heading, words = _words(edition().say, status, minutes)
        # Made as if it were the start, it is no other form of it.
        return render_template(
            "pages/failure.html", status=status, heading=heading, words=words, alternates=()
        )


def handle(app: Flask) -> None:
    """Answers every error of the app with its failure page, and a failure of that with the last resort."""
    editions: dict[Language, Edition] = app.extensions["editions"]
    finished = {
        language: {
            status.value: page(app, status.value, language).encode()
            for status in HTTPStatus
            if status.value >= 400
        }
        for language in editions
    }

    def pages_here(environ: WSGIEnvironment) -> dict[int, bytes]:
        return finished[split(environ.get("PATH_INFO", ""), editions)[0]]

    def answer(error: HTTPException) -> WSGIResponse:
        status, pages = error.code or 500, pages_here(request.environ)
        body = pages.get(status) or pages[500 if status >= 500 else 400]
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
        return Response(
            pages_here(request.environ)[response.status_code], response.status_code, content_type=_HTML
        )

    last = {language: last_resort(each).encode() for language, each in editions.items()}
    inner = app.wsgi_app

    def with_last_resort(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return inner(environ, start_response)
        except BaseException:  # a SystemExit would end no process here, only leave the visitor without help
            headers = [("Content-Type", _HTML), ("Cache-Control", "no-store")]
            start_response("500 Internal Server Error", headers)
            with suppress(Exception):  # a broken log must not take the help away
                app.log_exception(sys.exc_info())
            return [last[split(environ.get("PATH_INFO", ""), editions)[0]]]

    app.wsgi_app = with_last_resort  # type: ignore[method-assign]
