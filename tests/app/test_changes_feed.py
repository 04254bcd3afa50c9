"""The feed of changes: valid Atom, true of what is recorded and of what is not, in each language."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from lxml import etree

from signpost.exports.changes_feed import changes_feed
from signpost.i18n.languages import ENGLISH, KNOWN, Language
from signpost.models import changes
from signpost.models.changes import Changes
from signpost.models.content import load_content
from signpost.models.recording import recorded, unrecorded
from signpost.models.urls import CHANGES
from tests import ROOT
from tests.conftest import NO_LENGTHS
from tests.page import Page
from tests.planting import plant, site

ATOM = {"a": "http://www.w3.org/2005/Atom"}
BASE = "https://signpost.example"
BEGUN, THEN, LATER = date(2026, 11, 20), date(2026, 12, 3), date(2026, 12, 9)
SCHEMA = etree.RelaxNG(etree.parse(ROOT / "tests/fixtures/atom/feed.rng"))


@pytest.fixture(scope="module")
def both():
    return site(LANGUAGES="en cy", BASE_URL=BASE)


@pytest.fixture(scope="module")
def lived(both):
    """Content of which services came, went and changed, and one change is not recorded yet."""
    content = both.extensions["content"]

    def having(record: Changes, day: date, routes: dict) -> Changes:
        now = replace(content, changes=record, directory=replace(content.directory, routes=routes))
        return recorded(now, day)

    routes = dict(content.directory.routes)
    shout = routes.pop("shout")
    old = replace(routes["nspcc"], id="old-line", name="Old & gone <line>")
    record = having(Changes(), BEGUN, routes | {"old-line": old})
    changed = replace(routes["nspcc"], next="x", access="x")
    record = having(record, THEN, routes | {"shout": shout, "nspcc": changed})
    return replace(content, changes=record, moved=content.moved | {"/help/old-line": "/help/nspcc"})


@pytest.fixture(scope="module")
def later(lived):
    """The same, with everything recorded."""
    return replace(lived, changes=recorded(lived, LATER))


@pytest.fixture(scope="module")
def feed(both, lived):
    """Writes the feed of a content in a language, and parses it."""

    kept: dict[tuple[int, Language], str] = {}

    def written(content=lived, language=ENGLISH):
        if (id(content), language) not in kept:
            locale = both.extensions["locales"][language]
            here = replace(locale.content, changes=content.changes, moved=content.moved)
            missing = unrecorded(content)
            kept[id(content), language] = changes_feed(
                replace(locale, content=here), missing, BASE, "Ann & Co"
            )
        root = etree.fromstring(kept[id(content), language].encode())
        assert SCHEMA.validate(root), SCHEMA.error_log
        return root

    return written


def text(element, path: str) -> str:
    (found,) = element.xpath(f"{path}/text()", namespaces=ATOM)
    return found


def entries(root) -> dict[str, etree._Element]:
    return {text(each, "a:title"): each for each in root.iterfind("a:entry", ATOM)}


def test_it_tells_what_came_went_and_changed(feed):
    found = entries(feed())
    assert found.keys() == {
        "Shout: added",
        "Old & gone <line>: no longer listed",
        "NSPCC Helpline: changed (what happens next, access)",
    }
    shout, old = found["Shout: added"], found["Old & gone <line>: no longer listed"]
    assert text(shout, "a:updated") == "2026-12-03T00:00:00Z"
    assert shout.xpath("a:link/@href", namespaces=ATOM) == [f"{BASE}/help/shout"]
    assert old.xpath("a:link/@href", namespaces=ATOM) == [f"{BASE}/help/nspcc"]
    assert shout.xpath("a:category/@term", namespaces=ATOM) == ["added"]


def test_a_change_that_is_not_recorded_says_so_and_keeps_its_identifier(feed, lived, later):
    (pending,) = unrecorded(lived)
    assert pending == "nspcc"
    before, after = feed(), feed(later)
    said = [
        each for each in before.iterfind("a:entry", ATOM) if "do not know the day" in text(each, "a:content")
    ]
    assert len(said) == 1
    assert text(said[0], "a:updated") == "2026-12-03T00:00:00Z"
    (same,) = [
        each for each in after.iterfind("a:entry", ATOM) if text(each, "a:id") == text(said[0], "a:id")
    ]
    assert text(same, "a:updated") == text(after, "a:updated") == "2026-12-09T00:00:00Z"
    assert "do not know the day" not in text(same, "a:content")


def test_every_entry_has_an_identifier_of_its_own_in_each_language(feed):
    ids = [
        text(each, "a:id")
        for root in (feed(), feed(language=KNOWN["cy"]))
        for each in root.iterfind("a:entry", ATOM)
    ]
    assert len(ids) == len(set(ids)) == 8
    assert all(uuid.UUID(each) for each in ids)


def test_the_newest_entry_is_the_first(feed, later):
    days = [text(each, "a:updated") for each in feed(later).iterfind("a:entry", ATOM)]
    assert days == sorted(days, reverse=True)


def test_it_says_who_wrote_it_and_who_may_use_it(feed):
    root = feed()
    assert text(root, "a:author/a:name") == "Ann & Co"
    assert text(root, "a:rights") == "MIT License, https://spdx.org/licenses/MIT.html"
    links = {each.get("rel"): each.get("href") for each in root.iterfind("a:link", ATOM)}
    assert links["self"] == text(root, "a:id") == BASE + CHANGES


def test_in_another_language_it_says_the_same_and_links_there(feed):
    root = feed(language=KNOWN["cy"])
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert root.get(lang) == "cy"
    assert not root.xpath(".//*[@xml:lang]")
    assert "Shout: wedi’i ychwanegu" in entries(root)
    assert f"{BASE}/cy/help/shout" in root.xpath("//a:link/@href", namespaces=ATOM)


def test_what_is_not_translated_says_that_it_is_english(both, lived):
    locale = both.extensions["locales"][KNOWN["cy"]]
    catalogue = BytesIO()
    write_mo(catalogue, Catalog("cy"))
    catalogue.seek(0)
    empty = GNUTranslations(catalogue)
    with both.app_context():
        here = replace(locale, translations=empty, content=replace(locale.content, changes=lived.changes))
        root = etree.fromstring(changes_feed(here, {}, BASE, "Ann").encode())
    assert SCHEMA.validate(root), SCHEMA.error_log
    marked = {
        etree.QName(each).localname for each in root.iter() if any("lang" in name for name in each.attrib)
    }
    assert marked == {"feed", "title", "subtitle", "content"}


def test_without_a_record_it_claims_nothing(feed, lived):
    root = feed(replace(lived, changes=Changes()))
    assert not entries(root)
    assert "keeps no record" in text(root, "a:subtitle")


@pytest.mark.parametrize(
    "gone", ["a:id", "a:title", "a:updated", "a:author", "a:entry/a:id", "a:entry/a:updated"]
)
def test_the_schema_finds_what_is_missing(feed, gone):
    root = feed()
    found = root.find(gone, ATOM)
    found.getparent().remove(found)
    assert not SCHEMA.validate(root)


def test_the_schema_finds_what_is_wrong(feed):
    for path, value in (("a:updated", "2026-12-03"), ("a:id", "x"), ("a:title", "")):
        root = feed()
        root.find(path, ATOM).text = value
        assert not SCHEMA.validate(root), path


@pytest.mark.parametrize("root", ["", "/cy"])
def test_the_site_serves_it_and_leads_there(both, root):
    client = both.test_client()
    response = client.get(root + CHANGES, base_url=BASE)
    assert response.content_type == "application/atom+xml; charset=utf-8"
    assert SCHEMA.validate(etree.fromstring(response.data)), SCHEMA.error_log
    page = Page(client.get(f"{root}/partners", base_url=BASE).text)
    assert f"{root}{CHANGES}" in page.links
    (link,) = [each for each in page.all("link") if each.get("type") == "application/atom+xml"]
    assert (link.get("rel"), link.get("href")) == ("alternate", f"{BASE}{root}{CHANGES}")


@pytest.mark.slow
def test_the_check_names_what_is_not_recorded_and_one_command_records_it(tmp_path, monkeypatch):
    folder = plant(tmp_path, "moved.toml", "", "")
    (folder / changes.FILE).write_text(
        changes.as_toml(recorded(replace(load_content(folder), changes=Changes()), BEGUN)), "utf-8"
    )
    plant(tmp_path, "routes/nspcc.toml", 'name = "NSPCC Helpline"', 'name = "NSPCC line"')
    runner = site(CONTENT=folder).test_cli_runner()
    monkeypatch.setattr(*NO_LENGTHS)
    monkeypatch.setattr("signpost.cli.broken_pages", lambda *_: ())
    said = runner.invoke(args=["check"])
    assert said.exit_code == 0
    assert "Not in the record of changes yet: nspcc. Run: make map" in said.output
    assert runner.invoke(args=["changes"]).exit_code == 0
    assert 'parts = ["name"]' in (folder / changes.FILE).read_text("utf-8")
    assert unrecorded(load_content(folder)) == {}
