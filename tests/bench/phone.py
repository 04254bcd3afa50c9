"""How soon a slow phone on a slow network shows the page, and the number to call."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from config import Config
from signpost import create_app
from tests.bench.measuring import settle
from tests.bench.report import Report, progress, table
from tests.bench.throughput import choose
from tests.servers.processes import Edge, Site

ROUNDS = 5
#: "Slow 3G" as in Chromium's DevTools: two seconds for every request, and 400 kbit/s both ways.
_SLOW_3G = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
#: How many times slower a cheap phone is than the measuring machine, roughly.
_SLOWER = 4
_PHONE = {"width": 360, "height": 640}

#: Records the first frame in which a link to 999 is in view, in its final place and style.
_WATCH = """
(() => {
  function look() {
    for (const link of document.querySelectorAll('a[href="tel:999"]')) {
      const box = link.getBoundingClientRect();
      if (box.height && box.top >= 0 && box.bottom <= innerHeight) {
        requestAnimationFrame(() => { window.readable = performance.now(); });
        return;
      }
    }
    requestAnimationFrame(look);
  }
  requestAnimationFrame(look);
})()
"""
_TIMES = """
async () => {
  while (!window.readable || !performance.getEntriesByName("first-contentful-paint").length)
    await new Promise((done) => setTimeout(done, 50));
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return [paint.startTime, Math.max(window.readable, paint.startTime)];
}
"""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: ms to the first paint and to a readable 999, and the bytes and requests on the network."""

    paint: float
    readable: float
    requests: int
    size: int


@contextmanager
def chromium(arguments: tuple[str, ...] = ()) -> Iterator[Browser]:
    """Debian's Chromium, which can reach only this machine."""
    path = shutil.which("chromium")
    assert path, "Chromium is missing: make bench installs it"
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    alone = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*quiet, alone, *arguments])
        yield browser
        browser.close()


def _trust(certificate: Path) -> str:
    """The argument that makes Chromium trust a certificate, and cache files served with it."""
    pem = subprocess.run(
        ["openssl", "x509", "-in", str(certificate), "-noout", "-pubkey"], check=True, capture_output=True
    ).stdout
    der = base64.b64decode(b"".join(pem.splitlines()[1:-1]))
    return f"--ignore-certificate-errors-spki-list={base64.b64encode(hashlib.sha256(der).digest()).decode()}"


def visit(context: BrowserContext, address: str) -> Visit:
    """Opens a page in a new tab, on a simulated slow phone."""
    page = context.new_page()
    sizes: dict[str, float] = {}
    cdp = context.new_cdp_session(page)
    cdp.send("Network.enable")
    cdp.send("Network.emulateNetworkConditions", _SLOW_3G)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": _SLOWER})
    cdp.on("Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]}))
    page.add_init_script(_WATCH)
    page.goto(address, wait_until="load", timeout=60_000)
    paint, readable = page.evaluate(_TIMES)
    page.close()
    came = [size for size in sizes.values() if size]
    return Visit(paint, readable, len(came), int(sum(came)))


def report_phone(report: Report, folder: Path) -> None:
    """Visits the start, a question and a result, each for the first time and again."""
    app: Flask = create_app(Config.from_environment({}))
    addresses = {
        name: address for name, address in choose(app).items() if name in ("start", "question", "result")
    }
    found: dict[tuple[str, str], list[Visit]] = {}
    with ExitStack() as stack:
        site = Site(folder, {"SIGNPOST_TRUSTED_PROXIES": "1", "SIGNPOST_RATE_LIMIT": "10000000 per minute"})
        stack.callback(site.kill)
        edge = Edge(folder, site.port)
        stack.callback(edge.kill)
        settle(site)
        browser = stack.enter_context(chromium((_trust(folder / "fullchain.pem"),)))
        for number in range(1, ROUNDS + 1):
            progress(f"a slow phone: round {number} of {ROUNDS}")
            for name, address in addresses.items():
                context = browser.new_context(viewport=_PHONE, device_scale_factor=2)  # type: ignore[arg-type]
                for when in ("first", "again"):
                    got = visit(context, f"https://127.0.0.1:{edge.port}{address}")
                    found.setdefault((name, when), []).append(got)
                context.close()
    rows = []
    for (name, when), visits in found.items():
        middle = [median(getattr(each, what) for each in visits) for what in Visit.__slots__]
        paint, readable, requests, size = middle
        rows.append(
            (
                f"{name}, {when}",
                f"{paint / 1000:.2f}",
                f"{readable / 1000:.2f}",
                f"{requests:.0f}",
                f"{size:,.0f}",
            )
        )
    heads = ["visit", "first paint, s", "999 readable, s", "requests", "bytes on the wire"]
    report.part(
        "A slow phone",
        f"Chromium, {_PHONE['width']} by {_PHONE['height']}, its processor slowed {_SLOWER} times, on “slow 3G” by the "
        "DevTools protocol (2 s for each request, 400 kbit/s), through the edge over TLS and HTTP/2; medians of "
        f"{ROUNDS} visits. A request’s 2 s stand for all its round trips. “Readable” is a 999 to press, in view and painted. "
        "Bytes are of bodies and headers; the requests are those before the page is whole, sometimes including the icon.",
        table(heads, rows),
    )
