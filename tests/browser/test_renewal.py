"""An old page is updated by the script, and never says "open" on paper."""

from __future__ import annotations

import re
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
#: Marks the page; the mark is gone once the page is loaded again.
_MARK = "window.mark = 1"


def stays(page: Page) -> None:
    """Asserts that the marked page is still there a moment later."""
    page.wait_for_timeout(300)
    assert page.evaluate("window.mark") == 1


def is_loaded_anew(page: Page) -> None:
    """Whether another page has replaced the marked one. Polled from here, because waiting in the page would need "eval"."""
    for _ in range(100):
        with suppress(Error):  # it is just being replaced
            if page.evaluate("window.mark") is None:
                break
        page.wait_for_timeout(50)
    else:
        pytest.fail("the old page is still there")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def from_now_on(page: Page, *changes: tuple[str, str]) -> None:
    """Makes the site say something else in these places of its page from now on."""

    def answer(route: Route) -> None:
        text = route.fetch().text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        route.fulfill(body=text, content_type="text/html; charset=utf-8")

    page.route(page.url, answer)


def opened(page: Page) -> Page:
    """A marked page with a result, and with a clock that the test can set."""
    page.clock.install()
    page.goto(RESULT)
    page.evaluate(_MARK)
    return page


@pytest.fixture
def reader(scripted: Page) -> Page:
    return opened(scripted)


@pytest.mark.parametrize("address", [RESULT, "/help/stop-it-now", "/help/"])
def test_a_page_that_was_hidden_for_fifteen_minutes_is_brought_up_to_date(reader: Page, address: str):
    reader.goto(address)
    reader.evaluate(_MARK)
    heading = reader.get_by_role("heading", level=1)
    words = heading.inner_text()
    from_now_on(reader, ("</h1>", ", now</h1>"))
    reader.evaluate(_TURN, True)
    reader.clock.fast_forward("15:00")
    stays(reader)
    expect(heading).to_have_text(words)  # not while the page is hidden
    reader.evaluate(_TURN, False)
    expect(heading).to_have_text(f"{words}, now")
    stays(reader)


#: What may differ in the new version: words, an attribute, one part more, one part fewer.
CHANGES = {
    "nothing": ("</h1>", "</h1>"),
    "words": ("</h1>", ", now</h1>"),
    "an attribute": ("<h1", '<h1 class="now"'),
    "one more": ("</h1>", "</h1><p>One more.</p><details><summary>New</summary></details>"),
    "the rest": ('<main id="main">', '<main id="main" class="now">'),
}


@pytest.mark.parametrize("change", CHANGES)
def test_folds_stay_open_and_focus_stays(reader: Page, change: str):
    old, new = CHANGES[change]
    # One of two identical links has the focus.
    twice = ("</main>", '<a href="tel:101">101</a> <a href="tel:101">101</a></main>')
    from_now_on(reader, twice)
    reader.reload()
    reader.evaluate(_MARK)
    links = reader.locator("main a", has_text=re.compile("^101$"))
    folds = reader.locator("main details")
    opened = [folds.count() - 1, 1]
    for place in opened:
        folds.nth(place).locator("summary").click()
    links.last.focus()
    from_now_on(reader, twice, (old, new))
    with reader.expect_response(reader.url):
        reader.evaluate(_RESTORED)
    if change == "words":
        expect(reader.locator("h1")).to_have_text(re.compile(", now$"))
    elif change != "nothing":
        expect(reader.locator(".now, p:text-is('One more.')").first).to_be_attached()
    stays(reader)
    more = 1 if change == "one more" else 0
    assert reader.evaluate(
        "[...document.querySelectorAll('main details')].flatMap((each, place) => each.open ? [place] : [])"
    ) == sorted(place + more for place in opened)
    expect(links.last).to_be_focused()


def test_a_reader_s_place_is_left_alone_where_the_page_says_the_same(reader: Page):
    """Elements without changes stay the same objects, and a selection in them stays."""
    reader.evaluate("document.querySelectorAll('main *').forEach((each) => { each.mark = 1; })")
    from_now_on(reader, ("</h1>", ", now</h1>"))
    reader.evaluate(_RESTORED)
    expect(reader.locator("h1")).to_have_text(re.compile(", now$"))
    assert reader.evaluate("[...document.querySelectorAll('main *')].every((each) => each.mark)")


@pytest.mark.parametrize("change", ["another style", "a question"])
def test_a_page_with_another_style_or_that_became_a_question_is_reloaded(reader: Page, change: str):
    style = "<style" if "<style" in reader.content() else '<link rel="stylesheet"'
    another = {
        "another style": (style, f'{style} media="all"'),
        "a question": ("</main>", "<form></form></main>"),
    }
    from_now_on(reader, another[change])
    reader.evaluate(_RESTORED)
    is_loaded_anew(reader)


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
    """Exit was pressed, the other site is slow, and the visitor comes back to the tab much later."""
    held: list[Route] = []
    # While the page waits for the other site, Playwright cannot query it, so the page acts by itself.
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
def test_in_print_a_page_gives_the_hours_and_never_says_open(chromium: Browser, site: str, address: str):
    page = chromium.new_page(base_url=site)
    page.goto(address)
    on_screen = page.locator("main").inner_text()
    assert "Open 24 hours" in on_screen
    page.emulate_media(media="print")
    on_paper = page.locator("main").inner_text()
    page.close()
    assert "24 hours" in on_paper
    assert "Open 24" not in on_paper
    assert "Open now" not in on_paper
