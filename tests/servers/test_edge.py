"""deploy/nginx.conf in a real nginx: its own error pages, and that a visitor always gets a page."""

from __future__ import annotations

import http.client
import random
import re
import shlex
import socket
import ssl
import subprocess
import sys
import time
import warnings
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Thread

import pytest

from config import Config
from signpost import create_app
from signpost.i18n.languages import KNOWN
from signpost.models.urls import DATA, OPEN_DATA, SHARED
from signpost.security.headers import policy
from signpost.web.errors import EDGE_STATUSES, render_error_page
from tests import ROOT
from tests.app.test_rate_limits import UNBIDDEN
from tests.other_site import Answer, other_site
from tests.page import Page
from tests.servers.processes import FEW_PAGES, Edge, Site, free_port, until
from tests.servers.visitors import Reply, Visitor
from tests.servers.windows import limit_of


@pytest.fixture
def site(serve):
    return serve({"SIGNPOST_BASE_URL": "https://example.org", "SIGNPOST_TRUSTED_PROXIES": "1"})


@pytest.fixture
def edge(site, put_edge):
    return put_edge(site.port)


@pytest.fixture
def visitor(edge):
    with Visitor(edge.port, https=True, headers={"Host": "example.org"}) as visitor:
        yield visitor


def raw(port: int, sent: bytes, *, https: bool = True, text: bool = True) -> tuple[int, dict[str, str], str]:
    """Sends raw bytes, which no HTTP client would send, and returns status, headers and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        if https:
            connection = ssl._create_unverified_context().wrap_socket(
                connection, server_hostname="example.org"
            )
        with connection:
            connection.sendall(sent)
            with http.client.HTTPResponse(connection) as received:  # type: ignore[arg-type]
                received.begin()
                headers = {name.lower(): value for name, value in received.getheaders()}
                assert len(headers) == len(received.getheaders()), "a header stands twice"
                return (
                    received.status,
                    headers,
                    received.read().decode(errors="strict" if text else "replace"),
                )


@pytest.fixture
def assert_helps(app):
    """Checks that an error page of the edge has the site's own content and headers."""

    def check(status: int, headers: dict[str, str], body: str) -> None:
        for name, value in policy(secure=True, style=app.extensions["stylesheet"].source).items():
            assert headers[name.lower()] == value
        assert headers["cache-control"] == "no-store"
        assert headers["content-type"] == "text/html; charset=utf-8"
        assert body == render_error_page(app, status)

    return check


