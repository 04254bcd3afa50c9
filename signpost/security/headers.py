"""The security and caching headers of every response."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from signpost.models.urls import BADGE, OPEN_DATA

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
#: For files. Browsers show a file in a page of their own, which inherits its policy. Under the policy of our pages, WebKit
#: refuses the style of its viewer, shows a corner of a poster, and does not wrap the lines of the open data. Safari embeds a
#: PDF, which needs object-src.
_FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
#: For what other sites may embed or read by script. It is the same for everybody.
_SHARED = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
#: The answer to a browser that asks, before a script's request with headers of its own, whether it may send that.
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Max-Age": "86400",
}
# Without includeSubDomains: other names under the domain may belong to other sites.
_HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}

FOR_EVER = "public, max-age=31536000, immutable"
A_WEEK = "public, max-age=604800"
ASK_FIRST = "no-cache"
NEVER = "no-store"

#: The Cache-Control of each path that other sites may embed and read. Clients revalidate the open data each time, so that
#: a corrected number arrives at once. Browsers cache the badge for a week, so that we learn less about who reads a
#: partner's page.
_KEPT_OF_SHARED = {OPEN_DATA: ASK_FIRST, BADGE: A_WEEK}


def policy(*, secure: bool, style: str, file: bool = False) -> dict[str, str]:
    """The headers of every response, except Cache-Control.

    Args:
        secure: whether it is sent over HTTPS.
        style: the source expression of the one stylesheet that pages may have: its hash.
        file: whether it is anything but a page.
    """
    csp = {
        "Content-Security-Policy": _FILE_POLICY
        if file
        else _POLICY["Content-Security-Policy"].format(style=style)
    }
    return _POLICY | csp | (_HTTPS_ONLY if secure else {})


def meta_policy(style: str) -> str:
    """The Content-Security-Policy of a page for a ``meta`` element, where browsers ignore ``frame-ancestors``."""
    directives = policy(secure=True, style=style)["Content-Security-Policy"].split("; ")
    return "; ".join(each for each in directives if not each.startswith("frame-ancestors"))


def static_headers(path: str, *, secure: bool, style: str, fingerprinted: Collection[str]) -> dict[str, str]:
    """The headers of a page or file of a static site.

    Args:
        path: its path, without the prefix of a language; a page's ends with a slash.
        secure: whether it is sent over HTTPS.
        style: the source expression of the stylesheet.
        fingerprinted: the paths that are always asked for with a fingerprint.
    """
    file = not path.endswith("/")
    shared = _SHARED if path in _KEPT_OF_SHARED else {}
    otherwise = ASK_FIRST if path.startswith("/static/") else NEVER
    keep = FOR_EVER if path in fingerprinted else _KEPT_OF_SHARED.get(path, otherwise)
    return policy(secure=secure, style=style, file=file) | shared | {"Cache-Control": keep}


def nginx_headers(style: str, *, file: bool = False) -> str:
    """The headers as nginx configuration, for responses that nginx makes itself, over HTTPS.

    Args:
        style: the source expression of the stylesheet.
        file: whether they are for answers that are no pages.
    """
    headers = policy(secure=True, style=style, file=file)
    lines = [f'add_header {name} "{value}" always;' for name, value in headers.items()]
    to = "every file" if file else "every page"
    return "\n".join(
        [f"# What signpost/security/headers.py adds to {to}. Written by: make headers", *lines, ""]
    )


class Headers:
    """A WSGI layer that adds the headers to every response of the layers inside it.

    Args:
        app: the layer inside.
        fingerprinted: URLs that contain a fingerprint of their content, which therefore never changes.
        style: the source expression of the stylesheet.
        https: whether the site is served over HTTPS, even if requests reach the app over HTTP.
    """

    def __init__(
        self,
        app: WSGIApplication,
        fingerprinted: Collection[str],
        *,
        style: str,
        https: bool,
    ) -> None:
        self.app = app
        self.fingerprinted = fingerprinted
        self.https = https
        self._policies = {
            (secure, file): policy(secure=secure, style=style, file=file) | {"Cache-Control": NEVER}
            for secure in (False, True)
            for file in (False, True)
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            secure = self.https or environ["wsgi.url_scheme"] == "https"
            # "Not modified" names no type. Only files get it.
            file = status.startswith("304") or any(
                name.lower() == "content-type" and not value.startswith("text/html")
                for name, value in headers
            )
            own = self._policies[secure, file]
            path = environ["PATH_INFO"]
            if path in _KEPT_OF_SHARED or path.startswith("/static/"):
                shared = _SHARED if path in _KEPT_OF_SHARED else {}
                if shared and environ["REQUEST_METHOD"] == "OPTIONS":
                    shared = shared | _PREFLIGHT
                own = own | shared | {"Cache-Control": self._keep(environ, status)}
            kept = [each for each in headers if each[0].title() not in own]
            return start_response(status, [*kept, *own.items()], exc_info)

        # Ignore Range: part of a file would be compressed as if it were the whole file.
        environ.pop("HTTP_RANGE", None)
        return self.app(environ, start)

    def _keep(self, environ: WSGIEnvironment, status: str) -> str:
        """The Cache-Control of a file, or of what other sites may read."""
        path = environ["PATH_INFO"]
        if status[0] not in "23":
            return NEVER
        if path in _KEPT_OF_SHARED:
            return _KEPT_OF_SHARED[path]
        return FOR_EVER if f"{path}?{environ['QUERY_STRING']}" in self.fingerprinted else ASK_FIRST
