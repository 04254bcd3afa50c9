"""A language from right to left: the page says so, and no number is read in another order."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from signpost.models.text import numbers_in_order
from signpost.web.errors import last_resort
from tests.page import Page

pytestmark = pytest.mark.slow

#: What Unicode puts in another order between words from right to left: several groups of digits, or a plus.
GROUPS = re.compile(r"\+\d|\d \d")
ISOLATED = re.compile("\N{LEFT-TO-RIGHT ISOLATE}.*?\N{POP DIRECTIONAL ISOLATE}")


def texts(element, direction: str = "") -> Iterator[tuple[str, str]]:
    """Each text with the direction that it has."""
    if element.tag in ("script", "style"):
        return
    # Numbers in a bdi are read from left to right (HTML: without letters its direction is "ltr").
    direction = element.get("dir") or ("ltr" if element.tag == "bdi" else direction)
    yield direction, element.text or ""
    for child in element:
        yield from texts(child, direction)
        yield direction, child.tail or ""


@pytest.mark.parametrize(
    "address",
    ["/", "/check/n/p/b/e", "/check/t/c", "/help/lifeline", "/help/police-scotland", "/numbers/nspcc+childline", "/partners", "/nothing"],
)  # fmt: skip
def test_every_number_keeps_its_order(rtl_app, address):
    page = Page(rtl_app.test_client().get(f"/eo{address}").text)
    assert page.one("html").get("dir") == "rtl"
    for direction, text in texts(page.one("html")):
        if direction == "rtl":
            assert not GROUPS.search(ISOLATED.sub("", text)), text


def test_numbers_are_seen_and_others_are_left(rtl_app):
    text = Page(rtl_app.test_client().get("/eo/help/nspcc").text).one("main")
    assert [words for direction, words in texts(text, "rtl") if direction == "ltr" and GROUPS.search(words)]
    assert numbers_in_order("[18000](tel:18000) 24 hours") == "[18000](tel:18000) 24 hours"
    assert numbers_in_order("18001 101") == "\u206618001 101\u2069"


def test_the_last_resort_has_its_direction(rtl_app):
    locale = next(each for each in rtl_app.extensions["locales"].values() if each.language.rtl)
    page = last_resort(locale)
    assert "dir=rtl" in page
    assert GROUPS.search(page)
    assert not GROUPS.search(ISOLATED.sub("", re.sub("<[^>]*>", " ", page).replace("  ", "")))


def test_english_says_nothing_of_directions(client):
    text = client.get("/help/nspcc").text
    assert "dir=" not in text
    assert "\u2066" not in text