END = b"Host: example.org\r\nConnection: close\r\n\r\n"
REFUSED = {
    "not HTTP at all": (400, b"hello, is anybody there?\r\n\r\n"),
    "no host": (400, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
    "a broken address": (400, b"GET /%zz HTTP/1.1\r\n" + END),
    "an address that climbs out": (400, b"GET /../../etc/passwd HTTP/1.1\r\n" + END),
    "a nul in the address": (400, b"GET /check/%00 HTTP/1.1\r\n" + END),
    "another host": (400, b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"),
    "a broken length": (400, b"POST / HTTP/1.1\r\nContent-Length: x\r\n" + END),
    "the edge's own folder": (404, b"GET /edge/500.html HTTP/1.1\r\n" + END),
    "a static file that is not there": (404, b"GET /static/nothing HTTP/1.1\r\n" + END),
    "no such page": (404, b"GET /nothing HTTP/1.1\r\n" + END),
    "a folder": (403, b"GET /static/ HTTP/1.1\r\n" + END),
    "another version of a file": (412, b'GET /static/icon.svg HTTP/1.1\r\nIf-Match: "x"\r\n' + END),
    "trace": (405, b"TRACE / HTTP/1.1\r\n" + END),
    "a page is sent to": (
        405,
        b"POST / HTTP/1.1\r\nContent-Length: 1\r\n" + END.replace(b"\r\n\r\n", b"\r\n\r\nx"),
    ),
    "a file is sent to": (405, b"POST /static/icon.svg HTTP/1.1\r\nContent-Length: 0\r\n" + END),
    "a large body, by its length alone": (413, b"POST / HTTP/1.1\r\nContent-Length: 99999\r\n" + END),
    "a body in chunks": (
        411,
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + END + b"1\r\nx\r\n0\r\n\r\n",
    ),
    "a page with a body in chunks": (
        411,
        b"GET / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n" + END + b"0\r\n\r\n",
    ),
    "a path too long for the site": (414, b"GET /" + b"x" * 2100 + b" HTTP/1.1\r\n" + END),
    "an address too long for the edge": (414, b"GET /" + b"x" * 20000 + b" HTTP/1.1\r\n" + END),
    "an address too long for the site's server": (431, b"GET /?" + b"x" * 16_300 + b" HTTP/1.1\r\n" + END),
    "a header too large for the edge": (431, b"GET / HTTP/1.1\r\nX-Large: " + b"x" * 20000 + b"\r\n" + END),
    "a version from the future": (505, b"GET / HTTP/3.7\r\n" + END),
    "an encoding unheard of": (501, b"POST / HTTP/1.1\r\nTransfer-Encoding: magic\r\n" + END),
}


#: Requests that HTTP/2 cannot express, or that make nginx close an HTTP/2 connection.
ONLY_HTTP_1 = {
    "an address too long for the edge",
    "a header too large for the edge",
    "not HTTP at all",
    "no host",
    "a broken length",
    "a version from the future",
    "an encoding unheard of",
    "a body in chunks",
    "a page with a body in chunks",
}


def over_http_2(port: int, sent: bytes) -> tuple[int, dict[str, str], str]:
    """Sends the same request over HTTP/2, with a body of the declared length."""
    head, _, body = sent.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    method, address, _ = first.split(" ")
    named = dict(line.split(": ") for line in lines)
    host, _ = named.pop("Host"), named.pop("Connection")
    command = ["curl", "--silent", "--insecure", "--http2", "--path-as-is", "--include", "--request", method]
    command += ["--connect-to", f"::127.0.0.1:{port}", "--max-time", "5"]
    if length := int(named.pop("Content-Length", "0")):
        command += ["--data-binary", "@-"]
        body = body.ljust(length, "x")
    if named.pop("Transfer-Encoding", None):
        command += ["--upload-file", "-"]
    for name, value in named.items():
        command += ["--header", f"{name}: {value}"]
    done = subprocess.run(
        [*command, f"https://{host}{address}"], input=body.encode(), capture_output=True, check=False
    )
    head, _, page = done.stdout.decode().partition("\r\n\r\n")
    (version, status, *_), *lines = (line.split(" ", 1) for line in head.split("\r\n"))
    assert version == "HTTP/2", done
    headers = {name.rstrip(":"): value for name, value in lines}
    assert len(headers) == len(lines), "a header stands twice"
    return int(status), headers, page


@pytest.fixture(scope="module")
def standing(tmp_path_factory):
    """One edge and one site, shared by the tests that change neither."""
    folder = tmp_path_factory.mktemp("standing")
    settings = {"SIGNPOST_BASE_URL": "https://example.org", "SIGNPOST_TRUSTED_PROXIES": "1"}
    with ExitStack() as stack:
        site = Site(folder, settings, target=FEW_PAGES)
        stack.callback(site.kill)
        edge = Edge(folder, site.port)
        stack.callback(edge.kill)
        yield edge


@pytest.mark.parametrize("what", REFUSED)
def test_every_error_is_a_page_that_helps(what, standing, assert_helps):
    status, sent = REFUSED[what]
    answer = raw(standing.port, sent)
    assert answer[0] == status
    assert_helps(*answer)


@pytest.mark.needs("curl")
@pytest.mark.parametrize("what", [what for what in REFUSED if what not in ONLY_HTTP_1])
def test_every_error_is_a_page_that_helps_over_http_2_too(what, standing, assert_helps):
    status, sent = REFUSED[what]
    answer = over_http_2(standing.port, sent)
    assert answer[0] == status
    assert_helps(*answer)


@pytest.mark.parametrize(("length", "status"), [(16_384, 405), (16_385, 413), (200_000, 413)])
def test_a_body_of_unknown_length_is_not_written_to_a_file(length, status, standing, assert_helps):
    """nginx's folder for request bodies does not exist, so an attempt to write one would give a 500."""
    sent = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + END + b"x" * length
    answer = over_http_2(standing.port, sent)
    assert answer[0] == status
    assert_helps(*answer)


@pytest.mark.parametrize(
    "address", ["/", "/check/", "/check", "/healthz", "/sitemap.xml", "/nothing", "ASSET", "/static/icon.svg"]
)
def test_every_response_has_the_headers_once(address, standing, app):
    address = app.jinja_env.globals["asset"]["site.js"] if address == "ASSET" else address
    status, headers, _ = raw(standing.port, b"GET " + address.encode() + b" HTTP/1.1\r\n" + END)
    assert status in (200, 301, 404)
    file = not headers["content-type"].startswith("text/html")
    assert file == address.startswith(("/static/", "/healthz", "/sitemap"))
    for name, value in policy(secure=True, style=app.extensions["stylesheet"].source, file=file).items():
        assert headers[name.lower()] == value, name
    kept = {"/static/icon.svg": "no-cache"}.get(address, "no-store")
    kept = "public, max-age=31536000, immutable" if "?v=" in address else kept
    assert headers["cache-control"] == kept
    assert headers["server"] == "nginx"


@pytest.mark.parametrize("address", ["/", OPEN_DATA, "/static/style.css", "/static/nothing"])
@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("br;q=0", {None}),
        ("gzip;q=0", {None}),
        ("br;q=0, gzip;q=0.000", {None}),
        ("*;q=0", {None}),
        ("br;q=0, gzip", {"gzip"}),
        ("gzip;q=0, br", {"br", None}),  # nginx itself compresses by gzip alone
        ("gzip;q=0, br ; q = 0", {None}),
        ("gzip ; q = 0", {None}),
        ("gzip;\tq=0", {None}),
        ("gzip;level=1;q=0", {None}),
        ("identity", {None}),
    ],
)
def test_no_coding_is_sent_that_is_refused(address, accepted, sent, standing):
    got = raw(
        standing.port, f"GET {address} HTTP/1.1\r\nAccept-Encoding: {accepted}\r\n".encode() + END, text=False
    )
    assert got[1].get("content-encoding") in sent
    assert got[0] == (404 if address == "/static/nothing" else 200)


