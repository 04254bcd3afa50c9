"""One generous limit for each address, counted without keeping the address."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime
from ipaddress import ip_address
from pathlib import Path
from threading import Timer
from time import time
from typing import Any

from flask import Flask, request
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter, RateLimitExceeded
from limits.storage import MemoryStorage
from werkzeug.exceptions import TooManyRequests

from signpost.addresses import BADGE, UNBIDDEN
from signpost.doors import for_what_is_shared, from_another_site, refusal

#: A store that does not answer costs a few requests this many seconds, and no visitor a page.
_STORE: dict[str, Any] = {"socket_timeout": 0.2, "socket_connect_timeout": 0.2}
#: Some proxies add the port, which is another with every connection: 192.0.2.1:5000, [2001:db8::1]:5000.
_WITH_PORT = re.compile(r"\[(.*)\](?::\d+)?|([\d.]+):\d+")


class _Never(Timer):
    """In place of the thread that the library starts at nearly every request to forget what has expired."""

    def is_alive(self) -> bool:
        """Yes: so no other is started."""
        return True


def visitor_key(secret: bytes, address: str, day: date) -> str:
    """What stands for an address on one day; without the secret nobody can tell which it was."""
    secret_of_the_day = hmac.digest(secret, day.isoformat().encode(), "sha256")
    return hmac.digest(secret_of_the_day, _home(address), "sha256").hex()


def _home(address: str) -> bytes:
    """The part of an address that one home has: IPv4 whole, of IPv6 the first half."""
    found = _WITH_PORT.fullmatch(address)
    try:
        ip = ip_address(found[1] or found[2] if found else address)
    except ValueError:
        return address.encode()  # a proxy's own way to name a visitor
    if ip.version == 4:
        return ip.packed
    return ip.ipv4_mapped.packed if ip.ipv4_mapped else ip.packed[:8]


def limit_requests(app: Flask) -> Callable[[], None]:
    """Refuses an address that asks for more than its share.

    Every request counts but those that a page, a browser or a machine makes by itself: for a file there is, for
    the badge, for what browsers ask of any site, and after our health. What a page of another site asks for is refused, and does not count.

    Returns:
        What forgets the counters that have expired. In memory they go only when the next visitor
        comes, which may be never; so it is to be called every second.
    """
    config = app.config["SIGNPOST"]
    secret = config.rate_limit_secret.encode() or secrets.token_bytes(32)
    limiter = Limiter(
        lambda: visitor_key(secret, request.remote_addr or "", datetime.now(UTC).date()),
        # One name for every address, or each page, and each that does not exist, had its own count. What other
        # sites may read counts apart, or a page elsewhere could learn from it how many pages were opened here.
        request_identifier=lambda: "shared" if for_what_is_shared() else "site",
        default_limits=[config.rate_limit],
        strategy="sliding-window-counter",
        # Valkey speaks Redis' language, so one client serves both.
        storage_uri=re.sub("^valkey", "redis", config.rate_limit_storage),
        # Time-outs, a fallback and swallowed errors, all three: docs/decisions/0006.
        storage_options=_STORE,
        in_memory_fallback=[config.rate_limit],
        swallow_errors=True,
        # They would tell one person that another in the same home was just here.
        headers_enabled=False,
    )
    limiter.init_app(app)
    # What it says of a visitor, it says in a message's arguments.
    limiter.logger.addFilter(lambda record: not record.args)
    static = Path(app.static_folder or "")
    files = {f"/static/{path.relative_to(static).as_posix()}" for path in static.rglob("*") if path.is_file()}
    exempt = files | {"/healthz", *(language.root + BADGE for language in app.extensions["editions"])}
    limiter.request_filter(from_another_site)

    @limiter.request_filter
    def asked_for_by_itself() -> bool:
        unbidden = request.path in exempt or UNBIDDEN.fullmatch(request.path)
        return bool(unbidden) and request.method in ("GET", "HEAD") and not refusal()

    @app.errorhandler(RateLimitExceeded)
    def wait(_: RateLimitExceeded) -> ResponseReturnValue:
        return app.handle_http_exception(TooManyRequests(retry_after=config.rate_limit_window))

    in_memory = [
        each for each in (limiter.storage, limiter._fallback_storage) if isinstance(each, MemoryStorage)
    ]
    for storage in in_memory:
        storage.timer = _Never(0, lambda: None)

    def forget() -> None:
        now = time()
        for storage in in_memory:
            for key in [key for key, end in list(storage.expirations.items()) if end <= now]:
                storage.clear(key)

    return forget
