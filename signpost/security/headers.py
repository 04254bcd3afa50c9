"""The security and caching headers of every response."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_POLICY = {
    "Content-Security-Policy": (
        # connect-src: site.js fetches its own page again, and audit tools in the page read robots.txt.
        "default-src 'none'; script-src 'self'; style-src {style}; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "autoplay",
            "browsing-topics",
            "camera",
            "display-capture",
            "encrypted-media",
            "fullscreen",
            "geolocation",
            "gyroscope",
            "hid",
            "identity-credentials-get",
            "idle-detection",
            "local-fonts",
            "magnetometer",
            "microphone",
            "midi",
            "otp-credentials",
            "payment",
            "picture-in-picture",
            "publickey-credentials-create",
            "publickey-credentials-get",
            "screen-wake-lock",
            "serial",
            "storage-access",
            "usb",
            "window-management",
            "xr-spatial-tracking",
        )
    ),
}
#: What other sites may show on their pages, or read by script. Nothing in it depends on who asks.
_SHARED = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
# Not the other names under the same domain: they are not ours to promise for.
_HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}

_FOR_EVER = "public, max-age=31536000, immutable"
A_WEEK = "public, max-age=604800"
ASK_FIRST = "no-cache"
_NEVER = "no-store"


def policy(*, secure: bool, style: str) -> dict[str, str]:
    """The headers of every response, except Cache-Control.

    Args:
        secure: whether it is sent over HTTPS.
        style: the source expression of the one stylesheet that pages may have: its hash.
    """
    csp = {"Content-Security-Policy": _POLICY["Content-Security-Policy"].format(style=style)}
    return _POLICY | csp | (_HTTPS_ONLY if secure else {})


def nginx_headers(style: str) -> str:
    """The headers as lines of nginx's configuration, for the answers that nginx gives by itself over HTTPS.

    Args:
        style: the source expression of the stylesheet.
    """
    lines = [
        f'add_header {name} "{value}" always;' for name, value in policy(secure=True, style=style).items()
    ]
    return "\n".join(
        ["# What signpost/security/headers.py adds to every response. Written by: make headers", *lines, ""]
    )


class Headers:
    """A WSGI layer that adds the headers to every response of the layers inside it.

    Args:
        app: the layer inside.
        fingerprinted: URLs that contain a fingerprint of their content, which therefore never changes.
        shared: the Cache-Control of each path that other sites may embed and read.
        style: the source expression of the stylesheet.
        https: whether the site is served over HTTPS, even if requests reach the app over HTTP.
    """

    def __init__(
        self,
        app: WSGIApplication,
        fingerprinted: Collection[str],
        shared: Mapping[str, str],
        *,
        style: str,
        https: bool,
    ) -> None:
        self.app = app
        self.fingerprinted = fingerprinted
        self.shared = shared
        self.https = https
        self._policy = {secure: policy(secure=secure, style=style) for secure in (False, True)}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            own = {**self._policy[self.https or environ["wsgi.url_scheme"] == "https"]}
            if environ["PATH_INFO"] in self.shared:
                own |= _SHARED
            own["Cache-Control"] = self._keep(environ, status)
            kept = [(name, value) for name, value in headers if name.title() not in own]
            return start_response(status, [*kept, *own.items()], exc_info)

        # Ignore Range: part of a file would be compressed as if it were the whole file.
        environ.pop("HTTP_RANGE", None)
        return self.app(environ, start)

    def _keep(self, environ: WSGIEnvironment, status: str) -> str:
        """How long the response may be kept."""
        path, found = environ["PATH_INFO"], status[0] in "23"
        if found and path in self.shared:
            return self.shared[path]
        if not (found and path.startswith("/static/")):
            return _NEVER
        return _FOR_EVER if f"{path}?{environ['QUERY_STRING']}" in self.fingerprinted else ASK_FIRST
