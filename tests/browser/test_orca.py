"""Exit under a real screen reader, which keeps the letters of its commands to itself: see ``orca.py``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.orca import Listener, until

#: Previous heading, previous link, back by Tab; slowly as one listens, and as fast as one who knows the way.
COMMANDS = {
    "Shift+H, slowly": ("shift+h", 0.7, "heading level"),
    "Shift+H, fast": ("shift+h", 0.15, "heading level"),
    "Shift+K, slowly": ("shift+k", 0.5, "link"),
    "Shift+K, fast": ("shift+k", 0.15, "link"),
    # Last: with the focus on a control, Orca leaves single letters to the page.
    "Shift+Tab": ("shift+Tab", 0.15, ""),
}


@pytest.fixture(scope="module", params=["firefox", "chromium"])
def listener(request, site: str, tmp_path_factory) -> Iterator[Listener]:
    """Somebody who reads a result, and has just heard some of its headings."""
    with Listener(request.param, tmp_path_factory.mktemp("orca")) as listener:
        listener.open(f"{site}/check/n/c/m/b/e")
        listener.press("h", "h", "h", gap=0.7)
        yield listener


def is_here(listener: Listener) -> bool:
    return any("Help against a threat" in title for title in listener.titles())


@pytest.mark.parametrize("command", COMMANDS)
def test_moving_backwards_never_leaves(listener: Listener, command: str):
    keys, gap, said = COMMANDS[command]
    before = len(listener.heard())
    listener.press(*[keys] * 4, gap=gap)

    def all_heard() -> bool:
        # Orca says the key, too.
        return sum(said in words for words in listener.heard()[before:]) >= 4

    until(all_heard, f"Orca has not obeyed: {listener.heard()[before:]}")
    assert is_here(listener), "the visitor was thrown out"


def test_three_presses_of_shift_alone_leave(listener: Listener):
    listener.wait_until_all_is_said()
    assert is_here(listener)
    listener.press("shift", "shift", "shift", gap=0.3)
    until(lambda: not is_here(listener), "the page is still there")
