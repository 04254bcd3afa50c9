"""The site, and at one address more a failure page as if it were any other.

Lighthouse counts a status of 404 itself among a page's faults, so it is shown the page without it.
"""

from __future__ import annotations

from signpost import start
from signpost.web.errors import render_error_page

SHOWN = "/a-failure"


def _app():
    app = start()
    app.add_url_rule(SHOWN, "shown", lambda: render_error_page(app, 404))
    return app


def __getattr__(name: str):
    """Creates the app only when a server asks for it, so that importing the address does not start the site."""
    if name == "app":
        return _app()
    raise AttributeError(name)
