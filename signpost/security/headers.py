"""The security and caching headers of every response."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from signpost.models.urls import is_data, is_shared

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
#: For files. A browser shows a file in a viewer page of its own, which inherits the file's policy. The policy of our
#: pages would block the style of WebKit's viewer: it would show only a corner of a poster, and not wrap the lines of the
#: open data. Safari embeds a PDF, which needs object-src. Firefox requests the site's icon, and
#: reports a policy that forbids it.
_FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
#: For files that other sites may embed or read by script. They are the same for everybody.
_SHARED = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
#: The answer to a CORS preflight request, which browsers send before a script's request with headers of its own.
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Max-Age": "86400",
}
# Without includeSubDomains: other names under the domain may belong to other sites.
_HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}

_IMMUTABLE = "public, max-age=31536000, immutable"
_ONE_WEEK = "public, max-age=604800"
_REVALIDATE = "no-cache"
_NO_STORE = "no-store"


def _shared_cache_control(path: str) -> str:
    """The Cache-Control of a path that other sites may embed and read, or "" for any other.

    Clients revalidate data each time, so that a corrected number arrives at once. Browsers cache the badge for a week, so
    that we learn less about who reads a partner's page.
    """
    return "" if not is_shared(path) else _REVALIDATE if is_data(path) else _ONE_WEEK


def policy(*, secure: bool, style: str, file: bool = False) -> dict[str, str]:
    """The headers of every response, except Cache-Control.

    Args:
        secure: whether it is sent over HTTPS.
        style: the source expression of the one stylesheet that pages may have: its hash.
        file: whether the response is a file, not a page.
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
    shared = _shared_cache_control(path)
    otherwise = _REVALIDATE if path.startswith("/static/") else _NO_STORE
    keep = _IMMUTABLE if path in fingerprinted else shared or otherwise
    return (
        policy(secure=secure, style=style, file=file) | (_SHARED if shared else {}) | {"Cache-Control": keep}
    )


def nginx_headers(style: str, *, file: bool = False) -> str:
    """The headers as nginx configuration, for responses that nginx makes itself, over HTTPS.

    Args:
        style: the source expression of the stylesheet.
        file: whether the headers are for files, not pages.
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
            (secure, file): policy(secure=secure, style=style, file=file) | {"Cache-Control": _NO_STORE}
            for secure in (False, True)
            for file in (False, True)
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            secure = self.https or environ["wsgi.url_scheme"] == "https"
            # A 304 has no Content-Type, but only files are answered with one.
            file = status.startswith("304") or any(
                name.lower() == "content-type" and not value.startswith("text/html")
                for name, value in headers
            )
            own = self._policies[secure, file]
            path = environ["PATH_INFO"]
            if (shared := _shared_cache_control(path)) or path.startswith("/static/"):
                own = own | {"Cache-Control": self._cache_control(environ, status, shared)}
            if shared:
                own = own | _SHARED | (_PREFLIGHT if environ["REQUEST_METHOD"] == "OPTIONS" else {})
            kept = [each for each in headers if each[0].title() not in own]
            return start_response(status, [*kept, *own.items()], exc_info)

        # Ignore Range: part of a file would be compressed as if it were the whole file.
        environ.pop("HTTP_RANGE", None)
        return self.app(environ, start)

    def _cache_control(self, environ: WSGIEnvironment, status: str, shared: str) -> str:
        """The Cache-Control of a file, or of what other sites may read."""
        if status[0] not in "23":
            return _NO_STORE
        if shared:
            return shared
        url = f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        return _IMMUTABLE if url in self.fingerprinted else _REVALIDATE
