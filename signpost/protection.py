"""What protects visitors and the site, bound together. Each room does one part."""

from __future__ import annotations

import logging
from itertools import count
from threading import Thread
from time import sleep
from typing import cast

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from signpost.addresses import BADGE, OPEN_DATA
from signpost.doors import guard_doors
from signpost.headers import A_WEEK, ASK_FIRST, Headers
from signpost.logs import Tally
from signpost.rate_limits import limit_requests

_REPORT_EVERY = 60


def protect(app: Flask) -> None:
    """Limits requests, guards the doors, and lays headers, counts and proxies around the app."""
    config = app.config["SIGNPOST"]
    app.extensions["forget"] = limit_requests(app)
    guard_doors(app)
    fingerprinted = frozenset(cast("dict[str, str]", app.jinja_env.globals["asset"]).values())
    https = config.base_url.startswith("https://")
    # Data is asked for anew each time, or a mended number would come late. A badge is kept: the less
    # often it is asked for, the less we are told of who reads a partner's page.
    keep = {OPEN_DATA: ASK_FIRST, BADGE: A_WEEK}
    shared = {each.root + path: time for each in app.extensions["editions"] for path, time in keep.items()}
    tally = app.extensions["tally"] = Tally(Headers(app.wsgi_app, fingerprinted, shared, https=https))
    hops = config.trusted_proxies
    # The last proxy alone says how the visitor came: it replaces what was said before.
    wsgi_app = ProxyFix(tally, x_for=hops, x_proto=1) if hops else tally
    app.wsgi_app = wsgi_app  # type: ignore[method-assign]


def keep_house(app: Flask) -> None:
    """Starts what a serving process does beside its requests: it forgets each second, and reports."""

    def keep() -> None:
        for second in count(1):
            sleep(1)
            try:
                app.extensions["forget"]()
                if second % _REPORT_EVERY == 0:
                    app.extensions["tally"].report()
            except Exception as error:  # or neither would ever happen again
                logging.getLogger(__name__).error("keeping house failed", exc_info=error)

    Thread(target=keep, daemon=True).start()
