"""Exit: every way to leave, what must not leave, and what Back shows afterwards, with the back/forward cache on."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_visits import answer


def by_click(page: Page) -> None:
    page.get_by_role("link", name="Exit this page").click(no_wait_after=True)


def by_keyboard(page: Page) -> None:
    page.get_by_role("link", name="Exit this page").press("Enter", no_wait_after=True)


def by_shift(*keys: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        for key in keys:
            page.keyboard.press(key)

    return press


WAYS = {
    "click": by_click,
    "keyboard": by_keyboard,
    "left Shift": by_shift("ShiftLeft", "ShiftLeft", "ShiftLeft"),
    "right Shift": by_shift("ShiftRight", "ShiftRight", "ShiftRight"),
    "both Shifts": by_shift("ShiftLeft", "ShiftRight", "ShiftLeft"),
}


@pytest.mark.parametrize("way", [by_click, WAYS["both Shifts"]], ids=["click", "Shift"])
def test_exit_blanks_the_page_at_once(leaver: Page, elsewhere: str, way):
    held: list[Route] = []
    # While the other site's answer is awaited Playwright cannot ask the page anything, so the page reports by itself.
    leaver.add_init_script(
        "setInterval(() => console.info(JSON.stringify([document.title, document.body.innerHTML])), 50)"
    )
    leaver.route(elsewhere, lambda route: held.append(route))
    leaver.goto("/check/n/c/m/b")
    leaver.wait_for_load_state()  # the script is loaded

    # The other site does not answer yet: on a slow connection this page must not stay visible.
    with leaver.expect_request(elsewhere):
        way(leaver)
    for _ in range(2):  # the first may have been announced already
        said = leaver.wait_for_event("console").text
    assert said == '["Loading",""]'

    (route,) = held
    assert "referer" not in route.request.all_headers()
    route.fulfill(content_type="text/html", body="<title>Weather</title>")
    expect(leaver).to_have_title("Weather")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_back_after_exit_shows_the_question_before_and_never_the_page_left(
    leaver: Page, elsewhere: str, way: Callable[[Page], None]
):
    """As /hide-your-visit and /privacy say: one history entry per question remains, and Back leads to it."""
    leaver.goto("/check/n/c")
    answer(leaver, "Something that happens to me")
    answer(leaver, "Someone threatens me")
    expect(leaver).to_have_title(re.compile("^Who can help you"))
    leaver.wait_for_load_state()

    way(leaver)
    expect(leaver).to_have_url(elsewhere)

    leaver.go_back(wait_until="commit")
    expect(leaver).to_have_url(re.compile("/check/n/c/m$"))
    expect(leaver.get_by_role("heading", level=1)).to_have_text("Which is closest?")
    assert leaver.evaluate("performance.getEntriesByType('navigation')[0].type") == "navigate", (
        "not from memory"
    )
    assert leaver.locator("input:checked").count() == 0, "the question retells the answer"
    leaver.go_forward(wait_until="commit")
    expect(leaver).to_have_url(elsewhere)


def test_without_script_exit_is_a_link_and_back_shows_the_page_left(unscripted_leaver: Page, elsewhere: str):
    page = unscripted_leaver
    page.goto("/check/n/c/m/b")
    by_click(page)
    expect(page).to_have_url(elsewhere)
    page.go_back(wait_until="commit")
    expect(page).to_have_url(re.compile("/check/n/c/m/b$"))


@pytest.mark.parametrize(
    "keys",
    [
        ["Shift+Tab"] * 3,
        ["Shift+a"] * 3,
        ["Control+Shift"] * 3,
        ["Shift", "Shift", "a", "Shift"],
        ["Shift", "Shift", "Shift+Tab"],
        ["Shift", "Shift"],
    ],
    ids=" ".join,
)
def test_nothing_but_shift_three_times_alone_leaves(scripted: Page, keys: list[str]):
    scripted.goto("/check/n/c/m/b")
    for key in keys:
        scripted.keyboard.press(key)
    expect(scripted).to_have_title(re.compile("^Who can help you"))


def test_a_held_shift_is_one_press(scripted: Page):
    scripted.goto("/check/n/c/m/b")
    for _ in range(5):
        scripted.keyboard.down("Shift")  # as a held key repeats
    scripted.keyboard.up("Shift")
    expect(scripted).to_have_title(re.compile("^Who can help you"))


def test_each_press_of_shift_is_announced(scripted: Page):
    scripted.goto("/check/n/c/m/b")
    status = scripted.locator(".bar [role=status]")
    for said in ("Press Shift 2 more times to exit.", "Press Shift 1 more time to exit."):
        scripted.keyboard.press("Shift")
        expect(status).to_have_text(said)
    scripted.keyboard.press("a")
    expect(status).to_have_text("")
    expect(scripted.get_by_role("link", name="Exit this page")).to_have_accessible_description(
        "You can also press the Shift key 3 times to exit."
    )
