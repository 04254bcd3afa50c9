"""The site, with one extra URL that sends an error page with status 200.

Lighthouse counts the status 404 itself as a fault of a page, so it gets the page without that status.
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
