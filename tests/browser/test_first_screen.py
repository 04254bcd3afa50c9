"""Help on the first screen of a phone: how far down a result the first way to reach somebody other than 999 ends.

Prints a table, with the words that ``signpost.length`` counts: ``make test ARGS="tests/browser/test_first_screen.py -s"``.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import pytest
from signpost.addresses import check_address
from signpost.length import Length, measure
from signpost.rules import Ending, endings

#: A small phone of today, and how far down the first way may end: on half of the results, and on all.
PHONE = (360, 640)
FARTHEST = 1000

#: Where the first link ends that reaches somebody, and is in view: not in a closed fold, not in the block about 999.
REACH = """() => {
    const link = [...document.querySelectorAll("main a")].find(each =>
        /^(tel|sms|mailto|https?):/.test(each.getAttribute("href")) && !each.closest(".emergency") &&
        each.checkVisibility({ contentVisibilityAuto: true }));
    return link ? Math.round(link.getBoundingClientRect().bottom + scrollY) : null;
}"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A result as it is seen: where the first way ends in pixels, and what was counted."""

    ending: Ending
    bottom: int
    length: Length


@pytest.fixture(scope="module")
def seen(chromium, site: str, guide) -> list[Seen]:
    """Every result that anybody can be shown, but for danger now, where 999 stands alone."""
    width, height = PHONE
    page = chromium.new_page(base_url=site, viewport={"width": width, "height": height})
    found = []
    for ending in endings(guide):
        if not ending.situation.danger:
            page.goto(check_address(ending.walk))
            bottom = page.evaluate(REACH)
            assert bottom is not None, f"{ending.result.id} reaches nobody"
            found.append(Seen(ending, bottom, measure(page.content())))
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
        path = "/".join(each.ending.walk.codes)
        print(
            f"{each.bottom:6} px {each.length.before:4} words, {each.length.whole:4} in all  {each.ending.result.id}  /check/{path}"
        )
    assert median(bottoms) <= PHONE[1]
    assert {each.ending.result.id: each.bottom for each in seen if each.bottom > FARTHEST} == {}
