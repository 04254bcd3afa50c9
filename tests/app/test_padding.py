"""Padded pages: no length belongs to one kind of page alone, and each page says what it says without padding."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from signpost.models.outcome import Outcome
from signpost.models.urls import check_url, every_page, numbers_url
from signpost.web import padding
from signpost.web.padding import lengths_of
from tests.bench.lengths import CODINGS, padded, questions, results, revealed, shortest_and_longest, sizes
from tests.page import Page, unpacked
from tests.planting import site
from tests.states import some

pytestmark = pytest.mark.slow

#: A single kind in a group of two would stand out whenever the other can be ruled out.
FEWEST = 3


@pytest.fixture(scope="module")
def bilingual():
    return site(LANGUAGES="en cy", RATE_LIMIT="1000000 per minute")


@pytest.mark.parametrize("root", ["", "/cy"])
def test_no_length_belongs_to_one_kind_of_result_or_question(bilingual, root):
    """At the shortest and the longest path to each; tests/servers/test_lengths.py and `make bench` check every path."""
    for result, kinds in ((True, results(bilingual)), (False, questions(bilingual))):
        kind = {root + path: each for path, each in shortest_and_longest(kinds).items()}
        for coding, lengths in sizes(bilingual, kind, CODINGS).items():
            used = lengths_of(coding, result=result)
            found = revealed(padded(lengths, used), kind).kinds
            assert found.keys() <= set(used), coding
            assert {length: kinds for length, kinds in found.items() if len(kinds) < FEWEST} == {}, coding


@pytest.mark.parametrize("coding", CODINGS)
def test_every_page_is_padded_prerendered_or_not(app, content, coding):
    """With a query or without; except for lists of everything, which are longer than anything else."""
    client = FlaskClient(app, app.response_class)
    known = results(app)
    asked = [
        *some([each for each in every_page(content) if each != "/journey.svg"][::31], 3),
        "/help/",
        "/check/?go=1",
        "/?utm_source=x",
    ]
    for address in asked:
        response = client.get(address, headers={"Accept-Encoding": coding})
        assert response.content_length == len(response.data)
        result = address in known
        lengths = lengths_of(coding, result=result)
        if len(response.data) not in lengths:
            assert address in ("/help/", "/journey")
            assert len(response.data) > max(lengths)


def test_what_is_padded_is_the_same_page(app, content):
    """The text is the same in each coding, and white space after the page is valid HTML."""
    client = FlaskClient(app, app.response_class)
    for address in some([each for each in every_page(content) if each != "/journey.svg"][::97], 3):
        pages = {
            unpacked(client.get(address, headers={"Accept-Encoding": coding})).rstrip(b"\n")
            for coding in CODINGS
        }
        assert len(pages) == 1, address
        Page(client.get(address).text).check()


def test_links_to_numbers_are_equally_long_in_bytes_and_in_bits(bilingual):
    """Otherwise the length of the request would tell which services a result names: of 853 results, it gave away 379 with the walk.

    The padded address shows the same page, and leads to an address of the same length in the other language.
    """
    content = bilingual.extensions["content"]
    client = FlaskClient(bilingual, bilingual.response_class)
    shared = {
        numbers_url(Outcome(content, walk).routes): check_url(walk.codes)
        for walk in content.journey.walks()
        if walk.result and walk.situation.may_share
    }
    assert len({len(address) for address in shared}) > 30
    links = [padding.address(address) for address in shared]
    assert {(len(link), sum(map(padding._BITS.get, link))) for link in links} == {(160, 960)}
    for number in (0, -1):
        result, link = list(shared.values())[number], links[number]
        assert link in Page(client.get(result).text).links
        shown = client.get(link).text
        assert shown == client.get(link.partition("?")[0]).text
        assert padding.address("/cy" + link.partition("?")[0]) in Page(shown).links


def test_a_redirect_says_where_and_nothing_else(app, content):
    """A body that repeats the address would make the response longer with each of its characters."""
    client = FlaskClient(app, app.response_class)
    first = content.journey.questions[content.journey.first].answers[0].code
    for address in (f"/check/?go=1&answer={first}", "/check", "/help//"):
        response = client.get(address, headers={"Accept-Encoding": "br"})
        assert response.location
        assert response.data == b""
        assert response.content_length == 0
