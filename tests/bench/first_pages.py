"""The served site, which also prints how long it took until its first pages were prerendered.

The time is counted from when the app exists: right after that its worker begins to answer.
"""

from __future__ import annotations

import sys
from threading import Thread
from time import monotonic, process_time, sleep

from flask import Flask

from signpost import start

#: How many pages are to be there soon.
FIRST = 50
#: What it prints, with the seconds on the clock and of the processor.
SAID = r"the first pages took (\d+\.\d+) s, and (\d+\.\d+) s of the processor"


def _watch(app: Flask, began: float, used: float) -> None:
    pages = app.extensions["prerendered_pages"]
    while not any(len(each) >= FIRST for each in list(pages._by_minute.values())):
        sleep(0.001)
    took, used = monotonic() - began, process_time() - used
    print(
        f"the first pages took {took:.3f} s, and {used:.3f} s of the processor", file=sys.stderr, flush=True
    )


def __getattr__(name: str) -> Flask:
    """Creates the app only when a server asks for it, so that importing what it prints does not start the site."""
    if name == "app":
        app = start()
        Thread(target=_watch, args=(app, monotonic(), process_time()), daemon=True).start()
        return app
    raise AttributeError(name)
