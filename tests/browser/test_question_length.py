"""The list of answers of every question with many of them ends within two screens of a phone, so that a visitor sees each answer soon.

``-s`` prints how far down the last answer of each question ends, in English and in Welsh.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from signpost.models.journey import Walk
from signpost.models.urls import check_url

#: The screen of a common phone, with the bars of its browser; and how many of them a list of answers may take.
PHONE = (390, 664)
SCREENS = 2.0
#: Welsh takes more words, and a line of its own that says that no translator has read it.
SCREENS_IN_WELSH = 2.25
#: Shorter lists are not looked at, to save time: with so few answers a list takes less than 1.6 screens.
FEW = 7

LAST = "Math.max(...[...document.querySelectorAll('.answer')].map(e => e.getBoundingClientRect().bottom)) + scrollY"


@pytest.fixture(scope="module")
def asked(content) -> list[Walk]:
    """A walk to each question that has many answers: its page is the same on every walk, but shorter outside the UK."""
    walks = {walk.question.id: walk for walk in content.journey.walks() if walk.question}
    return [walk for walk in walks.values() if walk.question and len(walk.question.answers) > FEW]


@pytest.fixture(scope="module")
def phone(chromium, site: str):
    width, height = PHONE
    page = chromium.new_page(base_url=site, viewport={"width": width, "height": height})
    yield page
    page.close()


def screens(page: Page, asked: list[Walk], prefix: str = "") -> dict[str, float]:
    """How many screens down the last answer of each question ends."""
    found = {}
    for walk in asked:
        assert walk.question
        page.goto(prefix + check_url(walk.codes), wait_until="commit")
        page.wait_for_selector("footer", state="attached")
        found[walk.question.id] = round(page.evaluate(LAST) / PHONE[1], 2)
    print(
        "".join(f"\n{far:6} {id_}" for far, id_ in sorted(((f, i) for i, f in found.items()), reverse=True))
    )
    return found


@pytest.mark.parametrize(("prefix", "most"), [("", SCREENS), ("/cy", SCREENS_IN_WELSH)], ids=["en", "cy"])
def test_no_list_of_answers_is_longer_than_two_screens(phone: Page, asked, prefix: str, most: float):
    long = {id_: far for id_, far in screens(phone, asked, prefix).items() if far > most}
    assert not long, f"{long}: shorten labels and hints, or ask in two steps"


def test_an_answer_more_is_noticed(phone: Page, asked):
    """Half of the answers again would not fit: the test above can fail."""
    (walk,) = (walk for walk in asked if walk.question and walk.question.id == "who")
    phone.goto(check_url(walk.codes))
    phone.evaluate(
        "document.querySelectorAll('.answer:nth-of-type(2n)').forEach(e => e.after(e.cloneNode(true)))"
    )
    assert phone.evaluate(LAST) / PHONE[1] > SCREENS
