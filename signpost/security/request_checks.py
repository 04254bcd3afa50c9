"""Which requests are let in: for known hosts, with short addresses and no bodies."""

from __future__ import annotations

from flask import Flask, abort, current_app, request

_LONGEST_PATH = 2_000
#: No view reads a body. One larger than any browser's form is rejected by its Content-Length alone.
_LARGEST_BODY = 16_384


def _named(host: str, hosts: frozenset[str]) -> bool:
    """Whether a Host header is one of these names, with any port or none."""
    host = host.lower()
    name, _, port = host.rpartition(":")
    return host in hosts or (name in hosts and port.isdecimal())


def rejection_status() -> int | None:
    """The HTTP status with which to reject the current request; None to let it in."""
    hosts = current_app.config["SIGNPOST"].trusted_hosts
    if len(request.environ["PATH_INFO"]) > _LONGEST_PATH:
        return 414
    if (request.content_length or 0) > _LARGEST_BODY:
        return 413
    if not request.query_string.isascii():  # browsers percent-encode everything else
        return 400
    # Not Flask's TRUSTED_HOSTS: health checks may call by IP address.
    known = not hosts or _named(request.environ.get("HTTP_HOST", ""), hosts)
    return None if known or request.endpoint == "well_known.healthz" else 400


def init_app(app: Flask) -> None:
    """Rejects, before any view, what cannot be a visitor's request."""

    @app.before_request
    def reject_invalid_request() -> None:
        if status := rejection_status():
            abort(status)
