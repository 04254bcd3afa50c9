"""Every fact has a source and a date, and every number is written only in its route's file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator

import pytest

from config import OWN_CONTENT
from signpost.checks.markup import SHORT, digits, phone_numbers
from signpost.models import changes
from signpost.models.directory import Contact
from tests import ROOT

TEMPLATES = ROOT / "templates"


def test_every_fact_cites_a_source_with_a_title_and_a_date(content):
    for route in content.directory.routes.values():
        for fact in route.facts():
            source = route.sources[fact.source]
            assert source.title, (route.id, fact)
            assert source.checked.year >= 2026, (route.id, fact)
            if fact.confidence != "unconfirmed":
                assert source.dated, (route.id, fact)
            if fact.confidence == "high":
                assert re.match(r"https?://[^/\s]+/", source.address), (route.id, fact)


def test_every_source_of_advice_has_a_title_an_address_and_a_date(content):
    for topic in content.advice.values():
        assert topic.sources, topic.id
        for source in topic.sources.values():
            assert source.title
            assert source.dated
            assert source.address.startswith("http"), (topic.id, source.title)


@pytest.fixture(scope="module")
def known(content) -> set[str]:
    """The numbers in the directory, and the short ones."""
    contacts: list[Contact] = [c for route in content.directory.routes.values() for c in route.contacts]
    return SHORT | {digits(contact.number) for contact in contacts if contact.number}


def strings(value: object) -> Iterator[str]:
    """Every text in a TOML table, except the fields that store numbers and sources."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key not in ("number", "address", "sources", "label" if "number" in value else ""):
                yield from strings(each)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Call 0800 1111 now.", ["08001111"]),
        ("Call 0300\u00a0123\u00a04567, day or night", ["03001234567"]),
        ("Text 88858.", ["88858"]),
        ("From abroad: +44 20 7946 0000", ["+442079460000"]),
        (
            "On 23 November 2026, 1,362 arrests in 1967, and 400% at 9.30 in more than 200 tongues for ages 13 to 17",
            [],
        ),
        ("Call 999, 101 or 18001.", []),
        ("Call 998 now, or ring 0800-1111.", ["08001111", "998"]),
        ("Their number is (0800) 1111, or 0800.11.11.11", ["08001111", "0800111111"]),
        ("More than 200 languages, 300 people, SI 2024/268 and 24 hours", []),
    ],
)
def test_phone_numbers_are_distinguished_from_dates_and_figures(text, found):
    assert [n for n in phone_numbers(text) if n not in SHORT] == found


#: Without the record of changes, whose digests look like numbers.
WORDS = sorted(file for file in OWN_CONTENT.rglob("*.toml") if file.name != changes.FILE)


@pytest.mark.parametrize("file", WORDS, ids=lambda path: str(path.relative_to(OWN_CONTENT)))
def test_a_number_in_the_content_s_words_is_one_of_the_directory(file, known):
    text = "\n".join(strings(tomllib.loads(file.read_text("utf-8"))))
    assert set(phone_numbers(text)) <= known


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_a_number_in_a_template_is_one_of_the_directory(file, known):
    html = file.read_text("utf-8")
    text = re.sub(r"\{[%{#].*?[%}#]\}|<[^>]*>", " ", html, flags=re.DOTALL)
    assert set(phone_numbers(text)) <= known
    assert {digits(number) for number in re.findall(r'href="tel:([^"{]*)"', html)} <= known
