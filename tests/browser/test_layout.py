"""Layout of every kind of page in every mode: no sideways scrolling, cut-off text, low contrast or wrong order."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.conftest import serve_by
from tests.browser.kinds import FEW, FEW_IN_WELSH, IN_WELSH, KINDS, NARROW, WIDE

#: WCAG 1.4.12: with this spacing, no content may be lost.
SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }
"""
LARGE_TEXT = ":root { font-size: 200% !important; }"

#: The viewport of a 1280 by 1024 desktop at 400 % zoom, and at 600 %, which people with low vision use.
ZOOMED, ZOOMED_FURTHER = (NARROW, 256), (213, 170)


@dataclass(frozen=True, slots=True)
class Mode:
    """A way to view a page, and the probes to run in it. Media ``{}`` means the browser's defaults."""

    name: str
    probes: tuple[str, ...]
    media: dict[str, str] = field(default_factory=dict)
    css: str = ""


ROOM = ("sideways()", "clipped()", "overlapping()")
MODES = [
    Mode("as it is", (*ROOM, "small(44)", "disordered()", "moving()", "pale(7)", "faint(3)")),
    Mode("text spacing", ROOM, css=SPACING),
    Mode("200 % text", ROOM, css=LARGE_TEXT),
    Mode("dark", ("pale(7)", "faint(3)"), {"color_scheme": "dark"}),
    Mode("less motion", ("moving()",), {"reduced_motion": "reduce"}),
    # This mode removes backgrounds, so controls and blocks need borders.
    Mode("forced colours", ("unedged()", "pale(4.5)"), {"forced_colors": "active"}),
    # In print, from dark mode: close to black on white.
    Mode("print", ("pale(15)",), {"media": "print", "color_scheme": "dark"}),
]
AS_IT_COMES = {
    "media": "screen",
    "color_scheme": "light",
    "reduced_motion": "no-preference",
    "forced_colors": "none",
}


def style(page: Page, css: str) -> None:
    """Adds a user's own style, as a browser setting or extension does, despite the Content Security Policy."""
    page.evaluate(
        "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }",
        css,
    )


def unfold(page: Page) -> None:
    """Opens every fold."""
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


def measured(page: Page, kinds: dict[str, str]) -> dict[str, list[str]]:
    """The findings of each probe in each mode on these kinds of page. Empty results are left out."""
    found = {}
    for kind, address in kinds.items():
        page.goto(address)
        unfold(page)
        for mode in MODES:
            page.emulate_media(**AS_IT_COMES | mode.media)
            style(page, mode.css)
            for probe in mode.probes:
                if faults := page.evaluate(f"probe.{probe}"):
                    found[f"{kind}, {mode.name}, {probe}"] = faults
        page.emulate_media(**AS_IT_COMES)
    return found


@pytest.mark.parametrize(
    ("width", "kinds"),
    [(NARROW, KINDS), (WIDE, FEW), (NARROW, IN_WELSH), (WIDE, FEW_IN_WELSH)],
    ids=["English-320", "English-1280", "Welsh-320", "Welsh-1280"],
)
def test_every_kind_of_page_holds_in_every_mode(open_page, width: int, kinds: dict[str, str]):
    assert not (found := measured(open_page(width), kinds)), found


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_there_is_room_for_longer_words(open_page, pseudo_app, site: str, width: int):
    page = open_page(width)
    serve_by(pseudo_app.test_client(), page, site)
    found = {}
    for kind, address in (KINDS if width == NARROW else FEW).items():
        page.goto(f"/eo{address}")
        unfold(page)
        for probe in ROOM:
            if faults := page.evaluate(f"probe.{probe}"):
                found[f"{kind}, {probe}"] = faults
    assert not found, found


def test_at_400_and_600_percent_nothing_scrolls_sideways_and_half_the_screen_is_left(open_page):
    page = open_page(*ZOOMED, device_scale_factor=4)
    for kind, address in (KINDS | FEW_IN_WELSH).items():
        page.goto(address)
        unfold(page)
        for (width, height), probes in ((ZOOMED, ROOM), (ZOOMED_FURTHER, ROOM[:2])):
            page.set_viewport_size({"width": width, "height": height})
            for probe in probes:
                assert not (faults := page.evaluate(f"probe.{probe}")), (kind, width, faults)
    page.set_viewport_size(dict(zip(("width", "height"), ZOOMED, strict=True)))
    page.mouse.wheel(0, 900)
    page.wait_for_function("scrollY > 100")
    covered = page.evaluate("document.querySelector('header').getBoundingClientRect().bottom")
    assert covered < ZOOMED[1] / 2, f"the bar at the top covers {covered} of {ZOOMED[1]}"


