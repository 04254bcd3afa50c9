"""Marks the English texts of the templates on a page in another language, as a screen reader needs it.

``models.text.Untranslated`` does this for the content. A template writes its own texts into attributes and titles too, where
no mark may stand, so the mark is placed once the page is rendered, and only then is it known where a text stands.
"""

from __future__ import annotations

import re
from copy import copy
from gettext import GNUTranslations, NullTranslations
from typing import Any

from jinja2 import Environment, Template

#: Stand around an untranslated text while a page is rendered. Unicode reserves them for such use: no text has them.
BEGIN, END = "\ufdd0", "\ufdd1"
_MARKS = {ord(BEGIN): None, ord(END): None}
_SPAN = {ord(BEGIN): '<span lang="en-GB" dir="ltr">', ord(END): "</span>"}
#: An element that shows text without tags, whole; or a tag; or the text up to the next one.
_PART = re.compile(r"<(title|option|script|style|svg|textarea)\b.*?</\1>|<[^>]*>|[^<]+", re.DOTALL)


class _Marked(NullTranslations):
    """The English, marked: a fallback for what a catalogue lacks."""

    def gettext(self, message: str) -> str:
        return f"{BEGIN}{message}{END}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(super().ngettext(msgid1, msgid2, n))

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)


def with_marks(translations: NullTranslations) -> NullTranslations:
    """The translations for templates. English has no catalogue, and so no marks."""
    if not isinstance(translations, GNUTranslations):
        return translations
    marked = copy(translations)
    marked.add_fallback(_Marked())
    return marked


def place_marks(html: str) -> str:
    """A rendered page with an element around each marked text, or nothing where an element cannot stand."""

    def part(found: re.Match[str]) -> str:
        return found[0].translate(_MARKS if found[0].startswith("<") else _SPAN)

    return _PART.sub(part, html) if BEGIN in html else html


def without_marks(text: str) -> str:
    """The text without marks."""
    return text.translate(_MARKS)


class _PageTemplate(Template):
    def render(self, *args: Any, **kwargs: Any) -> str:
        return place_marks(super().render(*args, **kwargs))


def init_environment(environment: Environment) -> None:
    """Lets every template of the environment place the marks once it is rendered."""
    environment.template_class = _PageTemplate
