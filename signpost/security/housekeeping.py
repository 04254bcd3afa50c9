"""Background work of a serving process."""

from __future__ import annotations

import logging
from itertools import count
from threading import Thread
from time import sleep

from flask import Flask

_REPORT_EVERY = 60  # seconds


def start_background_tasks(app: Flask) -> None:
    """Starts a thread that purges expired counters each second and logs request totals each minute."""

    def run() -> None:
        for second in count(1):
            sleep(1)
            try:
                app.extensions["purge_expired_counters"]()
                if second % _REPORT_EVERY == 0:
                    app.extensions["request_counter"].report()
            except Exception as error:  # keep the thread alive, so that counters are still purged
                logging.getLogger(__name__).error("a background task failed", exc_info=error)

    Thread(target=run, daemon=True).start()
