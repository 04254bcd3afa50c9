"""Help is on the first screen of a phone: where on a result the first way to reach somebody other than 999 ends.

Looks at each result where it is longest, or with EVERY_STATE (``make a11y``) in every situation. Prints a table, with
the word counts of ``signpost.checks.length``: ``make test ARGS="tests/browser/test_first_screen.py -s"``.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import pytest
from flask.testing import FlaskClient

from signpost.checks.length import Length, measure
from signpost.checks.rules import outcomes
from signpost.models.outcome import Outcome
from signpost.models.urls import check_url
from tests.states import EVERY_STATE, sample

#: The screen of a small phone: on half of the results the first contact must end within it; and the lowest place,
#: in pixels, at which it may end on any result.
PHONE = (360, 640)
FARTHEST = 1000

#: The bottom of the first visible link that reaches somebody: not in a closed fold, not in the block about 999.
REACH = """() => {
    const link = [...document.querySelectorAll("main a")].find(each =>
        /^(tel|sms|mailto|https?):/.test(each.getAttribute("href")) && !each.closest(".emergency") &&
        each.checkVisibility({ contentVisibilityAuto: true }));
    return link ? Math.round(link.getBoundingClientRect().bottom + scrollY) : null;
}"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A result on the screen: where its first contact ends, in pixels, and its word counts."""

    outcome: Outcome
    bottom: int
    length: Length


@pytest.fixture(scope="module")
def measured(app, content) -> list[tuple[Outcome, Length]]:
    """Each result where the most words stand before its first contact, among the situations that show most of it.

    Danger now is left out: there 999 stands alone.
    """
    client = FlaskClient(app, app.response_class)
    looked_at = set(sample(content))
    found = [
        (outcome, measure(client.get(path).text))
        for outcome in outcomes(content)
        if (path := check_url(outcome.walk.codes)) in looked_at and not outcome.situation.danger
    ]
    if EVERY_STATE:
        return found
    found.sort(key=lambda each: (each[1].before or 0, each[1].whole))
    return list({outcome.result.id: (outcome, length) for outcome, length in found}.values())


@pytest.fixture(scope="module")
def seen(chromium, site: str, measured) -> list[Seen]:
    """The same on a phone."""
    width, height = PHONE
    page = chromium.new_page(base_url=site, viewport={"width": width, "height": height})
    found = []
    for outcome, length in measured:
        page.goto(check_url(outcome.walk.codes), wait_until="commit")
        page.wait_for_selector("footer", state="attached")
        bottom = page.evaluate(REACH)
        assert bottom is not None, f"{outcome.result.id} reaches nobody"
        found.append(Seen(outcome, bottom, length))
    page.close()
    return found


def test_somebody_can_be_reached_on_the_first_screen(seen: list[Seen]):
    bottoms = [each.bottom for each in seen]
    before = [each.length.before or 0 for each in seen]
    whole = [each.length.whole for each in seen]
    print(f"\n{'':32}{'median':>8}{'most':>8}")
    for name, many in (
        ("words before the first contact", before),
        ("words in view", whole),
        ("pixels to where it ends", bottoms),
    ):
        print(f"{name:32}{median(many):8.0f}{max(many):8}")
    print(f"first contact on the first screen: {sum(b <= PHONE[1] for b in bottoms)} of {len(bottoms)}\n")
    for each in sorted(seen, key=lambda each: -each.bottom):
        print(
            f"{each.bottom:6} px {each.length.before:4} words, {each.length.whole:4} in all  "
            f"{each.outcome.result.id}  {check_url(each.outcome.walk.codes)}"
        )
    assert median(bottoms) <= PHONE[1]
    assert {each.outcome.result.id: each.bottom for each in seen if each.bottom > FARTHEST} == {}
