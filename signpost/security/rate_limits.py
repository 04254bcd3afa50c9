"""Limits how many requests one IP address may make, generously, and counts them without storing the address."""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from ipaddress import ip_address
from pathlib import Path
from threading import Timer
from time import time
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_limiter import ExemptionScope, Limiter, RateLimitExceeded
from flask_limiter._limits import RuntimeLimit
from flask_limiter._manager import LimitManager
from limits.storage import MemoryStorage
from werkzeug.exceptions import TooManyRequests

from signpost.models.urls import BADGE, DATA, FILES, LOCAL, PNG_BADGE, UNBIDDEN, is_data
from signpost.security.request_checks import from_another_site, is_shared, rejection_status

#: Timeouts in seconds. If the store does not answer, a few requests take this much longer, and no visitor is refused a page.
_STORE: dict[str, Any] = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
#: A file for programs that has to be made or unpacked on request counts as this many requests. It may be 750 KB, takes as long
#: as ten prerendered pages, and no program needs hundreds a minute.
_FILE_COST = 10
#: A page of numbers, which is always rendered on request, counts as this many. A visitor opens one, if any.
_NUMBERS_COST = 3
#: The codings in which these files are kept: ``CODINGS`` of web/compression.py, which this package may not import.
_CODINGS = ("br", "gzip")
#: An address with a port, as some proxies send it: 192.0.2.1:5000, [2001:db8::1]:5000. The port differs by connection.
_WITH_PORT = re.compile(r"\[(.*)\](?::\d+)?|([\d.]+):\d+")


class NoTimer(Timer):
    """A timer that never runs. ``limits`` would start one on almost every request, to remove expired counters."""

    def is_alive(self) -> bool:
        """True, so that the library starts no other timer."""
        return True


class OneLimit(LimitManager):
    """Returns the site's one limit for every request.

    Flask-Limiter's own class searches for limits and exemptions of the view and its blueprint. There are none, and the search
    took a third of the time of a prerendered page.
    """

    def resolve_limits(self, *_: object, **__: object) -> tuple[list[RuntimeLimit], ...]:
        """The limit of the whole site, and no limit of the view."""
        return self._limits, []

    def exemption_scope(self, *_: object) -> ExemptionScope:
        """None: the request filters decide what is not counted."""
        return ExemptionScope.NONE

    @cached_property
    def _limits(self) -> list[RuntimeLimit]:
        return self.default_limits


@lru_cache(maxsize=2)
def _secret_of(day: date, secret: bytes) -> bytes:
    return hmac.digest(secret, day.isoformat().encode(), "sha256")


def hash_client(secret: bytes, address: str, day: date) -> str:
    """The hash under which an address is counted for one day. Without the secret nobody can work out the address."""
    return hmac.digest(_secret_of(day, secret), client_network(address), "sha256").hex()


def client_network(address: str) -> bytes:
    """The part of an address that all devices of a household share: all of an IPv4 address, the first half of an IPv6 one."""
    found = _WITH_PORT.fullmatch(address)
    try:
        ip = ip_address(found[1] or found[2] if found else address)
    except ValueError:
        return address.encode()  # a proxy may name clients in its own way
    if ip.version == 4:
        return ip.packed
    return ip.ipv4_mapped.packed if ip.ipv4_mapped else ip.packed[:8]


def _cost() -> int:
    """How many requests the current one counts as: 1, or more for what is not prerendered."""
    path = request.path
    if path.startswith("/numbers/"):
        return _NUMBERS_COST
    if path in FILES:
        made = path in DATA and request.query_string
        unpacked = not any(request.accept_encodings.quality(each) > 0 for each in _CODINGS)
        return _FILE_COST if made or unpacked else 1
    return _FILE_COST if is_data(path) else 1


def init_app(app: Flask) -> None:
    """Rejects requests from an address that has made too many.

    Not counted are requests that no person makes: for static files, the badge, what browsers ask every site for, and what
    the operator's programs ask. Requests that a page of another site causes are not counted either; ``request_checks`` rejects them.

    Sets ``app.extensions["purge_expired_counters"]`` to a function that removes expired counters from memory. Call it every
    second: otherwise they stay until the next visitor comes.
    """
    config = app.config["SIGNPOST"]
    secret = config.rate_limit_secret.encode() or secrets.token_bytes(32)
    limiter = Limiter(
        lambda: hash_client(secret, request.remote_addr or "", datetime.now(UTC).date()),
        # A constant, so that one counter covers all URLs of the site. What other sites may read has a counter of its own:
        # otherwise a page of another site could learn from it how many pages its visitor has opened here.
        request_identifier=lambda: "shared" if is_shared() else "site",
        default_limits=[config.rate_limit],
        default_limits_cost=_cost,
        strategy="sliding-window-counter",
        # Valkey speaks the protocol of Redis, so one client serves both.
        storage_uri=re.sub("^valkey", "redis", config.rate_limit_storage),
        # Timeouts, a fallback and swallowed errors: all three are needed, see docs/decisions/0006.
        storage_options=_STORE,
        in_memory_fallback=[config.rate_limit],
        swallow_errors=True,
        # X-RateLimit headers would reveal another visitor on the same network.
        headers_enabled=False,
    )
    limiter.limit_manager = OneLimit([], limiter.limit_manager._default_limits, {}, {}, {}, {})
    # With this, init_app registers no hooks. Only the one that checks is needed: the others add headers, which are off, and
    # clean up what is kept of a request.
    app.extensions["limiter"] = {limiter}
    app.before_request(limiter._check_request_limit)
    limiter.init_app(app)
    # What the limiter knows about a visitor is in the arguments of its log messages: drop every message that has any.
    limiter.logger.addFilter(lambda record: not record.args)
    static = Path(app.static_folder or "")
    files = {f"/static/{path.relative_to(static).as_posix()}" for path in static.rglob("*") if path.is_file()}
    exempt = files | {"/healthz", *LOCAL}
    limiter.request_filter(from_another_site)

    @limiter.request_filter
    def is_exempt() -> bool:
        path = request.script_root + request.path
        found = path in exempt or request.path in (BADGE, PNG_BADGE) or UNBIDDEN.fullmatch(path)
        return bool(found) and request.method in ("GET", "HEAD") and not rejection_status()

    @app.errorhandler(RateLimitExceeded)
    def wait(_: RateLimitExceeded) -> ResponseReturnValue:
        return app.handle_http_exception(TooManyRequests(retry_after=config.rate_limit_window))

    in_memory = [
        each for each in (limiter.storage, limiter._fallback_storage) if isinstance(each, MemoryStorage)
    ]
    for storage in in_memory:
        storage.timer = NoTimer(0, lambda: None)

    def purge_expired_counters() -> None:
        now = time()
        for storage in in_memory:
            for key in [key for key, end in list(storage.expirations.items()) if end <= now]:
                storage.clear(key)

    app.extensions["purge_expired_counters"] = purge_expired_counters
