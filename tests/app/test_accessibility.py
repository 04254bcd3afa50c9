"""Checks that the claims of the accessibility statement and of docs/testing-accessibility.md stay true."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from xml.etree.ElementTree import Element

import pytest

from signpost.web.errors import render_error_page
from signpost.web.pages import REVIEW_BY, REVIEWED, statement
from tests import ROOT
from tests.browser.kinds import KINDS
from tests.page import Page
from tests.states import QUICK

DOCUMENT = (ROOT / "docs" / "testing-accessibility.md").read_text("utf-8")

#: Every success criterion of WCAG 2.2, by level. 4.1.1 was removed in 2.2.
CRITERIA = {
    "A": "1.1.1 1.2.1 1.2.2 1.2.3 1.3.1 1.3.2 1.3.3 1.4.1 1.4.2 2.1.1 2.1.2 2.1.4 2.2.1 2.2.2 2.3.1 2.4.1 2.4.2"
    " 2.4.3 2.4.4 2.5.1 2.5.2 2.5.3 2.5.4 3.1.1 3.2.1 3.2.2 3.2.6 3.3.1 3.3.2 3.3.7 4.1.2",
    "AA": "1.2.4 1.2.5 1.3.4 1.3.5 1.4.3 1.4.4 1.4.5 1.4.10 1.4.11 1.4.12 1.4.13 2.4.5 2.4.6 2.4.7 2.4.11 2.5.7"
    " 2.5.8 3.1.2 3.2.3 3.2.4 3.3.3 3.3.4 3.3.8 4.1.3",
    "AAA": "1.2.6 1.2.7 1.2.8 1.2.9 1.3.6 1.4.6 1.4.7 1.4.8 1.4.9 2.1.3 2.2.3 2.2.4 2.2.5 2.2.6 2.3.2 2.3.3 2.4.8"
    " 2.4.9 2.4.10 2.4.12 2.4.13 2.5.5 2.5.6 3.1.3 3.1.4 3.1.5 3.1.6 3.2.5 3.3.5 3.3.6 3.3.9",
}

#: Every element that pages may contain. None of them plays sound, moves, has a field to fill in, or opens a window.
ELEMENTS = {
    *(
        "bdi",
        "html",
        "head",
        "meta",
        "title",
        "link",
        "script",
        "style",
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
    listed = [(cells[0].split()[0], cells[1]) for cells in rows("WCAG 2.2, criterion by criterion")]
    assert len(listed) == 86
    there = {(number, level) for level, numbers in CRITERIA.items() for number in numbers.split()}
    assert set(listed) == there


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
    """Renders the accessibility statement as of a given day."""

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


def test_a_page_is_built_of_these_elements_only(crawl):
    """No audio, video, frame, text field or sign-in: nothing to which further criteria apply."""
    for address, page in crawl.items():
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


def test_a_page_says_where_one_is(crawl):
    """The menu marks the link to the open page as current; a question says which question it is."""
    for address in ("/help/", "/hide-your-visit", "/about", "/privacy", "/accessibility"):
        (here,) = [a for a in crawl[address].all("a") if a.get("aria-current")]
        assert (here.get("aria-current"), here.get("href")) == ("page", address)
    assert "Question 1" in crawl["/check/"].text
    assert "Question 3" in crawl["/check/n/o"].text
    assert not [a for a in crawl["/check/n/o"].all("a") if a.get("aria-current")]


LANDMARKS = {"header", "nav", "main", "footer"}


def test_a_page_has_six_landmarks_at_most(crawl):
    """More landmarks would be too many to navigate by. Headings are enough to find a card."""
    for address, page in crawl.items():
        found = [
            e
            for e in page.root.iter()
            if e.tag in LANDMARKS
            or e.get("role") == "region"
            or (e.tag == "section" and e.get("aria-labelledby"))
        ]
        assert len(found) <= 6, (address, [Page.words(each)[:40] for each in found])


def said(element: Element, kept: bool = False) -> Iterator[tuple[bool, str]]:
    """Each text of an element, in order, and whether a page translator leaves it alone."""
    kept = kept or element.get("translate") == "no"
    yield kept, element.text or ""
    for child in element:
        yield from said(child, kept)
        yield kept, child.tail or ""


#: What translators do to words and numbers: other words, other digits, other groups, numbers in words.
TRANSLATORS = {
    "Arabic": lambda text: text.translate(dict(zip(map(ord, "0123456789"), "٠١٢٣٤٥٦٧٨٩", strict=True)))[::-1],
    "Polish": lambda text: re.sub(r"(?<=\d)\s(?=\d)", ".", text).upper().replace("SHOUT", "KRZYK"),
    "Welsh": lambda text: re.sub(r"\d+", "naw naw naw", text).replace("SHOUT", "GWEIDDI"),
}


def test_a_page_translator_leaves_every_number_and_word_to_text_whole(crawl, content, app, numbers):
    contacts = [each for route in content.directory.routes.values() for each in route.contacts]
    data = {each.number for each in contacts if each.number} | {
        each.sms_keyword for each in contacts if each.sms_keyword.isupper()
    }
    data |= {content.emergency.abroad_number, "18001", "18000"}
    each_of = re.compile(
        rf"(?<![\w£.-])(?:{'|'.join(sorted(map(re.escape, data), key=len, reverse=True))})(?!\w)"
    )

    @cache  # most texts stand on many pages
    def whole(text: str) -> list[str]:
        return each_of.findall(text.replace("\u00a0", " "))

    @cache
    def broken(text: str) -> list[str]:
        words = text.replace("\u00a0", " ")
        return [name for name, translate in TRANSLATORS.items() if whole(translate(words)) != whole(text)]

    errors = {f"error {status}": Page(render_error_page(app, status)) for status in (404, 429, 500)}
    seen: Counter[str] = Counter()
    for address, page in (crawl | errors).items():
        for kept, text in said(page.one("body")):
            assert kept or not broken(text), (address, text)
            seen.update(whole(text))
    shown = {numbers[each].number for each in ("childline", "samaritans", "shout", "police")}
    assert seen.keys() >= {"999", "112", "18001", "SHOUT", *shown}


def test_a_page_translator_leaves_names_alone(crawl, content):
    names = {route.name for route in content.directory.routes.values()}
    seen = Counter()
    for address, page in crawl.items():
        for tag in ("h1", "h2", "h3", "option", "summary", "a"):
            for element in page.all(tag):
                texts = list(said(element))
                words = " ".join("".join(text for _, text in texts).split())
                name = words.removeprefix("More about ").rpartition(": ")[2]
                if name in names and (tag != "a" or words.startswith("More about")):
                    assert any(kept and " ".join(text.split()) == name for kept, text in texts), (
                        address,
                        words,
                    )
                    seen[tag] += 1
    assert seen.keys() == {"h1", "h2", "h3", "option", "summary", "a"}


def test_a_page_translator_leaves_names_within_sentences_alone(crawl):
    """Most of them are plain words with capitals, which a translator would translate."""
    names = re.compile(
        r"\b(?:Childline|Samaritans|Shout|Shore|Lifeline|Fearless|Report Remove|Take It Down|Stop It Now|Report Fraud"
        r"|Live Fear Free|Police Scotland|Lucy Faithfull Foundation|The Survivors Trust|Rape Crisis England and Wales)\b"
    )
    plain = re.compile(r"\b(?:Children’s services|the police|the app|your GP)\b")
    named, translated = Counter(), Counter()
    for address, page in crawl.items():
        for kept, text in said(page.one("body")):
            words = " ".join(text.split())
            assert kept or not names.search(words), (address, words)
            named.update(names.findall(words))
            translated.update(() if kept else plain.findall(words))
    assert named.keys() >= {"Childline", "Report Remove", "Stop It Now", "Shout"}
    assert translated.keys() == {"Children’s services", "the police", "the app", "your GP"}


@pytest.mark.slow
def test_a_page_translator_leaves_addresses_alone(crawl):
    address = re.compile(r"[\w.+-]+@[\w.-]+\.\w+|\b[\w.-]+\.(?:uk|org|com|net|scot|wales)\b")
    seen = Counter()
    for path, page in crawl.items():
        for kept, text in said(page.one("body")):
            assert kept or not address.search(text), (path, text)
            seen.update(address.findall(text))
    assert seen.keys() >= {"report@phishing.gov.uk", "ico.org.uk", "childline.org.uk"}


def test_no_page_speaks_by_itself_but_to_tell_of_an_error(crawl):
    """Not every browser announces words that are there when a page opens; those of an error have the focus, too."""
    loud = Counter()
    for address, page in crawl.items():
        for each in page.root.iter():
            assert not each.get("aria-live"), address
            assert each.get("role") not in ("status", "log"), address
            loud[address.partition("?")[2]] += each.get("role") == "alert"
    assert {query for query, found in loud.items() if found} == {"go=1"}


def test_no_radio_button_has_a_description_that_would_hide_the_error(crawl):
    """The error describes the group. VoiceOver leaves that out where the radio button has a description of its own."""
    radios = [each for page in crawl.values() for each in page.all("input") if each.get("type") == "radio"]
    assert len(radios) > 100
    assert not [each.attrib for each in radios if each.get("aria-describedby") or each.get("title")]


def test_shift_is_shown_with_its_danger_where_exit_is_explained(crawl):
    """Two presses more than three open a box of Windows, with a sound."""
    words = crawl["/hide-your-visit"].text
    assert "Press 3 times, then stop." in words
    assert "Sticky Keys" in words


#: Words of doubt. A sentence about something known has none; any other has one.
DOUBT = re.compile(
    r"\b(?:usually|we think|not confirmed|we do not know|may vary|check this first)\b", re.IGNORECASE
)


def test_a_card_has_one_word_of_doubt_in_view_at_most_and_no_badge(crawl):
    cards = 0
    for address, page in crawl.items():
        if address.startswith("/check/"):
            for card in (e for e in page.all("div") if e.get("class") == "card"):
                in_view = " ".join(Page.words(e) for e in card if e.tag != "details")
                assert len(DOUBT.findall(in_view)) <= 1, (address, in_view)
                assert not [e for e in card.iter() if e.get("class") == "mark"], address
                cards += 1
    assert cards > (300 if QUICK else 1000)
