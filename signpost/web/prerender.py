"""Pages rendered and compressed before anyone asks for them, for this minute and the next.

A page depends only on its address and the minute. Pages are kept because the clock moved on, never because
somebody visited: a page kept at a first visit would come faster at the second, and anyone who shares a
network with a visitor could time every result and learn which of them was just read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice, product
from threading import Thread
from time import sleep, thread_time, time
from typing import cast
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response, g, request

from signpost.i18n.locales import page_context, raw_path
from signpost.models.hours import LONDON
from signpost.models.urls import every_page
from signpost.web.compression import coding_for
from signpost.web.padding import BrotliParts, join_brotli

#: The most pages of each language that are kept: ten times today's content. The rest are rendered on request.
_MOST = 7_000
#: How many are rendered without a pause, because somebody may be waiting for one of them.
_AT_ONCE = 50
#: All current browsers accept it. Others get a page that is rendered on request.
_ENCODING = "br"

_HeaderList = list[tuple[str, str]]
#: What is kept of a response: its headers, its body without the padding, which is added when it is sent, and the lengths
#: that it may have then.
_Kept = tuple[_HeaderList, BrotliParts, tuple[int, ...]]


class PrerenderedResponse(Response):
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
        self._by_minute: dict[int, dict[str, _Kept]] = {}
        self._last: tuple[object, dict[str, _Kept]] | None = None
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
            sleep(1)

    def _fill(self, pages: dict[str, _Kept], moment: datetime, before: dict[str, _Kept]) -> None:
        # What many pages have in common is kept once: their headers, and how they begin.
        shared_headers: dict[tuple[tuple[str, str], ...], _HeaderList] = {}
        shared_heads: dict[bytes, bytes] = {}
        wanted = islice(every_page(self._app.extensions["content"]), _MOST)
        # Each page in every language before the next: the first that people need are there within half a second.
        for path, language in product(wanted, self._app.extensions["locales"]):
            began = thread_time()
            with page_context(self._app, language, path, {"Accept-Encoding": _ENCODING}):
                g.minute = moment  # templating.current_minute() looks here first
                response = self._app.finalize_request(self._app.dispatch_request())
                response.headers.remove("Date")  # the server adds its own
                headers = response.headers.to_wsgi_list()
                head, rest = cast(BrotliParts, g.brotli_parts)
                kept = (
                    shared_headers.setdefault(tuple(headers), headers),
                    (shared_heads.setdefault(head, head), rest),
                    cast("tuple[int, ...]", g.lengths),
                )
            # Most pages say the same as before: then both minutes share one.
            earlier = before.get(language.root + path)
            pages[language.root + path] = earlier if earlier == kept else kept
            if len(pages) > _AT_ONCE:
                sleep(thread_time() - began)  # as long as it took, to use at most half a core

    def _answer(self) -> Response | None:
        """The prerendered page for the request; None if there is none or the request is unusual."""
        if request.method not in ("GET", "HEAD") or request.query_string:
            return None
        kept = self._by_minute.get(_minute(), {}).get(raw_path())
        if kept is None or coding_for(request.accept_encodings) != _ENCODING:
            return None
        headers, parts, lengths = kept
        return PrerenderedResponse(headers, join_brotli(parts, lengths))


def _minute() -> int:
    return int(time() // 60)
