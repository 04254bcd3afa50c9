"""Help is heard early: what Orca says of a result, line by line from its top, before the first number.

With EVERY_STATE (``make a11y``) more results are read. ``-s`` prints the figures.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.browser.orca import Listener
from tests.states import EVERY_STATE

pytestmark = pytest.mark.needs("orca", "xdotool", "dbus-x11", "xvfb", "firefox-esr")

#: Results that used to take longest to hear, by path.
RESULTS = {
    "a child whom somebody threatens": "/check/n/c/m/b/e",
    "a child whose picture is out": "/check/n/c/m/i/e",
    "a child who saw something": "/check/n/c/s",
    "a survivor": "/check/n/b/s/y/n",
    "an adult worried about an adult": "/check/n/k/h/n",
    "a parent whose child is threatened": "/check/n/p/b/e",
    "an adult whom somebody threatens": "/check/n/b/b/a/n",
    "somebody worried about a child": "/check/n/o/h/n",
    "somebody at work": "/check/n/w/i/n",
    "somebody with thoughts": "/check/n/m/v",
}
#: The most words that may be said before the first number other than 999, and on the child's result in all (three
#: minutes at 180 words a minute).
FIRST, ALL = 120, 540
#: A number; "link." comes first where the number begins a new line of the page.
NUMBER = re.compile(r"(Call|Text \w+ to|\bon)\s+(link\. )?(?!999)[+\d][\d\s]*\d")


def read(page: str, folder: Path) -> str:
    """All that Orca says of a page, with the names and roles of its controls."""
    with Listener("firefox", folder) as listener:
        listener.open(page)
        listener.press("ctrl", "ctrl+Home", gap=1)  # stops it reading by itself
        before = len(listener.heard())
        while more_is_heard(listener):
            pass
        heard = [words for words in listener.heard()[before:] if not words.startswith("Finished loading")]
        return " ".join(heard).rpartition("Signpost link")[2]


def more_is_heard(listener: Listener) -> bool:
    """Moves ten lines down. Whether Orca says anything within five seconds: on a busy machine it falls behind."""
    heard = len(listener.heard())
    listener.press(*["Down"] * 10, gap=0.12)
    deadline = time.monotonic() + 5
    while len(listener.heard()) == heard and time.monotonic() < deadline:
        time.sleep(0.2)
    return len(listener.heard()) > heard


def words(said: str) -> int:
    """How many words are said, without bullets and full stops that stand alone."""
    return len(re.findall(r"\S*\w\S*", said))


@pytest.mark.parametrize("result", RESULTS if EVERY_STATE else list(RESULTS)[:1])
def test_a_number_is_heard_early_and_in_one_piece(result: str, site: str, tmp_path: Path, numbers):
    said = read(site + RESULTS[result], tmp_path)
    assert "Start again" in said, "not read to its end"
    number = NUMBER.search(said)
    assert number, said
    first, whole = words(said[: number.start()]), words(said)
    print(f"{result}: {number[0]!r} after {first} words, {whole} in all ({whole / 180:.1f} minutes)")
    assert first <= FIRST, said[: number.start()]
    if result == "a child whom somebody threatens":
        # A number in a box of its own was said as "Call, link. 101, link."
        for whom in ("police", "childline"):
            assert f"Call {numbers[whom].number} link." in said
        assert whole <= ALL, said