@pytest.mark.parametrize("mark", ["00000000", "../../..", "", "none", "%2e%2e"])
def test_a_file_is_kept_for_ever_only_under_the_mark_of_its_content(mark, standing):
    sent = f"GET /static/style.css?v={mark} HTTP/1.1\r\n".encode() + END
    status, headers, body = raw(standing.port, sent)
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert body == (ROOT / "static" / "style.css").read_text("utf-8")


def test_a_file_is_sent_whole_whatever_part_is_asked_for(standing, app):
    for address in ("/static/style.css", app.jinja_env.globals["asset"]["style.css"]):
        sent = f"GET {address} HTTP/1.1\r\nRange: bytes=5-9\r\n".encode() + END
        status, headers, body = raw(standing.port, sent)
        assert status == 200
        assert "accept-ranges" not in headers
        assert body == (ROOT / "static" / "style.css").read_text("utf-8")


def test_a_page_of_before_a_change_still_gets_its_own_style(serve, put_edge, app, tmp_path):
    edge = put_edge(serve().port)
    old = tmp_path / "edge" / "marked" / "0123abcd" / "static" / "style.css"
    old.parent.mkdir(parents=True)
    old.write_text("/* as it was */")
    got = raw(edge.port, b"GET /static/style.css?v=0123abcd HTTP/1.1\r\n" + END)
    assert got[0] == 200
    assert got[1]["cache-control"] == "public, max-age=31536000, immutable"
    assert got[2] == "/* as it was */"


