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
#: For files. Browsers show a file in a page of their own, which inherits its policy. Under the policy of our pages, WebKit
#: refuses the style of its viewer, shows a corner of a poster, and does not wrap the lines of the open data. Safari embeds a
#: PDF, which needs object-src. Firefox asks for the icon of the site, and reports a policy that forbids it.
_FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; object-src 'self'; "
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

_FOR_EVER = "public, max-age=31536000, immutable"
A_WEEK = "public, max-age=604800"
ASK_FIRST = "no-cache"
_NEVER = "no-store"


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
        self._policies = {
            (secure, file): policy(secure=secure, style=style, file=file) | {"Cache-Control": _NEVER}
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
            if path in self.shared or path.startswith("/static/"):
                shared = _SHARED if path in self.shared else {}
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
            return _NEVER
        if path in self.shared:
            return self.shared[path]
        return _FOR_EVER if f"{path}?{environ['QUERY_STRING']}" in self.fingerprinted else ASK_FIRST
