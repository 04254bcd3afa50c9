"""The static site in a browser, from a plain host of files: visits, accessibility, layout and exit, as on the served one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from signpost.web.static_site import address, write_site
from tests.browser.conftest import PROBES, _watched, put_in
from tests.browser.kinds import NARROW, WIDE
from tests.browser.scanning import AXE, HTMLCS, IBM, scan
from tests.browser.test_engines import checked
from tests.browser.test_exit import WAYS
from tests.browser.test_keyboard import stops
from tests.browser.test_layout import measured
from tests.plain_host import few_pages, serving, visited_pages
from tests.planting import site as site_of_its_own
from tests.states import EVERY_STATE

BELOW = "/find-help"
#: What differs from the served site: the first few in the shape of the page, the others in words.
DIFFERENT = ("/check/n", "/cy/check/n", "/for/parents", "/cy/404.html")
ALSO = ("/check/", "/check/n/m", "/partners", "/privacy", "/cy/partners", "/cy/privacy", "/404.html")
PLACES = [address(path, BELOW) for path in (DIFFERENT + ALSO if EVERY_STATE else DIFFERENT)]

#: An engine calls http-equiv deprecated, which the HTML Standard and the Nu Html Checker do not.
NO_FAULT = 'element_attribute_deprecated: The HTML attribute(s) "http-equiv"'


@pytest.fixture(scope="module")
def folder(tmp_path_factory, elsewhere: str, content) -> Path:
    """The root of a host, with a few pages of a static site below it, in both languages."""
    root = tmp_path_factory.mktemp("host")
    app = site_of_its_own(LANGUAGES="en cy", BASE_URL=f"https://charity.example{BELOW}", EXIT_URL=elsewhere)
    pages = few_pages(content) if EVERY_STATE else ["/for/parents", *visited_pages(content)]
    write_site(app, root / BELOW[1:], paths=pages)
    return root


@pytest.fixture(scope="module")
def host(folder: Path):
    with serving(folder) as server:
        yield server


@pytest.fixture(params=["with script", "without script"])
def guest(request, chromium: Browser, host: str):
    """A visitor of the static site on a small phone; no request may go to another host."""
    yield from _watched(chromium, host, script=request.param == "with script")


def test_a_neighbour_reaches_the_police_and_the_helplines_by_links(guest: Page, numbers):
    guest.goto(f"{BELOW}/")
    for words in (
        "Start now",
        "No, not right now",
        "Another child",
        "Someone may be hurting a child",
        "Wales",
    ):
        guest.get_by_role("link", name=words).first.click()
    expect(guest).to_have_title(re.compile("^Help for a child"))
    called = [a.get_attribute("href") for a in guest.locator('main a[href^="tel:"]').all()]
    assert called[0] == "tel:999"
    places = [called.index(numbers[id_].href) for id_ in ("police-england-wales", "stop-it-now", "nspcc")]
    assert places == sorted(places)
    guest.get_by_role("link", name="Back", exact=True).click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Where does the child live?")
    guest.go_back()
    guest.get_by_role("link", name="Print or send these numbers").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("Numbers to keep")


def test_a_visit_in_welsh_and_a_change_of_mind(guest: Page):
    guest.goto(f"{BELOW}/")
    guest.get_by_role("link", name="Cymraeg").click()
    guest.get_by_role("link", name="Dechrau nawr", exact=True).click()
    for code in ("n", "o", "h", "w"):
        guest.locator(f'.answers a[href$="/{code}/"]').click()
    expect(guest).to_have_title(re.compile("^Help i blentyn"))
    guest.get_by_role("link", name="English").click()
    expect(guest).to_have_title(re.compile("^Help for a child"))
    assert guest.url.endswith(f"{BELOW}/check/n/o/h/w/")


@pytest.mark.parametrize("way", ["click", "both Shifts"])
def test_exit_leaves_and_back_shows_the_start(remembering: Browser, host: str, elsewhere: str, way: str):
    for page in _watched(remembering, host, leaves_to=[elsewhere]):
        page.goto(f"{BELOW}/check/n/c/m/b/e/")
        WAYS[way](page)
        expect(page).to_have_title("Weather")
        page.go_back()
        expect(page.get_by_role("heading", level=1)).to_have_text("Find the right people to talk to")
        assert page.url == f"{host}{BELOW}/"


@pytest.mark.needs("engines")
def test_the_engines_find_nothing(chromium: Browser, host: str):
    context = chromium.new_context(base_url=host)
    # The policy in a page stops no script that was there before the page.
    put_in(context, (AXE, HTMLCS, IBM))
    pages = [context.new_page() for _ in range(4)]
    found = scan(pages, [host + place for place in PLACES], (AXE, HTMLCS, IBM))
    context.close()
    faults = {
        where: [each for each in said if not each.startswith(NO_FAULT)] for where, said in found.items()
    }
    assert not any(faults.values()), json.dumps(
        {" ".join(map(str, where)): said for where, said in faults.items()}, indent=1
    )


@pytest.mark.needs("engines", "default-jre-headless")
def test_the_markup_is_valid_without_a_warning(folder: Path, tmp_path: Path):
    for place in PLACES:
        file = folder / place[1:]
        html = (file / "index.html" if place.endswith("/") else file).read_text("utf-8")
        # A file that is read from the disk has no origin that its policy could mean.
        html = re.sub(r"<meta http-equiv=.*\n", "", html)
        (tmp_path / f"{place.strip('/').replace('/', '-').removesuffix('.html')}.html").write_text(
            html, "utf-8"
        )
    assert len(list(tmp_path.iterdir())) == len(PLACES)
    assert not (said := checked(tmp_path)), said[:20]


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_it_holds_in_every_mode_and_by_keyboard(chromium: Browser, host: str, width: int):
    context = chromium.new_context(base_url=host, viewport={"width": width, "height": 640})
    context.add_init_script(path=PROBES)
    page = context.new_page()
    assert not (found := measured(page, {place: place for place in PLACES})), found
    page.goto(PLACES[0])
    forth = stops(page)
    assert [stop["order"] for stop in forth] == page.evaluate("probe.tabbable()")
    assert not [stop["name"] for stop in forth if stop["hidden"]]
    context.close()