def test_a_link_among_the_files_leads_to_no_other_file(serve, put_edge, tmp_path):
    """Somebody who broke into the site could create a link where the edge looks for files and pages."""
    site = serve()
    edge = put_edge(site.port)
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "edge" / "marked"
    (folder / "0123abcd" / "static").mkdir(parents=True)
    (folder / "0123abcd" / "static" / "style.css").symlink_to(tmp_path / "secret")
    (folder / "1123abcd").symlink_to(folder / "0123abcd")
    for mark in ("0123abcd", "1123abcd"):
        status, headers, body = raw(edge.port, f"GET /static/style.css?v={mark} HTTP/1.1\r\n".encode() + END)
        assert (status, headers["cache-control"]) == (200, "no-cache")
        assert body == (ROOT / "static" / "style.css").read_text("utf-8")
    (tmp_path / "edge" / "502.html").unlink()
    (tmp_path / "edge" / "502.html").symlink_to(tmp_path / "secret")
    site.kill()
    assert "secret" not in raw(edge.port, b"GET / HTTP/1.1\r\n" + END)[2]


def test_plain_http_gets_a_page_too_or_leads_to_https(standing, assert_helps):
    status, headers, _ = raw(standing.plain_port, b"GET /check/?a=b HTTP/1.1\r\n" + END, https=False)
    assert (status, headers["location"]) == (301, "https://example.org/check/?a=b")
    assert headers["cache-control"] == "no-store"
    # The redirect never uses the host of the request.
    _, headers, _ = raw(standing.plain_port, b"GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n", https=False)
    assert headers["location"] == "https://example.org/"
    answer = raw(standing.plain_port, b"GET /%zz HTTP/1.1\r\n" + END, https=False)
    assert answer[0] == 400
    assert_helps(*answer)
    # Plain HTTP on the port for HTTPS.
    answer = raw(standing.port, b"GET / HTTP/1.1\r\n" + END, https=False)
    assert answer[0] == 400
    assert_helps(*answer)


def test_a_certificate_can_be_renewed_over_plain_http(standing, assert_helps):
    asked = standing.conf.parent / "www" / ".well-known" / "acme-challenge" / "token"
    asked.parent.mkdir(parents=True)
    asked.write_text("proof")
    sent = b"GET /.well-known/acme-challenge/%s HTTP/1.1\r\n" + END
    assert raw(standing.plain_port, sent % b"token", https=False)[::2] == (200, "proof")
    missing = raw(standing.plain_port, sent % b"none", https=False)
    assert missing[0] == 404
    assert_helps(*missing)


def test_without_ipv6_it_starts_after_the_command_in_the_documents(standing, tmp_path):
    def tried(conf: Path) -> str:
        command = [
            sys.executable,
            "-m",
            "tests.servers.without_ipv6",
            "nginx",
            "-e",
            "stderr",
            "-t",
            "-c",
            conf,
        ]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stderr

    assert "Address family not supported by protocol" in tried(standing.conf)
    (command,) = re.findall(
        r"`(sed -i \S+ \S+) /etc/nginx/nginx\.conf`", (ROOT / "docs" / "operating.md").read_text("utf-8")
    )
    conf = tmp_path / "nginx.conf"
    conf.write_bytes(standing.conf.read_bytes())
    subprocess.run([*shlex.split(command), conf], check=True)
    assert "test is successful" in tried(conf)


