"""Fixtures for the tests of the app inside this process."""

from __future__ import annotations

from types import SimpleNamespace

import pytest


@pytest.fixture(autouse=True)
def limits_clock(monkeypatch) -> SimpleNamespace:
    """The clock of the rate limits' counters, in seconds. It stands still until a test sets ``now``.

    If a real minute ended in the middle of a test, requests of the minute before would weigh a little less, and one more
    than the limit would be answered.
    """
    clock = SimpleNamespace(now=1_000_000.0)
    monkeypatch.setattr("limits.storage.memory.time", SimpleNamespace(time=lambda: clock.now))
    monkeypatch.setattr("signpost.security.rate_limits.time", lambda: clock.now)
    return clock
