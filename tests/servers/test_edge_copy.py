"""While the site is dead or hangs, nginx serves the whole journey from its copy."""

from __future__ import annotations

import os
import re
import socket
import time
from contextlib import ExitStack
from functools import partial
from itertools import cycle
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from signpost.models.urls import check_url
from signpost.web.edge_copy import ENDING, NOW, write_copy
from tests import ROOT
from tests.other_site import Answer, other_site
from tests.page import Page
from tests.planting import plant
from tests.planting import site as app_of
from tests.servers.processes import FEW_PAGES, Edge, Site, until
from tests.servers.test_edge import END, raw
from tests.servers.visitors import Crowd, Reply, Visitor, crowd

BOTH = {
    "SIGNPOST_BASE_URL": "https://example.org",
    "SIGNPOST_LANGUAGES": "en cy",
    "SIGNPOST_RATE_LIMIT": "10000000 per minute",
    "SIGNPOST_TRUSTED_PROXIES": "1",
}
#: How long the edge waits for a site that hangs: the first time, and in the five minutes after that.
LONG, SHORT = 3, 0.25
#: How long a page may take on a machine with other work. Otherwise it takes a few milliseconds.
SOON = 1


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The site in both languages, with an answer to its first question retired."""
    content = plant(
        tmp_path_factory.mktemp("content"), "questions.toml", "\ntitle", '\nretired = ["zz"]\ntitle'
    )
    return app_of(CONTENT=content, **{name.removeprefix("SIGNPOST_"): value for name, value in BOTH.items()})


@pytest.fixture(scope="module")
def codes(app) -> tuple[str, ...]:
    """The answers of a visitor who is asked four questions, and whose result says what is open."""
    client = app.test_client()
    return next(
        walk.codes
        for walk in app.extensions["content"].journey.walks()
        if walk.result and len(walk.codes) == 4 and 'class="now"' in client.get(check_url(walk.codes)).text
    )


@pytest.fixture(scope="module")
def site_and_edge(app, codes, tmp_path_factory):
    """A site and its edge, with a copy of the pages that these tests request."""
    folder = tmp_path_factory.mktemp("copy")
    steps = [check_url(codes[:number]) for number in range(len(codes) + 1)]
    steps[0] = "/check/"
    errors = [f"{step}?go=1" for step in steps[:-1]]
    entry = next(iter(app.extensions["content"].journey.entries))
    others = (
        "/",
        "/check/?moved=1",
        "/help/",
        "/about",
        f"/for/{entry}",
        *app.extensions["content"].moved.values(),
    )
    write_copy(app, folder / "copy", paths=dict.fromkeys((*steps, *errors, *others)))
    with ExitStack() as stack:
        site = Site(folder, BOTH, workers=1, target=FEW_PAGES)
        stack.callback(site.kill)
        edge = Edge(folder, site.port, "en cy")
        stack.callback(edge.kill)
        yield site, edge


@pytest.fixture(scope="module")
def headers_of_the_site(site_and_edge, codes):
    """The headers of some pages, by coding and address, while the site is up. The last fixture before it is killed."""
    return {
        (coding, address): seen(site_and_edge[1], coding, address)
        for coding in ("gzip", "identity")
        for address in ("/", "/check/", check_url(codes), "/check/?go=1", "/cy/about")
    }


@pytest.fixture(scope="module")
def dead(site_and_edge, headers_of_the_site):
    """The edge, after its site was killed. Tests that use it must come last."""
    site_and_edge[0].kill()
    return site_and_edge[1]


def seen(edge: Edge, coding: str, address: str) -> dict[str, str]:
    """The headers of a response, without those that differ in each."""
    with Visitor(
        edge.port, https=True, headers={"Host": "example.org", "Accept-Encoding": coding}
    ) as visitor:
        headers = {name.lower(): value for name, value in visitor.get(address).headers}
    assert headers.pop("date")
    return {
        name: value for name, value in headers.items() if name not in ("content-length", "transfer-encoding")
    }


class Reader:
    """A visitor without script, who follows links and sends forms."""

    def __init__(self, browser: Visitor) -> None:
        self.browser = browser
        self.address = "/"
        self.replies: list[Reply] = []

    def open(self, address: str) -> Page:
        """Opens an address and follows redirects."""
        while True:
            self.address = urljoin(self.address, address)
            reply = self.browser.get(self.address)
            self.replies.append(reply)
            if reply.status != 303:
                break
            address = reply.header("Location") or ""
            assert address.startswith("/"), "a redirect names no host"
        assert reply.status == 200, self.address
        return Page(reply.body.decode())

    def answer(self, page: Page, code: str) -> Page:
        """Chooses an answer, "" for none, and sends the page's form."""
        form = page.one("form")
        assert form.get("method") == "get"
        offered = {each.get("value") for each in form.iter("input") if each.get("type") == "radio"}
        sent = {
            each.get("name"): each.get("value") for each in form.iter("input") if each.get("type") == "hidden"
        }
        if code:
            assert code in offered
            sent["answer"] = code
        return self.open(f"{urlsplit(self.address).path}?{urlencode(sent)}")

    def is_live(self, address: str) -> bool:
        """Whether the page at an address says what is open now, which the copy never does."""
        reply = self.browser.get(address)
        assert reply.status == 200, address
        return b'class="now"' in reply.body


