"""One generous rate limit for each client address, counted without keeping the address."""

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

from signpost.models.urls import BADGE, LOCAL, PNG_BADGE, UNBIDDEN
from signpost.security.request_checks import from_another_site, is_shared, rejection_status

#: Seconds. A store that does not answer delays a few requests by this much, and costs no visitor a page.
_STORE: dict[str, Any] = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
#: Some proxies add the port, which differs with every connection: 192.0.2.1:5000, [2001:db8::1]:5000.
_WITH_PORT = re.compile(r"\[(.*)\](?::\d+)?|([\d.]+):\d+")


class NoTimer(Timer):
    """Replaces the expiry timer that ``limits`` starts on almost every request."""

    def is_alive(self) -> bool:
        """Always True, so that the library starts no other."""
        return True


class OneLimit(LimitManager):
    """Finds the limit of a request at once, because every request has the same one.

    Flask-Limiter would look for limits and exemptions of the view and its blueprint, which took a third of the time of
    a prerendered page. Nothing here sets any.
    """

    def resolve_limits(self, *_: object, **__: object) -> tuple[list[RuntimeLimit], ...]:
        """The one limit of the whole site; and none of the view."""
        return self._limits, []

    def exemption_scope(self, *_: object) -> ExemptionScope:
        """Always none: what is not counted is decided by the request filters."""
        return ExemptionScope.NONE

    @cached_property
    def _limits(self) -> list[RuntimeLimit]:
        return self.default_limits


@lru_cache(maxsize=2)
def _secret_of(day: date, secret: bytes) -> bytes:
    return hmac.digest(secret, day.isoformat().encode(), "sha256")


def hash_client(secret: bytes, address: str, day: date) -> str:
    """The hash that stands for an address for one day. Without the secret nobody can find the address."""
    return hmac.digest(_secret_of(day, secret), client_network(address), "sha256").hex()


def client_network(address: str) -> bytes:
    """The part of an address that one household shares: all of IPv4, the first half of IPv6."""
    found = _WITH_PORT.fullmatch(address)
    try:
        ip = ip_address(found[1] or found[2] if found else address)
    except ValueError:
        return address.encode()  # a proxy may name clients in its own way
    if ip.version == 4:
        return ip.packed
    return ip.ipv4_mapped.packed if ip.ipv4_mapped else ip.packed[:8]


def init_app(app: Flask) -> None:
    """Rejects an address that asks for more than its share.

    Counts all requests except those that pages, browsers and machines make by themselves: for existing static
    files, the badge, what browsers ask of any site, and what the operator's programs ask. What a page of another site asks for is
    rejected, and does not count. Puts into ``app.extensions["purge_expired_counters"]`` a function to call every
    second: in memory, expired counters are otherwise removed only when the next visitor comes.
    """
    config = app.config["SIGNPOST"]
    secret = config.rate_limit_secret.encode() or secrets.token_bytes(32)
    limiter = Limiter(
        lambda: hash_client(secret, request.remote_addr or "", datetime.now(UTC).date()),
        # A constant identifier, so that all addresses of the site share one counter. What other sites may read has
        # its own, or a page elsewhere could learn from it how many pages were opened here.
        request_identifier=lambda: "shared" if is_shared() else "site",
        default_limits=[config.rate_limit],
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
    # Registers the limiter's hooks except those for headers, which are off, and for what it keeps of a request.
    app.extensions["limiter"] = {limiter}
    app.before_request(limiter._check_request_limit)
    limiter.init_app(app)
    # The limiter logs what it knows of a visitor as arguments of its messages.
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
