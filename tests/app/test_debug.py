"""Debug mode, for developers, shows errors in full. Without it, no error is ever shown."""

from __future__ import annotations

import pytest
from flask import Flask

import signpost
from config import SettingsError
from signpost.models.errors import ContentError
from tests.page import Page
from tests.planting import plant, site

SECRET = "zqmark-in-a-message"


@pytest.fixture(params=[False, True], ids=["serving", "debug"])
def debug(request, monkeypatch) -> bool:
    """Whether FLASK_DEBUG is set, as `make dev` sets it."""
    monkeypatch.setenv("FLASK_DEBUG", "1" if request.param else "0")
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    return request.param


@pytest.fixture
def configured(monkeypatch) -> list[str]:
    """Replaces everything that ``start`` starts; returns the names of what it would have started."""
    called: list[str] = []
    monkeypatch.setattr(signpost, "configure_logging", lambda: called.append("redacted logs"))
    monkeypatch.setattr(signpost, "start_background_tasks", lambda app: called.append("tasks"))
    monkeypatch.setattr(signpost.PrerenderedPages, "start", lambda pages: called.append("pages"))
    return called


def failing(*, debug: bool) -> Flask:
    app = site()
    app.debug = debug

    @app.get("/explode")
    def explode():
        raise LookupError(SECRET)

    @app.get("/exits")
    def exits():
        raise SystemExit(SECRET)

    return app


def test_an_unusable_setting_is_raised_in_debug_mode_and_otherwise_printed(monkeypatch, debug, configured):
    monkeypatch.setenv("SIGNPOST_EXIT_URL", "x")
    with pytest.raises(SettingsError if debug else SystemExit, match="SIGNPOST_EXIT_URL is “x”"):
        signpost.start()


def test_broken_content_is_raised_in_debug_mode_and_otherwise_printed(
    tmp_path, monkeypatch, debug, configured
):
    folder = plant(tmp_path, "questions.toml", 'next = "who"', 'next = "nobody"')
    monkeypatch.setenv("SIGNPOST_CONTENT", str(folder))
    with pytest.raises(ContentError if debug else SystemExit, match="“nobody”, which does not exist"):
        signpost.start()


def test_logs_are_redacted_except_in_debug_mode(debug, configured):
    app = signpost.start()
    assert app.config["DRAFT"] is debug
    assert ("redacted logs" in configured) is not debug
    assert "tasks" in configured


def test_a_server_with_debug_in_its_environment_serves_as_ever(monkeypatch, configured):
    monkeypatch.setenv("FLASK_DEBUG", "1")
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    app = signpost.start()
    assert not app.debug
    assert not app.config["DRAFT"]
    assert configured == ["redacted logs", "tasks", "pages"]

    @app.get("/explode")
    def explode():
        raise LookupError(SECRET)

    shown = app.test_client().get("/explode")
    assert shown.status_code == 500
    assert Page(shown.text).heading == "Something went wrong here"
    monkeypatch.setenv("SIGNPOST_EXIT_URL", "x")
    with pytest.raises(SystemExit, match="SIGNPOST_EXIT_URL is “x”"):
        signpost.start()


def test_a_site_for_visitors_is_no_draft(client):
    assert "Draft." not in client.get("/about").text


@pytest.mark.parametrize(("address", "error"), [("/explode", LookupError), ("/exits", SystemExit)])
def test_an_error_reaches_the_debugger_and_never_a_visitor(address, error):
    client = failing(debug=True).test_client()
    with pytest.raises(error, match=SECRET):
        client.get(address)
    shown = failing(debug=False).test_client().get(address, may_fail=True)
    assert shown.status_code == 500
    assert Page(shown.text).heading == "Something went wrong here"
    assert SECRET not in shown.text


def test_only_debug_mode_logs_the_message_of_an_error(caplog):
    for debug in (False, True):
        caplog.clear()
        app = failing(debug=debug)
        try:
            app.test_client().get("/explode", may_fail=True)
        except LookupError as error:
            with app.test_request_context("/explode"):
                app.log_exception((type(error), error, error.__traceback__))
        assert "LookupError" in caplog.text
        assert (SECRET in caplog.text) is debug


def test_an_address_that_does_not_exist_has_its_page_in_debug_mode_too():
    response = failing(debug=True).test_client().get("/no-such-page")
    assert response.status_code == 404
    assert "999" in response.text
