"""The WSGI layers around the app that protect visitors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from wsgiref.types import WSGIApplication

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from signpost.models.urls import BADGE, OPEN_DATA
from signpost.security.headers import A_WEEK, ASK_FIRST, Headers
from signpost.security.logs import RequestCounter

#: A function that wraps an app, or another layer.
Layer = Callable[[WSGIApplication], WSGIApplication]


def wrap(app: Flask, layers: Sequence[Layer]) -> None:
    """Wraps the app in layers; a request meets the first of them first."""
    for layer in reversed(layers):
        app.wsgi_app = layer(app.wsgi_app)  # type: ignore[method-assign, assignment]


def trust_proxies(config: Config) -> Layer:
    """The layer that takes the visitor's address and scheme from the proxies that the settings trust."""
    hops = config.trusted_proxies
    # The scheme comes from the last proxy alone, which replaces whatever was sent before it.
    return lambda app: ProxyFix(app, x_for=hops, x_proto=1) if hops else app


def count_requests(app: Flask) -> Layer:
    """The layer that counts answers by class of status, for one line in the log each minute."""

    def layer(inner: WSGIApplication) -> WSGIApplication:
        app.extensions["request_counter"] = RequestCounter(inner)
        return app.extensions["request_counter"]  # type: ignore[no-any-return]

    return layer


def add_headers(config: Config, fingerprinted: Collection[str], style: str) -> Layer:
    """The layer that adds the security and caching headers to every response.

    Args:
        config: the settings.
        fingerprinted: the addresses of static files that name their content, and so may be kept for ever.
        style: the source expression of the stylesheet in the pages.
    """
    https = config.base_url.startswith("https://")
    # Browsers ask for the data each time, so that a corrected number arrives at once. They keep the badge
    # for a week: the fewer requests for it, the less we learn of who reads a partner's page.
    shared = {OPEN_DATA: ASK_FIRST, BADGE: A_WEEK}
    return lambda app: Headers(app, fingerprinted, shared, style=style, https=https)
