"""Chromium logs nothing to its console: no unknown policy, and none that blocks something of ours."""

from __future__ import annotations

import pytest

from tests.browser.kinds import KINDS


@pytest.mark.parametrize("address", KINDS.values(), ids=KINDS)
def test_no_message_is_on_the_console(open_page, address):
    page = open_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    # For a missing page Chromium logs the status.
    assert [each for each in said if "404" not in each] == []
