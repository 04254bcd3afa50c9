"""The served site, which also prints how long it took until its first pages were prerendered.

The time is counted from when the app exists, because from then on the worker can answer.
"""

from __future__ import annotations

import sys
from threading import Thread
from time import monotonic, process_time, sleep

from wsgi import app

#: How many pages are to be there soon.
FIRST = 50
#: What it prints, with the seconds on the clock and of the processor.
SAID = r"the first pages took (\d+\.\d+) s, and (\d+\.\d+) s of the processor"


def _watch(began: float, used: float) -> None:
    pages = app.extensions["prerendered_pages"]
    while not any(len(each) >= FIRST for each in list(pages._by_minute.values())):
        sleep(0.001)
    took, used = monotonic() - began, process_time() - used
    print(
        f"the first pages took {took:.3f} s, and {used:.3f} s of the processor", file=sys.stderr, flush=True
    )


Thread(target=_watch, args=(monotonic(), process_time()), daemon=True).start()