def test_a_heading_looks_like_one(open_page):
    """A heading is larger than the text under it, and than the headings under it."""
    page = open_page(WIDE)
    for kind in ("result about oneself", "danger now", "who can help", "partners", "failure", "numbers"):
        page.goto(KINDS[kind])
        sizes = page.evaluate(
            """["h1", "h2", "h3", "main p:not([class])"].map((each) => document.querySelector(each)).filter(Boolean)
                .map((each) => parseFloat(getComputedStyle(each).fontSize))"""
        )
        assert sizes == sorted(set(sizes), reverse=True), (kind, sizes)


def test_a_drawing_grows_with_the_text(open_page):
    page = open_page(WIDE)
    page.goto(KINDS["partners"])
    size = "document.querySelector('main svg').getBoundingClientRect().height"
    before = page.evaluate(size)
    style(page, LARGE_TEXT)
    assert page.evaluate(size) == pytest.approx(2 * before)


def test_a_line_has_at_most_80_letters_and_is_not_justified(open_page):
    """WCAG 1.4.8, including its spacing between lines and paragraphs."""
    page = open_page(WIDE)
    for address in ("/about", KINDS["advice"], KINDS["result"]):
        page.goto(address)
        letters, between, after, align = page.evaluate(
            """() => {
                const long = [...document.querySelectorAll("main > p")].sort((a, b) => b.innerText.length - a.innerText.length)[0];
                const range = document.createRange();
                range.selectNodeContents(long);
                const lines = new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
                const style = getComputedStyle(long), size = parseFloat(style.fontSize);
                return [long.innerText.length / lines, parseFloat(style.lineHeight) / size,
                        parseFloat(style.marginBlockEnd) / size, style.textAlign];
            }"""
        )
        assert letters <= 80, address
        assert between >= 1.5, address
        assert between + after >= 1.5 * between, address
        assert align == "start", address


def test_without_styles_nothing_is_lost(open_page):
    """The markup alone has every text in the right order."""
    page = open_page(NARROW)
    for kind, address in KINDS.items():
        page.goto(address)
        page.evaluate("document.querySelector('style').remove()")
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "8px", "a style is there"
        order = page.evaluate(
            """[...document.querySelectorAll(".skip, .bar a, h1, footer")].map(each => each.id || each.className || each.tagName)"""
        )
        assert order == ["skip", "A", "exit", "H1", "FOOTER"], kind
        # A select element is as wide as its longest option, and a picture as wide as its attribute says.
        page.evaluate("document.querySelectorAll('select, img').forEach(each => each.remove())")
        assert not page.evaluate("probe.sideways()"), kind


#: CSS that browsers of 2020 (Chrome 80, Safari 12) do not know: they drop the declaration.
NEWER = re.compile(
    r"(?:(?:margin|padding)-(?:block|inline)(?:-\w+)?|inset[a-z-]*|border-(?:start|end)-\w+-radius|gap|row-gap|text-wrap|baseline-source"
    r"|accent-color|text-underline-offset|text-decoration-thickness|scroll-padding[a-z-]*)\s*:[^;}]*;?"
    r"|[a-z-]+\s*:[^;{}]*(?:\b(?:min|max|clamp|color-mix)\(|min-content|anywhere)[^;}]*;?"
)
#: Selectors for which they drop the whole rule.
NEWER_RULE = re.compile(
    r"[^{}]*(?::has\(|:is\(|:where\(|:focus-visible|::marker|::details-content)[^{}]*\{[^}]*\}"
)


def as_of_2020(css: str) -> str:
    """What such browsers read of a stylesheet. test_oldest.py compares it with MDN's compatibility data."""
    return NEWER.sub("", NEWER_RULE.sub("", css))


def test_in_a_browser_of_2020_nothing_is_cut_off_and_the_bar_is_in_view(open_page):
    def old(route):
        answer = route.fetch()
        # The policy names the style as it was.
        headers = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
        before, css, after = re.split(r"(?<=<style>)|(?=</style>)", answer.text())
        route.fulfill(response=answer, headers=headers, body=f"{before}{as_of_2020(css)}{after}")

    for width in (NARROW, WIDE):
        page = open_page(width, 640)
        for kind, address in (KINDS if width == NARROW else FEW).items():
            page.route(f"**{address}", old)
            page.goto(address)
            assert page.evaluate("getComputedStyle(document.querySelector('h1')).textWrap") == "wrap", (
                "not stripped"
            )
            for probe in (*ROOM, "faint(3)"):
                assert not (faults := page.evaluate(f"probe.{probe}")), (kind, width, probe, faults)
            margin = page.evaluate("document.querySelector('h1').getBoundingClientRect().left")
            assert margin >= 12, (kind, width)
        page.goto(KINDS["result for a child"])
        page.evaluate("scrollTo(0, 600)")
        box = page.locator("#exit").bounding_box()
        assert box
        assert 0 <= box["y"] <= 640 / 5


def test_in_forced_colours_a_chosen_answer_looks_chosen(open_page):
    page = open_page(NARROW, forced_colors="active")
    page.goto(KINDS["question"])
    answer = page.locator(".answer").first
    before = answer.screenshot()
    answer.locator("label").click()
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(0, 0)
    assert answer.screenshot() != before


