"""Welsh: every page under /cy/, a link between languages that keeps the state, and no Welsh unless turned on."""

from __future__ import annotations

import re
from datetime import date, datetime
from itertools import product
from xml.etree import ElementTree

import pytest

from config import SettingsError
from signpost.i18n.languages import ENGLISH, KNOWN, chosen, split_language_prefix
from signpost.i18n.locales import Locale
from signpost.i18n.translate import map_text
from signpost.models.content import load_content
from signpost.models.hours import LONDON
from signpost.models.urls import JOURNEY_DATA, SHARED, listed_pages, states
from signpost.web import padding
from signpost.web.errors import last_resort
from tests.page import Page
from tests.planting import plant, refusal, site
from tests.states import sample, some

WELSH = KNOWN["cy"]
BASE = "https://signpost.example"


def bilingual(**settings: str):
    """An app that shows both languages."""
    return site(**{"LANGUAGES": "en cy", "RATE_LIMIT": "1000000 per minute"} | settings)


@pytest.fixture(scope="module")
def both():
    return bilingual(BASE_URL=BASE)


@pytest.fixture(scope="module")
def get(both):
    client = both.test_client()
    return lambda address, **kwargs: client.get(address, base_url=BASE, **kwargs)


@pytest.fixture(scope="module")
def welsh(both) -> Locale:
    return both.extensions["locales"][WELSH]


@pytest.fixture(scope="module")
def pairs(content, get) -> dict[str, tuple[Page, Page]]:
    """States of every kind in English and in Welsh, by their paths without the language prefix."""
    return {
        address: (Page(get(address).text), Page(get(f"/cy{address}").text)) for address in sample(content)
    }


def switch(page: Page) -> str:
    """The href of the link to the other language."""
    nav = next(nav for nav in page.all("nav") if nav.get("class") == "languages")
    (link,) = nav.iter("a")
    assert link.get("lang") == link.get("hreflang")
    assert Page.words(link) == {each.tag: each.name for each in KNOWN.values()}[link.get("lang")]
    return link.get("href")


# ---- which languages are shown


@pytest.mark.parametrize(
    ("codes", "problem"),
    [
        (["en", "fr"], f"SIGNPOST_LANGUAGES has “fr”: give some of {', '.join(KNOWN)}"),
        (["cy"], "SIGNPOST_LANGUAGES: add “en”, which the addresses without a language are in"),
    ],
)
def test_languages_that_cannot_be_shown_stop_the_start(codes, problem):
    with pytest.raises(SettingsError, match=re.escape(problem)):
        chosen(codes)


def test_english_comes_first():
    assert chosen(["cy", "en"]) == (ENGLISH, WELSH)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/cy/help/nspcc", (WELSH, "/help/nspcc")),
        ("/cy/", (WELSH, "/")),
        ("/cy", (WELSH, "")),
        ("/cyw", (ENGLISH, "/cyw")),
        ("/help/cy", (ENGLISH, "/help/cy")),
    ],
)
def test_the_language_of_an_address(path, found):
    assert split_language_prefix(path, KNOWN.values()) == found


def test_by_default_there_is_no_welsh(client, crawl):
    for address in ("/cy/", "/cy/check/n", "/cy/help/nspcc", "/cy/badge.svg"):
        assert client.get(address).headers["Location"] == address.removeprefix("/cy"), address
    for address, page in crawl.items():
        assert "/cy/" not in page.html, address
        assert "hreflang" not in page.html or address.startswith("/partners"), (
            address
        )  # its snippets carry one
        assert 'lang="cy"' not in page.html, address
    for sitemap in ("/sitemap.xml", "/sitemap-states.xml"):
        assert "/cy/" not in client.get(sitemap).text


# ---- every address in both


@pytest.mark.slow
def test_every_state_is_there_in_welsh_and_each_leads_to_the_other(pairs):
    for address, both in pairs.items():
        assert [page.one("html").get("lang") for page in both] == ["en-GB", "cy"], address
        pad = padding.address if address.startswith("/numbers/") else str
        assert [switch(page) for page in both] == [pad(f"/cy{address}"), pad(address)]


@pytest.mark.slow
def test_a_page_in_one_language_leads_to_no_other(pairs):
    """Except for the link to the other language, and for files and data, which have no language."""
    for address, (_, page) in pairs.items():
        no_language = {switch(page), *SHARED} - {JOURNEY_DATA}
        ours = {link for link in page.links if link.startswith("/")} - no_language
        assert not [link for link in ours if not link.startswith(("/cy/", "/static/"))], address
        for form in page.all("form"):
            assert (form.get("action") or "/cy/").startswith("/cy/"), address


