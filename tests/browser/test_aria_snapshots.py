"""What screen readers read out, stored in ``aria_snapshots/`` so that reviewers see changes in a diff.

``make snapshots`` writes the files again.
"""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from signpost.i18n.languages import ENGLISH
from signpost.web.prerender import rendered
from tests.browser.aria_tree import accessibility_tree
from tests.browser.conftest import engine, serve_by
from tests.browser.kinds import IN_WELSH, KINDS
from tests.planting import site as site_of_its_own

SNAPSHOTS = Path(__file__).with_name("aria_snapshots")
WRITE_SNAPSHOTS = os.environ.get("WRITE_SNAPSHOTS") == "1"

#: The minute at which the snapshots are taken.
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Europe/London"))

#: Long numbers are masked: an urgent fix of one must not wait for these files. Short ones are kept.
NUMBER = re.compile(r"\+?\d[\d\s]{4,}\d")
#: The version and the day of the content, which change without anybody's changing the page.
VERSION = re.compile(r"(This is version ).*( of the site. We last checked a fact on )[^.]*")

#: The days on which the sources were read.
DAYS = re.compile(r"(We read them from ).*?( to ).*?(, on pages)")

#: In Welsh, only as many steps as show that a screen reader is given the language.
TOLD = KINDS | {kind: IN_WELSH[kind] for kind in ("start, in Welsh", "result for a child, in Welsh")}
#: The question of a static site.
LINKS = "question as links"


@pytest.fixture(scope="module")
def still():
    """A site whose clock always shows noon."""
    app = site_of_its_own(RATE_LIMIT="1000000 per minute", LANGUAGES="en cy")
    app.extensions["clock"] = lambda: NOON
    return app.test_client()


@pytest.fixture(scope="module")
def listener(chromium: Browser, site: str, still):
    """A page in Chromium, served by the site with the stopped clock."""
    page = chromium.new_page(base_url=site)
    serve_by(still, page, site)
    yield page
    page.close()


@pytest.fixture(scope="module")
def trees(listener: Page, still) -> dict[str, str]:
    """The accessibility tree of each kind of page, as text."""
    trees = {}
    for kind, address in TOLD.items():
        listener.goto(address)
        trees[kind] = accessibility_tree(listener)
    with rendered(still.application, ENGLISH, KINDS["question"], NOON, static=True) as response:
        listener.set_content(response.get_data(as_text=True))
    trees[LINKS] = accessibility_tree(listener)
    return trees


def _file(kind: str) -> Path:
    return SNAPSHOTS / f"{kind.replace(',', '').replace(' ', '-')}.txt"


@pytest.mark.parametrize("kind", [*TOLD, LINKS])
def test_each_kind_of_page_is_heard_as_it_was(trees, kind: str):
    file = _file(kind)
    now = VERSION.sub(r"\1‹version›\2‹day›", NUMBER.sub("‹number›", trees[kind]))
    now = DAYS.sub(r"\1‹day›\2‹day›\3", now)
    if WRITE_SNAPSHOTS:
        file.write_text(now, "utf-8")
    assert file.exists(), f"{file.name} is new: make snapshots writes it"
    assert now == file.read_text("utf-8"), (
        f"{file.name} changed: see whether that is right, then make snapshots"
    )


def test_nothing_is_kept_of_a_kind_that_is_gone():
    assert {file.stem for file in SNAPSHOTS.iterdir()} == {_file(kind).stem for kind in (*TOLD, LINKS)} | {
        "journey"
    }


def test_the_danger_notice_is_heard_before_any_other_way_to_call(trees):
    for kind in (
        "start",
        "danger now",
        "result",
        "result for a child",
        "result about oneself",
        "result from abroad",
    ):
        main = trees[kind].partition("\n  main\n")[2]
        number = "112" if kind == "result from abroad" else "999"
        assert re.findall(r"link “(?:Call|Text|Email) \S+", main)[0] == f"link “Call {number}”", kind
        assert main.index(f"Call {number}") < 400, kind


