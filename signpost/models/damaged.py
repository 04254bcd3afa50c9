"""Finds the page for an address that paper, a chat or a mail program has damaged: a full stop, a quotation mark or a
sentence follows it.

An address is only compared with the paths of our own pages, so it cannot lead anywhere else.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from signpost.models.content import Content
from signpost.models.journey import RetiredCode, UnknownCode
from signpost.models.urls import MOST_NUMBERS, SHARED, UNLISTED, check_url, listed_pages, numbers_url

#: How many times a path may have been percent-encoded on its way.
_ENCODED_TIMES = 3
#: How many characters are read: no address of ours is longer. One character may stand for eighteen (U+FDFA), and each
#: takes a microsecond or more.
_LONGEST = 500
#: What may follow the path of a page: anything that does not continue its last word or add a segment.
_REST = r"[-/]*(?:[^a-z0-9/-].*)?"
#: What may follow the path of the start page, which is empty. Not ".env", which scanners ask for.
_AFTER_START = re.compile(r"[^a-z0-9]*|[\s\"'”’»)>\]<&?#].*", re.DOTALL)
_CHECK = re.compile(rf"check((?:/[a-z0-9]+)*){_REST}", re.DOTALL)
#: Answers with something else between them than slashes: nothing may follow, because a sentence has words of one letter too.
_CHECK_APART = re.compile(r"check((?:[\s/,+;>|_-]+[a-z0-9]{1,2})+)[^a-z0-9]*")
_NUMBERS = re.compile(r"numbers/([^?#<]*).*", re.DOTALL)
_HOST_BEFORE = re.compile(r"[^a-z0-9]*https?:/+[^/\s]+/*")
_JUNK_BEFORE = re.compile(r"\A[^a-z0-9]+")
_ARGUMENT = re.compile(r"(?:^|[&;?])(go|moved|answer|service)\s*=[\s\"'“”‘’«»]*([a-z0-9-]*)")
#: What programs put into a text: where a mail was broken in two ("=" at the end of a line), where a browser may break a word,
#: and a line's end or an invisible character as a programmer writes it. Not "\\nspcc": there "\\" is a slash.
_BREAK = re.compile(r"=\r?\n|</?(?:wbr|b|em|i|mark|strong)\s*/?>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\(?:[nrt](?![a-z0-9-])|u[0-9a-f]{4}|x[0-9a-f]{2})", re.IGNORECASE)


def readable(text: str, dash: str = "-") -> str:
    """The intended form of a path or a query as a server passes it on.

    Decodes percent-encoding, even if it was applied several times, and HTML entities. Removes invisible
    characters, and raised ones, such as the number of a footnote. Replaces typographic dashes, full-width letters and
    backslashes by what was typed, capitals by small letters, and white space by one space.

    Args:
        text: bytes decoded as Latin-1, as WSGI passes them.
        dash: what a typographic dash becomes: a hyphen, or a space if it begins another part of a sentence.
    """
    data = text.encode("latin-1")
    for _ in range(_ENCODED_TIMES):
        data = unquote_to_bytes(data)
    try:
        words = data.decode()
    except UnicodeDecodeError:
        words = data.decode("cp1252", "replace")  # the usual encoding of Windows programs
    words = _ESCAPE.sub(" ", _BREAK.sub("", html.unescape(words)))[:_LONGEST]
    if not words.isascii():
        raised = (" " if unicodedata.decomposition(char).startswith("<super>") else char for char in words)
        words = unicodedata.normalize("NFKC", "".join(raised))[:_LONGEST]
        kinds = [(char, unicodedata.category(char)) for char in words]
        typed = ((dash if kind == "Pd" and char != "-" else char, kind) for char, kind in kinds)
        words = "".join(char for char, kind in typed if kind not in ("Cf", "Mn"))
    return re.sub(r"\s+", " ", words.lower().replace("\\", "/"))


def arguments(query: str) -> dict[str, str]:
    """The arguments of a query that change a page, by their names. If one is given twice, the first counts."""
    found: dict[str, str] = {}
    # A mail writes "=" as "=3D".
    for name, value in _ARGUMENT.findall(readable(query).replace("amp;", "&").replace("=3d", "=")):
        found.setdefault(name, value)
    return found


def _letters(path: str) -> str:
    """A path's letters, numbers and slashes."""
    return re.sub("[^a-z0-9/]+", "", path).strip("/")


