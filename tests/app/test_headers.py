"""The security and caching headers, directive by directive, on every kind of response."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from config import Config
from signpost import create_app

#: Written out here too, so that changing the policy needs a change of this test.
CSP = {
    "default-src": "'none'",
    "connect-src": "'self'",
    "script-src": "'self'",
    "style-src": "HASH",  # the hash of the stylesheet inlined in every page
    "img-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
#: For anything but a page. WebKit showed a corner of a poster, 304 pixels wide, where the style of its viewer was refused.
FILE_CSP = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "img-src": "'self'",
    "object-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
OTHERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
#: What other sites may show and read. Listed here too, so that adding to it needs a change of this test.
CHILDLINE = "/data/services/b8d251bf-7df5-5e33-a1a5-f70eaf1e2a3e"
NOBODY = CHILDLINE.replace("b", "0")
SHARED = {
    "/badge.png",
    "/badge.svg",
    "/data/",
    "/data/changes.atom",
    "/data/journey.json",
    "/data/journey.schema.json",
    "/data/openapi.json",
    "/data/services",
    "/data/services.csv",
    "/data/services.json",
    "/data/taxonomies",
    "/data/taxonomy_terms",
    CHILDLINE,
    NOBODY,
}
CLOSED = {"camera", "microphone", "geolocation", "payment", "usb", "fullscreen", "browsing-topics"}
EVERY_KIND = {
    "a page": (200, "GET", "/", {}),
    "a question": (200, "GET", "/check/", {}),
    "its head": (200, "HEAD", "/", {}),
    "its options": (200, "OPTIONS", "/", {}),
    "an error in the form": (200, "GET", "/check/?go=1", {}),
    "an answer": (303, "GET", "/check/?go=1&answer={first}", {}),
    "another form of an address": (301, "GET", "/check", {}),
    "a sitemap": (200, "GET", "/sitemap.xml", {}),
    "health": (200, "GET", "/healthz", {}),
    "a static file": (200, "GET", "/static/icon.svg", {}),
    "a static file that is known": (
        304,
        "GET",
        "/static/icon.svg",
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ),
    "the badge as a picture": (200, "GET", "/badge.png", {}),
    "a QR code": (200, "GET", "/qr/parents.png", {}),
    "the badge": (200, "GET", "/badge.svg", {}),
    "a PDF": (200, "GET", "/printed.pdf", {}),
    "open data": (200, "GET", "/data/services.json", {}),
    "the journey as data": (200, "GET", "/data/journey.json", {}),
    "a page of services": (200, "GET", "/data/services?page=2", {}),
    "one service": (200, "GET", CHILDLINE, {}),
    "a service that is not there": (404, "GET", NOBODY, {}),
    "an odd argument": (400, "GET", "/data/services?page=x", {}),
    "a page for partners": (200, "GET", "/partners", {}),
    "no static file": (404, "GET", "/static/nothing.css", {}),
    "another host": (400, "GET", "/", {"Host": "elsewhere.example"}),
    "no page": (404, "GET", "/nothing", {}),
    "no such code": (404, "GET", "/check/nothing", {}),
    "a refused method": (405, "POST", "/", {}),
    "an unknown method": (405, "BREW", "/", {}),
    "a long path": (414, "GET", "/" + "x" * 2001, {}),
    "a page that breaks": (500, "GET", "/breaks", {}),
    "an error past every page": (500, "GET", "/breaks-after", {}),
}


@pytest.fixture(scope="module")
def site():
    app = create_app(Config.from_environment({"SIGNPOST_TRUSTED_HOSTS": "localhost"}))

    @app.get("/breaks")
    def breaks():
        raise ValueError

    @app.get("/printed.pdf")
    def printed():
        return app.response_class(b"%PDF", mimetype="application/pdf")

    @app.get("/breaks-after")
    def breaks_after():
        return ""

    @app.after_request
    def fail(response):
        from flask import request

        if request.path == "/breaks-after":
            raise ValueError
        return response

    return app


@pytest.fixture(params=EVERY_KIND)
def response(request, site, content):
    status, method, address, headers = EVERY_KIND[request.param]
    first = content.journey.questions[content.journey.first].answers[0].code
    got = site.test_client().open(address.format(first=first), method=method, headers=headers, buffered=True)
    assert got.status_code == status
    return got


def test_the_content_policy_allows_our_own_and_nothing_else(response):
    (policy,) = response.headers.getlist("Content-Security-Policy")
    directives = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    if response.mimetype != "text/html":
        # The only style is that of the browser's own viewer, and no script runs at all.
        assert directives == FILE_CSP
        return
    directives["style-src"] = re.sub(r"'sha256-[\w+/]{43}='", "HASH", directives["style-src"])
    assert directives == CSP
    assert "unsafe" not in policy
    assert "nonce" not in policy


@pytest.mark.parametrize("name", OTHERS)
def test_each_other_header_is_there_once(response, name):
    opened = name == "Cross-Origin-Resource-Policy" and response.request.path in SHARED
    assert response.headers.getlist(name) == ["cross-origin" if opened else OTHERS[name]]


def test_only_what_is_shared_may_be_read_by_other_sites(response):
    shared = response.request.path in SHARED
    assert response.headers.getlist("Access-Control-Allow-Origin") == (["*"] if shared else [])


@pytest.mark.parametrize("address", sorted(SHARED))
def test_a_script_elsewhere_may_send_headers_of_its_own_for_what_is_shared(site, address):
    """Such as X-Requested-With or Cache-Control, which many programs add: the browser asks first, by OPTIONS."""
    headers = {"Origin": "https://partner.example", "Access-Control-Request-Headers": "x-requested-with"}
    answer = site.test_client().options(address, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Headers"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    other = site.test_client().options("/", headers=headers)
    assert not [name for name, _ in other.headers if name.startswith("Access-Control")]


def test_no_power_of_the_browser_is_open(response):
    (policy,) = response.headers.getlist("Permissions-Policy")
    powers = dict(each.split("=") for each in policy.split(", "))
    assert set(powers.values()) == {"()"}
    assert powers.keys() >= CLOSED


def test_nothing_names_the_server_or_sets_a_cookie(response):
    assert not {"Set-Cookie", "Server", "X-Powered-By", "Strict-Transport-Security"} & {
        *response.headers.keys()
    }


def test_pages_are_not_kept_and_files_are_asked_for_again(response):
    kept = dict.fromkeys(SHARED, "no-cache") | {  # a corrected number must arrive at once
        "/static/icon.svg": "no-cache",
        "/badge.png": "public, max-age=604800",
        "/badge.svg": "public, max-age=604800",  # few requests tell us little about a partner's readers
    }
    sent = kept.get(response.request.path, "no-store") if response.status_code < 400 else "no-store"
    assert response.headers.getlist("Cache-Control") == [sent]


def test_a_file_whose_address_names_its_content_is_kept_for_ever(site):
    client = site.test_client()
    for address in site.jinja_env.globals["asset"].values():
        kept = client.get(address, buffered=True)
        assert kept.status_code == 200
        assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        # A wrong fingerprint is not cached.
        other = client.get(address.split("=")[0] + "=00000000", buffered=True)
        assert other.headers["Cache-Control"] == "no-cache"


def test_a_file_is_sent_whole_whatever_part_is_asked_for(site):
    """A partial response would be compressed as if it were complete, so a client could not assemble the parts."""
    got = site.test_client().get("/static/style.css", headers={"Range": "bytes=0-99"}, buffered=True)
    assert got.status_code == 200
    assert "Content-Range" not in got.headers
    assert got.data == Path(site.static_folder, "style.css").read_bytes()


def test_nothing_but_our_own_files_can_be_a_script(site):
    """The policy allows scripts that we host, so this test lists everything that we host."""
    files = {path.relative_to(site.static_folder) for path in Path(site.static_folder).rglob("*.*")}
    printed = {
        path for path in files if path.parent == Path("posters")
    }  # there once an operator has made them
    assert {path.suffix for path in files - printed} <= {".css", ".js", ".svg", ".png"}
    assert {path.suffix for path in printed} <= {".pdf", ".txt"}
    assert [str(path) for path in files if path.suffix == ".js"] == ["site.js"]


def test_every_file_that_a_page_loads_is_kept_for_ever(page, site):
    shown = page("/")
    loaded = [shown.one("script").get("src"), *(link.get("href") for link in shown.all("link"))]
    assert set(loaded) <= set(site.jinja_env.globals["asset"].values())


@pytest.mark.parametrize(
    ("settings", "scheme", "sent"),
    [
        ({}, "http", False),
        ({}, "https", False),  # without trusted proxies anybody can send this header
        ({"SIGNPOST_TRUSTED_PROXIES": "1"}, "http", False),
        ({"SIGNPOST_TRUSTED_PROXIES": "1"}, "https", True),
        ({"SIGNPOST_TRUSTED_PROXIES": "2"}, "https", True),
        ({"SIGNPOST_BASE_URL": "https://localhost"}, "http", True),
    ],
)
def test_https_is_asked_for_only_where_there_is_https(settings, scheme, sent):
    client = create_app(Config.from_environment(settings)).test_client()
    for address in ("/", "/nothing"):
        headers = client.get(address, headers={"X-Forwarded-Proto": scheme}).headers
        assert headers.get("Strict-Transport-Security") == ("max-age=31536000" if sent else None)
