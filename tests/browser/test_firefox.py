"""A second browser, Debian's Firefox: keys, focus, exit and what it leaves, and its console.

``engines/firefox.mjs`` drives the browser.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import ENGINES, PROBES, engine, node, program
from tests.browser.kinds import FILES, KINDS
from tests.browser.test_history import rows

pytestmark = pytest.mark.needs("engines", "firefox-esr")

#: A page with a script that fails, a picture that its policy refuses, and a style that is none.
FAULTY = (
    "data:text/html,<!doctype html><meta http-equiv=Content-Security-Policy content=\"img-src 'none'\">"
    "<style>p {colour: red}</style><img src=http://127.0.0.1/x><script>throw new Error('of a script')</script>"
)
#: Styles for other browsers, which Firefox names only where its user turns on messages about CSS.
FOR_OTHERS = ("‘-webkit-text-size-adjust’", "‘text-size-adjust’", "‘text-wrap’")


@pytest.fixture(scope="module")
def profile(tmp_path_factory) -> Path:
    """The profile folder, which holds the history among other things."""
    return tmp_path_factory.mktemp("firefox")


@pytest.fixture(scope="module")
def found(site: str, elsewhere: str, profile: Path):
    """Everything that one run of ``firefox.mjs`` found."""
    engine("puppeteer-core/package.json")
    command = [
        *node(),
        "firefox.mjs",
        program("firefox-esr", "firefox-esr"),
        site,
        elsewhere,
        PROBES,
        profile,
        *(f"{site}{address}" for address in (*KINDS.values(), *FILES)),
        FAULTY,
    ]
    run = subprocess.run(command, cwd=ENGINES, capture_output=True, text=True, timeout=150, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_it_is_firefox(found):
    assert found["version"].startswith("firefox/")


def test_every_control_is_reached_in_order_in_full_view_and_with_a_ring(found):
    for address, walk in found["stops"].items():
        assert [stop["order"] for stop in walk["met"]] == walk["expected"], address
        for stop in walk["met"]:
            # Firefox does not scroll to a control that is partly visible, but nothing of ours may cover it.
            assert not [point for point in stop["hidden"] if "out of view" not in point], (address, stop)
            assert len(stop["hidden"]) < 5 * len(stop["boxes"]), (address, stop)
        assert all(stop["ring"] for stop in walk["met"]), address
        assert not walk["sideways"], address


def test_an_error_takes_the_focus_and_its_link_leads_to_the_answers(found):
    assert found["error"] == "error"
    assert found["first"] == "radio"


@pytest.mark.parametrize("way", ["click", "keyboard", "left Shift", "right Shift", "both Shifts"])
def test_back_after_exit_shows_the_start_and_never_the_page_left(found, way: str):
    seen = found["exits"][way]
    assert seen["before"]["heading"] == "Help against a threat"
    assert seen["left"]["title"] == "Weather"
    assert seen["back"]["address"] == "/"
    assert seen["back"]["heading"] == "Find the right people to talk to"
    assert seen["again"]["address"] == "/check/n/c/m/b"
    assert seen["again"]["heading"] == "Which part of the UK do you live in?"
    assert seen["again"]["chosen"] == 0, "the question retells the answer"


@pytest.mark.parametrize("keys", ["Shift and Tab", "Shift and a letter", "twice"])
def test_only_three_presses_of_shift_alone_leave(found, keys: str):
    assert found["stays"][keys] == "/check/n/c/m/b/e"


def test_every_line_that_exit_leaves_can_be_found_by_our_name_and_deleted(found, profile: Path, site: str):
    """Firefox does not list hidden lines of its history, so nobody could delete them, but its address bar offers them."""
    lines = rows(profile / "places.sqlite", "SELECT url, title, hidden FROM moz_places")
    ours = {
        url.removeprefix(site): (title, hidden) for url, title, hidden in lines if url.startswith(f"{site}/")
    }
    assert {"/", "/check/n/c/m/b", "/check/n/c/m/b/e"} <= set(ours)
    assert {url: line for url, line in ours.items() if "Signpost" not in (line[0] or "") or line[1]} == {}
    assert ours["/check/n/c/m/b/e"][0] == "Help against a threat – Signpost"


def test_no_message_is_on_the_console(found):
    *pages, (address, faults) = found["messages"]
    assert address == FAULTY
    said = {
        at: [line for line in lines if not any(each in line for each in FOR_OTHERS)] for at, lines in pages
    }
    assert len(said) > 20
    assert {at: lines for at, lines in said.items() if lines} == {}
    # Each kind of message would have been read.
    for words in ("img-src", "colour", "of a script"):
        assert any(words in line for line in faults), faults