def test_it_speaks_http_2_and_only_safe_tls(standing):
    context = ssl._create_unverified_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection(("127.0.0.1", standing.port), timeout=5) as plain,
        context.wrap_socket(plain) as tls,
    ):
        assert tls.selected_alpn_protocol() == "h2"
        assert tls.version() == "TLSv1.3"
    old = ssl._create_unverified_context()
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # which is what this is about
        old.minimum_version = ssl.TLSVersion.TLSv1
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection(("127.0.0.1", standing.port), timeout=5) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        old.wrap_socket(plain)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_no_session_is_taken_up_again(version, standing):
    context = ssl._create_unverified_context()
    context.minimum_version = context.maximum_version = version
    session = None
    for _ in range(2):
        plain = socket.create_connection(("127.0.0.1", standing.port), timeout=5)
        with context.wrap_socket(plain, session=session) as tls:
            tls.sendall(b"GET / HTTP/1.1\r\n" + END)
            while tls.recv(65536):  # a ticket comes after the handshake, before the answer
                pass
            session = tls.session
            assert not session.has_ticket
            assert not tls.session_reused


def test_the_site_gone_is_a_page_within_a_second_and_until_it_is_back(
    site, edge, visitor, figures, assert_helps
):
    assert visitor.get("/check/").status == 200
    site.kill()
    began = time.monotonic()
    gone = visitor.get("/check/")
    took = time.monotonic() - began
    assert gone.status == 502
    assert took < 1
    headers = {name.lower(): value for name, value in gone.headers}
    assert_helps(gone.status, headers, gone.body.decode())
    # The page is complete: the edge sends its stylesheet and script by itself.
    page = Page(gone.body.decode())
    for address in [page.one("script").get("src"), *(link.get("href") for link in page.all("link"))]:
        assert visitor.get(address).status == 200
    figures("the site killed behind the edge: its page", [gone], lambda reply: reply.status != 502)
    site.begin()
    took = until(lambda: visitor.get("/check/").status == 200, "the site is back", seconds=5)
    figures("the site back behind the edge", [Reply("", 200, took)])
    assert took < 1


def test_a_site_that_hangs_is_a_page_in_a_few_seconds(site, edge, visitor, figures, assert_helps):
    site.pause()
    hung = visitor.get("/check/")
    assert hung.status == 502
    assert hung.seconds < 4
    assert_helps(hung.status, {n.lower(): v for n, v in hung.headers}, hung.body.decode())
    figures("the site hung behind the edge: its page", [hung], lambda reply: reply.status != 502)
    site.resume()
    until(lambda: visitor.get("/check/").status == 200, "the site is back")


def answer_slowly(address: str) -> Answer:
    """Answers with the address that was sent, later than the 250 ms that the edge waits."""
    time.sleep(0.4)
    return Answer(address.encode())


def test_a_slow_site_is_asked_for_what_the_copy_has_not_by_the_address_that_was_sent(put_edge):
    """The edge rewrites the address to a file name when it looks into the copy. The site would answer that with a 404."""
    edge = put_edge(port := free_port())
    with Visitor(edge.port, https=True, headers={"Host": "example.org"}) as visitor:
        assert visitor.get("/").status == 502  # from now on the edge waits only 250 ms
        with other_site(answer_slowly, port=port):
            time.sleep(1)  # the edge does not try a failed site for a second
            for address in ("/", "/check/n?moved=1", "/check/%6E?answer=c&go=1", "/cy/numbers/?a=b%20c"):
                reply = visitor.get(address)
                assert (reply.status, reply.body.decode()) == (200, address)