# ---- print


def printed(page: Page) -> str:
    """The text of the printed page."""
    return " ".join(" ".join(each.extract_text() for each in PdfReader(io.BytesIO(page.pdf())).pages).split())


@pytest.mark.parametrize(
    "kind", ["result", "result for a child", "route", "who can help", "danger now", "failure"]
)
def test_a_printed_page_keeps_every_number_and_writes_every_address_out(open_page, kind: str):
    page = open_page()
    page.goto(KINDS[kind])
    paper = printed(page).replace("\N{NO-BREAK SPACE}", " ")
    close = paper.replace(" ", "")
    for href, words in page.evaluate(
        "[...document.querySelectorAll('main a')].map(a => [a.getAttribute('href'), a.textContent])"
    ):
        if href.startswith(("tel:", "sms:")):
            assert " ".join(words.split()) in paper, href
        elif href.startswith(("http", "mailto:")):
            assert href.removeprefix("mailto:") in close, href
    for chrome in ("Exit this page", "Skip to the main part", "Link to us", "Change an answer"):
        assert chrome not in paper
    assert "999" in paper


# ---- each probe sees a planted fault


@pytest.mark.parametrize(
    ("probe", "plant"),
    [
        ("sideways()", "document.querySelector('h1').style.inlineSize = '30rem'"),
        ("clipped()", "Object.assign(document.querySelector('.answer label').style, {blockSize: '2rem', overflow: 'hidden'})"),
        ("clipped()", "document.querySelector('.go').style.blockSize = '1rem'; document.querySelector('.go').style.minBlockSize = '0'"),
        ("overlapping()", "document.querySelector('form').style.marginBlockStart = '-3rem'"),
        ("pale(7)", "document.querySelector('.answer label').style.color = '#777'"),
        ("small(44)", "document.querySelector('.back').style.cssText = 'min-block-size: 0; padding: 0'"),
        ("small(44)", "document.querySelector('.answer label').style.cssText = 'padding: 0; border: 0; font-size: 12px; line-height: 1'"),
        ("disordered()", "document.querySelector('.answer').style.order = '1'"),
        ("disordered()", "document.querySelector('.go').tabIndex = 3"),
        ("faint(3)", "document.querySelector('.answer label').style.borderColor = '#ddd'"),
        ("unedged()", "document.querySelector('.go').style.border = '0'"),
        ("moving()", "document.querySelector('.go').style.transition = 'color 1s'"),
    ],
)  # fmt: skip
def test_each_probe_sees_a_planted_fault(open_page, probe: str, plant: str):
    page = open_page(NARROW, forced_colors="active" if probe == "unedged()" else "none")
    page.goto(KINDS["question"])
    assert page.evaluate(f"probe.{probe}") == []
    page.evaluate(plant)
    assert page.evaluate(f"probe.{probe}")


def test_a_number_to_call_is_as_large_and_bold_as_its_button(open_page):
    page = open_page(NARROW)
    page.goto(KINDS["result"])
    looks = page.evaluate(
        """() => [...document.querySelectorAll(".go .number")].map(number =>
            ["fontSize", "fontWeight", "color"].map(look =>
                getComputedStyle(number)[look] === getComputedStyle(number.parentElement)[look]))"""
    )
    assert looks
    assert all(all(same) for same in looks), looks


#: Translates all that may be into one Arabic letter. Then, for each number in one line: whether it reads from left to right.
ORDER = """() => {
  document.documentElement.dir = "rtl";
  const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = all.nextNode(); text; text = all.nextNode()) {
    if (!text.parentElement.closest("[translate=no]")) text.data = text.data.replace(/[a-z]/gi, "\u0643");
  }
  const found = [];
  for (const each of document.querySelectorAll("[translate=no]")) {
    const walker = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
    for (let text = walker.nextNode(); text; text = walker.nextNode()) {
      const [number] = text.data.match(/[+\\d][\\d\\s]{3,}\\d/) || [];
      if (!number || !each.getClientRects().length) continue;
      const at = text.data.indexOf(number);
      const [first, last] = [at, at + number.length - 1].map((place) => {
        const range = document.createRange();
        range.setStart(text, place);
        range.setEnd(text, place + 1);
        return range.getBoundingClientRect();
      });
      if (first.top === last.top && first.width) found.push([number, first.left < last.left]);
    }
  }
  return found;
}"""


def test_in_a_page_translated_into_arabic_a_number_is_not_turned_round(open_page):
    """Translators turn the page's direction. Groups of digits would follow it: 0800 1111 would read 1111 0800."""
    page = open_page()
    seen = 0
    for kind in ("result for a child", "route", "numbers", "failure"):
        page.goto(KINDS[kind])
        found = page.evaluate(ORDER)
        assert [number for number, in_order in found if not in_order] == [], kind
        seen += len(found)
    assert seen > 8