@pytest.mark.slow
def test_a_page_is_built_the_same_in_both(pairs):
    """The same elements in the same order, so no fact is missing in one language."""

    def built(page: Page) -> list[str]:
        code = {each for code in page.root.iter("code") for each in code.iter()}  # broken where it is long
        # A note on the translation, and marks of words that stay English, are only in Welsh.
        main = [
            each
            for each in page.one("main").iter()
            if each not in code
            and each.get("class") != "unread"
            and each.get("lang") != "en-GB"
            # Names in sentences are marked by their English form.
            and each.tag != "bdi"
        ]
        return [f"{each.tag} {each.get('id', '')} {each.get('class', '')}" for each in main]

    for address, (english, welsh) in pairs.items():
        assert built(english) == built(welsh), address


@pytest.mark.parametrize(
    ("address", "location"),
    [
        ("/cy", "/cy/"),
        ("/CY/", "/cy/"),
        ("/Cy/help/", "/cy/help/"),
        ("/cy/check", "/cy/check/"),
        ("/cy//check/n", "/cy/check/n"),
        ("/cy/check/n/", "/cy/check/n"),
        ("/cy/help", "/cy/help/"),
        ("/cy/help/nspcc/", "/cy/help/nspcc"),
        ("/cy/check/n?go=1&answer=p", "/cy/check/n/p"),
        ("/cy/for/parents?go=1&answer=n", "/cy/check/n/p"),
    ],
)
def test_every_redirect_stays_in_its_language(get, address, location):
    assert get(address).headers["Location"] == location


@pytest.mark.parametrize(
    ("path", "location"),
    [("//cy/check/n", "/cy/check/n"), ("//cy//help", "/cy/help/"), ("//check/n", "/check/n")],
)
def test_slashes_too_many_do_not_change_the_language(both, path, location):
    response = both.test_client().get("/", base_url=BASE, environ_overrides={"PATH_INFO": path})
    assert response.headers["Location"] == location


def test_what_is_gone_leads_on_in_its_language(tmp_path):
    folder = plant(tmp_path, "moved.toml", "[pages]", '[pages]\n"/help/old-name" = "/help/nspcc"')
    client = bilingual(CONTENT=str(folder)).test_client()
    assert client.get("/cy/help/old-name").headers["Location"] == "/cy/help/nspcc"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/cy/check/n?go=1&utm_source=x", "/check/n?go=1"),
        ("/cy/check/n?moved=1&answer=zz", "/check/n?moved=1"),
        ("/cy/partners?go=1&service=nspcc", "/partners?service=nspcc"),
        ("/cy/for/parents?go=1&service=nspcc", "/for/parents?go=1"),
        ("/cy/about?service=nspcc&go=2", "/about"),
        ("/cy/partners", "/partners"),
        (f"/cy/check/n?{'go=1&' * 200}", "/check/n?go=1"),
        ("/cy/check/n?%67o=1", "/check/n?go=1"),
    ],
)
def test_the_link_keeps_the_state_and_nothing_else(get, asked, expected):
    assert switch(Page(get(asked).text)) == expected


# ---- the same routes, in the same order, with the same numbers


def test_only_words_differ(welsh, content):
    blank = [map_text(each, lambda place, text, running: "") for each in (welsh.content, content)]
    assert blank[0] == blank[1]


@pytest.mark.slow
def test_a_result_shows_the_same_ways_to_reach_the_same_people_in_the_same_order(pairs):
    def reach(page: Page) -> list[str]:
        ways = ("tel:", "sms:", "mailto:", "https:", "/help/", "/cy/help/")
        # A message to send is in the language of the page, so it differs.
        return [a.removeprefix("/cy") for a in page.links if a.startswith(ways) and "body=" not in a]

    for address, (english, welsh) in pairs.items():
        assert reach(english) == reach(welsh), address


#: Words that a title must not contain (as in test_words.py), in Welsh, with any mutation of the first letter.
TELLING = re.compile(
    r"am-dri|hywiol|rywiol|porn|noeth|anweddus|[td]r[ae]is|rosedd|lacmel|hunanladd|arest", re.IGNORECASE
)


@pytest.mark.slow
def test_no_title_or_heading_reveals_the_subject(pairs, welsh):
    routes = welsh.content.directory.routes.values()
    names = re.compile(
        "|".join(re.escape(name) for route in routes for name in (route.name, route.organisation))
    )
    for address, (_, page) in pairs.items():
        headings = [Page.words(each) for tag in ("h1", "h2", "h3") for each in page.all(tag)]
        for words in (page.title, *headings):
            assert not TELLING.search(names.sub("", words)), (address, words)


def test_a_revealing_title_would_be_found():
    for words in ("Cam-drin plant", "Niwed rhywiol", "Wedi’i arestio", "Beth yw blacmel?"):
        assert TELLING.search(words)


# ---- search engines and other programs


