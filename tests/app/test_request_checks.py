"""Which requests are accepted: known hosts, short URLs, no bodies."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from config import Config
from signpost import create_app
from signpost.models import damaged
from signpost.security.middleware import ignore_unreadable
from tests.page import Page
from tests.states import sample, some

HOST = {"SIGNPOST_BASE_URL": "https://example.org"}


@pytest.fixture(scope="module")
def at_example_org():
    return create_app(Config.from_environment(HOST | {"SIGNPOST_RATE_LIMIT": "1000000 per minute"}))


@pytest.mark.parametrize(("length", "status"), [(2000, 404), (2001, 414), (15_000, 414)])
def test_a_path_may_have_two_thousand_bytes(client, length, status):
    assert client.get("/" + "x" * (length - 1)).status_code == status
    # Counted in bytes, not characters: an é has two.
    assert client.get("/" + "x" * (length - 3) + "é").status_code == status


class Unread(io.RawIOBase):
    """A body that fails the test if it is read."""

    def readinto(self, _):
        raise AssertionError("the body was read")


@pytest.mark.parametrize("method", some(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], 4))
@pytest.mark.parametrize("length", ["1", "99999999999", None])
def test_no_view_reads_a_body_and_a_large_one_is_refused_by_its_length(app, content, method, length):
    client = FlaskClient(app, app.response_class)  # other tests check these pages
    for rule in some(list(app.url_map.iter_rules()), 3):
        address = rule.rule.replace("<path:codes>", "n").replace("<path:filename>", "icon.svg")
        for name, values in (
            ("entry_id", content.journey.entries),
            ("route_id", content.directory.routes),
            ("route_ids", content.directory.routes),
            ("topic", content.advice),
            ("name", content.journey.entries),
            ("kind", ["svg"]),
            ("record_id", ["b8d251bf-7df5-5e33-a1a5-f70eaf1e2a3e"]),
        ):
            address = address.replace(f"<{name}>", next(iter(values)))
        for kind in (
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json",
        ):
            environ = {"wsgi.input": Unread(), "CONTENT_TYPE": kind, "wsgi.input_terminated": True}
            environ |= {"CONTENT_LENGTH": length} if length else {"HTTP_TRANSFER_ENCODING": "chunked"}
            response = client.open(address, method=method, environ_overrides=environ, buffered=True)
            if length and int(length) > 16_384:
                assert response.status_code == 413
                assert method == "HEAD" or "999" in response.text
            elif method in ("POST", "PUT", "PATCH", "DELETE"):
                assert response.status_code == 405
            else:
                assert response.status_code in (200, 303, 301, 404), address  # security.txt may be absent


@pytest.mark.parametrize("host", ["example.org", "EXAMPLE.ORG", "example.org:443", "example.org:8000"])
def test_the_host_of_the_base_url_is_known_with_any_port(at_example_org, host):
    assert at_example_org.test_client().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "example.org.evil.example",
        "sub.example.org",
        "example.org:x",
        "[::1",
        "",
        "é",
        "a b",
        "x" * 5000,
    ],
)
def test_any_other_host_gets_a_page_that_helps(at_example_org, host):
    response = at_example_org.test_client().get("/", headers={"Host": host})
    assert response.status_code == 400
    Page(response.text).check()
    assert host == "" or host not in response.text


def test_no_host_at_all_gets_a_page_that_helps(at_example_org):
    environ = create_environ("/", environ_overrides={"SERVER_PROTOCOL": "HTTP/1.0"})
    del environ["HTTP_HOST"]
    body, status, _ = run_wsgi_app(at_example_org, environ, buffered=True)
    assert status == "400 BAD REQUEST"
    Page(b"".join(body).decode()).check()


def test_who_asks_after_our_health_need_not_know_our_name(at_example_org):
    assert at_example_org.test_client().get("/healthz", headers={"Host": "10.0.0.1:8000"}).status_code == 200


def test_hosts_may_be_named():
    settings = HOST | {"SIGNPOST_TRUSTED_HOSTS": "one.example, two.example [::1]"}
    client = create_app(Config.from_environment(settings)).test_client()
    got = {
        host: client.get("/", headers={"Host": host}).status_code
        for host in ("one.example", "two.example:80", "[::1]", "[::1]:8000", "example.org")
    }
    assert got == {
        "one.example": 200,
        "two.example:80": 200,
        "[::1]": 200,
        "[::1]:8000": 200,
        "example.org": 400,
    }


@pytest.mark.parametrize(
    ("name", "short", "long"),
    [
        ("QUERY_STRING", "go=1", "&a" * 7000),
        ("HTTP_ACCEPT_ENCODING", "br", ",x" * 7000),
        ("HTTP_IF_NONE_MATCH", '"x"', ',"x"' * 3000),
    ],
)
def test_what_takes_long_to_read_is_not_read(name, short, long):
    """16 KB of it take ten milliseconds, which is twenty times a page that was rendered earlier."""
    seen: list[str] = []

    def app(environ, start_response):
        seen.append(environ[name])
        return []

    layer = ignore_unreadable(app)
    for value in (short, short + long):
        layer({name: value}, lambda *_: None)
    assert seen == [short, ""]


@pytest.mark.parametrize(
    "path",
    [
        "/check/?go=1",
        "/for/parents?go=1",
        "/numbers/childline?moved=1",
        "/data/services?page=2",
        "/partners?service=nspcc",
    ],
)
def test_a_long_query_is_read_once(client, monkeypatch, path):
    """Or one address could keep the site busy with a few: what takes longest to read takes as long as a page."""
    read, to_words = [], damaged.readable

    def noted(text, **how):
        read.append(text)
        return to_words(text, **how)

    monkeypatch.setattr(damaged, "readable", noted)
    FlaskClient(client.application, client.application.response_class).get(f"{path}&x={'%EF%B7%BA' * 200}")
    assert len([each for each in read if "%EF" in each]) == 1


@pytest.mark.parametrize(
    "longest", ["\ufdfa" * 666, "%EF%B7%BA" * 222, "&#xfdfa;" * 222, "a\u0315\u0300" * 400]
)
def test_no_character_makes_an_address_longer(longest):
    """U+FDFA stands for 18 characters."""
    assert len(damaged.readable(longest.encode().decode("latin-1"))) <= 1000


def test_a_proxy_is_believed_about_no_host_and_no_prefix(content):
    settings = HOST | {"SIGNPOST_TRUSTED_PROXIES": "1"}
    client = create_app(Config.from_environment(settings)).test_client()
    said = {"X-Forwarded-Host": "example.org", "X-Forwarded-Port": "1", "X-Forwarded-Prefix": "/elsewhere"}
    assert client.get("/", headers={"Host": "evil.example"} | said).status_code == 400
    said["X-Forwarded-Host"] = "evil.example"
    assert client.get("/", headers={"Host": "example.org"} | said).status_code == 200
    for address in ("/check", "/sitemap.xml", "/help/"):
        response = client.get(address, headers={"Host": "example.org"} | said)
        assert "elsewhere" not in response.text + str(response.headers)


def test_any_host_is_known_where_none_is_set(client):
    assert client.get("/", headers={"Host": "whatever.example"}).status_code == 200


@pytest.mark.slow
def test_no_address_is_made_of_what_the_request_says(app, content):
    """No part of a forged Host header is in a page, a sitemap or a redirect."""
    client = FlaskClient(app, app.response_class)  # other tests check these pages
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "evil"}
    for address in [
        *some(sample(content), 3),
        "/check",
        "//",
        "/help",
        "/help//nothing",
        "/for//nobody",
        "/check//nothing",
        "/sitemap.xml",
        "/sitemap-states.xml",
        "/robots.txt",
        "/nothing",
    ]:
        response = client.get(address, headers=headers)
        assert b"evil" not in response.data, address
        assert "evil" not in str(response.headers), address
