"""Padded pages in real browsers: they decode to the same page, however much padding they have."""

from __future__ import annotations

import json
import os
import random
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from signpost.web import padding
from tests.browser.conftest import program

pytestmark = pytest.mark.needs("chromium", "firefox-esr")

_RNG = random.Random(5)
BODIES = ["".join(_RNG.choices(["one", "two", "three", "999", ""], k=n)) for n in (1, 30, 700, 5000)]
#: Steps that give every amount of padding from none to several blocks, and that of a real page.
STEPS = (2, 7, 61, 259, 1024, 6144)
#: Fetches every body in every coding, and reports what it decoded.
SCRIPT = """<!doctype html><title>x</title><script>
(async () => {
  const read = {};
  for (const each of %s) {
    try { read[each] = await (await fetch("/" + each)).text(); } catch (error) { read[each] = String(error); }
  }
  await fetch("/read", { method: "POST", body: JSON.stringify(read) });
})();
</script>"""
ADDRESSES = [
    f"{coding}/{step}/{n}" for coding in ("br", "gzip") for step in STEPS for n in range(len(BODIES))
]


class _Server(ThreadingHTTPServer):
    """Serves the page and the bodies, and stores what the browser reports."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.read: dict[str, str] = {}
        self.done = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        if self.path.count("/") == 3:
            coding, step, n = self.path.strip("/").split("/")
            lengths = range(int(step), 100_000, int(step))
            body = BODIES[int(n)].encode()
            if coding == "br":
                self._send(padding.join_brotli(padding.brotli_parts(body, [len(body) // 2]), lengths), coding)
            else:
                self._send(padding.gzip(body, lengths), coding)
        else:
            self._send((SCRIPT % json.dumps(ADDRESSES)).encode())

    def do_POST(self) -> None:
        self.server.read = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._send(b"")
        self.server.done.set()

    def _send(self, body: bytes, coding: str = "identity") -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Encoding", coding)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[_Server]:
    server = _Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def _chromium(profile: Path) -> list[str]:
    flags = ["--headless", "--no-sandbox", "--disable-background-networking", "--no-first-run"]
    return [program("chromium", "chromium"), *flags, f"--user-data-dir={profile}"]


def _firefox(profile: Path) -> list[str]:
    # By default Firefox accepts brotli only over TLS.
    (profile / "user.js").write_text('user_pref("network.http.accept-encoding", "gzip, deflate, br");')
    return [program("firefox-esr", "firefox-esr"), "--headless", "--no-remote", "--profile", str(profile)]


@pytest.mark.parametrize("command", [_chromium, _firefox], ids=["Chromium", "Firefox"])
def test_a_browser_reads_what_was_padded(server, tmp_path, command):
    address = f"http://127.0.0.1:{server.server_port}/"
    environment = os.environ | {"HOME": str(tmp_path)}
    with subprocess.Popen(
        [*command(tmp_path), address],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as browser:
        try:
            assert server.done.wait(60), "the browser did not come to an end"
        finally:
            browser.terminate()
    for address in ADDRESSES:
        assert server.read[address] == BODIES[int(address.rsplit("/", 1)[1])], address
