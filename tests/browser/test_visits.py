"""Whole visits in a real browser, on a small phone, with script and without."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def answer(page: Page, words: str) -> None:
    """Chooses an answer by its label and goes on."""
    page.locator("label", has_text=words).first.click()
    page.get_by_role("button", name="Continue").click()


def callable_numbers(page: Page) -> list[str]:
    """Every phone number on the page that can be called, in order."""
    return [href for a in page.locator('main a[href^="tel:"]').all() if (href := a.get_attribute("href"))]


def test_a_neighbour_reaches_the_police_and_the_helplines(visitor: Page, numbers):
    visitor.goto("/")
    visitor.get_by_role("link", name="Start now", exact=True).click()
    answer(visitor, "No, not right now")
    answer(visitor, "Another child")
    answer(visitor, "Someone may be hurting a child")
    answer(visitor, "Scotland")
    expect(visitor).to_have_title(re.compile("^Help for a child"))
    called = callable_numbers(visitor)
    assert called[0] == "tel:999"
    places = [called.index(numbers[id_].href) for id_ in ("police-scotland", "stop-it-now", "nspcc")]
    assert places == sorted(places)


def test_a_child_who_is_threatened_reads_what_to_do_first(visitor: Page, numbers):
    visitor.goto("/check/n")
    answer(visitor, "I am under 18")
    answer(visitor, "Something is happening to me")
    answer(visitor, "Someone is threatening me")
    answer(visitor, "England")
    headings = visitor.locator("main h2").all_inner_texts()
    assert headings.index("Do not pay. Do not send more") < headings.index("Childline")
    assert numbers["childline"].href in callable_numbers(visitor)


def test_danger_is_one_press_from_the_start(visitor: Page):
    visitor.goto("/")
    visitor.get_by_text("When to call").click()
    visitor.get_by_role("link", name="Someone is in danger now").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Call 999 now")
    assert callable_numbers(visitor)[0] == "tel:999"


def test_going_on_without_an_answer_says_what_to_do_and_loses_nothing(visitor: Page):
    visitor.goto("/check/n")
    visitor.get_by_role("button", name="Continue").click()
    expect(visitor).to_have_title(re.compile("^Error: "))
    assert visitor.url.endswith("/check/n?go=1")
    visitor.get_by_role("link", name="Please choose one answer. Not sure? Choose the nearest.").click()
    visitor.keyboard.press("Space")
    visitor.get_by_role("button", name="Continue").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("What is it about?")


def test_back_leads_to_the_question_before(visitor: Page):
    visitor.goto("/check/n/o/h")
    visitor.get_by_role("link", name="Back").click()
    assert visitor.url.endswith("/check/n/o")
    visitor.go_back()
    assert visitor.url.endswith("/check/n/o/h")


def test_an_answer_can_be_changed_from_the_result(visitor: Page):
    visitor.goto("/check/n/o/h/s")
    visitor.get_by_text("Change an answer").click()
    visitor.get_by_role("link", name="Where does the child live?").click()
    answer(visitor, "Wales")
    assert visitor.url.endswith("/check/n/o/h/w")


def test_with_script_an_answer_leads_straight_to_its_page(scripted: Page):
    """If the form were sent, the browser would keep an extra URL in its history that contains the answer."""
    asked: list[str] = []
    scripted.on(
        "request", lambda request: asked.append(request.url) if request.is_navigation_request() else None
    )
    scripted.goto("/check/")
    answer(scripted, "No, not right now")
    answer(scripted, "I am under 18")
    scripted.wait_for_url("**/check/n/c")
    assert [url.partition("/check/")[2] for url in asked] == ["", "n", "n/c"]


def test_nothing_is_kept_in_the_browser(scripted: Page):
    """After a whole visit with every kind of page, an error and a changed answer."""
    scripted.goto("/")
    scripted.get_by_role("link", name="Start now", exact=True).click()
    answer(scripted, "No, not right now")
    scripted.get_by_role("button", name="Continue").click()
    expect(scripted).to_have_title(re.compile("^Error: "))
    answer(scripted, "I am under 18")
    answer(scripted, "Something is happening to me")
    answer(scripted, "Someone is threatening me")
    answer(scripted, "England")
    scripted.locator("summary", has_text="Other ways, what to expect").first.click()
    scripted.get_by_role("link", name="More about").first.click()
    scripted.go_back()
    scripted.get_by_text("Change an answer").click()
    scripted.get_by_role("link", name="What is happening, or what happened?").click()
    answer(scripted, "I’d rather talk to someone now")
    scripted.get_by_role("link", name="Hide your visit").click()
    stored = scripted.evaluate(
        "async () => [localStorage.length, sessionStorage.length, document.cookie,"
        " (await indexedDB.databases()).length, (await caches.keys()).length,"
        " (await navigator.serviceWorker.getRegistrations()).length, history.state, window.name]"
    )
    assert stored == [0, 0, "", 0, 0, 0, None, ""]


def test_exit_is_a_plain_link(visitor: Page, elsewhere: str):
    visitor.goto("/check/n")
    assert visitor.get_by_role("link", name="Exit this page").get_attribute("href") == elsewhere


def test_a_visit_in_welsh_and_a_change_of_mind(visitor: Page, numbers):
    visitor.goto("/")
    visitor.get_by_role("link", name="Cymraeg").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Dod o hyd i’r bobl iawn i siarad â nhw")
    visitor.get_by_role("link", name="Dechrau nawr", exact=True).click()
    for answer in ("n", "o", "h"):
        visitor.locator(f'label[for="answer-{answer}"]').click()
        visitor.get_by_role("button", name="Parhau").click()
    visitor.get_by_role("button", name="Parhau").click()
    expect(visitor).to_have_title(re.compile("^Gwall: "))
    visitor.locator('label[for="answer-w"]').click()
    visitor.get_by_role("button", name="Parhau").click()
    expect(visitor).to_have_title(re.compile("^Help i blentyn"))
    in_welsh = callable_numbers(visitor)
    visitor.get_by_role("link", name="English").click()
    expect(visitor).to_have_title(re.compile("^Help for a child"))
    assert visitor.url.endswith("/check/n/o/h/w")
    assert callable_numbers(visitor) == in_welsh
