"""Exit: every way to leave, what never leaves, and exactly what Back shows afterwards, with and without page memory."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from playwright.sync_api import TimeoutError as Late

from tests.browser.script import on_the_way_out
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
CLICK_OR_SHIFT = pytest.mark.parametrize("way", [by_click, WAYS["both Shifts"]], ids=["click", "Shift"])


@CLICK_OR_SHIFT
def test_exit_blanks_the_page_at_once(leaver: Page, elsewhere: str, way):
    held: list[Route] = []
    # While the page waits for the other site, Playwright cannot query it, so the page reports by itself.
    leaver.add_init_script(
        "setInterval(() => document.body &&"
        " console.info(JSON.stringify([document.title, document.body.innerHTML])), 50)"
    )
    leaver.route(elsewhere, lambda route: held.append(route))
    leaver.goto("/check/n/c/m/b/e")
    leaver.wait_for_load_state()  # the script is loaded

    # The other site does not answer yet: on a slow connection this page must not stay visible.
    with leaver.expect_request(elsewhere):
        way(leaver)
    for _ in range(2):  # the first may have been announced already
        said = leaver.wait_for_event("console").text
    assert said == '["Signpost",""]'

    (route,) = held
    assert "referer" not in route.request.all_headers()
    route.fulfill(content_type="text/html", body="<title>Weather</title>")
    expect(leaver).to_have_title("Weather")


def back_shows_the_start_and_never_the_page_left(page: Page, elsewhere: str, way) -> None:
    """What /hide-your-visit and /privacy say: Back leads to the start, and from there to the question before.

    Chromium's own button, unlike the way back that is tried here, passes over the start where nobody has touched the
    page with more than Shift.
    """
    page.goto("/check/n/c")
    answer(page, "Something is happening to me")
    answer(page, "Someone is threatening me")
    answer(page, "England")
    expect(page).to_have_title(re.compile("^Help against a threat"))
    page.wait_for_load_state()

    way(page)
    expect(page).to_have_url(elsewhere)

    page.go_back(wait_until="commit")
    expect(page).to_have_url(re.compile(r"^http://[^/]+/$"))
    expect(page.get_by_role("link", name="Start now", exact=True)).to_be_visible()
    page.go_back(wait_until="commit")
    expect(page).to_have_url(re.compile("/check/n/c/m/b$"))
    expect(page.get_by_role("button", name="Continue")).to_be_visible()
    assert page.locator("input:checked").count() == 0, "the question retells the answer"
    page.go_forward(wait_until="commit")
    expect(page.get_by_role("link", name="Start now", exact=True)).to_be_visible()
    page.go_forward(wait_until="commit")
    expect(page).to_have_url(elsewhere)


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_back_after_exit_shows_the_start_and_never_the_page_left(leaver: Page, elsewhere: str, way):
    back_shows_the_start_and_never_the_page_left(leaver, elsewhere, way)


@CLICK_OR_SHIFT
def test_back_works_in_a_browser_without_page_memory(forgetful_leaver: Page, elsewhere: str, way):
    back_shows_the_start_and_never_the_page_left(forgetful_leaver, elsewhere, way)


def test_back_works_in_the_language_of_the_page(leaver: Page, elsewhere: str):
    """Also on a page that was opened by its address, and left without any other press on it."""
    leaver.goto("/cy/check/n/c/m/b/e")
    leaver.wait_for_load_state()
    WAYS["left Shift"](leaver)
    expect(leaver).to_have_url(elsewhere)
    leaver.go_back(wait_until="commit")
    expect(leaver).to_have_url(re.compile(r"^http://[^/]+/cy/$"))
    expect(leaver.get_by_role("link", name="Dechrau nawr", exact=True)).to_be_visible()


def test_without_script_exit_is_a_link_and_back_shows_the_page_left(unscripted_leaver: Page, elsewhere: str):
    page = unscripted_leaver
    page.goto("/check/n/c/m/b/e")
    by_click(page)
    expect(page).to_have_url(elsewhere)
    page.go_back(wait_until="commit")
    expect(page).to_have_url(re.compile("/check/n/c/m/b/e$"))


@pytest.mark.parametrize(
    "keys",
    [
        ["Shift+Tab"] * 4,
        ["Shift+a"] * 3,
        ["Control+Shift"] * 3,
        ["Shift", "Shift", "a", "Shift"],
        ["Shift", "Shift", "Shift+Tab"],
        ["Shift", "Shift"],
    ],
    ids=" ".join,
)
def test_only_three_presses_of_shift_alone_leave(scripted: Page, keys: list[str]):
    scripted.goto("/check/n/c/m/b/e")
    for key in keys:
        scripted.keyboard.press(key)
    scripted.wait_for_timeout(300)
    expect(scripted).to_have_title(re.compile("^Help against a threat"))


@pytest.mark.parametrize(("seconds", "leaves"), [(0.6, True), (1.1, False)], ids=["in time", "too slow"])
def test_three_presses_take_two_seconds_at_most(
    chromium: Browser, site: str, elsewhere: str, seconds: float, leaves: bool
):
    page = chromium.new_page(base_url=site, ignore_https_errors=True)
    page.goto("/check/n/c/m/b/e")
    for _ in range(3):
        page.keyboard.press("Shift", delay=20)
        page.wait_for_timeout(seconds * 1000)
    assert (page.url == elsewhere) == leaves
    page.close()


#: What the page sees when a screen reader keeps a letter, and what people do between two presses.
MOVES = {
    "scroll": "scrollBy(0, 40)",
    "focus": "document.querySelector('main a').focus()",
    "selection": "getSelection().collapse(document.querySelector('h1').firstChild, 2)",
    "navigation": "location.hash = 'main'",
}


@pytest.mark.parametrize("move", [*MOVES, "wheel", "click"])
def test_a_press_does_not_count_when_anything_has_happened_since(leaver: Page, elsewhere: str, move: str):
    """A screen reader keeps the H of Shift+H: the page sees only Shift, and then that something moves."""
    leaver.goto("/check/n/c/m/b/e")
    leaver.wait_for_load_state()
    by_shift("Shift", "Shift")(leaver)
    if move == "wheel":
        leaver.mouse.wheel(0, 40)
    elif move == "click":
        leaver.get_by_role("heading", level=1).click()
    else:
        leaver.evaluate(MOVES[move])
    leaver.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    by_shift("Shift", "Shift")(leaver)
    leaver.wait_for_timeout(200)
    expect(leaver).to_have_title(re.compile("^Help against a threat"))
    by_shift("Shift")(leaver)
    expect(leaver).to_have_url(elsewhere)


def test_a_held_shift_is_one_press(scripted: Page):
    scripted.goto("/check/n/c/m/b/e")
    for _ in range(5):
        scripted.keyboard.down("Shift")  # as a held key repeats
    scripted.keyboard.up("Shift")
    expect(scripted).to_have_title(re.compile("^Help against a threat"))


def test_the_exit_link_names_shift_and_a_press_announces_nothing(scripted: Page):
    """Announcing each press would interrupt people who use Shift in commands to their screen reader."""
    scripted.goto("/check/n/c/m/b/e")
    words = scripted.locator("body").inner_text()
    scripted.keyboard.press("Shift")
    assert scripted.locator("body").inner_text() == words
    expect(scripted.get_by_role("link", name="Exit this page")).to_have_accessible_description(
        "You can also press the Shift key 3 times to exit."
    )


#: The script needs these to recognise a press of Shift; without them, no press counts.
KEYS = {"altKey", "ctrlKey", "key", "metaKey", "repeat", "timeStamp"}

#: Makes every use of a name throw, on any object that has it. Returns in how many places it could do so.
_BREAK = """name => {
  const broken = { configurable: true, get() { throw new Error(name); }, set() { throw new Error(name); } };
  let places = 0;
  for (const each of Object.getOwnPropertyNames(window)) {
    const own = Object.getOwnPropertyDescriptor(window, each).value;
    for (const thing of [own && own.prototype, each === name && window]) {
      const there = thing && Object.getOwnPropertyDescriptor(thing, name);
      if (!there || !there.configurable) continue;
      Object.defineProperty(thing, name, broken);
      places += 1;
    }
  }
  return places;
}"""


def test_whatever_fails_on_the_way_out_a_press_leaves(chromium: Browser, site: str, elsewhere: str):
    """Makes each name that the script uses there throw, on a page that is ready and on one that is not ready yet."""
    broken, stayed = set(), []
    context = chromium.new_context(base_url=site, ignore_https_errors=True)
    for name in sorted(on_the_way_out() - KEYS):
        for way, moment in ((by_click, "at first"), (by_click, "later"), (WAYS["left Shift"], "later")):
            page = context.new_page()
            if moment == "at first":
                page.add_init_script(f"({_BREAK})({name!r})")
            page.goto("/check/n/c/m/b/e")
            if moment == "later" and page.evaluate(_BREAK, name):
                broken.add(name)
            way(page)
            try:
                page.wait_for_url(elsewhere, wait_until="commit", timeout=5000)
            except Late:
                stayed.append((name, moment, way))
            page.close()
    context.close()
    assert not stayed
    assert {"body", "preventDefault", "replaceState", "textContent", "title"} <= broken
