"""The bytes of a first visit: every page and the files it loads, as the site sends them."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
LIGHT, HEAVY = 8_000, 12_000
MOST_REQUESTS = 3
#: The kinds of page that a visitor passes on the way to an answer.
_LIGHT_KINDS = ("start", "question", "question, with an error", "entry")


@dataclass(frozen=True, slots=True)
class Weight:
    """The bytes of one page and its files. ``requests`` does not count the icon."""

    kind: str
    address: str
    html: int
    css: int
    script: int
    icon: int
    other: int
    requests: int

    @property
    def total(self) -> int:
        """The bytes needed for the page, without the icon, which a browser fetches afterwards."""
        return self.html + self.css + self.script + self.other

    @property
    def budget(self) -> int:
        """The most that ``total`` may be."""
        return LIGHT if self.kind.partition(" (")[0] in _LIGHT_KINDS else HEAVY


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
        if walk.result and walk.situation.may_share:
            yield "numbers", numbers_url(Outcome(content, walk).routes)
    yield "journey", "/journey"
    yield "failure", "/no-such-page"


def _kind(address: str) -> str:
    first, _, rest = address.strip("/").partition("/")
    if rest:
        return {"help": "service", "for": "entry"}.get(first, first)
    return {"": "start", "check": "question", "help": "list of services"}.get(first, first)


def weigh(app: Flask, encoding: str) -> list[Weight]:
    """The weight of every page when requested with this ``Accept-Encoding``."""
    client = FlaskClient(app, app.response_class)
    files: dict[str, tuple[int, int]] = {}

    def fetched(address: str) -> tuple[int, str]:
        """The compressed size of a response, and its decompressed text."""
        response = client.get(address, headers={"Accept-Encoding": encoding}, buffered=True)
        assert response.content_encoding in (encoding, None)
        return len(response.data), unpacked(response).decode(errors="replace")

    def file(address: str) -> tuple[int, int]:
        """The bytes of a file, and how many further files it makes a browser fetch."""
        if address not in files:
            size, text = fetched(address)
            files[address] = size, len(re.findall(r"url\(|@import", text))
        return files[address]

    def one(kind: str, address: str) -> Weight:
        size, html = fetched(address)
        found = _Files(html).found
        weights = {"stylesheet": 0, "script": 0, "icon": 0, "other": 0}
        requests = 1
        for what, where in found:
            weight, more = file(where)
            weights[what if what in weights else "other"] += weight
            requests += (what != "icon") + more
        return Weight(kind, address, size, *weights.values(), requests)

    return [
        one(kind if language == ENGLISH else f"{kind} ({language.name})", language.root + address)
        for language in app.extensions["locales"]
        for kind, address in dict.fromkeys(every_address(app.extensions["content"]))
    ]


def report_weights(report: Report) -> None:
    """Weighs every page twice, by brotli and gzip, and shows the heaviest of each kind."""
    settings = {"SIGNPOST_RATE_LIMIT": "10000000 per minute", "SIGNPOST_LANGUAGES": "en cy"}
    app = create_app(Config.from_environment(settings))
    brotli, gzip = weigh(app, "br"), {each.address: each for each in weigh(app, "gzip")}
    rows = []
    for kind in dict.fromkeys(each.kind for each in brotli):
        same = [each for each in brotli if each.kind == kind]
        top = max(same, key=lambda each: each.total)
        rows.append(
            (
                kind,
                len(same),
                *(f"{n:,}" for n in (top.html, top.css, top.script, top.total)),
                f"{median(each.total for each in same):,.0f}",
                f"{gzip[top.address].total:,}",
                top.requests,
                f"{top.icon:,}",
            )
        )
    heads = [
        "page",
        "how many",
        "HTML",
        "CSS",
        "script",
        "all",
        "all, median",
        "all, gzip",
        "requests",
        "icon",
    ]
    report.part(
        "Bytes of a first visit",
        "The heaviest page of each kind, of every page in every state; brotli where it does not say gzip. "
        "The first paint needs the page and the stylesheet: two round trips once the connection is there. "
        "The script does not hold it up, and the icon comes after.",
        table(heads, rows),
    )
    for light, name in ((True, "start, question"), (False, "any other page")):
        top = max((w for w in brotli if (w.budget == LIGHT) == light), key=lambda each: each.total)
        asked = f"at most {top.budget // 1000} KB"
        report.budget(f"first visit, {name}", asked, f"{top.total:,} bytes", holds=top.total <= top.budget)
    most = max(each.requests for each in brotli)
    report.budget(
        "requests of a first visit, without the icon",
        f"at most {MOST_REQUESTS}",
        str(most),
        holds=most <= MOST_REQUESTS,
    )
