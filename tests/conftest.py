"""Fixtures for all tests: one app, and a client that checks every page that a test fetches."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from types import CodeType

import pytest
from jinja2.bccache import Bucket, BytecodeCache
from playwright.sync_api import sync_playwright

import signpost.models.toml
from config import Config
from signpost import Site, cli, create_app
from signpost.checks import check_content
from signpost.checks.markup import phone_numbers
from signpost.i18n.translate import differences, translated
from signpost.models.content import OWN_CONTENT, Content, load_content
from signpost.models.directory import Contact
from signpost.models.errors import ContentProblem
from tests.page import CheckingClient, Page
from tests.planting import plant
from tests.pseudo import pseudo_app, rtl_app  # noqa: F401 (fixtures)
from tests.scheduling import FilesTogether
from tests.states import crawled

#: Arguments for ``monkeypatch.setattr`` that leave the lengths of results out of ``flask check``. To measure them, it
#: renders every result, which takes seconds; test_lengths.py does so once.
NO_LENGTHS = ("signpost.cli.length_problems", lambda _: ())


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With several processes, runs each file's tests in one process, and all files that use the crawl in the same one."""
    return FilesTogether(config, log)


class _InMemory(BytecodeCache):
    """Keeps compiled templates for every site of the process: compiling them takes longer than rendering a page."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def _content_is_read_once():
    """Makes the few hundred sites that tests start share what is equal, because reading it takes most of their time.

    - Templates are compiled once.
    - Each text of a TOML file is parsed, and each of its tables read, once: most content folders differ in one line.
    - The project's own content is read, checked and translated once. It is immutable.
    - Each translation is compared with its English, and each text searched for phone numbers, once.

    A command in a process of its own shares nothing.
    """
    own: list[Content] = []
    in_languages: dict[str, Content] = {}
    tables: dict[object, tuple[object, object, list[ContentProblem]]] = {}

    def load_once(folder: Path) -> Content:
        if folder != OWN_CONTENT:
            return load_content(folder)
        if not own:
            own.append(load_content())
            check_content(own[0])
        return own[0]

    def check_once(content: Content) -> None:
        if not any(content is each for each in own):
            check_content(content)

    def translate_once(content: Content, folder: Path, code: str, *, draft: bool = False) -> Content:
        if folder != OWN_CONTENT or not any(content is each for each in own):
            return translated(content, folder, code, draft=draft)
        if code not in in_languages:
            in_languages[code] = translated(content, folder, code)
        return in_languages[code]

    def read_once(kind: type, name: str, table: object, file: str, entry: str, problems: list) -> object:
        # Equal texts have the same table, which is kept here, so that no other object can get its id.
        key = kind, name, id(table), file, entry
        if key not in tables:
            found: list[ContentProblem] = []
            tables[key] = table, read_named(kind, name, table, file, entry, found), found
        _, each, found = tables[key]
        problems += found
        return each

    @lru_cache(maxsize=8192)
    def compare_once(text: str, other: str, *, plural: bool = False) -> tuple[str, ...]:
        return tuple(differences(text, other, plural=plural))

    read_named = signpost.models.toml._named
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Site, "jinja_options", {**Site.jinja_options, "bytecode_cache": _InMemory()})
        patch.setattr("signpost.i18n.translate.differences", compare_once)
        patch.setattr("signpost.checks.markup.phone_numbers", lru_cache(maxsize=8192)(phone_numbers))
        patch.setattr("signpost.i18n.locales.translated", translate_once)
        patch.setattr("signpost.models.toml.tomllib.loads", lru_cache(maxsize=None)(tomllib.loads))
        patch.setattr("signpost.models.toml._named", read_once)
        patch.setattr("signpost.load_content", load_once)
        patch.setattr("signpost.check_content", check_once)
        yield


@pytest.fixture(scope="session")
def content():
    return load_content()


@pytest.fixture(scope="session")
def unconfirmed(tmp_path_factory) -> Path:
    """A copy of the content in which nobody has confirmed any hours, so that no page says that a line is open."""
    return plant(tmp_path_factory.mktemp("unconfirmed"), "moved.toml", "", "")


@pytest.fixture(scope="session")
def checked(app) -> str:
    """The output of ``flask check``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*NO_LENGTHS)
        return app.test_cli_runner().invoke(args=["check"]).output


@pytest.fixture(scope="session")
def numbers(content) -> dict[str, Contact]:
    """The first number of every route that has one, by the route's id.

    Tests take numbers from here, so a changed number needs a change only in its route's file and, for the five
    essential ones, in the test that pins them (test_errors.py).
    """
    first = {route.id: route.primary_contact for route in content.directory.routes.values() if route.contacts}
    return {id_: contact for id_, contact in first.items() if contact.number}


@pytest.fixture(scope="session")
def app():
    # All tests use one IP address, and send far more requests than a whole school.
    app = create_app(Config.from_environment({"SIGNPOST_RATE_LIMIT": "1000000 per minute"}))
    app.test_client_class = CheckingClient
    cli.init_app(app)
    return app


@pytest.fixture(scope="session")
def crawl(app) -> dict[str, Page]:
    """Every page in every state in English, or a sample (tests/states.py), by its path. Fetched and checked once."""
    client = app.test_client()
    found = {}
    for address in crawled(app.extensions["content"]):
        response = client.get(address)
        assert response.status_code == 200, address
        found[address] = Page(response.text)
    return found


@pytest.fixture(scope="session")
def playwright():
    """Playwright, which can run only once in a process."""
    with sync_playwright() as playwright:
        yield playwright


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
