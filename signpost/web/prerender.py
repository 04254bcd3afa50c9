"""Pages rendered and compressed before anyone asks for them, for this minute and the next.

A page depends only on its address and the minute. Pages are kept because the clock moved on, never because
somebody visited: a page kept at a first visit would come faster at the second, and anyone who shares a
network with a visitor could time every result and learn which of them was just read.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from threading import Event, Thread
from time import sleep, thread_time, time

from flask import Flask, Response, g, request

from signpost.i18n.languages import Language
from signpost.i18n.locales import page_context, raw_path
from signpost.models.hours import LONDON
from signpost.models.urls import every_page
from signpost.web.compression import coding_for

#: The most pages of each language that are kept: ten times today's content. The rest are rendered on request.
_MOST = 7_000
#: All current browsers accept it. Others get a page that is rendered on request.
_ENCODING = "br"

#: A kept response: its headers and its body.
_Kept = tuple[list[tuple[str, str]], bytes]


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
            self.begun.set()
            sleep(1)

    def _fill(self, pages: dict[str, _Kept], moment: datetime) -> None:
        # Most pages have the same headers: keep them once.
        shared_headers: dict[tuple[tuple[str, str], ...], list[tuple[str, str]]] = {}
        for language in self._app.extensions["locales"]:
            for path in islice(every_page(self._app.extensions["content"]), _MOST):
                began = thread_time()
                response = rendered(self._app, language, path, moment, {"Accept-Encoding": _ENCODING})
                response.headers.remove("Date")  # the server adds its own
                headers = response.headers.to_wsgi_list()
                kept = shared_headers.setdefault(tuple(headers), headers)
                pages[language.root + path] = kept, response.get_data()
                sleep(thread_time() - began)  # as long as it took, to use at most half a core

    def _answer(self) -> Response | None:
        """The prerendered page for the request; None if there is none or the request is unusual."""
        if request.method not in ("GET", "HEAD") or request.query_string:
            return None
        kept = self._by_minute.get(_minute(), {}).get(raw_path())
        if kept is None or coding_for(request.accept_encodings) != _ENCODING:
            return None
        headers, body = kept
        return Response(body, headers=headers)


def rendered(
    app: Flask,
    language: Language,
    path: str,
    moment: datetime,
    headers: dict[str, str] | None = None,
    *,
    timeless: bool = False,
) -> Response:
    """The answer to a request for a page at a moment, without the guards that a request passes.

    Args:
        app: the app.
        language: the language of the page.
        path: its path, without the prefix of the language; with a query or none.
        moment: the minute that the page tells, in UK local time.
        headers: the headers of the request.
        timeless: leave out what is true only at that minute.
    """
    with page_context(app, language, path, headers):
        g.minute, g.timeless = moment, timeless  # templating.py looks here first
        return app.finalize_request(app.dispatch_request())


def _minute() -> int:
    return int(time() // 60)
