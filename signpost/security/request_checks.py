"""Rejects requests that no visitor makes: unknown hosts, long paths, large bodies, and requests by other sites' pages."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address

from flask import Flask, Response, abort, current_app, request

from signpost.models.urls import GUESSED_ICON, LOCAL
from signpost.models.urls import is_shared as is_shared_path

_LONGEST_PATH = 2_000
#: In bytes. No view reads a body; one larger than any browser's form is rejected by its Content-Length alone.
_LARGEST_BODY = 16_384


def _named(host: str, hosts: frozenset[str]) -> bool:
    """Whether a Host header is one of these names, with or without a port."""
    host = host.lower()
    name, _, port = host.rpartition(":")
    return host in hosts or (name in hosts and port.isdecimal())


def is_shared() -> bool:
    """Whether the request is for something that other sites may embed and read."""
    return is_shared_path(request.path)


def from_another_site() -> bool:
    """Whether a page of another site made the browser send this request, without anybody following a link.

    By sending requests until one is rejected, such a page could find out how many requests the visitor made here,
    and use up the visitor's limit. Browsers say which site sent a request and what for (Sec-Fetch-Site, -Mode and
    -Dest: W3C Fetch Metadata). Requests without these headers are let in, unless they have an Origin header: no browser
    sends one when a link is followed, but Chromium does for WebSockets, and old browsers do for scripts. Another name
    under the same domain counts as another site.
    """
    environ = request.environ  # faster to read than request.headers; this runs twice for each request
    by = environ.get("HTTP_SEC_FETCH_SITE", "")
    if by not in ("cross-site", "same-site") and not (by == "" and environ.get("HTTP_ORIGIN")):
        return False
    if is_shared():
        return False
    headers = request.headers
    # Early browsers sent the mode without the destination. A prefetched page is not shown yet, so it is no visit.
    is_page = (
        headers.get("Sec-Fetch-Mode") == "navigate"
        and headers.get("Sec-Fetch-Dest", "document") == "document"
    )
    return not is_page or "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", ""))


#: What proxies add to a request. One that has any of these may come from anywhere.
_FORWARDED = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "Via")
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "[::1]"})


def from_this_machine() -> bool:
    """Whether a program on this machine sent the request, for itself.

    A proxy on this machine sends from here too. It names itself in a header, or passes on the name that it was asked
    for; either is enough to say no.
    """
    environ = request.environ
    sender = environ.get("werkzeug.proxy_fix.orig", environ).get("REMOTE_ADDR") or ""
    try:
        ip = ip_address(sender)
    except ValueError:
        return False
    ip = (isinstance(ip, IPv6Address) and ip.ipv4_mapped) or ip
    return (
        ip.is_loopback
        and not any(name in request.headers for name in _FORWARDED)
        and _named(environ.get("HTTP_HOST", ""), _THIS_MACHINE)
    )


def rejection_status() -> int | None:
    """The HTTP status with which to reject the current request; None to let it in."""
    hosts = current_app.config["SIGNPOST"].trusted_hosts
    if len(request.environ["PATH_INFO"]) > _LONGEST_PATH:
        return 414
    if (request.content_length or 0) > _LARGEST_BODY:
        return 413
    if from_another_site():
        return 403
    if not request.query_string.isascii():  # browsers percent-encode everything else
        return 400
    if request.path in LOCAL:
        return None if from_this_machine() else 404
    # Not Flask's TRUSTED_HOSTS: health checks may call by IP address.
    known = not hosts or _named(request.environ.get("HTTP_HOST", ""), hosts)
    return None if known or request.endpoint == "well_known.healthz" else 400


def init_app(app: Flask) -> None:
    """Rejects, before any view runs, requests that no visitor makes."""

    @app.before_request
    def reject_invalid_request() -> None:
        if status := rejection_status():
            abort(status)

    @app.before_request
    def answer_guessed_icon() -> Response | None:
        """Answers requests for guessed icon addresses in as few bytes as possible."""
        guessed = request.method in ("GET", "HEAD") and GUESSED_ICON.fullmatch(request.path)
        return Response(status=204) if guessed else None
