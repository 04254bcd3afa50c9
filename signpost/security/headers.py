"""What the browser is told with every response, whatever made it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_POLICY = {
    "Content-Security-Policy": (
        # connect-src: a page asks whether it is still there (site.js), and audits inside it read robots.txt.
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
#: For whatever is no page. Browsers show such a file in a page of their own, which inherits its policy: under the policy of
#: our pages, WebKit refuses the style of its viewer, shows a corner of a poster, and breaks no line of the open data.
#: Safari embeds a PDF, which needs object-src.
_FILE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
#: What other sites may show on their pages, or read by script. Nothing in it depends on who asks.
_SHARED = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
#: The answer to a browser that asks, before a script's request with headers of its own, whether it may send that.
_PREFLIGHT = {
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Max-Age": "86400",
}
# Not the other names under the same domain: they are not ours to promise for.
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
    """The headers as lines of nginx's configuration, for the answers that nginx gives by itself over HTTPS.

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
    """A WSGI layer that puts the headers on what the layers inside it answer.

    Args:
        app: the layer inside.
        fingerprinted: addresses whose content can never change, because they name it.
        shared: paths of what other sites may show and read, and how long each may be kept.
        style: the source expression of the stylesheet.
        https: whether the site is served over HTTPS, whatever a request says.
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
        self._policy = {
            (secure, file): policy(secure=secure, style=style, file=file)
            for secure in (False, True)
            for file in (False, True)
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            secure = self.https or environ["wsgi.url_scheme"] == "https"
            kinds = [value for name, value in headers if name.lower() == "content-type"]
            # "Not modified" names no type. It is only ever said of files.
            file = status.startswith("304") or any(not kind.startswith("text/html") for kind in kinds)
            own = {**self._policy[secure, file]}
            if environ["PATH_INFO"] in self.shared:
                own |= _SHARED | (_PREFLIGHT if environ["REQUEST_METHOD"] == "OPTIONS" else {})
            own["Cache-Control"] = self._keep(environ, status)
            kept = [(name, value) for name, value in headers if name.title() not in own]
            return start_response(status, [*kept, *own.items()], exc_info)

        # A part of a file would be compressed as if it were the whole.
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
