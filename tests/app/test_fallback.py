"""A text that is not translated yet is shown in English, and marked as English for screen readers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from signpost.i18n.translate import catalogue_of, extract_messages
from signpost.models.text import Untranslated, plain
from tests.page import Page
from tests.planting import plant, site


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A site whose Welsh has no text of the content at all: more than it would start with, so the limit is lifted."""
    folder = plant(tmp_path_factory.mktemp("english"), "moved.toml", "", "")
    with catalogue_of(folder / "translations", "cy", "content").open("wb") as file:
        write_mo(file, Catalog(locale="cy"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("signpost.i18n.translate._MOST_UNTRANSLATED", 2)
        return site(LANGUAGES="en cy", CONTENT=str(folder)).test_client()


def spoken(element, language: str = "") -> Iterator[tuple[str, str, str]]:
    """Each text of an element, with the tag that it is in and the language in which it would be spoken."""
    language = element.get("lang") or language
    yield element.tag, language, (element.text or "").strip()
    for child in element:
        yield from spoken(child, language)
        yield element.tag, language, (child.tail or "").strip()


def test_every_english_text_of_a_welsh_page_is_marked(client, content):
    texts = {m.text for m in extract_messages(content) if not m.running and len(m.text.split()) > 3}
    seen = 0
    for address in (
        "/check/",
        "/check/n",
        "/check/n/p/b/e",
        "/help/",
        "/help/childline",
        "/advice/money",
        "/partners",
    ):
        page = Page(client.get(f"/cy{address}").text)
        assert "<span" not in page.title
        for element in page.root.iter():
            assert not any("<" in value for value in element.attrib.values()), (address, element.attrib)
        for tag, language, text in spoken(page.one("html")):
            if text in texts and tag not in ("title", "option", "code"):
                seen += 1
                assert language == "en-GB", (address, text)
    assert seen > 20


def test_running_text_is_marked_as_a_whole(client):
    page = Page(client.get("/cy/advice/money").text)
    assert [e for e in page.all("div") if e.get("lang") == "en-GB"]


def test_an_english_page_has_no_mark(client):
    assert 'lang="en-GB"' not in client.get("/check/n/p/b/e").text.partition("<main")[2]


def test_a_marked_text_is_escaped_once_and_can_be_plain():
    assert Untranslated("A & B").__html__() == '<span lang="en-GB" dir="ltr">A &amp; B</span>'
    assert type(plain(Untranslated("A"))) is str