def test_search_engines_learn_of_both(get, content):
    for address in some(listed_pages(content), 5):
        for root in ("", "/cy"):
            links = Page(get(root + address).text).all("link")
            # The other alternate is a feed.
            found = {
                each.get("hreflang"): each.get("href")
                for each in links
                if each.get("rel") == "alternate" and not each.get("type")
            }
            assert found == {"en-GB": BASE + address, "cy": f"{BASE}/cy{address}"}, address
    for address in ("/cy/check/n", "/cy/for/parents?go=1", "/cy/journey"):
        assert not [each for each in Page(get(address).text).all("link") if each.get("rel") == "alternate"]


def test_sitemaps_list_both(get, content):
    tree = ElementTree.fromstring(get("/sitemap.xml").data)
    loc, link = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc", "{http://www.w3.org/1999/xhtml}link"
    listed = [each.text for each in tree.iter(loc)]
    assert listed == [BASE + root + address for address in listed_pages(content) for root in ("", "/cy")]
    for url in tree:
        address = url.find(loc).text.removeprefix(BASE).removeprefix("/cy")
        found = {each.get("hreflang"): each.get("href") for each in url.iter(link)}
        assert found == {"en-GB": BASE + address, "cy": f"{BASE}/cy{address}"}
    in_states = [each.text for each in ElementTree.fromstring(get("/sitemap-states.xml").data).iter(loc)]
    assert in_states == [BASE + root + address for address in states(content) for root in ("", "/cy")]


def test_what_others_load_is_shared_in_both(get):
    for root, address in product(("", "/cy"), SHARED):
        address = root + address
        assert get(address).headers["Cross-Origin-Resource-Policy"] == "cross-origin", address
    assert "Find the right people to talk to" in get("/badge.svg").text
    assert "Y bobl iawn i siarad â nhw" in get("/cy/badge.svg").text


# ---- failures


@pytest.mark.parametrize(
    ("address", "method", "status"),
    [("/cy/nothing", "GET", 404), ("/cy/about", "POST", 405), ("/cy/" + "x" * 2100, "GET", 414)],
)
def test_a_failure_page_is_in_the_language_of_its_address(both, welsh, address, method, status):
    response = both.test_client().open(address, method=method, base_url=BASE)
    assert response.status_code == status
    page = Page(response.text)
    assert page.one("html").get("lang") == "cy"
    assert switch(page) == "/"
    assert not [link for link in page.all("link") if link.get("rel") == "alternate"]
    for essential in welsh.content.emergency.essentials:
        route = welsh.content.directory.routes[essential.route]
        assert essential.for_whom in page.text
        assert route.primary_contact.number in page.text


def test_the_last_resort_is_in_welsh_too(welsh):
    page = Page(last_resort(welsh))
    page.check()
    assert page.one("html").get("lang") == "cy"
    assert "Y tu allan i’r DU" in page.text


# ---- what a page says of its translation


def test_a_page_says_so_until_a_translator_has_read_it(get, tmp_path):
    line = "Nid yw cyfieithydd proffesiynol wedi darllen y dudalen hon eto."
    for address in ("/", "/check/n", "/help/nspcc", "/nothing"):
        assert line in Page(get(f"/cy{address}").text).text
        assert line not in get(address).text
    folder = plant(tmp_path, "scope.toml", "reviewed = {}", "reviewed = { cy = 2027-01-31 }")
    assert load_content(folder).manifest.reviewed == {"cy": date(2027, 1, 31)}
    read = bilingual(CONTENT=str(folder)).test_client()
    assert line not in read.get("/cy/").text


# ---- who answers in Welsh


def test_a_number_that_answers_in_welsh_says_so_there(get):
    sure, think = "Hefyd yn Gymraeg.", "Maen nhw’n ateb yn Gymraeg hefyd, rydyn ni’n credu."
    assert sure in Page(get("/cy/help/stop-it-now").text).text
    assert sure in Page(get("/cy/check/n/m/v").text).text
    assert think in Page(get("/cy/help/live-fear-free").text).text
    assert "yn Gymraeg" not in Page(get("/cy/help/nspcc").text).text
    assert "this language" not in Page(get("/help/stop-it-now").text).text


def test_a_language_that_nobody_reads_here_is_refused(tmp_path):
    folder = plant(tmp_path, "routes/live-fear-free.toml", "cy = ", "fr = ")
    assert "languages has “fr”, in which the site is not. Write one of cy" in refusal(folder)


# ---- hours, dates and times


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-24 09:05", "9:05yb"),
        ("2026-11-24 21:30", "9:30yh"),
    ],
)
def test_the_time_is_in_welsh(welsh, moment, words):
    assert welsh.hours.clock(datetime.fromisoformat(moment).replace(tzinfo=LONDON)) == words


def test_a_date_is_in_welsh(get):
    assert "25 Tachwedd 2026" in Page(get("/cy/accessibility").text).text
    assert "Tachwedd 2026" in Page(get("/cy/help/nspcc").text).text
