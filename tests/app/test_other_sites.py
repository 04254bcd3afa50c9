"""Requests that pages of other websites make a visitor's browser send: they reveal no count and lock nobody out."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from signpost.models.urls import BADGE, OPEN_DATA, SHARED, is_shared
from tests.page import Page
from tests.planting import site

ROOT = Path(__file__).parent.parent.parent

#: How a page of another site can make a browser send a request without a link being followed: mode, destination.
WAYS = {
    "fetch": ("no-cors", "empty"),
    "fetch with CORS": ("cors", "empty"),
    "image": ("no-cors", "image"),
    "script": ("no-cors", "script"),
    "style": ("no-cors", "style"),
    "module": ("cors", "script"),
    "font": ("cors", "font"),
    "audio": ("no-cors", "audio"),
    "video": ("no-cors", "video"),
    "track": ("no-cors", "track"),
    "object": ("navigate", "object"),
    "embed": ("navigate", "embed"),
    "frame": ("navigate", "frame"),
    "iframe": ("navigate", "iframe"),
    "fenced frame": ("navigate", "fencedframe"),
    "worker": ("same-origin", "worker"),
    "report": ("no-cors", "report"),
    "of an old browser": ("no-cors", None),
    "a frame in an old browser": ("nested-navigate", None),
    "of a browser to come": ("navigate", "something-new"),
}
#: The headers with which a visitor arrives by following a link, in different browsers.
ARRIVALS = {
    "a link": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    "a link that was pressed": {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Sec-Fetch-User": "?1",
    },
    "a link on the charity's own site": {
        "Sec-Fetch-Site": "same-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    },
    "a link, in Chrome 79": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    "a bookmark": {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"},
    "a page of ours": {
        "Sec-Fetch-Site": "same-origin",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
    },
    "a file of ours": {
        "Sec-Fetch-Site": "same-origin",
        "Sec-Fetch-Mode": "no-cors",
        "Sec-Fetch-Dest": "style",
    },
    "a file of ours, with CORS": {
        "Sec-Fetch-Site": "same-origin",
        "Sec-Fetch-Mode": "cors",
        "Sec-Fetch-Dest": "empty",
        "Origin": "https://example.org",
    },
    "a browser that tells nothing": {},
    "a page fetched ahead by the browser itself": {
        "Sec-Fetch-Site": "none",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Sec-Purpose": "prefetch;prerender",
    },
}


def from_elsewhere(way: str, of: str = "cross-site") -> dict[str, str]:
    mode, dest = WAYS[way]
    return {"Sec-Fetch-Site": of, "Sec-Fetch-Mode": mode} | ({"Sec-Fetch-Dest": dest} if dest else {})


AHEAD = [
    ARRIVALS["a link"] | {"Sec-Purpose": "prefetch"},
    ARRIVALS["a link"] | {"Sec-Purpose": "prefetch;anonymous-client-ip"},
    ARRIVALS["a link"] | {"Sec-Purpose": "prefetch;prerender"},
    ARRIVALS["a link"] | {"Purpose": "prefetch"},
]
#: Ways that browsers tell by an Origin alone: Chromium's WebSockets and reports, and old browsers' fetches.
ORIGINS = [
    {"Origin": "https://elsewhere.example", "Upgrade": "websocket"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "null"},
]
#: Sent plain, a file counts for more.
PACKED = {"Accept-Encoding": "gzip"}
REFUSED = [
    *(from_elsewhere(way, of) for way, of in product(WAYS, ("cross-site", "same-site"))),
    *AHEAD,
    *ORIGINS,
]


@pytest.mark.parametrize(
    "address", ["/", "/check/?go=1&answer=n", "/nothing", "/static/style.css", "/sitemap.xml"]
)
def test_what_another_site_asks_for_is_refused_and_does_not_count(address):
    client = site(RATE_LIMIT="3 per hour").test_client()
    for headers in REFUSED:
        response = client.get(address, headers=headers, buffered=True)
        assert response.status_code == 403, headers
        assert "Access-Control-Allow-Origin" not in response.headers
    Page(response.text).check()
    assert [client.get("/").status_code for _ in range(4)] == [200, 200, 200, 429]
    # Nor can the page see that the limit is used up.
    again = client.get(address, headers=headers)
    assert again.status_code == 403
    assert again.headers.to_wsgi_list() == response.headers.to_wsgi_list()


@pytest.fixture(scope="module")
def both():
    return site(LANGUAGES="en cy")


@pytest.mark.parametrize("how", ARRIVALS)
def test_a_visitor_arrives_by_every_link(both, how):
    client = both.test_client()
    for address in ("/", "/check/", "/for/parents", "/help/childline", "/cy/", "/partners"):
        assert client.get(address, headers=ARRIVALS[how]).status_code == 200, address
    assert client.get("/help", headers=ARRIVALS[how]).status_code == 301


@pytest.mark.parametrize("languages", ["en", "en cy"])
def test_what_is_shared_is_served_to_other_sites_and_has_a_count_of_its_own(languages):
    client = site(LANGUAGES=languages, RATE_LIMIT="3 per hour").test_client()
    for headers in ({}, *REFUSED):
        assert client.get(BADGE, headers=headers, buffered=True).status_code == 200
    packed = REFUSED[0] | PACKED
    data = [client.get(OPEN_DATA, headers=packed, buffered=True).status_code for _ in range(5)]
    assert data == [200, 200, 200, 429, 429]
    # Both languages share this count. Pages have another.
    # If a language is not shown, the address does not exist: the request is refused like any other, and does not count.
    status = client.get(f"/cy{OPEN_DATA}", headers=packed).status_code
    assert status == (429 if "cy" in languages else 403)
    assert [client.get("/").status_code for _ in range(4)] == [200, 200, 200, 429]


@pytest.mark.slow
def test_the_data_reveals_nothing_about_visits():
    """A page that asks for it until it is refused gets the same number of responses whether or not the visitor was here."""
    counted = []
    for visits in (0, 2):
        client = site(RATE_LIMIT="3 per hour").test_client()
        assert [client.get("/").status_code for _ in range(visits)] == [200] * visits
        headers = REFUSED[1] | PACKED
        got = [client.get(OPEN_DATA, headers=headers, buffered=True).status_code for _ in range(6)]
        assert got[0] == 200
        counted.append(got)
    assert counted[0] == counted[1]


def test_the_edge_shares_what_the_site_shares():
    conf = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    (pattern,) = re.findall(r'map \$request_uri \$unless_shared \{[^}]*?"~(\S+)"', conf)
    service = "/data/services/b8d251bf-7df5-5e33-a1a5-f70eaf1e2a3e"
    for root, address in product(("", "/cy"), (*SHARED, service)):
        assert is_shared(address)
        assert re.search(pattern, root + address)
        assert re.search(pattern, f"{root}{address}?x")
    other = [
        "/",
        "/badgexsvg",
        "/x/badge.svg",
        "/badge.svg/x",
        "/cy/cy/badge.svg",
        "/data/servicesxjson",
        "/data/journey",
        "/data/x.json",
        "/data",
        "/data/services/x",
        f"{service}0",
    ]
    # The site reads these as other addresses, or nginx and the site read them differently.
    other += ["//badge.svg", "/x/../badge.svg", "/./badge.svg", "/%62adge.svg", "http://x/badge.svg"]
    assert [each for each in other if re.search(pattern, each) or is_shared(each)] == []
