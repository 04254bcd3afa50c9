"""The texts: easy to read, discreet in titles, headings and URLs, and free of what must never be said.

Also what WCAG requires of texts: links that say where they lead, abbreviations written out, an outline of headings.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import pytest
import textstat

from signpost.models.urls import listed_pages, states
from tests.page import Page

#: School grades (Flesch-Kincaid). These four pages may be harder, because they are not on the way to help.
GRADE = 6
GRADE_OFF_THE_WAY = 8
OFF_THE_WAY = {"/privacy", "/accessibility", "/about", "/partners", "/journey"}

#: Words that would reveal the subject to somebody who sees the browser's history or looks over a shoulder.
TELLING = re.compile(
    r"abus|sex|porn|nude|naked|indecent|obscen|groom|paedo|pedo|molest|rape|assault|offend|offence|victim|predator"
    r"|perpetrat|blackmail|sextort|extort|suicid|illegal|crime|criminal|arrest|exploit",
    re.IGNORECASE,
)

#: What no page may say, because it would be untrue, cruel or unsafe.
NEVER = re.compile(
    r"(won.t|will not|not) (get|be) in(to)? trouble|\bno police\b(?! page)|they will never know|will be (removed|taken down|deleted)"
    r"|child porn|\bvictims?\b|\boffenders?\b|inappropriate|\bconsent\w*|88858|paedophile hunt"
    r"|55 on 101|01223",
    re.IGNORECASE,
)

#: The longest allowed sentence, in words. The name of a service counts as one word.
LONGEST = 25

#: Abbreviations that are better known than their full forms, names that only look like abbreviations, and words
#: that are sent or written in capitals.
KNOWN = {
    "UK",
    "GP",
    "USA",
    "UTC",  # its letters are in another order than those of its English name, which stands before it
    "SVG",  # for those who put a badge on their site: kinds of files, named in every program that saves one
    "PNG",
    "HTML",
    "QR",
    "NHS",
    "BBC",
    "BSL",  # in the name 999 BSL, which is explained in the fold below it
    "OK",
    "GOV",
    "IP",
    "AA",
    "IBM",
    "INHOPE",
    "SHOUT",
    "SAMARITANS",
    "LETTERS",
}

#: Link texts that say nothing by themselves.
EMPTY = {
    "here",
    "click here",
    "more",
    "read more",
    "this",
    "link",
    "website",
    "page",
    "form",
    "email",
    "details",
}

_BLOCKS = {
    "p",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "label",
    "legend",
    "dt",
    "dd",
    "td",
    "th",
    "summary",
    "caption",
    "option",
}


@pytest.fixture(scope="session")
def names(content) -> re.Pattern[str]:
    """Matches names of services and organisations, which do not count as hard words (WCAG 3.1.5)."""
    routes = content.directory.routes.values()
    found = {name for route in routes for name in (route.name, route.organisation)}
    found |= {word for name in found for word in re.findall(r"\b[A-Z][\w’'&-]+(?: [A-Z][\w’'&-]+)+", name)}
    # The longest first; in groups by their first letter, else each of them would be tried at every letter of a page.
    groups: dict[str, list[str]] = {}
    for name in sorted(found, key=len, reverse=True):
        groups.setdefault(name[0].lower(), []).append(re.escape(name[1:]))
    choices = (f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in groups.items())
    return re.compile("|".join(choices), re.IGNORECASE)


@cache
def sentences(page: Page) -> str:
    """The text of a page's main part, with each block ended as a sentence."""
    blocks = []
    for element in page.one("main").iter():
        if element.tag not in _BLOCKS or any(
            child.tag in _BLOCKS for child in element.iter() if child is not element
        ):
            continue
        words = Page.words(element)
        if words:
            blocks.append(words if words[-1] in ".!?" else f"{words}.")
    return " ".join(blocks)


def grade(text: str, names: re.Pattern[str]) -> float:
    """The reading grade of a text, without names of services and web addresses."""
    plain = names.sub("it", text)
    plain = re.sub(r"\S+\.(uk|org|com|net|scot|wales)\S*", "it", plain)
    return textstat.flesch_kincaid_grade(plain)


def test_every_page_is_easy_to_read(crawl, names):
    hard = {}
    for address, page in crawl.items():
        allowed = GRADE_OFF_THE_WAY if address in OFF_THE_WAY else GRADE
        found = grade(sentences(page), names)
        if found > allowed:
            hard[address] = found
    assert not hard, hard


def test_no_sentence_is_long(crawl, names):
    long = {}
    for address, page in crawl.items():
        for sentence in re.split(r"(?<=[.!?:])\s+", names.sub("it", sentences(page))):
            if len(sentence.split()) > LONGEST:
                long[sentence] = address
    assert not long, long


def written_out(short: str, text: str, far: int) -> bool:
    """Whether a text writes an abbreviation out, at most ``far`` letters from its first use."""
    words = r"(?:[’'\W]s)?(?:\W+(?:and|the|of|to|for|on|in)\b)*\W+".join(rf"{letter}\w*" for letter in short)
    place = re.search(rf"\b{short}\b", text)
    assert place
    around = text[max(0, place.start() - far) : place.end() + far]
    return bool(re.search(words, around.replace(short, "", 1), re.IGNORECASE))


