"""A translation that has just begun: a draft shows it, and every English text on its pages is marked as English."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from config import Config
from signpost import create_app
from signpost.i18n.fallback import BEGIN, END, place_marks
from signpost.i18n.hours_text import sentence
from signpost.i18n.languages import CATALOGUES
from signpost.i18n.translate import catalogue_of
from signpost.models.errors import ContentError
from tests.page import CheckingClient, Page
from tests.planting import plant


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Iterator[Config]:
    """Settings with a language of which nothing is translated."""
    folder: Path = tmp_path_factory.mktemp("begun")
    content = plant(folder, "questions.toml", "Is anyone in danger now?", "Is someone in danger now?")
    for into, domain in ((content / "translations", "content"), (folder / "site", "messages")):
        path = catalogue_of(into, "cy", domain)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_mo(file, Catalog("cy"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("signpost.i18n.locales.CATALOGUES", folder / "site")
        yield Config.from_environment({"SIGNPOST_LANGUAGES": "en cy", "SIGNPOST_CONTENT": str(content)})


@pytest.fixture(scope="module")
def client(begun):
    app = create_app(begun, draft=True)
    app.test_client_class = CheckingClient
    return app.test_client()


def test_visitors_are_not_shown_a_language_that_has_just_begun(begun):
    with pytest.raises(ContentError, match="texts are not translated"):
        create_app(begun)


@pytest.mark.parametrize("address", ["/about", "/cy/about", "/cy/check/"])
def test_a_draft_says_so(client, address):
    page = Page(client.get(address).text)
    assert page.words(page.one("main")).startswith("Draft. Only this machine shows this page")


def texts(element, lang: str = "") -> Iterator[tuple[str, str]]:
    """Each text with its language."""
    lang = element.get("lang") or lang
    # What has no place for an element: a title, a drawing.
    if element.tag.rpartition("}")[2] in ("script", "style", "title", "svg", "option"):
        return
    yield lang, " ".join((element.text or "").split())
    for child in element:
        yield from texts(child, lang)
        yield lang, " ".join((child.tail or "").split())


@pytest.mark.parametrize(
    "address",
    ["/", "/check/?go=1", "/check/n/p/b/e", "/help/childline", "/help/stop-it-now", "/about", "/partners", "/privacy", "/nothing", "/numbers/nspcc+childline"],
)  # fmt: skip
def test_every_english_text_is_marked(client, address):
    with (CATALOGUES / "messages.pot").open("rb") as file:
        english = {message.id for message in read_po(file) if message.id}
    shown = client.get(f"/cy{address}").text
    assert BEGIN not in shown
    assert END not in shown
    found = list(texts(Page(shown).one("html")))
    assert {text for lang, text in found if lang == "en-GB"} & english
    assert {text for lang, text in found if lang != "en-GB"} & english <= {"Signpost"}


def test_a_mark_is_placed_only_where_an_element_can_stand():
    text = f"{BEGIN}Exit{END}"
    assert place_marks(f"<p>{text}</p>") == '<p><span lang="en-GB" dir="ltr">Exit</span></p>'
    for around in (
        '<a title="{}">x</a>',
        "<title>{}</title>",
        "<svg><text>{}</text></svg>",
        "<option>{}</option>",
    ):
        assert place_marks(around.format(text)) == around.format("Exit")
    assert sentence(f"{BEGIN}every day{END}") == f"{BEGIN}Every day{END}"
