"""Pages rendered and compressed before anyone asks for them, for this minute and the next.

A page depends only on its address and the minute. Pages are kept because the clock moved on, never because
somebody visited: a page kept at a first visit would come faster at the second, and anyone who shares a
network with a visitor could time every result and learn which of them was just read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, product
from threading import Event, Thread
from time import sleep, thread_time, time
from urllib.parse import urlencode
from wsgiref.types import StartResponse, WSGIEnvironment

import brotli
from flask import Flask, Response, g, request

from signpost.i18n.languages import Language
from signpost.i18n.locales import page_context, page_state, raw_path
from signpost.models.hours import LONDON
from signpost.models.urls import FILES, every_page
from signpost.web.compression import CODINGS, coding_for
from signpost.web.padding import BrotliParts, join_brotli
from signpost.web.responses import WholeResponse

#: The most pages of each language that are kept: ten times today's content. The rest are rendered on request.
_MOST = 7_000
#: How many are rendered without a pause, because somebody may be waiting for one of them.
_AT_ONCE = 50
#: All current browsers accept it. For others a page is unpacked.
_ENCODING = "br"

_HeaderList = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a response.

    Attributes:
        headers: its headers.
        body: its body; by brotli, in parts without the padding, which is added when it is sent.
        lengths: the lengths that it may have with its padding.
        is_result: whether it is a result, whose lengths in other codings are those of a result too.
    """

    headers: _HeaderList
    body: BrotliParts | bytes
    lengths: tuple[int, ...]
    is_result: bool

    def whole(self, lengths: tuple[int, ...]) -> bytes:
        """The body, filled up to one of ``lengths``."""
        return self.body if isinstance(self.body, bytes) else join_brotli(self.body, lengths)


#: Kept responses, by coding, path and state. A path may have a “?” in it, so the two are not one.
_Pages = dict[tuple[str, str, str], _Kept]


class PrerenderedResponse(WholeResponse):
    """A whole response. Hooks that run after a view have had their turn when it was rendered (see ``Site``)."""

    def __init__(self, headers: _HeaderList, body: bytes) -> None:
        # Without Response.__init__, which would copy the headers.
        self._prerendered = headers, body

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        headers, body = self._prerendered
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


