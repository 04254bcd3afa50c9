"""The types of texts that visitors read and translators translate."""

from __future__ import annotations

import re
from typing import Annotated

from markupsafe import Markup, escape

#: Marks a field that is translated. Nothing else in the content differs between languages: not the routes,
#: their order, a number or a URL.
Translatable = Annotated[str, "read by visitors"]

#: The same, for running text, of which links, bold words and lists are rendered (``models.markdown``). In any other
#: text, visitors would see the markup itself.
RunningText = Annotated[str, "read by visitors", "with links, bold words and lists"]

#: Unicode's isolates: the text between them keeps its order from left to right.
_FIRST, _LAST = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
#: The target of a link, which must not change; or a number that has several groups or a plus.
_GROUPS = re.compile(r"\]\([^)]*\)|(\+\d[\d \u00a0]*\d|\d+(?:[ \u00a0]\d+)+)")


def in_order(number: str, rtl: bool) -> str:
    """A number whose groups keep their order in right-to-left text, where 0800 1111 would be shown as 1111 0800."""
    return f"{_FIRST}{number}{_LAST}" if rtl else number


def numbers_in_order(text: str) -> str:
    """A right-to-left text, with numbers whose groups keep their order."""
    return _GROUPS.sub(lambda found: in_order(found[1], rtl=True) if found[1] else found[0], text)


class Untranslated(str):
    """An English text on a page in another language. Where a template shows it, it is marked as English.

    The mark makes a screen reader use an English voice. In an attribute or a title, which cannot be marked, templates use
    the filter ``plain``.
    """

    __slots__ = ()

    def __html__(self) -> Markup:
        """The text as templates show it."""
        return Markup('<span lang="en-GB" dir="ltr">{}</span>').format(escape(str(self)))


def plain(text: str) -> str:
    """The text without the mark of its language."""
    return str.__str__(text) if isinstance(text, Untranslated) else text