def test_exit_names_its_key_on_every_page(trees):
    for kind, words in trees.items():
        said = (
            "link “Gadael y dudalen” (Gallwch hefyd bwyso’r fysell Shift 3 gwaith i adael.)"
            if kind in IN_WELSH
            else "link “Exit this page” (You can also press the Shift key 3 times to exit.)"
        )
        assert said in words, kind


def test_a_change_of_language_is_announced(trees):
    for kind, words in trees.items():
        own, other = (
            ("cy", "link “English” in en-GB") if kind in IN_WELSH else ("en-GB", "link “Cymraeg” in cy")
        )
        assert words.splitlines()[0].endswith(f"in {own}"), kind
        assert other in words, kind


def test_an_error_is_announced_and_has_the_focus(trees):
    assert "group “There is a problem” focused\n      alert live: assertive" in trees["question in error"]


def test_long_numbers_are_heard_as_digits_in_groups(trees):
    """Screen readers read a long run of digits as one number, so numbers are in groups, as they are printed."""
    numbers = [
        n for words in trees.values() for n in re.findall(r"link “(?:Call|Text \w+ to) (\+?[\d ]+)”", words)
    ]
    assert len(numbers) > 35
    assert max(len(group) for number in numbers for group in number.split()) <= 5


def test_a_change_of_what_is_heard_is_seen(listener: Page):
    listener.goto(KINDS["question"])
    before = accessibility_tree(listener)
    for plant in (
        "document.querySelector('label').remove()",
        "document.querySelector('.go').outerHTML = '<div class=go>Continue</div>'",
        "document.querySelector('#exit').removeAttribute('title')",
        "document.querySelector('main').outerHTML = document.querySelector('main').innerHTML",
    ):
        listener.evaluate(plant)
        now = accessibility_tree(listener)
        assert now != before
        before = now


# ---- one journey, spoken by a virtual screen reader

SPEAK = """async () => {
  const { virtual } = await import("/spoken.js");
  await virtual.start({ container: document.body });
  for (let i = 0; i < 600 && await virtual.lastSpokenPhrase() !== "end of document"; i += 1) await virtual.next();
  const said = await virtual.spokenPhraseLog();
  await virtual.stop();
  return said;
}"""

#: The answer chosen at each step, from the start to a result.
JOURNEY = (
    "No, not right now",
    "Another child",
    "Someone may be hurting a child",
    "Scotland",
)


def test_one_journey_is_spoken_as_it_was(listener: Page):
    script = engine("@guidepup/virtual-screen-reader/lib/esm/index.browser.js")
    listener.route("**/spoken.js", lambda route: route.fulfill(path=script, content_type="text/javascript"))
    listener.goto("/")
    spoken = [[listener.url, *listener.evaluate(SPEAK)]]
    listener.get_by_role("link", name="Start now").click()
    for answer in JOURNEY:
        spoken.append([listener.url, *listener.evaluate(SPEAK)])
        listener.get_by_label(re.compile(f"^{re.escape(answer)}")).check(force=True)
        listener.get_by_role("button", name="Continue").click()
        listener.wait_for_url(re.compile("/check/[a-z]"))
    spoken.append([listener.url, *listener.evaluate(SPEAK)])
    pages = (
        "\n".join([f"== {url.partition('//')[2].partition('/')[2] or 'start'}", *said])
        for url, *said in spoken
    )
    file, now = SNAPSHOTS / "journey.txt", NUMBER.sub("‹number›", "\n\n".join(pages) + "\n")
    if WRITE_SNAPSHOTS:
        file.write_text(now, "utf-8")
    assert now == file.read_text("utf-8"), (
        "journey.txt changed: see whether that is right, then make snapshots"
    )
    for url, *said in spoken:
        assert said[0] == "document", url
        assert said[-1] == "end of document", url
