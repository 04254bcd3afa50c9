"""The site as served for real, and Debian's Chromium to visit it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent.parent

#: Where "Exit this page" leads: somewhere a browser without a network can load, once a test lets it.
EXIT = "https://127.0.0.1/elsewhere"

#: Nothing may leave this machine: every name but our own is unknown to the browser.
_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@pytest.fixture(scope="session")
def site():
    """The site on Granian, as ``make run`` serves it; its address without a last slash."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", "4", "wsgi:app"]
    environment = os.environ | {"SIGNPOST_EXIT_URL": EXIT, "PORT": str(port)}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
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


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, headless."""
    path = shutil.which("chromium")
    assert path, "Chromium is missing: make test installs it"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture(params=["with script", "without script"])
def visitor(request, chromium: Browser, site: str):
    """A fresh visitor on a small phone, with script on and then off; nothing may reach another host."""
    yield from _watched(chromium, site, script=request.param == "with script")


@pytest.fixture
def scripted(chromium: Browser, site: str):
    """A fresh visitor with script on; nothing may reach another host."""
    yield from _watched(chromium, site)


@pytest.fixture
def leaver(chromium: Browser, site: str):
    """A fresh visitor with script on who must exit, once; nothing may reach any other host."""
    yield from _watched(chromium, site, leaves_to=[EXIT])


def _watched(chromium: Browser, site: str, *, script: bool = True, leaves_to: Sequence[str] = ()):
    """A visitor's page. When they have gone, the requests to other hosts must be these and no more."""
    context = chromium.new_context(
        base_url=site, viewport={"width": 320, "height": 640}, java_script_enabled=script
    )
    elsewhere: list[str] = []
    faults: list[str] = []
    context.on(
        "request",
        lambda asked: elsewhere.append(asked.url) if not asked.url.startswith(f"{site}/") else None,
    )
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield page
    assert not faults, faults
    assert elsewhere == list(leaves_to)
    assert context.cookies() == []
    context.close()
