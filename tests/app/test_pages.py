"""The journey over HTTP: each question, each answer, each way in which a path can be wrong."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from signpost.models.journey import Walk
from signpost.models.urls import check_url, states
from tests.page import Page
from tests.planting import plant, site

START = "Is anyone in danger now?"


def location(response) -> tuple[int, str]:
    return response.status_code, response.headers["Location"]


@pytest.fixture(scope="module")
def every_state(app, crawl) -> dict[str, Page]:
    """The pages of the crawl, once it is sure that the sitemap of states has all of them."""
    sitemap = ElementTree.fromstring(app.test_client().get("/sitemap-states.xml").text)
    base = app.config["SIGNPOST"].base_url
    listed = [
        loc.text.removeprefix(base)
        for loc in sitemap.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert listed == states(app.extensions["content"])
    assert [address for address in listed if address in crawl] == list(crawl)
    return crawl


def test_the_sitemap_of_states_has_every_question_its_error_and_every_result(every_state, content):
    walks = list(content.journey.walks())
    for question in content.journey.questions:
        addresses = {
            check_url(walk.codes) for walk in walks if walk.question and walk.question.id == question
        }
        assert addresses & every_state.keys(), question
        assert {f"{address}?go=1" for address in addresses} & every_state.keys(), question
    for result in content.journey.results:
        assert {
            check_url(w.codes) for w in walks if w.result and w.result.id == result
        } & every_state.keys(), result


def blocks(page: Page) -> list[ElementTree.Element]:
    """The emergency block, the notices and the routes of a result, in order."""
    return [e for e in page.one("main").iter() if e.get("class") in ("emergency", "notice", "card")]


def test_the_emergency_words_stand_before_the_first_route_on_every_result(every_state, content):
    results = {check_url(walk.codes) for walk in content.journey.walks() if walk.result} & every_state.keys()
    assert len(results) >= len(content.journey.results)
    for address in results:
        first, *_ = blocks(every_state[address])
        assert first.get("class") == "emergency", address
        abroad = content.journey.follow(address.split("/")[2:]).situation.abroad
        for words in (content.emergency.abroad, *(() if abroad else ("18000", "999 BSL", "55"))):
            assert words in Page.words(first), (address, words)


#: Links that work only in the UK.
UK_ONLY = re.compile(r"tel:(999|101|111|18000|18001\d+|0[38]\d+|116123)$|sms:\d|.*999bsl")


def test_every_page_links_to_999_or_outside_the_uk_to_the_number_there(every_state, content):
    abroad = {check_url(walk.codes) for walk in content.journey.walks() if walk.situation.abroad}
    assert abroad & every_state.keys()
    for address, html in every_state.items():
        links = html.links
        if address.partition("?")[0] in abroad:
            # In the bar at the top, and in the block below it.
            assert links.count(f"tel:{content.emergency.abroad_number}") == 2, address
            assert not [each for each in links if UK_ONLY.match(each)], address
        else:
            assert "tel:999" in links, address


def test_outside_the_uk_a_card_says_nothing_of_the_number_that_works_only_inside(every_state, content):
    lines = [route.card_line for route in content.directory.routes.values() if route.card_line]
    abroad = {check_url(walk.codes) for walk in content.journey.walks() if walk.situation.abroad}
    cards = [
        (address, Page.words(card))
        for address in abroad & every_state.keys()
        for card in blocks(every_state[address])
        if card.get("class") == "card"
    ]
    assert cards
    assert not [(address, line) for address, card in cards for line in lines if line in card]
    # A form does not show a number.
    assert not [card for card in cards if "Report online" in card[1] and "see your number" in card[1]]


@pytest.mark.parametrize(
    ("address", "leads_to"),
    [
        ("/check/?go=1&answer=n", "/check/n"),
        ("/check/n?go=1&answer=p", "/check/n/p"),
        ("/check/n/p?go=1&answer=o", "/check/n/p/o"),
        ("/check/n?answer=p&utm_source=x&go=1", "/check/n/p"),
    ],
)
def test_a_valid_answer_leads_on(client, address, leads_to):
    assert location(client.get(address)) == (303, leads_to)


@pytest.mark.parametrize("answer", ["", "&answer=", "&answer=zz", "&answer=%00c", "&answer[]=c"])
def test_no_valid_answer_shows_the_error_where_it_can_be_visited_again(client, answer):
    response = client.get(f"/check/n?go=1{answer}")
    assert response.status_code == 200
    page = Page(response.text)
    assert page.title.startswith("Error: ")
    (summary,) = [e for e in page.root.iter("div") if e.get("id") == "error"]
    (link,) = summary.iter("a")
    (first, *_) = [e for e in page.all("input") if e.get("type") == "radio"]
    assert link.get("href") == f"#{first.get('id')}"
    (described,) = page.all("fieldset")
    wrong = described.get("aria-describedby", "").split()[-1]
    # A screen reader tells the words beside the answers from their hint.
    assert [Page.words(e) for e in page.root.iter("p") if e.get("id") == wrong] == [
        f"Error: {Page.words(link)}"
    ]


@pytest.mark.parametrize("query", ["", "?answer=p", "?go=2&answer=p", "?utm_source=x&fbclid=y"])
def test_only_go_marks_a_submission(page, query):
    question = page(f"/check/n{query}")
    assert question.title.startswith("Who is it about")
    assert not [e for e in question.root.iter() if e.get("id") == "error"]


@pytest.mark.parametrize("query", ["go=1", "moved=1", "go=1&answer=n", "moved=1&utm_source=x"])
def test_a_result_has_no_state_of_a_question(client, content, query):
    result = check_url(next(walk.codes for walk in content.journey.walks() if walk.result))
    assert client.get(f"{result}?{query}").headers["Location"] == result


def test_the_form_is_sent_by_get_to_the_same_address(page, content):
    question = page("/check/n")
    (form,) = question.all("form")
    assert form.get("method") == "get"
    assert form.get("action") is None
    assert form.get("novalidate") is not None
    hidden = [(e.get("name"), e.get("value")) for e in form.iter("input") if e.get("type") == "hidden"]
    assert hidden == [("go", "1")]
    radios = [e for e in form.iter("input") if e.get("type") == "radio"]
    assert [radio.get("value") for radio in radios] == [
        a.code for a in content.journey.questions["who"].answers
    ]
    labels = {label.get("for") for label in form.iter("label")}
    assert labels == {radio.get("id") for radio in radios}
    assert not [radio for radio in radios if radio.get("checked") is not None]


@pytest.mark.parametrize(
    ("address", "before"),
    [
        ("/check/", "/"),
        ("/check/n", "/check/"),
        ("/check/n/p", "/check/n"),
        ("/check/n/p/o", "/check/n/p"),
        ("/for/parents", "/"),
    ],
)
def test_back_leads_to_the_page_before(page, address, before):
    (back,) = [a for a in page(address).all("a") if a.get("class") == "back"]
    assert back.get("href") == before


def test_a_result_lets_an_answer_be_changed_and_the_whole_begin_again(page):
    result = page("/check/n/p/h/e")
    (change,) = [e for e in result.all("details") if e.get("class") == "change"]
    assert change.get("open") is None
    assert [a.get("href") for a in change.iter("a")] == ["/check/", "/check/n", "/check/n/p", "/check/n/p/h"]
    assert "/" in [a.get("href") for a in result.all("a") if Page.words(a) == "Start again"]


def test_the_urgent_answer_is_one_press_from_the_start(page):
    start = page("/")
    assert "tel:999" in start.links
    assert "/check/y" in start.links
    assert "/check/" in start.links
    assert page("/check/y").heading == "Call 999 now"


def test_danger_now_shows_999_alone_and_then_what_comes_after(page, content):
    emergency, after, *rest = blocks(page("/check/y"))
    assert emergency.get("class") == "emergency"
    assert after.get("class") == "notice"
    assert "card" in [block.get("class") for block in rest]
    calls = {a.get("href") for a in emergency.iter("a") if a.get("href").startswith(("tel:", "sms:"))}
    assert calls == {"tel:999", "tel:18000", "sms:999?&body=register"}
    for each in content.emergency.when:
        assert each in Page.words(emergency)


def test_the_first_question_says_what_counts_as_danger(page, content):
    first = page("/check/")
    assert first.heading == START
    for each in content.emergency.when:
        assert each in first.text


def test_a_retired_code_leads_to_the_furthest_question_that_stands_and_says_so(tmp_path):
    client = site(
        CONTENT=plant(tmp_path, "questions.toml", "[who]\n", '[who]\nretired = ["old"]\n')
    ).test_client()
    for address in ("/check/n/old", "/check/n/old/o/e", "/check/n/old/"):
        assert location(client.get(address)) == (302, "/check/n?moved=1")
    moved = client.get("/check/n?moved=1")
    assert "That link was old." in moved.text
    assert Page(moved.text).title.startswith("Who is it about")
    assert "That link was old." not in client.get("/check/n").text


@pytest.mark.parametrize(
    "address", ["/check/zz", "/check/n/zz", "/check/y/y", "/for/nobody", "/help/nobody", "/advice/nothing"]
)
def test_what_does_not_exist_is_a_404_with_help(client, numbers, address):
    response = client.get(address)
    assert response.status_code == 404
    assert numbers["childline"].number in response.text


def test_an_entry_asks_about_danger_and_then_skips_what_is_known(client, content):
    journey = content.journey
    for entry in journey.entries.values():
        assert Page(client.get(f"/for/{entry.id}").text).heading == START
        assert Page(client.get(f"/for/{entry.id}?go=1").text).title.startswith("Error: ")
        assert location(client.get(f"/for/{entry.id}?go=1&answer=y")) == (303, "/check/y")
        for answer in ("n", "u", "t"):
            status, leads_to = location(client.get(f"/for/{entry.id}?go=1&answer={answer}"))
            assert status == 303
            walk = journey.follow(leads_to.removeprefix("/check/").split("/"))
            known = {question.id: given.code for question, given in walk.answered[1:]}
            assert known
            assert known.items() <= entry.answers.items()
            assert walk.question is None or walk.question.id not in entry.answers


@pytest.mark.parametrize(
    "address", ["/", "/check/", "/check/n/p/o", "/help/", "/help/nspcc", "/for/parents", "/about"]
)
def test_unknown_parameters_are_ignored_and_never_repeated(client, address):
    response = client.get(f"{address}?utm_source=zqmark&fbclid=zqmark&ref=%3Cb%3Ezqmark")
    assert response.status_code == 200
    assert "zqmark" not in response.text + str(response.headers)


@pytest.mark.parametrize(
    "address", ["/", "/check/n", "/check/n/p/o", "/check/zz", "/healthz", "/sitemap.xml"]
)
def test_head_answers_as_get_does_without_the_page(client, address):
    get, head = client.get(address), client.head(address)
    assert head.status_code == get.status_code
    assert head.data == b""
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


def test_an_answer_s_code_follows_the_address_of_its_question(app, content):
    """So that the script can go straight there, instead of sending the form and following its redirect."""
    client = app.test_client()
    shortest: dict[str, Walk] = {}
    for walk in sorted(content.journey.walks(), key=lambda each: len(each.codes)):
        if walk.question:
            shortest.setdefault(walk.question.id, walk)
    assert shortest.keys() == content.journey.questions.keys()
    for walk in shortest.values():
        for answer in walk.question.answers:
            address = check_url(walk.codes)
            response = client.get(address, query_string={"go": "1", "answer": answer.code})
            assert location(response) == (303, f"{address.rstrip('/')}/{answer.code}")
