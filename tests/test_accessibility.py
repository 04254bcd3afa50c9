"""What the accessibility statement and docs/testing-accessibility.md say stays true."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from signpost.addresses import states
from signpost.pages import REVIEW_BY, REVIEWED, statement
from tests.browser.kinds import KINDS
from tests.page import Page

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs" / "testing-accessibility.md").read_text("utf-8")

#: Every criterion of WCAG 2.2, by level. 4.1.1 was taken out of it.
CRITERIA = {
    "A": "1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2"
    " 2.4.3 2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2",
    "AA": "1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7"
    " 2.5.8 3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3",
    "AAA": "1.2.6 1.2.7 1.2.8 1.2.9 1.3.6 1.4.6 1.4.7 1.4.8 1.4.9 2.1.3 2.2.3 2.2.4 2.2.5 2.2.6 2.3.2 2.3.3 2.4.8"
    " 2.4.9 2.4.10 2.4.12 2.4.13 2.5.5 2.5.6 3.1.3 3.1.4 3.1.5 3.1.6 3.2.5 3.3.5 3.3.6 3.3.9",
}

#: All that a page is built of. What is not here can make no sound, move, ask, or open anything.
ELEMENTS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "body",
        "header",
        "main",
        "footer",
        "nav",
        "section",
        "div",
    ),
    *(
        "h1",
        "h2",
        "h3",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "a",
        "b",
        "strong",
        "em",
        "small",
        "span",
        "time",
    ),
    *("svg", "path", "details", "summary", "form", "fieldset", "legend", "input", "label", "button"),
    # The badge, the code to copy and the list of services on /partners; the picture of /journey.
    *("g", "rect", "text", "code", "select", "option", "img", "wbr"),
}


# ---- the document for auditors


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading of the document."""
    part = DOCUMENT.split(f"## {heading}")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_document_answers_every_criterion_with_its_level():
    told = [(cells[0].split()[0], cells[1]) for cells in rows("WCAG 2.2, criterion by criterion")]
    assert len(told) == 86
    there = {(number, level) for level, numbers in CRITERIA.items() for number in numbers.split()}
    assert set(told) == there


def test_each_answer_names_a_test_that_is_there_or_a_check_that_is_owed():
    owed = {cells[0] for cells in rows("Still owed")}
    for criterion, _, how, shown in rows("WCAG 2.2, criterion by criterion"):
        named = re.findall(r"`(tests/[\w/.]+)`", shown)
        checks = re.findall(r"\bM\d+\b", shown)
        assert how, criterion
        assert named or checks, criterion
        assert not [path for path in named if not (ROOT / path).is_file()], criterion
        assert set(checks) <= owed, criterion


def test_the_document_names_every_test_in_a_browser_and_every_make_target_it_uses():
    for path in (ROOT / "tests" / "browser").glob("test_*.py"):
        assert f"`tests/browser/{path.name}`" in DOCUMENT, path.name
    targets = set(re.findall(r"\bmake ([a-z]\w+)", DOCUMENT))
    assert targets <= set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_the_document_lists_one_address_of_each_kind():
    assert [(kind, address.strip("`")) for kind, address in rows("A manual audit")] == list(KINDS.items())


# ---- the statement


@pytest.fixture
def statement_on(app):
    """The accessibility statement as it reads on a day."""

    def statement_on(day) -> Page:
        with app.test_request_context("/accessibility"):
            return Page(statement(day))

    return statement_on


def test_the_statement_says_when_it_was_reviewed_and_will_be(statement_on):
    page = statement_on(REVIEWED)
    days = [time.get("datetime") for time in page.all("time")]
    assert days == [REVIEWED.isoformat(), REVIEW_BY.isoformat()]
    assert "overdue" not in page.text
    assert "overdue" not in statement_on(REVIEW_BY).text


def test_the_statement_says_so_when_its_review_has_lapsed(statement_on):
    page = statement_on(REVIEW_BY + timedelta(days=1))
    page.check()
    assert "This review is overdue." in page.text


def test_the_statement_owes_what_the_document_owes(page):
    text = page("/accessibility").text
    assert "No person who uses a screen reader has tested it yet." in text
    assert "No person who uses a screen reader" in DOCUMENT.replace("\n", " ").replace("**", "")
    for name in ("axe-core", "HTML_CodeSniffer", "Nu Html Checker", "Firefox", "Chromium", "lynx"):
        assert name.lower() in text.lower(), name


# ---- what there is none of


@pytest.fixture(scope="module")
def every_page(app) -> dict[str, Page]:
    client = app.test_client()
    return {address: Page(client.get(address).text) for address in states(app.extensions["guide"])}


def test_a_page_is_built_of_these_elements_alone(every_page):
    """No picture, sound, film, frame, field to fill in or sign in with: nothing that another criterion asks about."""
    for address, page in every_page.items():
        tags = {
            element.tag.rpartition("}")[2] for element in page.root.iter() if isinstance(element.tag, str)
        }
        assert tags <= ELEMENTS, (address, tags - ELEMENTS)
        assert {each.get("type") for each in page.all("input")} <= {"hidden", "radio"}, address
        for meta in page.all("meta"):
            assert not meta.get("http-equiv"), (address, "a page that goes on by itself")
        for each in page.root.iter():
            assert not {"autofocus", "draggable", "accesskey", "target"} & set(each.attrib), address


def test_the_script_listens_to_nothing_that_must_be_held_dragged_shaken_or_timed():
    script = (ROOT / "static" / "site.js").read_text("utf-8")
    heard = set(re.findall(r'addEventListener\("(\w+)"', script))
    heard |= set(re.findall(r'"(\w+)"', re.search(r"for \(const kind of \[(.*?)\]\)", script)[1]))
    assert heard <= {
        "click",
        "keydown",
        "keyup",
        "pageshow",
        "pagehide",
        "pointerdown",
        "wheel",
        "scroll",
        "focusin",
        "selectionchange",
        "blur",
        "submit",
        "beforeprint",
        "afterprint",
        "visibilitychange",
    }
    assert "setTimeout" not in script
    assert "setInterval" not in script


def test_a_page_says_where_one_is(every_page):
    """The links to the site's pages mark the one that is open; a question says which it is."""
    for address in ("/help/", "/hide-your-visit", "/about", "/privacy", "/accessibility"):
        (here,) = [a for a in every_page[address].all("a") if a.get("aria-current")]
        assert (here.get("aria-current"), here.get("href")) == ("page", address)
    assert "Question 1" in every_page["/check/"].text
    assert "Question 3" in every_page["/check/n/o"].text
    assert not [a for a in every_page["/check/n/o"].all("a") if a.get("aria-current")]
