"""Error pages: every one shows where to get help, whatever the error, even if rendering pages fails too."""

from __future__ import annotations

from http import HTTPStatus

import flask
import pytest
from flask import Flask
from jinja2 import DictLoader
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from signpost.i18n.languages import ENGLISH
from signpost.web.errors import last_resort, render_error_page
from tests.page import Page
from tests.planting import site

STATUSES = [status.value for status in HTTPStatus if status.value >= 400]
#: Non-standard statuses, such as those of some proxies.
UNHEARD_OF = [420, 444, 499, 520, 599]
SECRET = "zqmark-in-a-message"


@pytest.fixture
def helpful(content, numbers):
    """Checks that a failed response shows all the help that it must, and returns its page."""
    essential = {numbers[each.route].href for each in content.emergency.essentials}

    def helpful(response: TestResponse) -> Page:
        page = Page(response.text)
        page.check()
        assert set(page.links) >= essential
        assert "Outside the UK these numbers do not work. Call the local emergency number." in page.text
        assert "https://www.999bsl.co.uk/" in page.links
        assert all(way in page.text for way in ("55", "18000", "register"))
        assert {"/", "/help/"} <= set(page.links)
        # In the box that has this colour on every page.
        (danger,) = [each for each in page.one("main").iter() if each.get("class") == "emergency"]
        assert numbers["999"].href in [a.get("href") for a in danger.iter("a")]
        assert response.mimetype == "text/html"
        return page

    return helpful


def broken(*_, **__):
    raise RuntimeError(SECRET)


@pytest.fixture
def failing() -> Flask:
    """A site with a page that fails in the way that its URL says."""
    app = site()

    @app.get("/fail/<int:status>")
    def fail(status: int) -> str:
        error = HTTPException(SECRET)
        error.code = status
        raise error

    app.add_url_rule("/explode", view_func=broken)
    return app


def test_every_error_is_answered_with_help_and_its_own_status(failing, helpful):
    client = failing.test_client()
    for status in (*STATUSES, *UNHEARD_OF):
        response = client.get(f"/fail/{status}", may_fail=True)
        assert response.status_code == status
        assert SECRET not in helpful(response).text


def test_every_status_has_the_page_with_its_own_words(failing):
    client = failing.test_client()
    for status in (*STATUSES, *UNHEARD_OF):
        sent = client.get(f"/fail/{status}", may_fail=True).text
        assert sent.rstrip() == render_error_page(failing, status).rstrip(), status


def test_a_page_that_explodes_shows_help_and_no_trace(failing, helpful):
    response = failing.test_client().get("/explode", may_fail=True)
    assert response.status_code == 500
    assert helpful(response).heading == "Something went wrong here"
    assert SECRET not in response.text
    assert "Traceback" not in response.text
    assert "RuntimeError" not in response.text


def test_a_failure_after_the_view_shows_help_too(failing, helpful):
    failing.after_request(broken)
    response = failing.test_client().get("/check/n", may_fail=True)
    assert response.status_code == 500
    helpful(response)


def test_a_page_whose_template_is_lost_shows_help(failing, helpful):
    failing.jinja_env.loader = DictLoader({})
    failing.jinja_env.cache.clear()
    client = failing.test_client()
    lost = client.get("/about", may_fail=True)
    assert lost.status_code == 500
    helpful(lost)
    for address, status in (("/nothing", 404), ("/check/zz", 404), ("/fail/503", 503)):
        response = client.get(address, may_fail=True)
        assert response.status_code == status
        helpful(response)


def test_no_failure_page_needs_url_for(monkeypatch, helpful):
    monkeypatch.setattr(Flask, "url_for", broken)
    monkeypatch.setattr(flask, "url_for", broken)
    client = site().test_client()
    assert client.get("/check/n").status_code == 200
    refused_host = {"Host": ".."}
    for response, status in (
        (client.get("/nothing"), 404),
        (client.post("/about"), 405),
        (client.get("/about", headers=refused_host), 400),
    ):
        assert response.status_code == status
        helpful(response)


def test_a_failure_of_failing_itself_leaves_the_last_resort(failing, monkeypatch):
    for name in ("handle_user_exception", "handle_exception", "handle_http_exception"):
        monkeypatch.setattr(failing, name, broken)
    response = failing.test_client().get("/explode", may_fail=True)
    assert response.status_code == 500
    assert response.text == last_resort(failing.extensions["locales"][ENGLISH])


def test_a_page_that_would_end_the_program_leaves_the_last_resort():
    app = site()

    @app.get("/exits")
    def exits():
        raise SystemExit(SECRET)

    response = app.test_client().get("/exits", may_fail=True)
    assert response.status_code == 500
    assert response.text == last_resort(app.extensions["locales"][ENGLISH])


def test_the_last_resort_has_the_essential_numbers(app, content, numbers):
    page = Page(last_resort(app.extensions["locales"][ENGLISH]))
    page.check()
    for essential in content.emergency.essentials:
        assert numbers[essential.route].number in page.text, essential.route
    assert "Outside the UK these numbers do not work. Call the local emergency number." in page.text


def test_the_essential_numbers_are_these_five(content, numbers):
    """The only test that fails if one of these numbers changes. A change to any other number fails none."""
    essential = [numbers[each.route].number for each in content.emergency.essentials]
    assert essential == ["999", "101", "0800 1111", "0808 1000 900", "116 123"]