@dataclass(frozen=True, slots=True)
class Meant:
    """The page that an address means: its canonical path, and the code of its language.

    ``path`` ends with "?moved=1" where the page cannot show all that the address named.
    """

    path: str
    language: str


class AddressReader:
    """Finds the page that an address means.

    Args:
        content: the content, whose pages are found.
        languages: the codes of the languages that may begin a path.
    """

    def __init__(self, content: Content, languages: Collection[str]) -> None:
        self._content = content
        single = (*listed_pages(content), *UNLISTED, *SHARED)
        self._canonical = frozenset((*single, *(check_url(walk.codes) for walk in content.journey.walks())))
        targets = {path: path for path in single} | content.moved
        pages = {path.strip("/"): page for path, page in targets.items()}
        # The longest first, so that a page comes before the list that it is in.
        self._pages = {path: pages[path] for path in sorted(pages, key=len, reverse=True) if path}
        self._letters = {_letters(path): page for path, page in self._pages.items()}
        # "cy", and "cy-GB" as programs write it.
        self._language = re.compile(
            rf"[^a-z0-9]*({'|'.join(languages)})(?:[-_][a-z]{{2}})?(?=[^a-z0-9-]|$)/*"
        )

    def find(self, path: str, language: str) -> Meant | None:
        """The page that a path means, or None if it means no page of ours.

        Args:
            path: the path, decoded as Latin-1, as WSGI passes it.
            language: the language of the page if the path has no prefix.
        """
        if path in self._canonical:  # almost every request: skips the rest
            return Meant(path, language)
        texts = [readable(path), readable(path, dash=" ")]
        # A mail program that breaks a long line leaves white space there, mostly after a slash or a hyphen.
        joined = [re.sub(r"\s*([/+-])\s*", r"\1", text) for text in texts]
        found = [self._find(each, language) for each in dict.fromkeys((*joined, *texts))]
        meant = [each for each in found if each]
        if meant:
            return max(meant, key=lambda each: (not each.path.endswith("?moved=1"), len(each.path)))
        return self._find(re.sub(r"\s", "", texts[0]), language)

    def _find(self, text: str, language: str) -> Meant | None:
        text = re.sub("/+", "/", text).lstrip("/")
        if host := _HOST_BEFORE.match(text):
            text = text[host.end() :]
        while named := self._language.match(text):
            language, text = named[1], text[named.end() :]
        path = self._page(_JUNK_BEFORE.sub("", text))
        if path is None and _AFTER_START.fullmatch(text):
            path = "/"
        return None if path is None else Meant(path, language)

    def _page(self, text: str) -> str | None:
        # Whatever stands between the letters: spaces or "_" for hyphens, quotes around a name.
        if page := self._letters.get(_letters(text)):
            return page
        apart = _CHECK_APART.fullmatch(text)
        if apart and (page := self._walk(re.findall("[a-z0-9]+", apart[1]))):
            return page
        if codes := _CHECK.fullmatch(text):
            return self._walk(codes[1].split("/")[1:])
        if ids := _NUMBERS.fullmatch(text):
            return self._numbers(re.findall("[a-z0-9]+(?:-+[a-z0-9]+)*", ids[1]))
        for path, page in self._pages.items():
            if text.startswith(path) and re.fullmatch(_REST, text[len(path) :], re.DOTALL):
                return page
        return None

    def _walk(self, codes: list[str]) -> str | None:
        try:
            return check_url(self._content.journey.follow(codes).codes)
        except RetiredCode as gone:
            return f"{check_url(gone.walk.codes)}?moved=1"
        except UnknownCode:
            return None

    def _numbers(self, ids: list[str]) -> str | None:
        known = self._content.directory.routes
        now = [self._content.moved.get(f"/help/{id_}", id_).removeprefix("/help/") for id_ in ids]
        routes = [known[id_] for id_ in now if id_ in known][:MOST_NUMBERS]
        if not routes:
            return None
        return numbers_url(routes) + ("?moved=1" if len(routes) < len(ids) else "")
