"""A first visit needs few bytes: pages with their files, as the site sends them."""

from __future__ import annotations

import pytest

from signpost.models.urls import states
from tests.bench.weights import FIRST_FLIGHT, MOST_REQUESTS, Weight, every_address, weigh
from tests.planting import site

#: Results differ little from each other, so of these only every so many; `make bench` weighs every page on every path.
_ONE_OF = 9


@pytest.fixture(scope="module")
def bilingual():
    """Each page links to the other language, which makes it heavier."""
    return site(LANGUAGES="en cy", RATE_LIMIT="1000000 per minute")


@pytest.fixture(scope="module")
def weights(bilingual) -> list[Weight]:
    """Pages of every kind, in both languages and in every state."""
    content = bilingual.extensions["content"]
    kinds = {address: kind for kind, address in every_address(content)}
    known = [(kinds[address], address) for address in states(content) if address in kinds]
    results = [each for each in known if each[0] in ("result", "numbers")]
    others = [each for each in known if each not in results]
    return weigh(bilingual, "br", [*others, *results[::_ONE_OF], ("failure", "/no-such-page")])


def test_every_page_keeps_within_its_bytes(weights):
    assert [(each.address, each.total) for each in weights if each.total > each.budget] == []


def test_every_page_fits_the_first_flight(bilingual, weights):
    """So none waits for a second round trip on a new connection. By gzip, those that are longest by brotli."""
    longest = {
        each.address.removeprefix("/cy"): "" for each in sorted(weights, key=lambda each: -each.html)[:15]
    }
    by_gzip = weigh(bilingual, "gzip", [("", address or "/") for address in longest])
    assert [(each.address, each.wire) for each in [*weights, *by_gzip] if each.wire > FIRST_FLIGHT] == []


def test_every_page_keeps_within_its_requests(weights):
    assert {each.address: each.requests for each in weights if each.requests > MOST_REQUESTS} == {}


def test_every_page_brings_its_style_its_script_and_its_icon(weights):
    """Otherwise the weight could be low only because something was not counted."""
    assert [each.address for each in weights if not (each.styled and each.script and each.icon)] == []


def test_every_kind_of_page_is_weighed(weights, bilingual):
    kinds = {kind for kind, _ in every_address(bilingual.extensions["content"])}
    assert {each.kind for each in weights} == kinds | {f"{kind} (Cymraeg)" for kind in kinds}
