"""Finished pages: each is made and compressed before anyone asks for it, for this minute and the next.

A page depends on its address and the minute, and on nobody. What is kept here is made by the clock and
never by a visit. Kept at a first visit, a page would come sooner at the second; and whoever shares a
network with a visitor could try every result and tell by the time it took which one was just seen.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from threading import Thread
from time import sleep, thread_time, time

from flask import Flask, Response, g, request

from signpost.addresses import every_page
from signpost.compression import coding_for
from signpost.hours import LONDON

#: For each language. So much memory and time are enough for content ten times as large; what is beyond is
#: made when asked for.
_MOST = 7_000
#: What all browsers of today take. Others get a page that is made when they ask.
_ENCODING = "br"

#: A response as it is kept: its headers and its body.
_Kept = tuple[list[tuple[str, str]], bytes]


class Finished:
    """The finished pages of an app, by minute and address.

    To be set up last of all that looks at a request before a view does: whoever is refused, or counted,
    has been by then.

    Args:
        app: the app.
        says: all that the pages say which depends on a moment, in UK time. They are made anew for a minute
            of which they say something else.
    """

    def __init__(self, app: Flask, says: Callable[[datetime], object]) -> None:
        self._app = app
        self._says = says
        self._made: dict[int, dict[str, _Kept]] = {}
        self._last: tuple[object, dict[str, _Kept]] | None = None
        app.before_request(self._answer)

    def begin(self) -> None:
        """Starts the thread that makes the pages, for as long as the process serves."""
        Thread(target=self._go_on, daemon=True).start()

    def make(self, minute: int) -> None:
        """Makes every page for a minute and the next, and drops those of the past."""
        self._made = {each: pages for each, pages in self._made.items() if each >= minute}
        for each in (minute, minute + 1):
            if each not in self._made:
                moment = datetime.fromtimestamp(each * 60, LONDON)
                said = self._says(moment)
                if self._last is None or self._last[0] != said:
                    self._last = said, self._pages(moment)
                self._made[each] = self._last[1]

    def _go_on(self) -> None:
        while True:
            try:
                self.make(_minute())
            except Exception as error:  # or every page would be made when asked for, from now on
                logging.getLogger(__name__).error("finishing pages failed", exc_info=error)
            sleep(1)

    def _pages(self, moment: datetime) -> dict[str, _Kept]:
        pages: dict[str, _Kept] = {}
        # Most pages have the same headers.
        alike: dict[tuple[tuple[str, str], ...], list[tuple[str, str]]] = {}
        addresses = (
            language.root + address
            for language in self._app.extensions["editions"]
            for address in islice(every_page(self._app.extensions["guide"]), _MOST)
        )
        for address in addresses:
            began = thread_time()
            with self._app.test_request_context(address, headers={"Accept-Encoding": _ENCODING}):
                g.minute = moment  # where templating.minute() looks first
                response = self._app.finalize_request(self._app.dispatch_request())
                response.headers.remove("Date")  # the server puts its own
                headers = response.headers.to_wsgi_list()
                pages[address] = alike.setdefault(tuple(headers), headers), response.get_data()
            sleep(thread_time() - began)  # half of the time is the visitors’
        return pages

    def _answer(self) -> Response | None:
        """The finished page that is asked for, if there is one; none that asks for anything unusual."""
        if request.method not in ("GET", "HEAD") or request.query_string:
            return None
        kept = self._made.get(_minute(), {}).get(request.environ["PATH_INFO"])
        if kept is None or coding_for(request.accept_encodings) != _ENCODING:
            return None
        headers, body = kept
        return Response(body, headers=headers)


def _minute() -> int:
    return int(time() // 60)
