"""Keys, focus and exit in Debian's Firefox. ``engines/firefox.mjs`` drives it and reports; these tests judge."""

from __future__ import annotations

import json
import subprocess

import pytest

from tests.browser.conftest import ENGINES, PROBES, engine, node, program

pytestmark = pytest.mark.needs("engines", "firefox-esr")


@pytest.fixture(scope="module")
def observed(site: str, elsewhere: str):
    """The report of one run."""
    engine("puppeteer-core/package.json")
    command = [*node(), "firefox.mjs", program("firefox-esr", "firefox-esr"), site, elsewhere, PROBES]
    run = subprocess.run(command, cwd=ENGINES, capture_output=True, text=True, timeout=150, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_it_is_firefox(observed):
    assert observed["version"].startswith("firefox/")


def test_every_control_is_reached_in_order_in_full_view_and_with_a_ring(observed):
    for address, walk in observed["stops"].items():
        assert [stop["order"] for stop in walk["met"]] == walk["expected"], address
        for stop in walk["met"]:
            # Firefox does not scroll to a control that is partly visible, but nothing of ours may cover it.
            assert not [point for point in stop["hidden"] if "out of view" not in point], (address, stop)
            assert len(stop["hidden"]) < 5 * len(stop["boxes"]), (address, stop)
        assert all(stop["ring"] for stop in walk["met"]), address
        assert not walk["sideways"], address


def test_an_error_takes_the_focus_and_its_link_leads_to_the_answers(observed):
    assert observed["error"] == "error"
    assert observed["first"] == "radio"


@pytest.mark.parametrize("way", ["click", "keyboard", "left Shift", "right Shift", "both Shifts"])
def test_back_after_exit_shows_the_question_before_and_never_the_page_left(observed, way: str):
    seen = observed["exits"][way]
    assert seen["before"]["heading"] == "Who can help you"
    assert seen["left"]["title"] == "Weather"
    assert seen["back"]["address"] == "/check/n/c/m"
    assert seen["back"]["heading"] == "Which is closest?"
    assert seen["back"]["chosen"] == 0, "the question retells the answer"


@pytest.mark.parametrize("keys", ["Shift and Tab", "Shift and a letter", "twice"])
def test_nothing_but_shift_three_times_alone_leaves(observed, keys: str):
    assert observed["stays"][keys] == "/check/n/c/m/b"
