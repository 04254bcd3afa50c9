"""A host of files, as plain as there is: Python's own server. And which pages of a static site tests write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

from signpost.models.content import Content
from signpost.models.outcome import Outcome
from signpost.models.urls import check_url, numbers_url
from tests.browser.kinds import KINDS
from tests.other_site import serving_with

#: The answers of two visits: a neighbour in Wales, who may keep the numbers, and a child whom somebody threatens.
VISITS = ("n/o/h/w", "n/c/m/b/e")


def visited_pages(content: Content) -> list[str]:
    """Every page of the visits."""
    codes = [visit.split("/") for visit in VISITS]
    steps = [check_url(each[:length]) for each in codes for length in range(len(each) + 1)]
    shared = numbers_url(Outcome(content, content.journey.follow(codes[0])).routes)
    return ["/", *dict.fromkeys(steps), shared]


def few_pages(content: Content) -> list[str]:
    """One page of each kind that a static site has, and every page of the visits."""
    kinds = [each for each in KINDS.values() if "?" not in each and each != "/no-such-page"]
    # The last two are questions that speak of what is kept.
    others = ("/partners", "/journey.svg", "/check/n/m", "/check/n/l")
    return list(dict.fromkeys((*kinds, *visited_pages(content), *others)))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serves the files of a folder. Yields the server's address, without a slash at the end."""
    with serving_with(partial(_Quiet, directory=folder)) as url:
        yield url
