"""The bytes of a first visit: every page and the files it loads, as the site sends them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from statistics import median

from flask import Flask
from flask.testing import FlaskClient

from config import Config
from signpost import create_app
from signpost.i18n.languages import ENGLISH
from signpost.models.content import Content
from signpost.models.outcome import Outcome
from signpost.models.urls import check_url, listed_pages, numbers_url
from tests.bench.report import Report, table
from tests.page import unpacked

#: Budgets of a first visit: compressed bytes of everything except the icon, and requests.
LIGHT, HEAVY, LISTS = 8_000, 12_000, 14_500
MOST_REQUESTS = 2
#: What a server may send at once on a new connection: ten segments (RFC 6928). Every page fits, so none waits for a second
#: round trip. A segment has 1,448 bytes where packets have 1,500, which leaves 480 to spare.
FIRST_FLIGHT = 14_000
#: What the edge adds to a response: its own headers and the TLS record. At most 150 bytes were measured, over HTTP/1.1 and TLS 1.2.
_EDGE = 160
#: The kinds of page that a visitor passes on the way to an answer.
_LIGHT_KINDS = ("start", "question", "question, with an error", "entry")
#: Pages that list everything there is, so they grow with the content.
_LISTS = ("list of services", "journey")


@dataclass(frozen=True, slots=True)
class Weight:
    """The bytes of one page and its files.

    Attributes:
        kind: the kind of page, with its language where that is not English.
        address: its path.
        headers: the bytes of its headers, as HTTP/1.1 sends them; HTTP/2 compresses them.
        html: the bytes of the page, with the style in it.
        styled: whether the style is in it.
        requests: how many it takes, the icon left out.
    """

    kind: str
    address: str
    headers: int
    html: int
    styled: bool
    script: int
    icon: int
    other: int
    requests: int

    @property
    def total(self) -> int:
        """The bytes needed for the page, without the icon, which a browser fetches afterwards."""
        return self.html + self.script + self.other

    @property
    def wire(self) -> int:
        """The bytes of the page on the line, headers and TLS record included."""
        return self.headers + self.html + _EDGE

    @property
    def flights(self) -> int:
        """How many times the server sends before the page is complete; each time it may send twice as much as before."""
        return (self.wire // FIRST_FLIGHT + 1).bit_length()

    @property
    def budget(self) -> int:
        """The most that ``total`` may be."""
        kind = self.kind.partition(" (")[0]
        return LIGHT if kind in _LIGHT_KINDS else LISTS if kind in _LISTS else HEAVY


class _Files(HTMLParser):
    """The URLs that a page makes a browser fetch immediately, by kind."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given["rel"] != "alternate":  # for search engines only
            self.found.append((given["rel"] or "", given["href"] or ""))
        elif given.get("src") and given.get("loading") != "lazy":
            self.found.append((tag, given["src"] or ""))


def every_address(content: Content) -> Iterator[tuple[str, str]]:
    """Every page in every state, with its kind, without leaving out equal states."""
    for address in listed_pages(content):
        yield _kind(address), address
    for walk in content.journey.walks():
        if walk.answered:
            kind = "question" if walk.question else "result"
            yield kind, check_url(walk.codes)
        if walk.question:
            yield "question, with an error", f"{check_url(walk.codes)}?go=1"
        if walk.result and (outcome := Outcome(content, walk)).may_share:
            yield "numbers", numbers_url(outcome.routes)
    yield "journey", "/journey"
    yield "failure", "/no-such-page"


def _kind(address: str) -> str:
    first, _, rest = address.strip("/").partition("/")
    if rest:
        return {"help": "service", "for": "entry"}.get(first, first)
    return {"": "start", "check": "question", "help": "list of services"}.get(first, first)


