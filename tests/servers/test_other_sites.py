"""A page of another website, in a real browser, can learn nothing from the visitor's limit at the edge."""

from __future__ import annotations

import json

import pytest

from signpost.models.urls import BADGE, OPEN_DATA
from tests.app.test_other_sites import ARRIVALS, PACKED, REFUSED
from tests.browser.conftest import program
from tests.other_site import Answer, other_site
from tests.servers.test_edge import END, raw
from tests.servers.windows import limit_of

pytestmark = pytest.mark.needs("chromium")

LIMIT = 40
SETTINGS = {"SIGNPOST_TRUSTED_HOSTS": "example.org 127.0.0.1", "SIGNPOST_TRUSTED_PROXIES": "1"}

#: Requests an address in every way a page can, and then many times. Ends once everything has been answered.
ATTACK = """<!doctype html><title>Elsewhere</title><p><a id="link" href="%(site)s/">A link</a><script>
const site = %(site)s;
const put = (tag, name, more = {}) => new Promise((done) => {
  const made = Object.assign(document.createElement(tag), { onload: done, onerror: done }, more);
  made[name] = site + "/check/?" + Math.random();
  document.body.append(made);
  setTimeout(done, 1500);
});
const ask = (path, how) => fetch(site + path, how).then((got) => got.status, () => 0);
window.attack = async () => {
  await Promise.all([
    put("img", "src"), put("script", "src"), put("script", "src", { type: "module" }), put("iframe", "src"),
    put("embed", "src"), put("object", "data"), put("audio", "src"), put("video", "src"),
    put("link", "href", { rel: "stylesheet" }), put("link", "href", { rel: "prefetch" }),
    put("link", "href", { rel: "preload", as: "image" }), put("link", "href", { rel: "icon" }),
    put("link", "href", { rel: "manifest" }),
  ]);
  const rules = document.createElement("script");
  rules.type = "speculationrules";
  rules.textContent = JSON.stringify({ prefetch: [{ urls: [site + "/check/"], eagerness: "immediate" }] });
  document.body.append(rules);
  navigator.sendBeacon(site + "/", "x");
  for (let each = 0; each < 5; each += 1) {
    await new Promise((done) => { new WebSocket(site.replace("http", "ws") + "/check/").onerror = done; });
  }
  for (let each = 0; each < 100; each += 1) await ask("/", { mode: "no-cors" });
  return { page: await ask("/", {}), data: await ask("%(data)s", {}) };
};
window.shown = new Promise((done) => {
  const badge = new Image();
  badge.onload = () => done(badge.naturalWidth > 0);
  badge.onerror = () => done(false);
  badge.src = site + "%(badge)s";
});
</script>"""


@pytest.fixture
def edge(serve, put_edge):
    return put_edge(serve(SETTINGS | {"SIGNPOST_RATE_LIMIT": limit_of(LIMIT)}, workers=1).port)


@pytest.fixture
def attacker(edge):
    """The URL of a page of another site, which attacks ours."""
    page = ATTACK % {"site": json.dumps(f"https://127.0.0.1:{edge.port}"), "data": OPEN_DATA, "badge": BADGE}
    page = page.replace(
        f'href="{json.dumps(f"https://127.0.0.1:{edge.port}")}/"', f'href="https://127.0.0.1:{edge.port}/"'
    )
    with other_site(lambda _: Answer(page.encode()), host="127.0.0.2") as address:
        yield f"{address}/"


def test_at_the_edge_what_another_site_asks_for_is_refused_and_does_not_count(edge):
    def status(address: str, headers: dict[str, str]) -> int:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return raw(edge.port, f"GET {address} HTTP/1.1\r\n{lines}".encode() + END, text=False)[0]

    for headers in REFUSED:
        for address in ("/", "/static/style.css", "/check/?go=1&answer=n"):
            assert status(address, headers) == 403, headers
        assert status(BADGE, headers) == 200
        for address in (f"/{BADGE}", f"/x/..{BADGE}", f"/.{BADGE}"):
            assert status(address, headers) == 403, "the site would count it with the pages"
    assert len(REFUSED) > LIMIT / 3
    data = [status(OPEN_DATA, REFUSED[0] | PACKED) for _ in range(LIMIT + 1)]
    assert data == [200] * LIMIT + [429]
    for headers in ARRIVALS.values():
        assert status("/", headers) == 200


def test_a_page_of_another_site_can_neither_count_nor_lock_out_a_visitor(edge, attacker, playwright):
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
    chromium = playwright.chromium.launch(executable_path=program("chromium", "chromium"), args=flags)
    page = chromium.new_page(ignore_https_errors=True)
    page.goto(attacker)
    got = page.evaluate("attack()")
    assert got == {"page": 0, "data": 200}, "a page cannot be read from elsewhere, the data can"
    assert page.evaluate("shown"), "the badge is shown elsewhere"
    page.click("#link")
    page.wait_for_url(f"https://127.0.0.1:{edge.port}/")
    assert page.locator("h1").count() == 1
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == 200
    statuses = [page.goto(f"https://127.0.0.1:{edge.port}/check/").status for _ in range(LIMIT - 2)]
    assert statuses == [200] * (LIMIT - 2), "nothing of the attack was counted"
    chromium.close()
