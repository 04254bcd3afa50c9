"""Checks that visitors see no markup as text, and that no phone number is written where it is not a link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from signpost.i18n.languages import TRANSLATIONS
from signpost.i18n.translate import catalogue_of, extract_messages, name_of, read_catalogue
from signpost.models.content import Content
from signpost.models.errors import ContentError, ContentProblem
from signpost.models.markdown import parsed

#: Markup that would be visible as text: part of a link, a bracket, a tag, an entity, a star.
_LEFT = re.compile(
    r"\]\(|\b(?:route|call|advice|page|check|tel|sms):\w|</?[a-zA-Z!][^>]*>?|&\w+;|&#\d+;|\*+|__+|[\[\]`{}\\]"
)
#: Any of these contains at least one of these characters; most texts have none.
_SIGN = re.compile(r"[]\[<&*_`{}\\:]")
_STAR = re.compile(r"\*+|__+")

#: Short numbers that may be written in any text, because they work everywhere in the UK, or in most other countries.
SHORT = frozenset({"999", "101", "112", "111", "55", "18000", "18001"})
_DIGITS = re.compile(r"\d\d")
#: Digits in the form of a phone number, but not part of a date or of a figure such as 1,362.
_NUMBER = re.compile(r"(?<!more than )(?<![\d.,/:#-])\+?\d[\d \u00a0]+\d(?![\d%]|[.,:/-]\d)")
#: The same, also in other notations: (0800) 11-11, 0800.1111.
_DIVIDED = re.compile(r"(?<![\d.,/:#-])\(?(?:\+\d|0\d)[\d \u00a0().-]{5,}\d")
_YEAR = re.compile(r"(19|20)\d\d")
#: A short number counts as a phone number only after one of these words: others are amounts and years.
_CALLED = re.compile(
    r"\b(?:call|ring|dial|phone|text|ffoniwch|deialwch|tecstiwch)(?: \w+ (?:ar|on|to|i))? (\d{3,4})\b(?! \d)",
    re.IGNORECASE,
)


def digits(number: str) -> str:
    """The digits of a number, without separators."""
    return re.sub(r"[^\d+]", "", number)


def phone_numbers(text: str) -> list[str]:
    """The digits of each phone number in a text."""
    if not _DIGITS.search(text):  # most texts: skip the rest
        return []
    plain = re.sub(r"https?://\S+", "", text)
    found: list[str] = []
    for pattern in (_DIVIDED, _NUMBER):
        found += map(digits, pattern.findall(plain))
        plain = pattern.sub(" … ", plain)
    long = [each for each in found if (len(each) > 4 and not _YEAR.fullmatch(each)) or each[0] in "0+"]
    called = [each for each in _CALLED.findall(text) if each in found]
    return list(dict.fromkeys([*long, *called]))


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers that a text may have.

    Attributes:
        known: the digits of each number of the directory, and the short ones.
        first: the digits of the number that ``[](call:…)`` shows, with the route's id.
    """

    known: frozenset[str]
    first: dict[str, str]

    @classmethod
    def of(cls, content: Content) -> Numbers:
        """The numbers of a content's directory."""
        routes = content.directory.routes
        every = {digits(c.number) for route in routes.values() for c in route.contacts if c.number}
        first = {digits(r.primary_contact.number): id_ for id_, r in reversed(routes.items()) if r.contacts}
        return cls(SHORT | every | {content.emergency.abroad_number}, first)


def problems_in_text(text: str, numbers: Numbers, *, running: bool) -> Iterator[tuple[str, str]]:
    """Each piece of markup that visitors would see in a text, and each phone number written in it, as (problem, fix).

    Args:
        text: the text.
        numbers: the numbers of the directory.
        running: whether its links, bold words and lists are rendered.
    """
    words = "\n".join(parsed(text).words) if running else text
    if _SIGN.search(words) and (left := _LEFT.search(words)):
        around = words[max(0, left.start() - 20) : left.end() + 20].strip()
        yield f"“{left[0]}” is shown to readers as it is written: “{around}”.", _fix(left[0], running)
    if running:
        for kind in parsed(text).odd:
            problem = f"It has markup that no page has ({kind})."
            yield (
                problem,
                "Begin no line with spaces, a number and a full stop, “>” or “---”; use links, **bold words** and “- ” only.",
            )
    for number in phone_numbers(words):
        if number not in numbers.known:
            yield f"The number {number} is written into it, and no service has it.", _NO_NUMBER[running]
        elif running and number in numbers.first and len(number) >= _LONG:
            fix = f"Write [](call:{numbers.first[number]}), which shows it as its file has it."
            yield f"The number {number} is written into it, and would stay when it changes.", fix


#: A number of the directory with at least this many digits may be shown only by a link.
_LONG = 7
_NO_NUMBER = {
    True: "Write [](call:name-of-the-service), which shows the number of its file.",
    False: "Leave it out: a number stands in the file of its service, where it can be pressed.",
}


def _fix(left: str, running: bool) -> str:
    if not running:
        return "Take it out: this field is shown as plain words."
    if _STAR.fullmatch(left):
        return "Bold words have two stars on each side, with no space inside: **words**."
    if left.startswith(("<", "&")):
        return "Take it out, and type the character itself."
    if left in "`{}\\":
        return "Take it out."
    return "Write a link whole: [words](route:name)."


def markup_problems(content: Content) -> Iterator[ContentProblem]:
    """Problems with the markup and the numbers of the English texts."""
    numbers = Numbers.of(content)
    for message in extract_messages(content):
        entry = message.place.partition(", ")[2]
        for problem, fix in problems_in_text(message.text, numbers, running=message.running):
            yield ContentProblem(message.file, entry, problem, fix)


def translation_problems(content: Content, folder: Path) -> Iterator[ContentProblem]:
    """Problems with the translations of the content, whether the site shows the language or not.

    Untranslated texts are no problem here: ``worklist`` lists those.

    Args:
        content: the English content.
        folder: the content folder, with the catalogues in ``translations``.
    """
    numbers = Numbers.of(content)
    for code in TRANSLATIONS:
        path = catalogue_of(folder / "translations", code, "content")
        if not path.exists():
            continue
        try:
            catalogue = read_catalogue(path)
        except ContentError as error:
            yield from error.problems
            continue
        for message in extract_messages(content):
            words = catalogue.pgettext(message.place, message.text)
            if words == message.text:
                continue
            for problem, fix in problems_in_text(words, numbers, running=message.running):
                yield ContentProblem(name_of(path), message.place, problem, fix)