def weigh(app: Flask, encoding: str, pages: Iterable[tuple[str, str]]) -> list[Weight]:
    """The weight of these pages in every language, when requested with this ``Accept-Encoding``.

    Args:
        app: the site.
        encoding: the coding.
        pages: the kind and the path of each.
    """
    client = FlaskClient(app, app.response_class)
    style = f"<style>{app.extensions['stylesheet'].css}</style>"
    pages = list(dict.fromkeys(pages))
    files: dict[str, tuple[int, int]] = {}

    def fetched(address: str) -> tuple[int, int, str]:
        """The sizes of a response's headers and of its compressed body, and its decompressed text."""
        response = client.get(address, headers={"Accept-Encoding": encoding}, buffered=True)
        assert response.content_encoding in (encoding, None)
        lines = [f"HTTP/1.1 {response.status}", *(f"{name}: {value}" for name, value in response.headers), ""]
        headers = sum(len(line) + len("\r\n") for line in lines)
        return headers, len(response.data), unpacked(response).decode(errors="replace")

    def file(address: str) -> tuple[int, int]:
        """The bytes of a file, and how many further files it makes a browser fetch."""
        if address not in files:
            _, size, text = fetched(address)
            files[address] = size, len(re.findall(r"url\(|@import", text))
        return files[address]

    def one(kind: str, address: str) -> Weight:
        headers, size, html = fetched(address)
        found = _Files(html).found
        weights = {"script": 0, "icon": 0, "other": 0}
        requests = 1
        for what, where in found:
            weight, more = file(where)
            weights[what if what in weights else "other"] += weight
            requests += (what != "icon") + more
        return Weight(kind, address, headers, size, style in html, *weights.values(), requests)

    return [
        one(kind if language == ENGLISH else f"{kind} ({language.name})", language.root + address)
        for language in app.extensions["locales"]
        for kind, address in pages
    ]


def report_weights(report: Report) -> None:
    """Weighs every page twice, by brotli and gzip, and shows the heaviest of each kind."""
    settings = {"SIGNPOST_RATE_LIMIT": "10000000 per minute", "SIGNPOST_LANGUAGES": "en cy"}
    app = create_app(Config.from_environment(settings))
    pages = list(every_address(app.extensions["content"]))
    brotli = weigh(app, "br", pages)
    gzip = {each.address: each for each in weigh(app, "gzip", pages)}
    rows = []
    for kind in dict.fromkeys(each.kind for each in brotli):
        same = [each for each in brotli if each.kind == kind]
        top = max(same, key=lambda each: each.total)
        wire = max(same, key=lambda each: each.wire)
        rows.append(
            (
                kind,
                len(same),
                *(f"{n:,}" for n in (top.html, top.script, top.total)),
                f"{median(each.total for each in same):,.0f}",
                f"{gzip[top.address].total:,}",
                f"{wire.wire:,}",
                wire.flights,
                top.requests,
                f"{top.icon:,}",
            )
        )
    heads = [
        "page",
        "how many",
        "HTML",
        "script",
        "all",
        "all, median",
        "all, gzip",
        "page on the line",
        "flights",
        "requests",
        "icon",
    ]
    report.part(
        "Bytes of a first visit",
        "The heaviest page of each kind, of every page in every state; brotli where it does not say gzip. "
        "The style is in the page, so the first paint needs one round trip once the connection is there. The script does "
        "not hold it up, and the icon comes after. On the line the page has its headers and TLS record too; a flight is "
        f"what the server sends before it waits to hear from the browser, the first {FIRST_FLIGHT:,} bytes.",
        table(heads, rows),
    )
    for budget, name in (
        (LIGHT, "start, question"),
        (LISTS, "a list of all there is"),
        (HEAVY, "any other page"),
    ):
        top = max((each for each in brotli if each.budget == budget), key=lambda each: each.total)
        asked = f"at most {budget / 1000:g} KB"
        report.budget(f"first visit, {name}", asked, f"{top.total:,} bytes", holds=top.total <= top.budget)
    most = max(max(each.wire for each in brotli), max(each.wire for each in gzip.values()))
    report.budget(
        "a page on the line, brotli or gzip",
        f"one flight: at most {FIRST_FLIGHT:,} bytes",
        f"{most:,} bytes",
        holds=most <= FIRST_FLIGHT,
    )
    most = max(each.requests for each in brotli)
    report.budget(
        "requests of a first visit, without the icon",
        f"at most {MOST_REQUESTS}",
        str(most),
        holds=most <= MOST_REQUESTS,
    )
