"""Measures a rendered result: the words in view before the first way to reach somebody, and in each block.

Text in a closed fold (details element) does not count as in view, and neither does what is true only at this minute
("Open now, until 9pm"): otherwise, the same content would pass by day and fail at night. A number is one word, however the
service groups its digits: otherwise, a new number could make a result too long. Pure: HTML in, numbers out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

#: The most words in view before the first way to reach somebody other than 999.
BEFORE = 90
#: The same for a result that must say what a service may pass on before its number.
BEFORE_WITH_LIMITS = 110
CARD = 45
NOTICE = 45
NOTICES_BEFORE = 2
WHOLE = 450
#: The factor by which a limit is larger in other languages than English.
TRANSLATED = 1.25


@dataclass(frozen=True, slots=True)
class Block:
    """A card or a notice: the id of its heading, and its words in view.

    What a card says before its number about what the service may pass on counts for the page, not for the card.
    """

    kind: str
    id: str
    words: int


@dataclass(frozen=True, slots=True)
class Length:
    """Counts of the main part of a page.

    ``before`` is the number of words in view before the first way to reach somebody other than 999, or None if
    the page has none; ``notices_before`` is the number of notices before it.
    """

    before: int | None
    notices_before: int
    blocks: tuple[Block, ...]
    whole: int


def measure(html: str) -> Length:
    """Counts the words in view in the main part of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return Length(
        before=reader.before,
        notices_before=reader.notices_before,
        blocks=tuple(Block(kind, id_, _words(text)) for kind, id_, text in reader.blocks),
        whole=_words(reader.text),
    )


def too_long(
    length: Length, *, limits_first: bool, danger: bool = False, translated: bool = False
) -> Iterator[str]:
    """Everything that is too long in a result, each as a phrase for an editor.

    Args:
        length: the counts.
        limits_first: whether the result must say what a service may pass on before its number.
        danger: whether the result is for danger now, where no contact but 999 is required.
        translated: whether the page is in another language than English.
    """

    def limit(words: int) -> int:
        return int(words * TRANSLATED) if translated else words

    most = limit(BEFORE_WITH_LIMITS if limits_first else BEFORE)
    if not danger:
        if length.before is None:
            yield "nobody but 999 can be reached"
        elif length.before > most:
            yield f"{length.before} words before the first contact, at most {most}"
        if length.notices_before > NOTICES_BEFORE:
            yield f"{length.notices_before} notices before the first contact, at most {NOTICES_BEFORE}"
    for block in length.blocks:
        most = limit(CARD if block.kind == "card" else NOTICE)
        if block.words > most:
            yield f"{block.words} words in the {block.kind} “{block.id}”, at most {most}"
    if length.whole > limit(WHOLE):
        yield f"{length.whole} words in view, at most {limit(WHOLE)}"


def _words(text: list[str]) -> int:
    whole = _BETWEEN_GROUPS.sub("", "".join(text))
    return sum(any(letter.isalnum() for letter in word) for word in whole.split())


#: What stands between two groups of digits of a number.
_BETWEEN_GROUPS = re.compile(r"(?<=\d)\s(?=\d)")


#: Elements without an end tag.
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
#: Inline elements: they do not separate words.
_INLINE = {
    "a",
    "abbr",
    "b",
    "cite",
    "code",
    "em",
    "i",
    "label",
    "q",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
}
#: Links that reach somebody. The other links of a result lead to pages of this site.
_REACHES = ("tel:", "sms:", "mailto:", "https:", "http:")


@dataclass(frozen=True, slots=True)
class _Place:
    """The parser's position: the innermost open element, and what it is inside."""

    tag: str = ""
    main: bool = False
    hidden: bool = False
    #: Whether its children are hidden, except a summary.
    fold: bool = False
    emergency: bool = False
    limits: bool = False
    block: list[str] | None = None


class _Reader(HTMLParser):
    """Collects the text in view of the main element, and of each block in it."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.blocks: list[tuple[str, str, list[str]]] = []
        self.before: int | None = None
        self.notices_before = 0
        self._open = [_Place()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        place = self._open[-1]
        if not place.main and tag != "main":
            return
        self._part(tag)
        if tag in _VOID:
            return
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        block = place.block
        for kind in ("card", "notice"):
            if kind in classes:
                block = []
                self.blocks.append((kind, "", block))
        if tag in ("h2", "h3") and block is not None and not self.blocks[-1][1]:
            self.blocks[-1] = (self.blocks[-1][0], given.get("id") or "", block)
        here = _Place(
            tag,
            main=True,
            hidden=place.hidden
            or (place.fold and tag != "summary")
            or "unseen" in classes
            or "now" in classes
            or "hidden" in given,
            fold=tag == "details" and "open" not in given,
            emergency=place.emergency or "emergency" in classes,
            limits=place.limits or "limits" in classes,
            block=block,
        )
        self._open.append(here)
        reaches = tag == "a" and (given.get("href") or "").startswith(_REACHES)
        if reaches and self.before is None and not here.hidden and not here.emergency:
            self.before = _words(self.text)
            self.notices_before = sum(kind == "notice" for kind, _, _ in self.blocks)

    def handle_endtag(self, tag: str) -> None:
        if self._open[-1].main:
            self._part(tag)
            while len(self._open) > 1 and self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        place = self._open[-1]
        if place.main and not place.hidden and not place.fold:
            self.text.append(data)
            if place.block is not None and not place.limits:
                place.block.append(data)

    def _part(self, tag: str) -> None:
        """Separates the words of two block elements, even if there is no white space between them."""
        if tag not in _INLINE:
            self.text.append(" ")
            if (block := self._open[-1].block) is not None:
                block.append(" ")
