"""Error pages. Each shows where to get help, and nothing in sending one can fail.

Each page is rendered and compressed once, at startup, and kept as bytes; an error only picks one. If even that fails, the
last resort is sent: a plain string, also built at startup.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from gettext import NullTranslations
from pathlib import Path
from typing import cast
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g, render_template, request
from markupsafe import escape
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WSGIResponse

from signpost.i18n.languages import ENGLISH, KNOWN, Language
from signpost.i18n.locales import Locale, current_locale, language_of, use_locale
from signpost.models.files import atomic_write
from signpost.models.text import in_order
from signpost.web.compression import coding_for
from signpost.web.padding import brotli_parts, gzip, join_brotli

_HTML = "text/html; charset=utf-8"

#: Every error status that nginx may send by itself.
EDGE_STATUSES = (400, 403, 404, 405, 408, 411, 412, 413, 414, 421, 429, 431, 500, 501, 502, 503, 504, 505)


#: Statuses for which ``_words`` has a text of their own. Other errors get the page for 400 or 500.
_STATUSES_WITH_WORDS = (400, 404, 405, 429, 500)


class ErrorPages:
    """Answers every error of an app with a page that shows where to get help.

    Args:
        app: the app, with its locales and templates set up.
    """

    def __init__(self, app: Flask) -> None:
        self._app = app
        locales: dict[Language, Locale] = app.extensions["locales"]
        self._pages = {
            language: {
                status: _in_each_coding(render_error_page(app, status, language).encode())
                for status in _STATUSES_WITH_WORDS
            }
            for language in locales
        }
        self._last_resort = {language: last_resort(each).encode() for language, each in locales.items()}

    def init_app(self) -> None:
        """Registers the error handlers. In debug mode, unexpected exceptions reach the debugger instead."""
        self._app.register_error_handler(HTTPException, self._answer)
        self._app.after_request(self._replace_other_errors)

    def for_status(self, status: int) -> Response:
        """The page for an HTTP status, in the language of the request and in a coding that its browser takes."""
        pages = self._pages[language_of(request.environ)]
        in_coding = pages.get(status) or pages[500 if status >= 500 else 400]
        coding = coding_for(request.accept_encodings)
        response = Response(in_coding[coding], status, content_type=_HTML)
        if coding:
            response.content_encoding = coding
        return response

    def last_resort_layer(self, app: WSGIApplication) -> WSGIApplication:
        """A WSGI layer that sends the last resort if the layers inside it raise an exception."""

        def layer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            try:
                return app(environ, start_response)
            # Catch SystemExit too: the worker would survive it, and the visitor would get a blank page.
            except BaseException:
                if self._app.debug:
                    raise
                headers = [("Content-Type", _HTML), ("Cache-Control", "no-store")]
                start_response("500 Internal Server Error", headers)
                with suppress(Exception):  # logging may fail; the help is still sent
                    self._app.log_exception(sys.exc_info())
                return [self._last_resort[language_of(environ)]]

        return layer

    def _answer(self, error: HTTPException) -> WSGIResponse:
        status = error.code or 500
        response = self.for_status(status)
        if allowed := getattr(error, "valid_methods", None):
            response.headers["Allow"] = ", ".join(sorted(allowed))
        if seconds := getattr(error, "retry_after", None):
            response.headers["Retry-After"] = str(seconds)
        return response

    def _replace_other_errors(self, response: Response) -> Response:
        """Replaces errors that a view returns without raising, such as the 412 of a static file."""
        if response.status_code < 400 or response.mimetype == "text/html":
            return response
        return self.for_status(response.status_code)


def _in_each_coding(page: bytes) -> dict[str | None, bytes]:
    """A page plain and compressed, by coding. Not padded: its length reveals only which error it is."""
    return {None: page, "br": join_brotli(brotli_parts(page, ()), ()), "gzip": gzip(page, ())}


def render_error_page(app: Flask, status: int, language: Language = ENGLISH, *, static: bool = False) -> str:
    """The error page for an HTTP status, as HTML.

    Args:
        app: the app.
        status: the HTTP status.
        language: the language of the page.
        static: make it for a static site.
    """
    minutes = -(-app.config["SIGNPOST"].rate_limit_window // 60)
    with use_locale(app, language):
        g.static = g.timeless = static
        heading, words = _words(current_locale().marked.translations, status, minutes)
        # Rendered under the start page's URL, so omit its hreflang links.
        return render_template("pages/failure.html", heading=heading, words=words, alternates=())


def _words(say: NullTranslations, status: int, minutes: int) -> tuple[str, str]:
    """The heading of the error page for an HTTP status, and the text below it.

    Args:
        say: the translations of the page's language.
        status: the HTTP status.
        minutes: how many minutes to wait after too many requests.
    """
    match status:
        case 404:
            return (
                say.gettext("We can’t find that page"),
                say.gettext("The address may be old or incomplete. The numbers below still work."),
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


def last_resort(locale: Locale) -> str:
    """The page for when picking an error page fails: the essential numbers as plain HTML that loads nothing."""
    say, content = locale.translations, locale.content
    heading, _ = _words(say, 500, 1)
    numbers = "".join(
        f'<p>{escape(each.for_whom)}: <a href="{contact.href}">{escape(route.name)}, {escape(in_order(contact.text, locale.language.rtl))}</a>.'
        for each in content.emergency.essentials
        for route in [content.directory.routes[each.route]]
        for contact in [route.primary_contact]
    )
    # Always first, whatever the content says.
    danger = say.gettext("In danger now? In the UK call 999.")
    abroad = say.gettext("Outside the UK these numbers do not work. Call the local emergency number.")
    return (
        f"<!doctype html><html lang={locale.language.tag}{' dir=rtl' if locale.language.rtl else ''}><meta charset=utf-8>"
        f'<meta name=viewport content="width=device-width"><title>{heading}</title>'
        f"<h1>{heading}</h1><p>{danger}{numbers}<p>{abroad}"
    )


def export_error_pages(app: Flask, folder: Path) -> None:
    """Writes what nginx sends by itself: error pages and fingerprinted static files.

    Writes one error page per status and language. Fingerprinted files may be cached for ever; older versions
    stay for pages that are still open. Each file is replaced atomically, so nginx can go on serving meanwhile.

    Raises:
        OSError: a file cannot be written.
    """
    for language in KNOWN.values():
        shown = language if language in app.extensions["locales"] else ENGLISH
        for status in EDGE_STATUSES:
            file = folder / language.root.strip("/") / f"{status}.html"
            atomic_write(file, render_error_page(app, status, shown).encode())
    for name, address in cast("dict[str, str]", app.jinja_env.globals["asset"]).items():
        path, _, fingerprint = address.partition("?v=")
        content = Path(app.static_folder or "", name).read_bytes()
        atomic_write(folder / "marked" / fingerprint / path.lstrip("/"), content)
