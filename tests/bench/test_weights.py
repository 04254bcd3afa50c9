"""A first visit needs few bytes: every page in every state, with all its files, as the site sends them."""

from __future__ import annotations

import pytest

from tests.bench.weights import MOST_REQUESTS, Weight, weigh
from tests.planting import site


@pytest.fixture(scope="module", params=["en", "en cy"])
def weights(request) -> list[Weight]:
    """The weight of every page, with English only, and with Welsh too, where each page links to the other."""
    return weigh(site(LANGUAGES=request.param, RATE_LIMIT="1000000 per minute"), "br")


def test_every_page_keeps_within_its_bytes(weights):
    assert [(each.address, each.total) for each in weights if each.total > each.budget] == []


def test_every_page_keeps_within_its_requests(weights):
    assert {each.address: each.requests for each in weights if each.requests > MOST_REQUESTS} == {}


def test_every_page_brings_its_style_and_its_icon(weights):
    """Otherwise the bytes could be few because a file was not counted."""
    assert [each.address for each in weights if not (each.css and each.script and each.icon)] == []


def test_an_error_is_weighed_too(weights):
    kinds = {each.kind for each in weights}
    assert {"start", "question", "question, with an error", "result", "failure"} <= kinds
