"""A translation that has just begun: a draft shows it, and every English text on its pages is marked as English."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import render_template_string
from lxml.html import fromstring

from config import Config
from signpost import create_app
from signpost.i18n.fallback import BEGIN, END, place_marks
from signpost.i18n.hours_text import sentence
from signpost.i18n.languages import CATALOGUES, KNOWN
from signpost.i18n.locales import use_locale
from signpost.i18n.translate import catalogue_of
from signpost.models.errors import ContentError
from signpost.models.hours import LONDON, Hours, Opening, Span
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


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("hours|week|sentence", "Monday to Thursday, 9am to 9pm"),
        ("hours|holidays", "Bank holidays may differ."),
        ("now|clock", "2:10pm"),
        ("opening|in_words(now)", "Open now, until 5pm"),
        ("['england', 'wales']|in_nations", "England and Wales"),
        ("'[](call:nspcc)'|markdown", "NSPCC Helpline on "),
    ],
)
def test_words_of_the_code_are_marked_in_templates(client, what, words):
    """Also where no text of a template, which is marked, stands around them."""
    app = client.application
    now = datetime(2026, 11, 2, 14, 10, tzinfo=LONDON)
    values = {
        "hours": Hours("limited", spans=(Span.from_text("mon-thu 09:00-21:00"),)),
        "now": now,
        "opening": Opening("open", now.replace(hour=17, minute=0)),
    }
    with use_locale(app, KNOWN["cy"]):
        shown = fromstring(f"<main>{render_template_string('{{ ' + what + ' }}', **values)}</main>")
    assert words in shown.text_content()
    assert not [text for lang, text in texts(shown) if lang != "en-GB" and any(map(str.isalpha, text))]


def places(value, pointer="") -> Iterator[tuple[str, str]]:
    """Each text of a JSON value, by its JSON Pointer."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, f"{pointer}/{key}")
    elif isinstance(value, str):
        yield pointer, value


def test_data_says_which_of_its_texts_are_english(client):
    welsh, english = (client.get(f"{root}/data/journey.json").json for root in ("/cy", ""))
    assert english["untranslated"] == []
    of = dict(places(welsh))
    assert set(welsh["untranslated"]) <= of.keys()
    assert not [text for text in of.values() if BEGIN in text or END in text]
    assert {"/questions/danger/title", "/routes/childline/summary"} <= set(welsh["untranslated"])
    hours = {pointer for pointer in of if pointer.endswith("/hours/words")}
    assert hours
    assert hours <= set(welsh["untranslated"])
    # HTML marks its own.
    assert of["/emergency/ways"].startswith('<div lang="en-GB" dir="ltr">')


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
