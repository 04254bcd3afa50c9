"""A parsed HTML page, for tests."""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from xml.etree.ElementTree import Element

import brotli
import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from signpost.i18n.languages import KNOWN

#: The languages of the site, and the pseudo-language (tests/pseudo.py).
LANGUAGES = {*(each.tag for each in KNOWN.values()), "eo"}

_XHTML = "{http://www.w3.org/1999/xhtml}"


def unpacked(response: Response) -> bytes:
    """The decompressed body of a response."""
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(response.content_encoding or "")
    return unpack(response.data) if unpack and response.data else response.data


@lru_cache(maxsize=1024)
def _parsed(html: str) -> tuple[Element, list[object]]:
    """The tree of a page and the faults in its markup. Cached, because parsing is slower than rendering.

    The client, the test and other tests all parse the same page. No test may change a tree.
    """
    parser = html5lib.HTMLParser(strict=False)
    root: Element = parser.parse(html)
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.removeprefix(_XHTML)
    # A custom data attribute or an element newer than the parser is no fault; a stray tag is.
    return root, parser.errors


class Page:
    """A page, parsed as browsers do. Raises an error if the markup is not valid HTML5."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.root, self.errors = _parsed(html)

    def all(self, tag: str) -> list[Element]:
        """Every element with this tag, in order."""
        return list(self.root.iter(tag))

    def one(self, tag: str) -> Element:
        """The only element with this tag."""
        (found,) = self.all(tag)
        return found

    @staticmethod
    def words(element: Element) -> str:
        """The text of an element, with white space collapsed."""
        return " ".join("".join(element.itertext()).split())

    @property
    def title(self) -> str:
        return self.words(self.one("title"))

    @property
    def heading(self) -> str:
        return self.words(self.one("h1"))

    @property
    def text(self) -> str:
        """All the words of the body."""
        return self.words(self.one("body"))

    def text_without(self, tag: str, class_: str | None = None) -> str:
        """The text of the body, without the text inside any ``tag`` (with class ``class_``, if given)."""

        def outside(element: Element) -> Iterator[str]:
            if element.tag != tag or class_ not in (None, element.get("class")):
                yield element.text or ""
                for child in element:
                    yield from outside(child)
            yield element.tail or ""

        return " ".join("".join(outside(self.one("body"))).split())

    @property
    def links(self) -> list[str]:
        return [a.get("href", "") for a in self.all("a")]

    def check(self) -> None:
        """Asserts what must be true of every page."""
        assert not self.errors, f"not valid HTML5: {self.errors[:3]}"
        assert self.one("html").get("lang") in LANGUAGES
        assert self.title.partition(": ")[2].startswith(self.heading) or self.title.startswith(
            self.heading
        ), (self.title, self.heading)
        ids = Counter(e.get("id") for e in self.root.iter() if isinstance(e.tag, str) and e.get("id"))
        assert not [i for i, n in ids.items() if n > 1], f"an id twice: {ids.most_common(2)}"
        levels = [int(e.tag[1]) for e in self.root.iter() if e.tag in ("h1", "h2", "h3", "h4", "h5", "h6")]
        assert all(b - a <= 1 for a, b in pairwise(levels)), f"a heading level is skipped: {levels}"
        assert "999" in self.text, "999 is missing"
        for element in self.root.iter():
            if element.tag in ("script", "img", "iframe", "link", "source", "video", "audio", "form"):
                for name in ("src", "href", "action"):
                    address = element.get(name, "")
                    alternate = (
                        element.get("rel") == "alternate"
                    )  # for search engines; a browser loads nothing
                    assert (
                        not address or alternate or (address.startswith("/") and not address.startswith("//"))
                    ), f"<{element.tag}> leads to another host: {address}"
            assert not element.get("style"), "a style attribute"
            assert not [name for name in dict(element.attrib) if name.startswith("on")], "an inline script"
        for script in self.all("script"):
            assert script.get("src"), "an inline script"
            assert not self.words(script), "an inline script"
        assert len(self.all("style")) <= 1, "a second style sheet"


class CheckingClient(FlaskClient):
    """A test client that runs ``Page.check`` on every HTML page that it fetches."""

    def open(self, *args, may_fail: bool = False, **kwargs) -> TestResponse:
        response = super().open(*args, **kwargs)
        assert "Set-Cookie" not in response.headers, "a page sets a cookie"
        assert response.status_code < 500 or may_fail, "a page failed"
        if response.mimetype == "text/html" and response.data and response.status_code not in range(300, 400):
            page = Page(unpacked(response).decode())
            page.check()
            for style in page.all("style"):
                digest = b64encode(sha256((style.text or "").encode()).digest()).decode()
                allowed = f"style-src 'sha256-{digest}';" in response.headers["Content-Security-Policy"]
                assert allowed, "a style sheet that the policy does not allow"
        return response
