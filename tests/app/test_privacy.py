"""Nothing is kept: no cookie, no storage, no log of visitors, no other host, and no body is ever read."""

from __future__ import annotations

import io
import logging
import re

import pytest

from signpost.security.logs import RedactingFormatter
from tests import ROOT
from tests.planting import site

SOURCES = sorted((ROOT / "signpost").rglob("*.py"))
STATIC = sorted(path for path in (ROOT / "static").iterdir() if path.is_file())
ADDRESSES = [
    "/",
    "/check/n",
    "/check/n/p/o",
    "/for/parents?go=1",
    "/help/nspcc",
    "/check/zz",
    "/healthz",
    "/sitemap.xml",
    "/robots.txt",
    "/.well-known/security.txt",
    "/static/style.css",
    "/badge.svg",
    "/badge.png",
    "/qr/parents.svg",
    "/data/services.json",
    "/data/journey.json",
    "/partners",
]


class Unreadable(io.RawIOBase):
    """A request body that records whether it was read."""

    def __init__(self) -> None:
        self.was_read = False

    def readable(self) -> bool:
        return True

    def readinto(self, _) -> int:
        self.was_read = True
        return 0


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_but_pages_sets_a_cookie_either(client, address):
    assert "Set-Cookie" not in client.get(address, headers={"Cookie": "a=b"}, buffered=True).headers


def test_no_view_reads_a_body(app, client):
    examples = {
        "codes": "n/p",
        "entry_id": "parents",
        "route_id": "nspcc",
        "route_ids": "nspcc+police",
        "topic": "money",
        "name": "parents",
        "kind": "svg",
        "record_id": "b8d251bf-7df5-5e33-a1a5-f70eaf1e2a3e",
        "filename": "style.css",
    }
    for rule in app.url_map.iter_rules():
        _, path = rule.build({name: examples[name] for name in rule.arguments})
        for method in ("GET", "POST"):
            for content_type in (
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "application/json",
            ):
                body = Unreadable()
                sent = {
                    "wsgi.input": body,
                    "CONTENT_LENGTH": "1000",
                    "CONTENT_TYPE": content_type,
                    "QUERY_STRING": "go=1",
                }
                client.open(path, method=method, environ_overrides=sent, buffered=True)
                assert not body.was_read, (method, path)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_names_a_way_to_read_a_body(source):
    """Also ``values``, which includes the body's fields, and ``validate_on_submit``, which reads the form."""
    forbidden = r"request\.(form|data|get_data|json|get_json|stream|files|values|input_stream)\b|wsgi\.input|validate_on_submit"
    assert not re.search(forbidden, source.read_text("utf-8"))


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_prints_or_keeps_a_session(source):
    assert not re.search(r"\bprint\(|\bsession\b|set_cookie|cookies", source.read_text("utf-8"))


@pytest.mark.parametrize("file", STATIC, ids=lambda path: path.name)
def test_no_static_file_stores_or_calls_anything(file):
    """Except for one request: the script fetches the open page again to see that the site still answers."""
    text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    text = text.replace("fetch(location.href).", "")
    assert "//" not in re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE), "possibly another host"
    assert not re.search(
        r"cookie|localStorage|sessionStorage|indexedDB|caches\b|serviceWorker|fetch\(|sendBeacon|XMLHttpRequest"
        r"|WebSocket|EventSource|@import|@font-face|\burl\(",
        text,
    )


def test_a_visit_is_logged_nowhere(app, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    client = app.test_client()
    for address in (*ADDRESSES, "/check/?go=1&answer=n"):
        client.get(address, buffered=True)
    assert capfd.readouterr() == ("", "")
    # The Markdown parser logs at DEBUG level, but only about texts of the content.
    assert not [record for record in caplog.records if not record.name.startswith("markdown_it.")]


@pytest.mark.parametrize("after", [False, True], ids=["in the view", "after the view"])
def test_a_failure_is_logged_without_address_or_answers(capfd, caplog, after):
    app = site()

    def explode(*_):
        raise ValueError("zqmark")

    app.add_url_rule("/explode/<path:codes>", view_func=lambda codes: explode())
    if after:
        app.after_request(explode)
    client = app.test_client()
    caplog.handler.setFormatter(RedactingFormatter())  # as in the site's own log
    client.get("/explode/n/p/o?utm=zqmark", headers={"User-Agent": "zqmark", "Host": "zqmark"}, may_fail=True)
    out, err = capfd.readouterr()
    logged = out + err + caplog.text
    assert "explode" in logged, "the log does not say what failed"
    for private in ("n/p/o", "zqmark", "127.0.0.1"):
        assert private not in logged


def test_pages_tell_the_browser_to_keep_and_pass_on_nothing(client):
    for address in ("/", "/check/n/p/o", "/check/zz", "/check/?go=1&answer=n"):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy.pop("style-src").startswith("'sha256-")
        assert set(policy.values()) <= {"'none'", "'self'"}


def test_the_links_away_pass_nothing_on(page):
    """Links to other sites have ``noreferrer``; the Referrer-Policy header says the same for all links."""
    (exit_link,) = [a for a in page("/check/n/p/o").all("a") if a.get("id") == "exit"]
    assert "noreferrer" in exit_link.get("rel")
