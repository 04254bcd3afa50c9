"""How long a rendered result is: the words in view before the first way to reach somebody, and in each block.

Counted as a visitor meets the page: what waits in a closed fold is not in view. Pure: HTML in, numbers out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

#: Words in view before the first way to reach somebody other than 999.
BEFORE = 90
#: The same where the limits of a service must be told before its number.
BEFORE_WITH_LIMITS = 110
CARD = 45
NOTICE = 45
NOTICES_BEFORE = 2
WHOLE = 450
#: How much longer a text may be in another language than English.
TRANSLATED = 1.25


@dataclass(frozen=True, slots=True)
class Block:
    """A card or a notice: the id of its heading, and its words in view.

    What a card says of the limits of a service before its number is counted to the page, not to the card.
    """

    kind: str
    id: str
    words: int


@dataclass(frozen=True, slots=True)
class Length:
    """What was counted in the main part of a page.

    ``before`` are the words in view before the first way to reach somebody other than 999, None where the page has
    none; ``notices_before`` are the notices that stand before it.
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


def too_long(length: Length, *, limits_first: bool, danger: bool = False, translated: bool = False) -> Iterator[str]:
    """What is too long about a result, each as a sentence for an editor.

    Args:
        length: what was counted.
        limits_first: whether the limits of a service must be told before its number.
        danger: whether the result is for danger now, where 999 stands alone: nobody else is to be reached first.
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
    return sum(any(letter.isalnum() for letter in word) for word in "".join(text).split())


#: Elements that have no end.
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
#: Elements within a line: they part no words.
_INLINE = {"a", "abbr", "b", "cite", "code", "em", "i", "label", "q", "small", "span", "strong", "sub", "sup", "time"}
#: Links that reach somebody; the other addresses of a result are pages of this site.
_REACHES = ("tel:", "sms:", "mailto:", "https:", "http:")


class _Reader(HTMLParser):
    """Collects the text in view of ``main``, and of each block in it."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.blocks: list[tuple[str, str, list[str]]] = []
        self.before: int | None = None
        self.notices_before = 0
        #: The open elements: the tag, whether its text is hidden, and what it is ("card", "emergency"...).
        self._open: list[tuple[str, bool, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        hidden = bool(self._open) and self._hidden(tag)
        hidden = hidden or "unseen" in classes or "hidden" in given
        if tag in _VOID:
            self._part(tag)
            return
        what = next((each for each in ("card", "notice", "emergency", "limits") if each in classes), tag)
        if tag == "details" and "open" in given:
            what = "open"
        self._open.append((tag, hidden, what))
        self._part(tag)
        if not self._within("main") or hidden:
            return
        if what in ("card", "notice"):
            self.blocks.append((what, "", []))
        elif tag in ("h2", "h3") and self._block() and not self.blocks[-1][1]:
            kind, _, text = self.blocks[-1]
            self.blocks[-1] = (kind, given.get("id") or "", text)
        if (
            self.before is None
            and tag == "a"
            and (given.get("href") or "").startswith(_REACHES)
            and not self._within("emergency")
        ):
            self.before = _words(self.text)
            self.notices_before = sum(kind == "notice" for kind, _, _ in self.blocks)

    def handle_endtag(self, tag: str) -> None:
        while self._open:
            last, *_ = self._open.pop()
            if last == tag:
                break
        self._part(tag)

    def handle_data(self, data: str) -> None:
        if not self._open or self._open[-1][1] or not self._within("main"):
            return
        self.text.append(data)
        if self._block() and not self._within("limits"):
            self.blocks[-1][2].append(data)

    def _hidden(self, tag: str) -> bool:
        """Whether an element is hidden by where it stands: in something hidden, or in a closed fold."""
        parent, hidden, what = self._open[-1]
        return hidden or (parent == "details" and what != "open" and tag != "summary")

    def _within(self, what: str) -> bool:
        return any(each == what for _, _, each in self._open)

    def _block(self) -> bool:
        return self._within("card") or self._within("notice")

    def _part(self, tag: str) -> None:
        """Words of two blocks are two words, whether or not white space stands between them."""
        if tag not in _INLINE:
            self.text.append(" ")
            if self.blocks:
                self.blocks[-1][2].append(" ")
