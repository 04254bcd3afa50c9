"""Responses reach the server whole, so that a worker that dies breaks none off."""

from __future__ import annotations

import pytest
from werkzeug.test import EnvironBuilder

from tests.planting import site


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/check/n", 200),
        ("/check/?answer=n&go=1", 303),
        ("/badge.svg", 200),
        ("/nowhere", 404),
        ("/check/" + "n" * 3000, 414),
    ],
)
def test_the_server_gets_a_list(app, method, address, status):
    """Granian sends the headers and the body of a list at once."""
    assert_whole(app, address, status, method=method)


def test_a_refusal_and_a_failure_are_lists():
    app = site(RATE_LIMIT="1 per minute")
    assert_whole(app, "/", 200)
    assert_whole(app, "/", 429)
    app = site()
    app.add_url_rule("/fails", view_func=lambda: 1 / 0)
    assert_whole(app, "/fails", 500)


def assert_whole(app, address: str, status: int, method: str = "GET") -> None:
    """Checks the status, and that the server gets the body as a list."""
    started: list[str] = []
    environ = EnvironBuilder(address, method=method).get_environ()
    body = app.wsgi_app(environ, lambda line, _headers, _error=None: started.append(line))
    assert int(started[0].split()[0]) == status
    assert isinstance(body, list)