@pytest.mark.parametrize("fault", ["hung", "killed"])
def test_a_visitor_finishes_while_the_site_is_gone_and_sees_it_back(
    fault, site_and_edge, codes, figures, size
):
    site, edge = site_and_edge
    with ExitStack() as stack:
        readers = {}
        for root in ("", "/cy"):
            headers = {"Host": "example.org", "Accept-Encoding": "identity"}
            reader = Reader(stack.enter_context(Visitor(edge.port, https=True, headers=headers)))
            until(partial(reader.is_live, check_url(codes)), "the site answers")
            page = reader.open(f"{root}/")
            assert f"{root}/check/" in page.links
            page = reader.open(f"{root}/check/")
            for code in codes[:2]:
                page = reader.answer(page, code)
            reader.replies.clear()
            readers[root] = reader, page
        site.kill() if fault == "killed" else site.pause()
        try:
            for root, (reader, page) in readers.items():
                mistaken = reader.answer(page, "")
                assert mistaken.heading == page.heading
                assert mistaken.root.find(".//*[@id='error']") is not None
                page = mistaken
                for code in codes[2:]:
                    page = reader.answer(page, code)
                assert reader.address == f"{root}{check_url(codes)}"
                assert any(link.startswith("tel:") for link in page.links)
                assert not reader.is_live(reader.address)
                if fault == "killed":
                    assert f"{root}/help/" in page.links
                    reader.open(f"{root}/help/")
        finally:
            site.begin() if fault == "killed" else site.resume()
        for root, (reader, _) in readers.items():
            until(partial(reader.is_live, root + check_url(codes)), "the page is live", seconds=5)
    replies = [reply for reader, _ in readers.values() for reply in reader.replies]
    waits = sorted(reply.seconds for reply in replies)
    if fault == "killed":
        figures("the site killed at the third question: on to a result", replies)
        assert waits[-1] < size(SOON, 0.05), "at full size, the machine has nothing else to do"
    else:
        figures("the site hung at the third question: on to a result", replies)
        assert waits[-1] < LONG + SOON
        assert waits[-2] < SHORT + SOON, "one page has to wait, and no other"
    assert len(replies) == 2 * (1 + 2 * len(codes[2:]) + (fault == "killed"))


def test_a_restart_costs_nobody_a_page(site_and_edge, codes):
    """As at each switch to another release (deploy/signpost)."""
    site, edge = site_and_edge
    steps = ["/", "/check/", *(check_url(codes[:number]) for number in range(1, len(codes) + 1))]
    answers = [f"{check_url(codes[:number])}?go=1&answer={code}" for number, code in enumerate(codes)]
    crowd = Crowd(
        edge.port, [*steps, *answers], 4, 0.02, apart=True, https=True, headers={"Host": "example.org"}
    )
    try:
        assert site.stop() == 0
        site.begin()
    finally:
        replies = crowd.stop()
    assert len(replies) > 50
    assert [(reply.address, reply.status, reply.lost) for reply in replies if not reply.served] == []