def test_one_address_cannot_take_all_of_the_edge(serve, put_edge, assert_helps):
    site = serve({"SIGNPOST_TRUSTED_PROXIES": "1"})
    edge = put_edge(site.port)
    with ExitStack() as held:

        def hold() -> None:
            """Opens one more request that never ends."""
            plain = socket.create_connection(("127.0.0.1", edge.port), timeout=5)
            tls = held.enter_context(ssl._create_unverified_context().wrap_socket(plain))
            tls.sendall(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n" + END)

        def used_up() -> bool:
            hold()  # each time: this check itself may have used the free place
            return raw(edge.port, b"GET / HTTP/1.1\r\n" + END)[0] == 429

        for _ in range(63):
            hold()
        until(used_up, "the share of one address is used up")
        status, headers, body = raw(edge.port, b"GET / HTTP/1.1\r\n" + END)
        assert_helps(status, headers, body)
        assert headers["retry-after"] == "60"
        assert not [name for name in headers if "ratelimit" in name]
        with Visitor(edge.port, https=True, source="127.0.0.2") as other:
            assert other.get("/").status == 200
    until(lambda: raw(edge.port, b"GET / HTTP/1.1\r\n" + END)[0] == 200, "an address is forgotten", seconds=2)


def test_open_data_and_the_badges_may_be_kept_and_shown_elsewhere(standing):
    for address in SHARED:
        got = b"GET " + address.encode() + b" HTTP/1.1\r\n"
        status, headers, _ = raw(standing.port, got + END, text=False)
        assert status == 200
        assert headers["cross-origin-resource-policy"] == "cross-origin"
        assert headers["access-control-allow-origin"] == "*"
        assert headers["cache-control"] == ("no-cache" if address in DATA else "public, max-age=604800")
        known = f"If-None-Match: {headers['etag']}\r\n".encode()
        assert raw(standing.port, got + known + END)[0] == 304, address


def test_what_browsers_ask_for_by_themselves_costs_nobody_their_limit(serve, put_edge, assert_helps, app):
    """The edge answers these requests itself if the site has no such file, so also while the site is down."""
    settings = {"SIGNPOST_RATE_LIMIT": limit_of(3), "SIGNPOST_CONTACT": "us@example.org"}
    site = serve(settings | {"SIGNPOST_TRUSTED_PROXIES": "1"}, workers=1)
    edge = put_edge(site.port)

    def get(address: str) -> tuple[int, dict[str, str], str]:
        return raw(edge.port, f"GET {address} HTTP/1.1\r\n".encode() + END)

    for _ in range(2):
        assert {address: get(address)[0] for address in UNBIDDEN} == UNBIDDEN
    assert [get("/")[0] for _ in range(4)] == [200, 200, 200, 429]
    assert {address: get(address)[0] for address in UNBIDDEN} == UNBIDDEN
    site.kill()
    made_by_the_site = {address: get(address)[0] for address in UNBIDDEN if get(address)[0] == 502}
    assert made_by_the_site.keys() == {
        "/robots.txt",
        "/.well-known/traffic-advice",
        "/.well-known/security.txt",
    }
    status, headers, body = get("/favicon.ico")
    assert (status, body, headers["cache-control"]) == (204, "", "no-store")
    expected = policy(secure=True, style=app.extensions["stylesheet"].source)
    assert headers.items() >= {name.lower(): value for name, value in expected.items()}.items()
    assert_helps(*get("/.well-known/change-password"))


def test_what_is_for_the_machine_itself_is_refused_here_and_by_the_site(standing, put_edge, assert_helps):
    nobody = put_edge(1)  # where the site would answer, this edge could only say 502
    paths = ["/readyz", "/metrics", "/metrics?x", "/metrics/", "/cy/metrics"]
    for path in (*paths, "//metrics", "/x/../metrics", "/%6detrics"):
        sent = f"GET {path} HTTP/1.1\r\n".encode() + END
        assert_helps(*raw(standing.port, sent))
        assert raw(nobody.port, sent)[0] == 404, path


@pytest.mark.needs("curl")
def test_the_watch_is_content_with_a_site_that_is_well_and_notices_a_certificate_that_ends_soon(standing):
    script = (ROOT / "deploy" / "signpost").read_text("utf-8")
    site = re.search(r"server 127\.0\.0\.1:(\d+) max_fails", standing.conf.read_text("utf-8"))[1]
    script = script.replace("127.0.0.1:8000", f"127.0.0.1:{site}").replace(
        "127.0.0.1:443", f"127.0.0.1:{standing.port}"
    )
    fortnight, day = "-checkend 1209600", "-checkend 86400"
    assert fortnight in script
    for words, status, said in (
        (script, 1, "signpost: the certificate ends within 14 days, or nginx does not answer\n"),
        (script.replace(fortnight, day), 0, ""),  # the certificate of the tests is valid for two
    ):
        done = subprocess.run(["sh", "-c", words, "sh", "watch"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (status, said)


def test_an_ipv6_address_counts_by_its_64_and_its_48():
    """The pattern that takes the first 48 and the next 16 bits must match every byte that an address can have."""
    conf = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    (pattern,) = (
        each.replace("(?<", "(?P<").replace(r"\z", r"\Z").encode()
        for each in re.findall(r'"~(\(\?s\).*)"', conf)
    )
    rng = random.Random(0)
    for _ in range(1000):
        address = rng.randbytes(16)
        parts = re.search(pattern, address)
        assert parts
        assert parts["first_48"] == address[:6]
        assert parts["first_48"] + parts["next_16"] == address[:8]
    assert not re.search(pattern, b"\x7f\0\0\1"), "IPv4 is taken whole"


def test_a_request_is_sent_again_if_its_connection_breaks(put_edge):
    """At least three times, and only GET and HEAD. There is no copy in this test, which could answer instead."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(5)
        edge = put_edge(listening.getsockname()[1])

        def lose(times: int) -> None:
            for _ in range(times):
                with listening.accept()[0] as connection:
                    connection.recv(65536)  # otherwise the connection might break before the request is sent

        def serve(lost: int) -> None:
            lose(lost)
            with listening.accept()[0] as connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

        for method, site, status in (
            ("GET", partial(serve, 2), 200),
            # The first upstream has failed, so the edge uses the others.
            ("GET", partial(lose, 3), 502),
            ("GET", partial(serve, 1), 200),
            ("POST", partial(lose, 0), 405),
        ):
            serving = Thread(target=site)
            serving.start()
            assert raw(edge.port, f"{method} / HTTP/1.1\r\n".encode() + END)[0] == status
            serving.join()


def test_only_what_an_answer_needs_reaches_the_site(serve, put_edge, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        edge = put_edge(listening.getsockname()[1])
        sent = [
            "POST /check/?q=1 HTTP/1.1",
            "Host: example.org",
            "User-Agent: somebody",
            "Referer: https://somewhere.example",
            "Cookie: c=1",
            "Accept-Language: cy",
            "Accept-Encoding: br",
            'If-None-Match: "mark"',
            "X-Forwarded-For: 192.0.2.1",
            "X-Forwarded-Host: evil.example",
            "Forwarded: for=192.0.2.1",
            "Content-Length: 4",
            "",
            "body",
        ]
        with (
            socket.create_connection(("127.0.0.1", edge.port), timeout=5) as plain,
            ssl._create_unverified_context().wrap_socket(plain) as tls,
        ):
            tls.sendall("\r\n".join(sent).encode())
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(5)
                got = connection.recv(65536).decode()
    assert got.split("\r\n") == [
        "POST /check/?q=1 HTTP/1.1",
        "Host: example.org",
        "Accept-Encoding: br",
        'If-None-Match: "mark"',
        "X-Forwarded-For: 127.0.0.1",
        "X-Forwarded-Proto: https",
        "",
        "",
    ]


#: What Debian's own main file sets that matters here. It says more in its error log here, so that more could be found.
DEBIAN = """
user www-data;
pid /run/nginx.pid;
error_log /var/lib/signpost/error.log info;
events { worker_connections 768; }
http {
    sendfile on;
    tcp_nopush on;
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers on;
    access_log /var/lib/signpost/access.log;
    gzip on;
    include /etc/nginx/sites-enabled/*;
    server {
        listen 443 ssl http2;
        server_name other.example;
        location / { return 200 other; }
    }
}
"""


@pytest.mark.needs("nginx", "openssl")
def test_beside_other_sites_nothing_of_a_visitor_is_logged_either(tmp_path, servers, assert_helps):
    edge = servers(Edge(tmp_path, free_port(), main=DEBIAN))
    for what, (status, sent) in REFUSED.items():
        answer = raw(edge.port, sent)
        assert answer[0] in (status, 502), what  # no site runs here
        if answer[0] == status:
            assert_helps(*answer)
    for junk in (b"\x16\x03\x01\x02\x00" + b"x" * 512, b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00"):
        with socket.create_connection(("127.0.0.1", edge.port), timeout=5) as connection:
            connection.sendall(junk)
            connection.recv(100)
    assert "127.0.0.1" not in (tmp_path / "error.log").read_text()
    assert (tmp_path / "access.log").read_text() == ""
    elsewhere = b"GET /a-page HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n"
    assert raw(edge.port, elsewhere)[::2] == (200, "other")
    assert "127.0.0.1" in (tmp_path / "access.log").read_text(), "the other site keeps its own"


def test_the_fallback_is_what_the_site_itself_shows(tmp_path, runner, app):
    assert runner.invoke(args=["export-fallback", str(tmp_path / "new" / "edge")]).exit_code == 0
    folder = tmp_path / "new" / "edge"
    assets = app.jinja_env.globals["asset"]
    marked = {f"marked/{address.split('=')[1]}/static/{name}": name for name, address in assets.items()}
    written = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    pages = {f"{folder}{status}.html" for folder in ("", "cy/") for status in EDGE_STATUSES}
    assert written == pages | marked.keys()
    for path, name in marked.items():
        assert (folder / path).read_bytes() == (ROOT / "static" / name).read_bytes()
    for status in EDGE_STATUSES:
        for page in (folder / f"{status}.html", folder / "cy" / f"{status}.html"):
            assert page.read_text("utf-8") == render_error_page(app, status), (
                "where Welsh is off, it is English too"
            )


def test_every_refusal_is_in_the_language_of_its_address(serve, put_edge):
    both = {"SIGNPOST_BASE_URL": "https://example.org", "SIGNPOST_LANGUAGES": "en cy"}
    app = create_app(Config.from_environment(both))
    site = serve({"SIGNPOST_TRUSTED_PROXIES": "1", **both})
    edge = put_edge(site.port, "en cy")
    english = set()
    for name, (status, sent) in REFUSED.items():
        if b" /" not in sent or b" /static" in sent or b" /edge" in sent:
            continue  # no address, or the address of a file, which has no language
        got, _, body = raw(edge.port, sent.replace(b" /", b" /cy/", 1))
        assert got in (status, 404), name
        if body == render_error_page(app, got):
            english.add(name)
        else:
            assert body == render_error_page(app, got, KNOWN["cy"]), name
    assert english == UNREAD
    site.kill()
    assert raw(edge.port, b"GET /cy HTTP/1.1\r\n" + END)[::2] == (
        502,
        render_error_page(app, 502, KNOWN["cy"]),
    )
    assert raw(edge.port, b"GET /cyx HTTP/1.1\r\n" + END)[::2] == (502, render_error_page(app, 502))
    assert raw(edge.port, b"GET /?a=/cy/ HTTP/1.1\r\n" + END)[::2] == (502, render_error_page(app, 502))


#: Rejected before nginx reads the address.
UNREAD = {
    "a broken address",
    "an address that climbs out",
    "a nul in the address",
    "an address too long for the edge",
    "a version from the future",
}


@pytest.mark.parametrize("folder", ["file/edge", "/proc/edge", "x" * 300])
def test_a_folder_that_cannot_be_written_is_named(tmp_path, runner, folder):
    (tmp_path / "file").write_text("")
    done = runner.invoke(args=["export-fallback", str(tmp_path / folder)])
    assert done.exit_code == 1
    assert done.output.startswith(f"Error: Cannot write into {tmp_path / folder}: ")
    assert "Traceback" not in done.output


def test_every_error_the_edge_maps_has_its_page():
    conf = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    mapped = {
        int(word)
        for line in conf.splitlines()
        if "error_page" in line
        for word in line.split()
        if word.isdecimal()
    }
    assert mapped - {494, 495, 496, 497} == set(EDGE_STATUSES)
