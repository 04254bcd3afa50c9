"""The served site, which also prints how long it took until its first pages were prerendered.

The time is counted from when the app exists, because from then on the worker can answer.
"""

from __future__ import annotations

import sys
from threading import Thread
from time import monotonic, sleep

from wsgi import app

#: How many pages are to be there soon.
FIRST = 50
#: What it prints, before the seconds.
SAID = f"the first {FIRST} pages, s: "


def _watch(began: float) -> None:
    while len(app.extensions["prerendered_pages"]) < FIRST:
        sleep(0.001)
    print(f"{SAID}{monotonic() - began:.3f}", file=sys.stderr, flush=True)


Thread(target=_watch, args=(monotonic(),), daemon=True).start()
