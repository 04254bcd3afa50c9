"""Marks what automatic translation must not change: numbers, words to text, names of services.

Visitors who read little English let a browser or a search engine translate whole pages. It might translate the word
to text to a service, or write a number with other digits or groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup

from signpost.models.content import Content

#: A tag, with its slash, name and attributes; or the text up to the next one.
_PART = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>|[^<]+")
#: Elements that cannot contain elements, or whose text is for programs.
_PLAIN = frozenset(("code", "option", "script", "style", "svg", "textarea", "title"))
#: Numbers to call that belong to no service of the content, and anything that looks like a phone number.
_NUMBERS = (r"999", r"112", r"111", r"101", r"55", r"1800[01](?: \d[\d ]+\d)?", r"\+?\d[\d\u00a0 ]{5,}\d")


def as_name(name: str) -> Markup:
    """The name of a service or an organisation within a sentence, marked so that translators leave it alone."""
    return Markup('<bdi translate="no">{}</bdi>').format(name)


def leave_alone(content: Content) -> Callable[[str], Markup]:
    """Returns a function that marks, in the HTML of a page's body, whatever no translator may change.

    Each becomes a ``bdi`` with ``translate="no"``. The ``bdi`` also keeps the order of a number's groups on a page that
    has been translated into Arabic or Urdu.
    """
    contacts = [each for route in content.directory.routes.values() for each in route.contacts]
    # A word such as "register" is a word to text only in its own link, which is marked already.
    words = {each.sms_keyword for each in contacts if each.sms_keyword.isupper()}
    known = {*words, *(each.number for each in contacts if each.number)}
    choices = [*map(re.escape, sorted(known, key=len, reverse=True)), *_NUMBERS]
    kept = re.compile(rf"(?<![\w#£.,:-])(?:{'|'.join(choices)})(?!\w|[.,:-]\w)")

    def mark(html: str) -> Markup:
        inside, depth = "", 0  # an element whose text must not change, and how many of its kind are open

        def part(found: re.Match[str]) -> str:
            nonlocal inside, depth
            closes, tag, attributes = found[1], found[2], found[3]
            if tag is None:
                return found[0] if depth else kept.sub(r'<bdi translate="no">\g<0></bdi>', found[0])
            if depth:
                depth += (tag == inside) * (-1 if closes else 1)
            elif not closes and (tag in _PLAIN or 'translate="no"' in attributes):
                inside, depth = tag, 1
            return found[0]

        return Markup(_PART.sub(part, html))  # noqa: S704 (the page's own HTML, with elements added)

    return mark
