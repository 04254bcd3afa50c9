"""For partners: every link to copy leads where it says, first to the question about danger, never to a 404."""

from __future__ import annotations

import re

import pytest

from signpost.exports.posters import _digest, ready, sheets
from signpost.models.urls import BADGE
from tests.page import Page
from tests.planting import plant, refusal, site

BASE = "https://signpost.example"
MOST_BYTES = 12 * 1024


@pytest.fixture(scope="module")
def get():
    """Fetches a URL from a site with a base URL and a contact."""
    client = site(BASE_URL=BASE, CONTACT="web@signpost.example").test_client()
    return lambda address: client.get(address, base_url=BASE)


def codes(page: Page) -> list[Page]:
    """Each piece of code to copy, pasted into an empty page."""
    return [
        Page(f"<!doctype html><title>x</title><h1>x</h1>{''.join(code.itertext())}")
        for code in page.all("code")
    ]


def target(code: Page) -> str:
    return (code.one("a").get("href") or "").removeprefix(BASE)


def test_there_is_a_link_and_a_badge_for_the_start_and_for_everyone_we_write_for(get, content):
    listed = [target(code) for code in codes(Page(get("/partners").text))]
    wanted = ["/", *(f"/for/{id_}" for id_ in content.journey.entries)]
    assert listed == [address for address in wanted for _ in ("link", "badge")]


def test_each_snippet_is_plain_html_and_tracks_nobody(get):
    page = Page(get("/partners?service=childline").text)
    for code in codes(page):
        assert not code.all("script")
        assert not code.all("iframe")
        link = code.one("a")
        assert (link.get("href") or "").startswith(f"{BASE}/")
        assert link.get("rel") == "noreferrer"
        assert link.get("hreflang") == "en-GB"
        assert link.get("target") is None, "a new tab leaves the partner's page behind in the old one"
        for image in code.all("img"):
            assert image.get("src") == f"{BASE}{BADGE}"
            assert (image.get("alt") or "").startswith("Find the right people to talk to")
            assert image.get("referrerpolicy") == "no-referrer"
            assert (image.get("width"), image.get("height")) == ("240", "64")
        if not code.all("img"):
            assert link.get("lang") == "en-GB"
            assert Page.words(link)


def test_beside_each_code_stands_what_it_looks_like(get):
    page = Page(get("/partners?service=childline").text)
    shown = {(a.get("href"), Page.words(a)) for a in page.all("a")}
    for code in codes(page):
        if not code.all("img"):
            assert (target(code), Page.words(code.one("a"))) in shown


def test_every_link_for_one_group_lands_on_the_question_about_danger(get, content):
    danger = content.journey.questions[content.journey.first].title
    landed = [Page(get(target(code)).text).heading for code in codes(Page(get("/partners").text))]
    assert landed[:2] == ["Find the right people to talk to"] * 2
    assert set(landed[2:]) == {danger}


@pytest.mark.slow
def test_any_service_has_its_link(get, content):
    choices = [option.get("value") for option in Page(get("/partners").text).all("option")]
    assert sorted(choices) == sorted(content.directory.routes)
    for id_, route in content.directory.routes.items():
        last = codes(Page(get(f"/partners?service={id_}").text))[-2:]
        assert {target(code) for code in last} == {f"/help/{id_}"}
        assert Page(get(target(last[0])).text).heading == route.name
    assert get("/partners?service=nobody").status_code == 404


def test_the_badge_says_what_its_text_alternative_says(get):
    badge = get(BADGE)
    assert badge.content_type.startswith("image/svg+xml")
    words = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", badge.text))
    assert words == "Find the right people to talk to"
    assert f'aria-label="{words}"' in badge.text
    assert badge.text.strip() in get("/partners").text, "what is shown is not what is served"
    assert not re.search(r"<(style|script|image|use)|href|url\(", badge.text)


def test_partners_read_what_the_badge_costs_and_whom_to_tell(get):
    text = Page(get("/partners").text).text
    assert "their browsers fetch it from us. We then handle their IP address for a moment" in text
    assert "web@signpost.example" in text


def test_the_first_view_is_no_heavier_than_of_any_other_page(client):
    """Counts the compressed page and everything it loads, except the tab's icon."""
    page = Page(client.get("/partners").text)
    loaded = [script.get("src") for script in page.all("script")]
    loaded += [link.get("href") for link in page.all("link") if link.get("rel") == "stylesheet"]
    assert not page.all("img")
    assert len(loaded) == 1
    sizes = [
        len(client.get(address, headers={"Accept-Encoding": "br"}, buffered=True).data)
        for address in (*loaded, "/partners")
    ]
    assert sum(sizes) <= MOST_BYTES, sizes


def test_a_page_that_is_gone_leads_on(tmp_path):
    folder = plant(tmp_path, "moved.toml", "[pages]\n", '[pages]\n"/for/mums" = "/for/parents"\n')
    client = site(CONTENT=folder).test_client()
    for address in ("/for/mums", "/for/mums/", "/for//mums"):
        gone = client.get(address)
        assert (gone.status_code, gone.headers["Location"]) == (302, "/for/parents")


def test_an_entry_without_words_for_its_link_is_refused(tmp_path):
    folder = plant(tmp_path, "entries.toml", 'link = "', 'ling = "')
    assert "entries.toml, parents: “ling” is not known here. Did you mean “link”?" in refusal(folder)


def test_posters_are_offered_only_while_they_say_what_they_should(tmp_path, numbers):
    app = site(BASE_URL=BASE)
    app.static_folder = str(tmp_path)
    (tmp_path / "posters").mkdir()
    assert ready(app) == []
    (tmp_path / "posters" / "made-from.txt").write_text(_digest(list(sheets(app, qr=str))))
    assert ready(app) == list(sheets(app, qr=str)) != []

    number = numbers["childline"].number
    for settings in (
        {"BASE_URL": "https://elsewhere.example"},
        {"BASE_URL": BASE, "SITE_NAME": "Another name"},
        {
            "BASE_URL": BASE,
            "CONTENT": plant(
                tmp_path, "routes/childline.toml", f'number = "{number}"', 'number = "0800 2222"'
            ),
        },
    ):
        other = site(**settings)
        other.static_folder = str(tmp_path)
        assert ready(other) == [], settings


def test_partners_read_it_if_there_are_no_posters(get):
    assert "Nobody has made them for this address yet" in get("/partners").text


def test_posters_that_are_ready_are_linked(monkeypatch, content):
    app = site(BASE_URL=BASE)
    app.extensions["posters"] = list(sheets(app, qr=str))
    page = Page(app.test_client().get("/partners", base_url=BASE).text)
    files = [link for link in page.links if link.endswith(".pdf")]
    assert len(files) == len(set(files)) == len(app.extensions["posters"]) > 0
    for id_, entry in content.journey.entries.items():
        if entry.poster:
            for kind in ("poster", "cards"):
                for ink in ("colour", "black"):
                    assert f"/static/posters/{id_}-{kind}-{ink}.pdf" in files
