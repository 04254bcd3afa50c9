"""Limits that a test of a real server reaches exactly."""

from __future__ import annotations

import time

#: The window of the limit, in seconds.
WINDOW = 3600
#: How long a test may take to reach its limit, in seconds, even on a busy machine.
LONGEST = 90


def limit_of(requests: int) -> str:
    """The setting of a limit that holds exactly while a test runs. First waits if its window would end during the test.

    The servers count in the hours of the clock. When one ends, the requests before it begin to weigh less, so that a test in
    the middle of it would see more than ``requests`` answered.
    """
    if (left := WINDOW - time.time() % WINDOW) < LONGEST:
        time.sleep(left)
    return f"{requests} per {WINDOW} seconds"
