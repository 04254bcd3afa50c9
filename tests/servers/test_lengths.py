"""What an observer of the network can count: the encrypted bytes of every result, question and redirect, at the edge."""

from __future__ import annotations

import ssl
import subprocess
from contextlib import ExitStack

import brotli
import pytest

from signpost.models.urls import check_url
from signpost.web.padding import lengths_of
from tests.app.test_padding import FEWEST
from tests.bench.lengths import one_of_each, questions, results, revealed, shortest_and_longest
from tests.bench.weights import FIRST_FLIGHT
from tests.servers.processes import FEW_PAGES, Edge, Site
from tests.servers.wire import Line

TLS_1_2, TLS_1_3 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
SETTINGS = {
    "SIGNPOST_BASE_URL": "https://example.org",
    "SIGNPOST_RATE_LIMIT": "10000000 per minute",
    "SIGNPOST_LANGUAGES": "en cy",
}


@pytest.fixture(scope="module")
def edge(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lengths")
    with ExitStack() as stack:
        site = Site(folder, SETTINGS, target=FEW_PAGES)
        stack.callback(site.kill)
        edge = Edge(folder, site.port, "en cy")
        stack.callback(edge.kill)
        yield edge


@pytest.mark.parametrize(
    ("protocol", "version", "coding", "root"),
    [
        ("h2", TLS_1_3, "br", ""),
        ("h2", TLS_1_2, "gzip", "/cy"),
        ("http/1.1", TLS_1_3, "gzip", ""),
        ("http/1.1", TLS_1_2, "br", "/cy"),
        ("h2", TLS_1_3, "identity", ""),
    ],
)
def test_no_length_on_the_line_belongs_to_one_kind_of_page(edge, app, size, protocol, version, coding, root):
    """One case checks the shortest and the longest path to each page, or with ``make faults`` every path.

    The others check one path to each page. tests/app/test_padding.py checks the bodies.
    """
    first = (protocol, coding, root) == ("h2", "br", "")
    with Line(edge.port, protocol, version, coding) as line:
        for sort, kind in (("results", results(app)), ("questions", questions(app))):
            if not first:
                kind = one_of_each(kind)
            elif size(True, False):
                kind = shortest_and_longest(kind)
            lengths = {}
            for address in kind:
                seen = line.get(root + address)
                assert b"</html>" in seen.body, "no page"
                lengths[address] = seen.length
            found = revealed(lengths, kind)
            print(f"{protocol}, {version.name}, {coding}, {root or 'en'}: {sort}: {found.row}")
            assert {length: kinds for length, kinds in found.kinds.items() if len(kinds) < FEWEST} == {}
            assert found.identified == 0


def test_every_received_byte_is_counted(edge):
    """Otherwise lengths could be equal only because some bytes were not counted."""
    shortest, *_ = lengths_of("br", result=False)
    for protocol in ("h2", "http/1.1"):
        with Line(edge.port, protocol, TLS_1_3, "br") as line:
            question, longest = line.get("/check/n"), line.get("/help/")
            lists = [line.get(address) for address in ("/cy/help/", "/cy/journey")]
        assert question.length > len(brotli.compress(question.body)) + 500
        assert longest.length > question.length + 2000
        # The page, its headers, and 22 bytes for each record.
        assert shortest + 700 < question.length < shortest + 1700
        # The longest pages fit into the first flight too. For the other pages see tests/bench/test_weights.py.
        assert {sum(each.records) <= FIRST_FLIGHT for each in lists} == {True}


def test_every_redirect_of_an_answer_is_as_long_as_its_address_and_no_longer(edge, app):
    """Its length reveals no more than the number of requests and their lengths do anyway."""
    content = app.extensions["content"]
    seen: dict[int, set[int]] = {}
    with Line(edge.port, "http/1.1", TLS_1_3, "br") as line:
        for walk in content.journey.walks():
            if walk.question and len(walk.codes) < 4:
                for answer in walk.question.answers:
                    got = line.get(f"{check_url(walk.codes)}?go=1&answer={answer.code}")
                    assert got.body == b""
                    seen.setdefault(len(walk.codes), set()).add(got.length)
    assert {depth: len(lengths) for depth, lengths in seen.items()} == dict.fromkeys(seen, 1)


@pytest.mark.parametrize("coding", ["br", "gzip"])
def test_curl_reads_what_is_padded(edge, app, coding):
    """The body has a padded length, and curl unpacks it to the page that is sent without compression."""

    def curl(*words: str) -> bytes:
        command = ["curl", "--silent", "--show-error", "--fail", "--insecure", "--max-time", "5"]
        command += ["--connect-to", f"::127.0.0.1:{edge.port}", *words]
        return subprocess.run(command, check=True, capture_output=True).stdout

    known = results(app)
    for address in ("/", "/check/", "/about", *list(known)[:3]):
        url = f"https://example.org{address}"
        packed = curl("--header", f"Accept-Encoding: {coding}", url)
        assert len(packed) in lengths_of(coding, result=address in known)
        read = curl("--compressed", "--header", f"Accept-Encoding: {coding}", url)
        assert read == curl(url).rstrip(b"\n")
