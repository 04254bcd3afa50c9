"""Exit with a real screen reader, Orca: see ``orca.py``. It keeps the letters of its commands from the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browser.orca import Listener, until

pytestmark = pytest.mark.needs("orca", "xdotool", "dbus-x11", "xvfb", "firefox-esr", "chromium")

#: Name: the key of a command, the seconds between presses (slow, or as fast as an experienced user), and what Orca
#: says at each. Shift with the key moves backwards.
COMMANDS = {
    "heading, slowly": ("h", 0.5, "heading level"),
    "heading, fast": ("h", 0.15, "heading level"),
    "link, slowly": ("k", 0.5, "link"),
    "link, fast": ("k", 0.15, "link"),
    # Last: with the focus on a control, Orca leaves single letters to the page.
    "Tab": ("Tab", 0.15, ""),
}


@pytest.fixture(scope="module", params=["firefox", "chromium"])
def listener(request, site: str, tmp_path_factory) -> Iterator[Listener]:
    """A visitor who reads a result."""
    with Listener(request.param, tmp_path_factory.mktemp("orca")) as listener:
        listener.open(f"{site}/check/n/c/m/b/e")
        yield listener


def is_here(listener: Listener) -> bool:
    return any("Help against a threat" in title for title in listener.titles())


@pytest.mark.parametrize("command", COMMANDS)
def test_moving_backwards_never_leaves(listener: Listener, command: str):
    key, gap, said = COMMANDS[command]
    # First forwards, further than back again: Shift+Tab on the first control would move into the browser's toolbar.
    listener.press(*[key] * 5)
    listener.wait_for_silence()
    before = len(listener.heard())
    listener.press(*[f"shift+{key}"] * 4, gap=gap)

    def all_heard() -> bool:
        # Orca says the key, too.
        return sum(said in words for words in listener.heard()[before:]) >= 4

    until(all_heard, f"Orca has not obeyed: {listener.heard()[before:]}")
    assert is_here(listener), "the visitor was thrown out"


def test_three_presses_of_shift_alone_leave(listener: Listener):
    listener.wait_for_silence()
    assert is_here(listener)
    listener.press("shift", "shift", "shift", gap=0.3)
    until(lambda: not is_here(listener), "the page is still there")