def test_the_copy_has_the_headers_of_the_site(headers_of_the_site, dead):
    for (coding, address), headers in headers_of_the_site.items():
        assert headers["cache-control"] == "no-store"
        assert seen(dead, coding, address) == headers, address


def is_free(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def test_visitors_of_an_overloaded_site_get_the_copy(site_and_edge, dead, codes, figures, size):
    steps = ["/", "/check/", *(check_url(codes[:number]) for number in range(1, len(codes) + 1))]
    answers = [f"{check_url(codes[:number])}?go=1&answer={code}" for number, code in enumerate(codes)]
    asked = [f"{root}{each}" for root in ("", "/cy") for each in (*steps, *answers)]
    port = site_and_edge[0].port
    until(partial(is_free, port), "the last process of the killed site has ended")
    assert seen(dead, "gzip", "/"), "from now on the edge waits only 250 ms"
    turns, tried = cycle(("too busy", "late")), []

    def answer(_: str) -> Answer:
        tried.append(next(turns))
        if tried[-1] == "late":
            time.sleep(SHORT * 2)
            return Answer(b"late")
        return Answer(b"", 503)

    with other_site(answer, port=port):
        replies = crowd(
            dead.port,
            asked,
            size(1, 10),
            pause=0.02,
            apart=True,
            https=True,
            headers={"Host": "example.org", "Accept-Encoding": "identity"},
        )
    figures("8 visitors while the site is overloaded (answers late, or 503): the copy", replies)
    assert len(replies) > 50
    assert [(reply.address, reply.status, reply.lost) for reply in replies if not reply.served] == []
    assert {"too busy", "late"} == set(tried)
    assert {reply.status for reply in replies} == {200, 303}
    assert not any(reply.body == b"late" or b'class="now"' in reply.body for reply in replies)
    assert max(reply.seconds for reply in replies) < SHORT + SOON


def test_the_copy_is_unpacked_for_clients_that_refuse_gzip_however_they_say_it(dead):
    for accepted, coding in (
        ("gzip", "gzip"),
        ("br", None),
        ("gzip;q=0", None),
        ("gzip ; q = 0", None),
        ("gzip;\tq=0", None),
        ("gzip;level=1;q=0", None),
    ):
        with Visitor(dead.port, https=True, headers={"Host": "example.org"}) as visitor:
            reply = visitor.get("/check/", Accept_Encoding=accepted)
        assert (reply.status, reply.header("Content-Encoding")) == (200, coding), accepted


def test_answers_and_old_links_lead_on_without_the_site(dead, app):
    content = app.extensions["content"]
    entry = next(iter(content.journey.entries))
    first = content.journey.start().question.answers
    some = next(answer.code for answer in first if answer.next)
    with Visitor(dead.port, https=True, headers={"Host": "example.org"}) as visitor:
        for root in ("", "/cy"):
            for sent, led in {
                f"/check/?go=1&answer={some}": f"{root}/check/{some}",
                f"/check?answer={some}&go=1": f"{root}/check/{some}",
                f"/for/{entry}?go=1&answer={some}": f"{root}/check/{some}",
            }.items():
                reply = visitor.get(root + sent)
                assert (reply.status, reply.header("Location")) == (303, led)
                assert reply.header("Cache-Control") == "no-store"
            reply = visitor.get(f"{root}/check/zz")
            assert (reply.status, reply.header("Location")) == (302, f"{root}/check?moved=1")
            moved = visitor.get(f"{root}/check?moved=1", Accept_Encoding="identity")
            assert (moved.status, b'class="notice"' in moved.body) == (200, True)
            for old in content.moved:
                assert visitor.get(root + old).status == 200
            # What the site would not accept as an answer is not one here.
            for sent in (
                "?answer=" + some,
                "?go=1&answer=",
                "?go=1&answer=zzz",
                f"?go=2&answer={some}",
                "?x=1",
            ):
                assert visitor.get(f"{root}/check/{sent}").status == 200
        for address in ("/no-such-page", "/healthz", "/data/services.json", "/check/n/zzz"):
            reply = visitor.get(address)
            assert (reply.status, b"tel:999" in reply.body) == (502, True), address
        assert visitor.get("/check/", method="POST").status == 405


#: Attempts to read other files, or to write. Each gets an error page or a page of the copy.
ODD = (
    *("/../secret", "/..%2fsecret", "/%2e%2e/secret", "/check/../../secret", "/check/..%2f..%2fsecret"),
    *(
        "//secret",
        "/secret/../..",
        "/.lock",
        "/about.json",
        "/now",
        "/copy/",
        "/copy/secret",
        "/copy/index.html",
    ),
    *(
        "/copy/now/index",
        "/copy/..%2f..%2fsecret",
        "/check@go",
        "/check/@retired",
        "/index.html.gz",
        "/index%00",
    ),
    *(
        "/?go=1&answer=../secret",
        "/check/?go=1&answer=..%2f..%2fsecret",
        "/check/?go=1&answer=%00",
        "/cy/../secret",
    ),
    *(
        "/?go=1&answer=/secret",
        "/check/?go=1:&answer=n",
        "/check/?moved=../secret",
        "/check/?go=1%0d%0aX:1&answer=n",
    ),
    *(
        "/check/?answer=n&answer=../secret&go=1",
        "/cy/for/../../secret?go=1&answer=n",
        "/linked",
        "/others/secret",
    ),
)


def test_odd_addresses_read_nothing_else_and_write_nothing(dead):
    folder = dead.conf.parent
    now = (folder / "copy" / NOW).resolve()
    for place in (folder, folder / "copy", now.parent.parent):
        (place / f"secret{ENDING}").write_bytes(b"secret")
    # An intruder in the site could create a symbolic link to a file of somebody else.
    if os.geteuid():
        foreign = "/etc/passwd"
    else:
        foreign = folder / "foreign"
        foreign.write_text("secret")
        os.chown(foreign, 65534, 65534)
    (now / f"linked{ENDING}").symlink_to(foreign)
    before = {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}
    for method in (b"GET", b"PUT"):
        for address in ODD if method == b"GET" else ("/", "/secret", "/copy/index", "/check/new"):
            status, headers, body = raw(dead.port, b"%s %s HTTP/1.1\r\n" % (method, address.encode()) + END)
            assert "secret" not in body, address
            assert "root:" not in body, address
            assert "999" in body or status in (302, 303), address
            assert status in ((200, 303, 400, 404, 502) if method == b"GET" else (404, 405)), address
            assert "secret" not in headers.get("location", ""), address
            assert "x" not in headers, address
    assert {path: path.lstat().st_mtime_ns for path in folder.rglob("*")} == before


def test_a_new_copy_is_sent_at_once_and_never_half_of_one(dead, app):
    copy = dead.conf.parent / "copy"
    with Visitor(dead.port, https=True, headers={"Host": "example.org"}) as visitor:
        assert visitor.get("/privacy").status == 502, "not in the copy"
        (copy / "20260101T000000000000-1").mkdir()
        (copy / "20260101T000000000000-1" / f"privacy{ENDING}").write_bytes(b"half")
        assert visitor.get("/privacy").status == 502
        old = (copy / NOW).readlink()
        write_copy(app, copy, paths=("/", "/privacy"))
        assert visitor.get("/privacy").status == 200
        back = copy / "back"
        back.symlink_to(old)
        back.replace(copy / NOW)


def test_the_tests_wait_as_long_as_the_edge_does():
    conf = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    assert re.findall(r"proxy_read_timeout (\w+);", conf) == [f"{LONG}s", f"{SHORT * 1000:.0f}ms", f"{LONG}s"]
