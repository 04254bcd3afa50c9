"""Marks what automatic translation must not change: numbers, words to text, names of services, addresses.

Visitors who read little English let a browser or a search engine translate whole pages. It might translate the word
to text to a service, or write a number with other digits or groups. Many services have plain words as a name (Report
Remove, Take It Down, Shout): translated, nobody would find them.
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

#: An address of the web or of mail, and what only a text with one has.
_ADDRESS = r"(?<![\w@./-])(?:[\w.+-]+@)?(?:[A-Za-z0-9-]+\.)+[a-z]{2,}(?:/[\w/.-]*\w)?(?![\w@])"
_HAS_ADDRESS = re.compile(r"\w\.[a-z]")
#: A word of a proper name.
_WORD = r"(?:[A-Z][\w’]*|\d+)"
#: A service or an organisation as the content writes it, beginning with a proper name: each of its words has a capital.
#: What may follow the name: "(Scotland)"; ", a charity"; and after two words more, as "helpline" in "Stop It Now helpline".
#: No proper name: "Police on 101", "Your GP, midwife or health visitor".
_PROPER_NAME = re.compile(
    rf"(?P<name>{_WORD}(?P<more> (?:(?:of|and|for) )?{_WORD})*)(?: \(.*\)|, a charity.*|(?(more) [a-z][a-z -]*|$))?"
)


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
    for route in content.directory.routes.values():
        for proper in map(_PROPER_NAME.fullmatch, (route.name, route.organisation)):
            known |= {proper["name"]} if proper else set()
    choices = [*map(re.escape, sorted(known, key=len, reverse=True)), *_NUMBERS]
    # The lookahead comes first: it spares most letters the rest.
    kept = re.compile(rf"(?=[A-Z+\d])(?<![\w#£.,:-])(?:{'|'.join(choices)})(?!\w|[.,:-]\w)")
    kept_or_address = re.compile(f"{_ADDRESS}|{kept.pattern}")

    def alone(found: re.Match[str]) -> str:
        return f'<bdi translate="no">{found[0]}</bdi>'

    def mark(html: str) -> Markup:
        inside, depth = "", 0  # an element whose text must not change, and how many of its kind are open

        def part(found: re.Match[str]) -> str:
            nonlocal inside, depth
            closes, tag, attributes = found[1], found[2], found[3]
            if tag is None:
                # Not a template such as "<bdi>\g<0></bdi>": for each call, sub() would hash the whole pattern, which is long.
                kinds = kept_or_address if _HAS_ADDRESS.search(found[0]) else kept
                return found[0] if depth else kinds.sub(alone, found[0])
            if depth:
                depth += (tag == inside) * (-1 if closes else 1)
            elif not closes and (tag in _PLAIN or 'translate="no"' in attributes):
                inside, depth = tag, 1
            return found[0]

        return Markup(_PART.sub(part, html))  # noqa: S704 (the page's own HTML, with elements added)

    return mark
