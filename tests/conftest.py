"""The site as the tests see it: one app, and a client that checks every page any test fetches."""

from __future__ import annotations

import tomllib
from functools import lru_cache

import pytest

from config import Config
from signpost import create_app
from signpost.models.content import load_content
from signpost.models.directory import Contact
from signpost.models.urls import states
from tests.page import CheckingClient, Page
from tests.pseudo import pseudo_app  # noqa: F401 (a fixture)
from tests.scheduling import FilesTogether


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Where tests run two at a time: those of a file in one process, and all files that use the crawl in one."""
    return FilesTogether(config, log)


@pytest.fixture(scope="session", autouse=True)
def _toml_is_parsed_once():
    """Most content folders of the tests differ from each other in one line: each text of a file is parsed once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("signpost.models.toml.tomllib.loads", lru_cache(maxsize=1024)(tomllib.loads))
        yield


@pytest.fixture(scope="session")
def content():
    return load_content()


@pytest.fixture(scope="session")
def numbers(content) -> dict[str, Contact]:
    """The first number of every route that has one, by the route's id.

    Tests take numbers from here: one that changes is changed in its route's file alone, and in the
    one test that pins the essential five (test_errors.py).
    """
    first = {route.id: route.primary_contact for route in content.directory.routes.values() if route.contacts}
    return {id_: contact for id_, contact in first.items() if contact.number}


@pytest.fixture(scope="session")
def app():
    # The tests are one address, and ask for far more than a school would.
    app = create_app(Config.from_environment({"SIGNPOST_RATE_LIMIT": "1000000 per minute"}))
    app.test_client_class = CheckingClient
    return app


@pytest.fixture(scope="session")
def crawl(app) -> dict[str, Page]:
    """Every page in every state of the site in English, by its address: fetched and checked once for all tests."""
    client = app.test_client()
    found = {}
    for address in states(app.extensions["content"]):
        response = client.get(address)
        assert response.status_code == 200, address
        found[address] = Page(response.text)
    return found


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def runner(app):
    return app.test_cli_runner()


@pytest.fixture
def page(client):
    """Fetches an address and returns its page, whatever its status."""
    return lambda address, **kwargs: Page(client.get(address, **kwargs).text)
