"""Everything is translatable: in a pseudo-language that accents each vowel, a plain vowel shows untranslated text."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from signpost.i18n.translate import extract_messages
from tests.page import Page
from tests.pseudo import pseudo
from tests.states import sample

pytestmark = pytest.mark.slow

#: Attributes that screen readers read out or browsers show.
SHOWN = ("alt", "aria-label", "title", "placeholder", "content", "data-hint", "data-one", "data-two", "data-leaving", "data-copy", "data-copied")  # fmt: skip


def words(page: Page) -> Iterator[str]:
    """Every text and attribute of a page that visitors see or hear."""
    quoted = {each for code in page.root.iter("code") for each in code.iter()} - set(page.root.iter("code"))
    # The link to English, and titles of sources.
    english = [each for each in page.root.iter() if each.tag != "html" and each.get("lang") == "en-GB"]
    quoted |= {each for outer in english for inner in outer for each in inner.iter()}
    for element in page.root.iter():
        if element in quoted:
            continue
        if element in english:
            yield element.tail or ""
            continue
        if element.tag not in ("script", "style", "code"):
            yield element.text or ""
        yield element.tail or ""
        if element.get("name") in ("viewport", "color-scheme") or element.get("property") == "og:type":
            continue
        yield from (element.get(name, "") for name in SHOWN)


#: Not translatable: URLs, text to be typed, units and names of standards.
NO_WORDS = re.compile(
    r"\S+@\S+|/\w+|https?://\S+|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?|\bPDF\b|\b(?:English)\b|\d+\w*|\+\d[\d ]*"
)


def escaped(page: Page, allowed: frozenset[str]) -> set[str]:
    """The words of a page that have a vowel without an accent."""
    found = set()
    for text in words(page):
        for word in re.findall(r"[^\W\d_]+", NO_WORDS.sub(" ", text)):
            if (
                re.search(r"[aeiouAEIOU]", word)
                and not re.search(r"[áéíóúÁÉÍÓÚ]", word)
                and word not in allowed
            ):
                found.add(word)
    return found


@pytest.fixture(scope="module")
def allowed(content) -> frozenset[str]:
    """Words that may stay English: words to text."""
    sends = {
        word for r in content.directory.routes.values() for c in r.contacts for word in c.sms_keyword.split()
    }
    return frozenset(sends)


def test_nothing_escapes_translation(pseudo_app, allowed):
    client = pseudo_app.test_client()
    content = pseudo_app.extensions["content"]
    journey, routes = content.journey, content.directory.routes
    # The page for reviewers names everything by its id, and routes by their families.
    names = [
        *journey.questions,
        *journey.results,
        *journey.notices,
        *routes,
        *(route.family for route in routes.values()),
    ]
    ids = frozenset(word for name in names for word in name.split("-"))
    for address in [*sample(content), "/no-such-page", "/check/n?moved=1"]:
        page = Page(client.get(f"/eo{address}").text)
        assert page.one("html").get("lang") == "eo", address
        found = escaped(page, allowed | ids if address == "/journey" else allowed)
        assert not found, (address, sorted(found))


def test_its_words_are_40_percent_longer(content):
    texts = [message.text for message in extract_messages(content)]
    assert sum(map(len, map(pseudo, texts))) > 1.4 * sum(map(len, texts))


def test_words_that_escape_are_seen(allowed):
    page = Page("<!doctype html><title>Á</title><p>Áll góód</p><p aria-label=Left>Ópen</p><p>Left too</p>")
    assert escaped(page, allowed) == {"Left", "too"}


def test_an_email_of_ours_is_translated_too(pseudo_app):
    page = Page(pseudo_app.test_client().get("/eo/numbers/police+nspcc").text)
    (mail,) = [link for link in page.links if link.startswith("mailto:?")]
    assert "subject=N%C3%BA%C3%BAm" in mail
