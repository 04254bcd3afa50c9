"""Old pages: with script they are fetched again, and on paper they never say "open"."""

from __future__ import annotations

from contextlib import suppress

import pytest
from playwright.sync_api import Browser, Error, Page, Route, expect

RESULT = "/check/n/m/v"

#: Hides the page, as switching to another tab does, or shows it again.
_TURN = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
_RESTORED = 'dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))'
#: A mark on the page that is gone once the page is fetched again.
_MARK = "window.mark = 1"


def stays(page: Page) -> None:
    """Asserts that the marked page is still there a moment later."""
    page.wait_for_timeout(300)
    assert page.evaluate("window.mark") == 1


def is_renewed(page: Page) -> None:
    """Waits until another page has replaced the marked one. Polls from here: in the page it would need "eval"."""
    for _ in range(100):
        with suppress(Error):  # it is just being replaced
            if page.evaluate("window.mark") is None:
                break
        page.wait_for_timeout(50)
    else:
        pytest.fail("the old page is still there")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def opened(page: Page) -> Page:
    """A marked page with a result, and with a clock that the test can move."""
    page.clock.install()
    page.goto(RESULT)
    page.evaluate(_MARK)
    return page


@pytest.fixture
def reader(scripted: Page) -> Page:
    return opened(scripted)


@pytest.mark.parametrize("address", [RESULT, "/help/stop-it-now", "/help/"])
def test_a_page_that_was_hidden_for_fifteen_minutes_is_fetched_afresh(reader: Page, address: str):
    reader.goto(address)
    reader.evaluate(_MARK)
    reader.evaluate(_TURN, True)
    reader.clock.fast_forward("15:00")
    stays(reader)  # not while nobody looks
    reader.evaluate(_TURN, False)
    is_renewed(reader)


def test_a_page_that_was_hidden_for_less_stays(reader: Page):
    reader.evaluate(_TURN, True)
    reader.clock.fast_forward("14:59")
    reader.evaluate(_TURN, False)
    stays(reader)


def test_a_page_from_the_browser_s_memory_is_fetched_afresh(reader: Page):
    reader.evaluate(_RESTORED)
    is_renewed(reader)


def test_a_question_stays_so_that_an_answer_half_given_is_not_lost(reader: Page):
    reader.goto("/check/n")
    reader.evaluate(_MARK)
    reader.locator("label").first.click()
    reader.evaluate(_TURN, True)
    reader.clock.fast_forward("20:00")
    reader.evaluate(_TURN, False)
    stays(reader)
    expect(reader.get_by_role("radio").first).to_be_checked()


@pytest.mark.parametrize("fault", ["no answer", "a refusal"])
def test_where_the_site_does_not_answer_the_old_page_stays(cut_off: Page, fault: str):
    reader = opened(cut_off)
    answer = {"no answer": lambda route: route.abort(), "a refusal": lambda route: route.fulfill(status=503)}
    asked: list[Route] = []
    reader.route(f"**{RESULT}", lambda route: (asked.append(route), answer[fault](route)))
    reader.evaluate(_RESTORED)
    stays(reader)
    assert asked


def test_without_a_line_the_old_page_stays(cut_off: Page):
    reader = opened(cut_off)
    reader.context.set_offline(True)
    reader.evaluate(_RESTORED)
    stays(reader)
    expect(reader.get_by_role("heading", level=1)).to_be_visible()


def test_a_page_that_was_left_does_not_come_back(leaver: Page, elsewhere: str):
    """Exit was pressed, the other site is slow, and the tab is looked at again much later."""
    held: list[Route] = []
    # While the other site's answer is awaited Playwright cannot ask the page anything, so it acts by itself.
    leaver.add_init_script(
        f"const turn = {_TURN};"
        "addEventListener('click', () => setTimeout(() => {"
        " turn(true); const now = Date.now(); Date.now = () => now + 3600000; turn(false);"
        " console.info('looked at again'); }, 100));"
    )
    leaver.route(elsewhere, lambda route: held.append(route))
    leaver.goto(RESULT)
    asked: list[str] = []
    leaver.on("request", lambda request: asked.append(request.url))
    with leaver.expect_console_message(lambda message: message.text == "looked at again"):
        leaver.get_by_role("link", name="Exit this page").click(no_wait_after=True)
    leaver.wait_for_timeout(300)
    assert elsewhere in asked
    assert not [address for address in asked if address.endswith(RESULT)]
    held[0].fulfill(content_type="text/html", body="<title>Weather</title>")
    expect(leaver).to_have_title("Weather")


@pytest.mark.parametrize("address", [RESULT, "/help/samaritans", "/check/n/o/h/n"])
def test_on_paper_a_page_tells_the_hours_and_never_open(chromium: Browser, site: str, address: str):
    page = chromium.new_page(base_url=site)
    page.goto(address)
    on_screen = page.locator("main").inner_text()
    assert "Open 24 hours, every day." in on_screen
    page.emulate_media(media="print")
    on_paper = page.locator("main").inner_text()
    page.close()
    assert "24 hours, every day." in on_paper
    assert "Open 24" not in on_paper
    assert "Open now" not in on_paper
