"""Renders and compresses every page before anyone asks for it, for this minute and the next.

A page depends only on its address and the minute. A page is kept because the clock has moved on, never because somebody has
visited it. If it were kept at a first visit, the second visit would be faster, and anyone on the same network could time every
result and learn which of them was just read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, product
from threading import Event, Thread
from time import sleep, thread_time, time
from urllib.parse import urlencode
from wsgiref.types import StartResponse, WSGIEnvironment

import brotli
from flask import Flask, Response, g, request

from signpost.i18n.languages import ENGLISH, Language
from signpost.i18n.locales import page_context, page_state, raw_path
from signpost.models.hours import LONDON
from signpost.models.urls import DATA, FILES, every_page
from signpost.web.compression import CODINGS, coding_for
from signpost.web.padding import BrotliParts, join_brotli
from signpost.web.responses import WholeResponse

#: At most this many pages of each language are kept, 2.5 times today's number. Others are rendered on request.
_MOST = 7_000
#: How many pages are rendered without a pause, each time that pages are rendered anew: somebody may be waiting for one of these.
_AT_ONCE = 50
#: The coding that is kept. All current browsers accept it. For other clients a page is decompressed.
_ENCODING = "br"

_HeaderList = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a response.

    Attributes:
        headers: its headers.
        body: its body. If it is compressed by brotli, the parts of it, without the padding, which is added when it is sent.
        lengths: the lengths that the padded body may have.
        is_result: whether it is a result, which has lengths of its own in every coding.
    """

    headers: _HeaderList
    body: BrotliParts | bytes
    lengths: tuple[int, ...]
    is_result: bool

    def whole(self, lengths: tuple[int, ...]) -> bytes:
        """The body, padded to one of ``lengths``."""
        return self.body if isinstance(self.body, bytes) else join_brotli(self.body, lengths)


#: Kept responses, by coding, path and state. Path and state are apart, because a path may contain a "?" of its own.
_Pages = dict[tuple[str, str, str], _Kept]


class PrerenderedResponse(WholeResponse):
    """A kept response. ``after_request`` hooks ran when it was rendered, so ``Site`` does not run them again."""

    def __init__(self, headers: _HeaderList, body: bytes) -> None:
        # Without Response.__init__, which would copy the headers.
        self._prerendered = headers, body

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        headers, body = self._prerendered
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