def test_short_forms_are_written_out_at_their_first_use(crawl, content):
    """Except those that everyone knows. A service's name is written out on the service's own page."""
    services = {
        short
        for route in content.directory.routes.values()
        for name in (route.name, route.organisation)
        for short in re.findall(r"\b[A-Z]{3,}\b", name)
    }
    unknown: dict[str, str] = {}
    for address, page in crawl.items():
        text = page.text_without("section", "sources")
        route = content.directory.routes.get(address.removeprefix("/help/"))
        for short in dict.fromkeys(re.findall(r"(?<![\w-])[A-Z]{2,}\b", text)):
            own = route and short in f"{route.name} {route.organisation}"
            if (
                short not in KNOWN
                and (own or short not in services)
                and not written_out(short, text, 2000 if own else 100)
            ):
                unknown[f"{short} {address}"] = text[max(0, text.index(short) - 40) :][:100]
    assert not unknown, "\n".join(f"{at}: {words}" for at, words in sorted(unknown.items()))


def links(page: Page) -> list[tuple[str, str]]:
    """Every link of a page, as (text, href)."""
    return [(Page.words(a), a.get("href", "")) for a in page.all("a")]


def test_links_say_where_they_lead_by_themselves(crawl):
    """Links with the same text lead to the same place, and every text says something (WCAG 2.4.9)."""
    faults = {}
    for address, page in crawl.items():
        leads: dict[str, str] = {}
        for words, href in links(page):
            if words.lower().strip(".…") in EMPTY or leads.setdefault(words.lower(), href) != href:
                faults[f"{address} {words}"] = {leads.get(words.lower()), href}
    assert not faults, faults


#: Welsh, Gaelic or Irish words that a service could add to the content.
FOREIGN = re.compile(r"Byw Heb Ofn|\b(Cymru|Cymraeg|Heddlu|Gwasanaeth\w*|Plant|Alba|Poileas|Gaeilge)\b")


def test_words_of_another_language_are_marked(crawl):
    """There are none yet. Anyone who adds some must mark them with ``lang`` (WCAG 3.1.2)."""
    for address, page in crawl.items():
        marked = " ".join(Page.words(e) for e in page.root.iter() if e.get("lang") and e.tag != "html")
        for found in FOREIGN.finditer(page.text_without("section", "sources")):
            assert found[0] in marked, (address, found[0])


def test_the_headings_make_an_outline(crawl):
    """One main heading, first; every section has its own heading; no two headings under the same one are equal."""
    for address, page in crawl.items():
        headings = [e for e in page.root.iter() if e.tag in ("h1", "h2", "h3", "h4")]
        assert headings[0].tag in ("h1", "h2"), address
        named = {e.get("id"): e for e in headings}
        for section in page.all("section"):
            assert section.get("aria-labelledby") in named, (address, section.attrib)
        over: dict[str, str] = {}  # the last heading of each level
        said = set()
        for heading in headings:
            words = over[heading.tag] = Page.words(heading)
            path = tuple(over[level] for level in sorted(over) if level <= heading.tag)
            assert words, address
            assert path not in said, (address, path)
            said.add(path)


def test_no_two_questions_have_one_title_and_no_answer_is_long(content):
    """In a history, in tabs and in a screen reader's list of pages, a title is all that tells them apart."""
    questions = content.journey.questions.values()
    titles = Counter(question.title for question in questions)
    assert [title for title, times in titles.items() if times > 1] == []
    long = [answer.label for each in questions for answer in each.answers if len(answer.label) > 75]
    assert not long, long


def test_no_title_heading_or_address_reveals_the_subject(crawl, names):
    telling = {}
    for address, page in crawl.items():
        headings = [Page.words(e) for tag in ("h1", "h2", "h3") for e in page.all(tag)]
        for words in (page.title, *headings):
            if TELLING.search(names.sub("", words)):
                telling[address] = words
        if TELLING.search(names.sub("", address.replace("-", " "))):
            telling[address] = address
    assert not telling, telling


def test_no_page_says_what_must_never_be_said(crawl, names):
    said = {}
    for address, page in crawl.items():
        # Leave out the sources: their titles were written by others.
        words = names.sub("", page.text_without("section", "sources"))
        found = NEVER.search(words)
        if found:
            said[address] = words[max(0, found.start() - 60) : found.end() + 60]
    assert not said, said


#: Words that school filters score together, because pages about bypassing a filter have all of them.
ANONYMOUS, ROUND_A_FILTER = (
    re.compile(r"anonym", re.IGNORECASE),
    re.compile(r"internet|proxy|surf", re.IGNORECASE),
)


def test_no_page_is_taken_for_a_way_round_a_filter(crawl):
    """The default lists of a web filter in Debian blocked the results of “nobody must know it was me”."""
    weighed = {
        address: ANONYMOUS.findall(page.text)
        for address, page in crawl.items()
        if ANONYMOUS.search(page.text) and ROUND_A_FILTER.search(page.text)
    }
    assert not weighed, weighed


def test_figures_on_arrests_stand_only_in_two_places_and_on_sentences_nowhere(crawl):
    def where(figure: str) -> set[str]:
        return {address for address, page in crawl.items() if re.search(figure, page.text)}

    for figure in (r"\b1,362\b", r"\b1,400\b", r"\b1,130\b"):
        assert {"/about"} <= where(figure) <= {"/about", "/advice/pictures"}, figure
    # /about gives figures for all sentences together. The possible length of one would only frighten.
    assert not where(r"\b\d+ years? in prison\b|\bup to \d+ years\b")


def test_a_result_never_shows_the_answers_in_view(crawl, content, app):
    """The answers are only in a list that is closed until the visitor opens it."""
    for walk in content.journey.walks():
        if not walk.result:
            continue
        page = crawl.get("/check/" + "/".join(walk.codes))
        if page is None:
            continue
        assert not [d for d in page.all("details") if d.get("open") is not None]
        in_view = page.text_without("details")
        for question, answer in walk.answered:
            assert question.title not in in_view
            if len(answer.label) > len("Northern Ireland"):
                assert answer.label not in in_view


def test_the_pages_to_be_found_are_all_states(content):
    assert set(listed_pages(content)) <= set(states(content))
