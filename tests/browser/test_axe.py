"""One page of each kind, in light and dark, on a small phone and a wide screen, held against axe-core."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

KINDS = {
    "start": "/",
    "question": "/check/n",
    "question in error": "/check/n?go=1",
    "danger now": "/check/y",
    "result": "/check/n/o/h/n",
    "result for a child": "/check/n/c/m/b",
    "result about oneself": "/check/n/m/v",
    "result from abroad": "/check/n/x/c",
    "who can help": "/help/",
    "route": "/help/stop-it-now",
    "advice": "/advice/pictures",
    "entry": "/for/parents",
    "hide your visit": "/hide-your-visit",
    "about": "/about",
    "privacy": "/privacy",
    "accessibility": "/accessibility",
    "partners": "/partners",
    "a link to one service": "/partners?service=nspcc",
    "numbers to keep": "/numbers/police+nspcc",
    "failure": "/no-such-page",
}

_OPTIONS = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"),
    ],
    # Rules that axe leaves off unless they are named.
    "rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}},
}


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Browser, site: str, scheme: str, width: int):
    context = chromium.new_context(
        base_url=site, color_scheme=scheme, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    found = {}
    for kind, address in KINDS.items():
        page.goto(address)
        assert page.url == site + address, "another page than the one asked for"
        violations = Axe().run(page, options=_OPTIONS).response["violations"]
        if violations:
            found[kind] = [(v["id"], [node["html"][:120] for node in v["nodes"][:3]]) for v in violations]
    context.close()
    assert not found, found


def test_axe_sees_a_planted_fault(chromium: Browser, site: str):
    """The scan itself works: words too pale to read, and a field without a name."""
    page = chromium.new_page(bypass_csp=True)
    page.goto(site + "/about")
    page.evaluate("document.querySelector('main p').style.color = '#ccc'")
    page.evaluate("document.querySelector('main').append(document.createElement('input'))")
    found = {v["id"] for v in Axe().run(page, options=_OPTIONS).response["violations"]}
    page.close()
    assert {"color-contrast", "label"} <= found