class PrerenderedPages:
    """The prerendered pages of an app, by minute and address.

    Register it after every other ``before_request`` hook, so that rate limiting and rejection run first.

    Args:
        app: the app.
        cache_key: returns a key for a moment in UK local time. Pages are rendered again when it changes.
    """

    def __init__(self, app: Flask, cache_key: Callable[[datetime], object]) -> None:
        self._app = app
        self._cache_key = cache_key
        self._by_minute: dict[int, _Pages] = {}
        self._last: tuple[object, _Pages] | None = None
        #: Set once the first pages are rendered, or could not be: then the processor is free for other work.
        self.begun = Event()
        app.before_request(self._answer)

    def start(self) -> None:
        """Starts the thread that renders the pages for as long as the process serves."""
        Thread(target=self._run, daemon=True).start()

    def render(self, minute: int) -> None:
        """Renders every page for a minute and the next, and drops those of past minutes.

        Args:
            minute: minutes since 1970.
        """
        self._by_minute = {each: pages for each, pages in self._by_minute.items() if each >= minute}
        for each in (minute, minute + 1):
            if each not in self._by_minute:
                moment = datetime.fromtimestamp(each * 60, LONDON)
                key = self._cache_key(moment)
                if self._last is None or self._last[0] != key:
                    before = self._last[1] if self._last else {}
                    self._last = key, {}
                    # Assigned while still empty: each page can be served as soon as it is rendered.
                    self._by_minute[each] = self._last[1]
                    self._fill(self._last[1], moment, before)
                self._by_minute[each] = self._last[1]

    def _run(self) -> None:
        while True:
            try:
                self.render(_minute())
            except Exception as error:  # keep the thread alive, or every page would be rendered on request
                self._last, self._by_minute = None, {}
                logging.getLogger(__name__).error("prerendering failed", exc_info=error)
            self.begun.set()
            sleep(1)

    def _fill(self, pages: _Pages, moment: datetime, before: _Pages) -> None:
        # What many pages have in common is kept once: their headers, and how they begin.
        shared_headers: dict[tuple[tuple[str, str], ...], _HeaderList] = {}
        shared_heads: dict[bytes, bytes] = {}
        for path, coding, language in self._wanted():
            began = thread_time()
            with rendered(self._app, language, path, moment, {"Accept-Encoding": coding}) as response:
                response.headers.remove("Date")  # the server adds its own
                headers = response.headers.to_wsgi_list()
                body: BrotliParts | bytes = response.get_data()
                if "brotli_parts" in g:
                    head, rest = g.brotli_parts
                    body = shared_heads.setdefault(head, head), rest
                kept = _Kept(
                    shared_headers.setdefault(tuple(headers), headers),
                    body,
                    g.get("lengths", ()),
                    "is_result" in g,
                )
                address = coding, raw_path(), urlencode(page_state())
            # Most pages say the same as before: then both minutes share one.
            earlier = before.get(address)
            pages[address] = earlier if earlier == kept else kept
            if len(pages) > _AT_ONCE:
                sleep(thread_time() - began)  # as long as it took, to use at most half a core

    def _wanted(self) -> Iterator[tuple[str, str, Language]]:
        """What to render: path, coding and language. Files are too long to be compressed on request."""
        pages = product(islice(every_page(self._app.extensions["content"]), _MOST), (_ENCODING,))
        # Each page in every language before the next: the first that people need are there within half a second.
        for (path, coding), language in product(
            chain(pages, product(FILES, CODINGS)), self._app.extensions["locales"]
        ):
            yield path, coding, language

    def _answer(self) -> Response | None:
        """The prerendered answer to the request; None if there is none.

        A query that says nothing to the page makes no difference: rendering takes ten times as long, so an address
        with a query, or a client without brotli, could use up the site with a few requests.
        """
        if request.method not in ("GET", "HEAD"):
            return None
        pages = self._by_minute.get(_minute(), {})
        address = raw_path(), urlencode(page_state()) if request.query_string else ""
        coding = coding_for(request.accept_encodings)
        if coding and (kept := pages.get((coding, *address))):
            body = kept.whole(kept.lengths)
            if not request.query_string and not any(name == "ETag" for name, _ in kept.headers):
                return PrerenderedResponse(kept.headers, body)
            # The hooks run: a page with a query is not for search engines, and a client may have the file already.
            response = Response(body, headers=kept.headers)
            response.make_conditional(request)
            return response
        packed = pages.get((_ENCODING, *address))
        return _unpacked(packed) if packed else None


def _unpacked(kept: _Kept) -> Response | None:
    """A kept answer without its coding; None for one whose ETag names the coding."""
    headers = [each for each in kept.headers if each[0] not in ("Content-Encoding", "Content-Length")]
    if any(name == "ETag" for name, _ in headers):
        return None
    if kept.is_result:
        g.is_result = True
    # Compressed again, in the coding that the client accepts, by an after_request hook like every other answer.
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
    """The response to a request for a page at a moment, inside its context, without the guards that a request passes.

    Args:
        app: the app.
        language: the language of the page.
        path: its path, without the prefix of the language, with or without a query.
        moment: the minute that the page shows, in UK local time.
        headers: the headers of the request.
        timeless: leave out what is true only at that minute.
        static: make the page for a static site.
    """
    # A context of its own: in that of a command, ``g`` would keep the first page's language for all others.
    with app.app_context(), page_context(app, language, path, headers):
        g.minute, g.timeless, g.static = moment, timeless, static  # templating.py looks here first
        yield app.finalize_request(app.dispatch_request())


def _minute() -> int:
    return int(time() // 60)
