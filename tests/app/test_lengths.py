"""The word counts of a rendered result: the words in view, before the first contact, and in each block."""

from __future__ import annotations

import pytest

from signpost.checks.length import Block, Length, measure, too_long
from signpost.web.lengths import length_problems
from tests.planting import plant, site

CARD = '<div class="card"><h2 id="line">A line</h2><p>Why <b>not</b>.</p><p><a href="tel:1">Call 1</a></p>{}</div>'
FOLD = "<details><summary>More</summary><p>These four words wait</p></details>"


def page(main: str) -> str:
    return (
        f"<body><header>Six words that stand on top</header><main>{main}</main><footer>Foot</footer></body>"
    )


def test_words_before_the_first_contact_are_those_in_view_of_the_main_part():
    assert measure(page(f"<h1>Who can help</h1>{FOLD}{CARD.format(FOLD)}")) == Length(
        before=3 + 1 + 4, notices_before=0, blocks=(Block("card", "line", 7),), whole=3 + 1 + 7
    )


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("one <b>two</b>. three – four", 4),
        ("<p>one</p><p>two</p>", 2),  # although there is no space between them
        ("o<b>n</b>e", 1),
        ('one<span class="unseen"> for a screen reader</span>', 1),
        ("one <p hidden>two</p>", 1),
        ("<details><summary>one</summary>two <details open>three</details></details>", 1),
        ("<details open><summary>one</summary>two</details>", 2),
        ("one<br>two<wbr>three", 3),
        ("one &amp; two", 2),
        ("Call 0800 1111 or 0800&nbsp;123 4567 or +44 20 7946 0000", 6),
        ("Text SHOUT to 85258. 24 hours", 6),
    ],
)
def test_a_word_is_what_is_seen_as_one(html: str, words: int):
    assert measure(page(html)).whole == words


@pytest.mark.parametrize(
    ("link", "reaches"),
    [
        ('<a href="tel:08001111">Call</a>', True),
        ('<a href="sms:85258">Text</a>', True),
        ('<a href="mailto:a@b.example">Write</a>', True),
        ('<a href="https://example.org/">A form</a>', True),
        ('<a href="/help/childline">A page of ours</a>', False),
        ('<div class="emergency"><a href="tel:999">Call 999</a></div>', False),
        ('<details><summary>More</summary><a href="tel:1">Call</a></details>', False),
        ("<b>Your teacher</b>", False),
    ],
)
def test_the_first_contact_is_a_link_in_view_that_reaches_somebody_other_than_999(link: str, reaches: bool):
    assert (measure(page(link)).before is not None) == reaches


def test_limits_before_a_number_count_for_the_page_and_not_for_the_card():
    length = measure(page('<div class="card"><h2 id="a">A</h2><p class="limits">Two words</p></div>'))
    assert (length.blocks, length.whole) == ((Block("card", "a", 1),), 3)


def test_each_exceeded_limit_is_reported_with_the_count():
    length = Length(
        before=91, notices_before=3, blocks=(Block("card", "a", 46), Block("notice", "b", 45)), whole=451
    )
    assert list(too_long(length, limits_first=False)) == [
        "91 words before the first contact, at most 90",
        "3 notices before the first contact, at most 2",
        "46 words in the card “a”, at most 45",
        "451 words in view, at most 450",
    ]
    assert not [
        each for each in too_long(length, limits_first=True) if "before the first contact, at most 90" in each
    ]
    assert len(list(too_long(length, limits_first=False, translated=True))) == 1
    assert not list(too_long(Length(90, 2, (Block("card", "a", 45),), 450), limits_first=False))


def test_a_result_must_reach_somebody_except_in_danger_now():
    length = Length(before=None, notices_before=0, blocks=(), whole=10)
    assert list(too_long(length, limits_first=False)) == ["nobody but 999 can be reached"]
    assert not list(too_long(length, limits_first=False, danger=True))


@pytest.mark.slow
def test_no_result_is_too_long(app):
    assert not list(length_problems(app))


def test_a_result_that_is_too_long_is_named_with_its_file_and_entry(tmp_path):
    lead = "This happens to lots of young people."
    folder = plant(tmp_path, "results/children.toml", lead, "word " * 100 + lead)
    found = map(str, length_problems(site(CONTENT=folder, LANGUAGES="en")))
    # Stops at the first: rendering every result takes seconds.
    assert any(
        each.startswith("results/children.toml, child-blackmail: Rule 17 is broken on /check/")
        and "before the first contact" in each
        for each in found
    )


def test_content_may_switch_the_rule_off(tmp_path):
    lead = "This happens to lots of young people."
    plant(
        tmp_path, "scope.toml", "extra_bank_holidays = []", 'extra_bank_holidays = []\nrules_off = ["length"]'
    )
    folder = plant(tmp_path, "results/children.toml", lead, "word " * 100 + lead)
    assert not list(length_problems(site(CONTENT=folder, LANGUAGES="en")))
