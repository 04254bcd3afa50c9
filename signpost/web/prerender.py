"""Pages rendered and compressed before anyone asks for them, for this minute and the next.

A page depends only on its address and the minute. Pages are kept because the clock moved on, never because
somebody visited: a page kept at a first visit would come faster at the second, and anyone who shares a
network with a visitor could time every result and learn which of them was just read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain, islice, product
from threading import Thread
from time import sleep, thread_time, time
from urllib.parse import urlencode

import brotli
from flask import Flask, Response, g, request

from signpost.i18n.locales import page_context, page_state, raw_path
from signpost.models.hours import LONDON
from signpost.models.urls import FILES, every_page
from signpost.web.compression import QUALITY, coding_for

#: The most pages of each language that are kept: ten times today's content. The rest are rendered on request.
_MOST = 7_000
#: All current browsers accept it. For others a page is unpacked.
_ENCODING = "br"

#: A kept response: its headers and its body.
_Kept = tuple[list[tuple[str, str]], bytes]
#: Kept responses, by coding, path and state. A path may have a “?” in it, so the two are not one.
_Pages = dict[tuple[str, str, str], _Kept]


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
                    self._last = key, {}
                    # Assigned while still empty: each page can be served as soon as it is rendered.
                    self._by_minute[each] = self._last[1]
                    self._fill(self._last[1], moment)
                self._by_minute[each] = self._last[1]

    def _run(self) -> None:
        while True:
            try:
                self.render(_minute())
            except Exception as error:  # keep the thread alive, or every page would be rendered on request
                self._last, self._by_minute = None, {}
                logging.getLogger(__name__).error("prerendering failed", exc_info=error)
            sleep(1)

    def _fill(self, pages: _Pages, moment: datetime) -> None:
        # Most pages have the same headers: keep them once.
        shared_headers: dict[tuple[tuple[str, str], ...], list[tuple[str, str]]] = {}
        for language in self._app.extensions["locales"]:
            for path, coding in self._wanted():
                began = thread_time()
                with page_context(self._app, language, path, {"Accept-Encoding": coding}):
                    g.minute = moment  # templating.current_minute() looks here first
                    response = self._app.finalize_request(self._app.dispatch_request())
                    response.headers.remove("Date")  # the server adds its own
                    headers = response.headers.to_wsgi_list()
                    kept = shared_headers.setdefault(tuple(headers), headers)
                    pages[coding, raw_path(), urlencode(page_state())] = kept, response.get_data()
                sleep(thread_time() - began)  # as long as it took, to use at most half a core

    def _wanted(self) -> Iterator[tuple[str, str]]:
        """What to render: each path, and in which coding. Files are too long to be compressed on request."""
        pages = islice(every_page(self._app.extensions["content"]), _MOST)
        return chain(((path, _ENCODING) for path in pages), product(FILES, QUALITY))

    def _answer(self) -> Response | None:
        """The prerendered answer to the request; None if there is none.

        A query that says nothing to the page makes no difference: rendering takes ten times as long, so an address
        with a query, or a client without brotli, could use up the site with a few requests.
        """
        if request.method not in ("GET", "HEAD"):
            return None
        pages, address = self._by_minute.get(_minute(), {}), (raw_path(), urlencode(page_state()))
        coding = coding_for(request.accept_encodings)
        if coding and (kept := pages.get((coding, *address))):
            headers, body = kept
            response = Response(body, headers=headers)
            if "ETag" in response.headers:
                response.make_conditional(request)
            return response
        kept = pages.get((_ENCODING, *address))
        return _unpacked(*kept) if kept else None


def _unpacked(headers: list[tuple[str, str]], body: bytes) -> Response | None:
    """A kept answer without its coding; None for one whose ETag names the coding."""
    left = [each for each in headers if each[0] not in ("Content-Encoding", "Content-Length")]
    if any(name == "ETag" for name, _ in left):
        return None
    # Compressed again, in the coding that the client accepts, by an after_request hook like every other answer.
    return Response(brotli.decompress(body), headers=left)


def _minute() -> int:
    return int(time() // 60)