class PrerenderedPages:
    """Keeps the prerendered pages of an app, by minute and address, and answers requests with them.

    Create it after every other ``before_request`` hook is registered, so that rate limiting and rejection run first.

    Args:
        app: the app.
        cache_key: returns a key for a moment in UK local time. Pages are rendered again when it changes.
    """

    def __init__(self, app: Flask, cache_key: Callable[[datetime], object]) -> None:
        self._app = app
        self._cache_key = cache_key
        self._by_minute: dict[int, _Pages] = {}
        self._last: tuple[object, _Pages] | None = None
        #: Set once all pages have been rendered, or that has failed. Other work that needs the processor waits for it.
        self.settled = Event()
        app.before_request(self._answer)

    def start(self) -> None:
        """Starts a thread that renders the pages whenever they change, until the process ends."""
        Thread(target=self._run, daemon=True).start()

    def render(self, minute: int) -> None:
        """Renders every page for a minute and the next, and drops the pages of past minutes.

        Args:
            minute: minutes since 1970.
        """
        self._by_minute = {each: pages for each, pages in self._by_minute.items() if each >= minute}
        for each in (minute, minute + 1):
            if each in self._by_minute:
                continue
            moment = _moment(each)
            key = self._cache_key(moment)
            if self._last and self._last[0] == key:
                self._by_minute[each] = self._last[1]
                continue
            before = self._last[1] if self._last else {}
            pages: _Pages = {}
            self._last = key, pages
            # Assigned while still empty: each page can be served as soon as it is rendered.
            self._by_minute[each] = pages
            self._fill(pages, moment, before)

    def _keep_up(self) -> None:
        """Uses the pages rendered so far for the current minute too, if its key is the same. Rendering them all takes longer than a minute."""
        now = _minute()
        if now not in self._by_minute and self._last and self._last[0] == self._cache_key(_moment(now)):
            self._by_minute[now] = self._last[1]

    def _run(self) -> None:
        while True:
            try:
                self.render(_minute())
            except Exception as error:  # keep the thread alive, or every page would be rendered on request
                self._last, self._by_minute = None, {}
                logging.getLogger(__name__).error("prerendering failed", exc_info=error)
            self.settled.set()
            sleep(1)

    def _fill(self, pages: _Pages, moment: datetime, before: _Pages) -> None:
        """Renders every page for a moment into ``pages``. Reuses a page of ``before`` that has not changed, to save memory."""
        # Headers and parts of bodies that several pages share are kept once.
        shared_headers: dict[tuple[tuple[str, str], ...], _HeaderList] = {}
        shared_parts: dict[bytes, bytes] = {}
        for path, coding, language in self._wanted():
            began = thread_time()
            with rendered(self._app, language, path, moment, {"Accept-Encoding": coding}) as response:
                response.headers.remove("Date")  # the server adds its own
                headers = response.headers.to_wsgi_list()
                parts: BrotliParts = g.get("brotli_parts") or (response.get_data(),)
                parts = tuple(shared_parts.setdefault(part, part) for part in parts)
                kept = _Kept(
                    shared_headers.setdefault(tuple(headers), headers),
                    parts if "brotli_parts" in g else parts[0],
                    g.get("lengths", ()),
                    "is_result" in g,
                )
                address = coding, raw_path(), urlencode(page_state())
            # Most pages do not change with the minute: then both minutes share one copy.
            earlier = before.get(address)
            pages[address] = earlier if earlier == kept else kept
            self._keep_up()
            if len(pages) > _AT_ONCE:
                sleep(thread_time() - began)  # as long as it took, so that this uses at most half a core

    def _wanted(self) -> Iterator[tuple[str, str, Language]]:
        """What to render: path, coding and language."""
        locales: dict[Language, object] = self._app.extensions["locales"]
        # Each page in every language before the next: the first that people need are there within half a second.
        pages = product(islice(every_page(self._app.extensions["content"]), _MOST), locales)
        for path, language in islice(pages, _AT_ONCE):
            yield path, _ENCODING, language
        # Files take long to compress, so they are kept in each coding. They come before most pages, which then use the memory
        # that making them took. A sitemap has one address for all languages.
        for path, coding in product(FILES, CODINGS):
            for language in locales if path in DATA else (ENGLISH,):
                yield path, coding, language
        for path, language in pages:
            yield path, _ENCODING, language

    def _answer(self) -> Response | None:
        """The kept response for the request; None if there is none.

        A query that means nothing to the page does not prevent this. Rendering takes ten times as long, so otherwise a few
        requests with made-up queries could keep the site busy.
        """
        if request.method not in ("GET", "HEAD"):
            return None
        pages = self._by_minute.get(_minute(), {})
        address = raw_path(), urlencode(page_state()) if request.query_string else ""
        packed = pages.get((_ENCODING, *address))
        if packed is None:
            return None
        coding = coding_for(request.accept_encodings)
        kept = pages.get((coding, *address)) if coding else None
        if kept is None:
            return _unpacked(packed)
        body = kept.whole(kept.lengths)
        if not request.query_string and not any(name == "ETag" for name, _ in kept.headers):
            return PrerenderedResponse(kept.headers, body)
        # Let the hooks run: they keep a page with a query out of search engines. And the client may have the file already.
        response = Response(body, headers=kept.headers)
        response.make_conditional(request)
        return response


def _unpacked(kept: _Kept) -> Response | None:
    """A kept response, decompressed; None for a file, because its ETag names the coding."""
    headers = [each for each in kept.headers if each[0] not in ("Content-Encoding", "Content-Length")]
    if any(name == "ETag" for name, _ in headers):
        return None
    if kept.is_result:
        g.is_result = True
    # An after_request hook compresses it again, in a coding that the client accepts.
    return Response(brotli.decompress(kept.whole(())), headers=headers)


@contextmanager
def rendered(
    app: Flask,
    language: Language,
    path: str,
    moment: datetime,
    headers: dict[str, str] | None = None,
    *,
    timeless: bool = False,
    static: bool = False,
) -> Iterator[Response]:
    """The response to a request for a page at a moment, inside the request's context. No guard runs: no limit, no rejection.

    Args:
        app: the app.
        language: the language of the page.
        path: its path, without the prefix of the language, with or without a query.
        moment: the minute that the page shows, in UK local time.
        headers: the headers of the request.
        timeless: whether to leave out what is true only at that minute, such as "open now".
        static: whether to make the page for a static site.

    Raises:
        ValueError: the site answers with a redirect or an error.
        HTTPException: there is no such page.
    """
    # A context of its own: in that of a command, ``g`` would keep the first page's language for all others.
    with app.app_context(), page_context(app, language, path, headers):
        g.minute, g.timeless, g.static = moment, timeless, static  # templating.py looks here first
        response = app.finalize_request(app.dispatch_request())
        if response.status_code != 200:
            raise ValueError(f"{language.root}{path} answers {response.status_code}, and not with a page")
        yield response


def _minute() -> int:
    return int(time() // 60)


def _moment(minute: int) -> datetime:
    return datetime.fromtimestamp(minute * 60, LONDON)
