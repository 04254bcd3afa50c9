"""The WSGI layers around the app."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from signpost.security.headers import Headers
from signpost.security.logs import RequestCounter

#: A function that wraps an app, or another layer.
Layer = Callable[[WSGIApplication], WSGIApplication]


def wrap(app: Flask, layers: Sequence[Layer]) -> None:
    """Wraps the app in layers. A request passes through them in the order of the list."""
    for layer in reversed(layers):
        app.wsgi_app = layer(app.wsgi_app)  # type: ignore[method-assign, assignment]


def trust_proxies(config: Config) -> Layer:
    """The layer that takes the visitor's IP address and scheme from the headers of trusted proxies."""
    hops = config.trusted_proxies
    # Trust only the nearest proxy for the scheme: it replaces what was sent before it.
    return lambda app: ProxyFix(app, x_for=hops, x_proto=1) if hops else app


#: The longest value of each that is read. Browsers send far shorter ones, and parsing 16 KB takes ten milliseconds.
_LONGEST = {"QUERY_STRING": 2_000, "HTTP_ACCEPT_ENCODING": 500, "HTTP_IF_NONE_MATCH": 500}
#: Accept-Encoding as RFC 9110 (section 12.5.3) has it, with a weight as the only parameter. Werkzeug skips a weight that
#: is written in any other way, such as "br;q = 0", so it would read that refusal as a wish.
_CODINGS = re.compile(
    r"(?:[a-z0-9*-]+(?:[ \t]?;[ \t]?q=[01](?:\.[0-9]{0,3})?)?(?:,[ \t]?|\Z))*", re.IGNORECASE
)


def ignore_unreadable(app: WSGIApplication) -> WSGIApplication:
    """A layer that drops a query or a header that is too long to be a browser's, or may not mean what we read in it."""

    def layer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for name, longest in _LONGEST.items():
            if len(environ.get(name, "")) > longest:
                environ[name] = ""
        if not _CODINGS.fullmatch(environ.get("HTTP_ACCEPT_ENCODING", "")):
            environ["HTTP_ACCEPT_ENCODING"] = ""  # the client gets a plain body
        return app(environ, start_response)

    return layer


def count_requests(app: Flask) -> Layer:
    """The layer that counts responses by status class, for one log line each minute."""

    def layer(inner: WSGIApplication) -> WSGIApplication:
        app.extensions["request_counter"] = RequestCounter(inner)
        return app.extensions["request_counter"]  # type: ignore[no-any-return]

    return layer


def add_headers(config: Config, fingerprinted: Collection[str], style: str) -> Layer:
    """The layer that adds the security and caching headers to every response.

    Args:
        config: the settings.
        fingerprinted: the URLs of static files with a fingerprint, which may be cached for ever.
        style: the CSP source expression of the stylesheet that is inlined in the pages.
    """
    https = config.base_url.startswith("https://")
    return lambda app: Headers(app, fingerprinted, style=style, https=https)
