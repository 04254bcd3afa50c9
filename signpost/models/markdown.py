"""Running text in the content: Markdown, with link schemes of our own.

``[words](route:childline)``, ``[words](advice:pictures)``, ``[words](page:hide-your-visit)`` and
``[words](check:)`` lead to pages of this site. ``[](call:childline)`` becomes the name and number of a route,
so that no number is written twice. ``[18000](tel:18000)`` and ``[register](sms:999?&body=register)`` call and
text numbers that belong to no route.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from signpost.models.directory import Directory
from signpost.models.text import Untranslated, in_order

#: The pages, besides routes and advice, that a text may link to.
PAGES = ("hide-your-visit", "about")

NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Link:
    """A link in running text: its scheme (``route``, ``https``...) and its target."""

    scheme: str
    target: str


class _Markdown(MarkdownIt):
    """CommonMark without raw HTML, and with our own link schemes."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        """Accepts every link: ``checks.references`` checks their targets."""
        return True


_MARKDOWN = _Markdown("commonmark", {"html": False}).disable("image")


#: The library's token types for the markup that our pages support.
_KINDS = frozenset(
    {"inline", "text", "text_special", "softbreak"}
    | {
        f"{kind}_{end}"
        for end in ("open", "close")
        for kind in ("paragraph", "heading", "bullet_list", "list_item", "strong", "link")
    }
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text consists of.

    Attributes:
        links: every link, in order.
        words: the words of each block as a reader sees them, without links to call.
        odd: the kinds of markup that our pages do not support, such as code, by the library's names.
    """

    links: tuple[Link, ...]
    words: tuple[str, ...]
    odd: tuple[str, ...]


@cache  # the checks ask for a text's links once for every path that shows it
def parsed(text: str) -> Parsed:
    """Reads a text once for all checks."""
    blocks = _MARKDOWN.parse(text)
    tokens = [token for block in blocks for token in (block, *(block.children or ()))]
    hrefs = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    return Parsed(
        links=tuple(Link(scheme, target) for href in hrefs for scheme, _, target in [href.partition(":")]),
        words=tuple(
            "".join(" " if token.type == "softbreak" else token.content for token in block.children)
            for block in blocks
            if block.children
        ),
        odd=tuple(dict.fromkeys(token.type for token in tokens if token.type not in _KINDS)),
    )


def links(text: str) -> tuple[Link, ...]:
    """Every link in a text, in order."""
    return parsed(text).links


#: A text without any of these characters is one paragraph of plain words.
_MARKED = re.compile(r"[][*_`<\\\n]|\A(?:\s*(?:[#>+=~-]|\d+[.)])| {4}|\t)")
#: The elements of a paragraph of plain words.
_PLAIN = ("inline", "text", "softbreak")


def elements(text: str) -> Counter[tuple[str, str]]:
    """How many of each element a text has (paragraphs, list items, strong words), and of each link by its target."""
    if not _MARKED.search(text):
        return Counter([("paragraph_open", ""), ("paragraph_close", "")])
    blocks = _MARKDOWN.parse(text)
    found = (token for block in blocks for token in (block, *(block.children or ())))
    return Counter((each.type, str(each.attrs.get("href", ""))) for each in found if each.type not in _PLAIN)


def _is_one_link(tokens: list[Token]) -> bool:
    types = [token.type for token in tokens]
    return (types[0], types[-1], types.count("link_open")) == ("link_open", "link_close", 1)


class MarkdownRenderer:
    """Renders running text to HTML.

    Args:
        directory: the routes that links name, in the language of the text.
        root: the URL prefix of that language.
        translations: the translations into that language; none for English.
        rtl: whether the language is written from right to left.
    """

    def __init__(
        self,
        directory: Directory,
        root: str = "",
        translations: NullTranslations | None = None,
        *,
        rtl: bool = False,
    ) -> None:
        self._directory = directory
        self._root = root
        self._rtl = rtl
        self._translations = translations or NullTranslations()
        self._rendered: dict[str, Markup] = {}

    def __call__(self, text: str) -> Markup:
        """The text as HTML. Cached: every text comes from the content, so the cache is bounded."""
        if text not in self._rendered:
            tokens = _MARKDOWN.parse(text)
            for before, token in pairwise(tokens):
                if token.children:
                    # A link that is a whole paragraph becomes a large target to press.
                    if before.type == "paragraph_open" and _is_one_link(token.children):
                        before.attrSet("class", "alone")
                    token.children = list(self._linked(token.children))
            html = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
            if isinstance(text, Untranslated):
                html = f'<div lang="en-GB" dir="ltr">{html}</div>\n'
            self._rendered[text] = Markup(html)  # noqa: S704 (raw HTML in a text is escaped)
        return self._rendered[text]

    def _linked(self, tokens: list[Token]) -> Iterator[Token]:
        """The tokens, with each link of our own schemes replaced by its URL."""
        for token in tokens:
            if token.type != "link_open":
                yield token
                continue
            scheme, _, target = str(token.attrs["href"]).partition(":")
            token.attrs["href"] = self._address(scheme, target)
            if scheme in ("call", "tel", "sms"):  # browser translation would change a name, or a word to text
                token.attrSet("translate", "no")
            yield token
            if scheme == "call":
                yield Token("text", "", 0, content=self._call(target))

    def _address(self, scheme: str, target: str) -> str:
        match scheme:
            case "route":
                return f"{self._root}/help/{target}"
            case "advice":
                return f"{self._root}/advice/{target}"
            case "page":
                return f"{self._root}/{target}"
            case "check":
                return f"{self._root}/check/"
            case "call":
                return self._directory.routes[target].primary_contact.href
            case _:
                return f"{scheme}:{target}"

    def _call(self, id_: str) -> str:
        """A route's name and number. The number does not wrap: broken in two it is hard to read out."""
        route = self._directory.routes[id_]
        number = route.primary_contact.text
        if number in route.name:
            return route.name
        values = {"name": route.name, "number": in_order(number.replace(" ", NO_BREAK), self._rtl)}
        return self._translations.gettext("%(name)s on %(number)s") % values
