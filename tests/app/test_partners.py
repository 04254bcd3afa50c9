"""For partners: every link to copy leads where it says, first to the question about danger, never to a 404."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest

from signpost.exports.badges import png_badge
from signpost.exports.posters import _digest, ready, sheets
from signpost.models.urls import BADGE, PNG_BADGE
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


#: What WordPress keeps of the elements that our code has, when an author who may not post any HTML saves it: the
#: attributes in ``$allowedposttags`` of wp-includes/kses.php (WordPress/WordPress at 001ffe81), and those that it allows
#: everywhere. It keeps `style` in part, so here it counts as lost.
KEPT = {
    "a": {"href", "rel", "rev", "name", "target", "download"},
    "img": {"alt", "align", "border", "height", "hspace", "longdesc", "vspace", "src", "usemap", "width"},
    "p": {"align", "dir", "lang"},
}
KEPT_EVERYWHERE = {"class", "dir", "hidden", "id", "lang", "title", "role"}


class WordPress(HTMLParser):
    """Filters code as WordPress does, with what ``KEPT`` says of it."""

    def __init__(self, code: str) -> None:
        super().__init__(convert_charrefs=False)
        self.saved = ""
        self.feed(code)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag in KEPT:
            attributes = [
                f' {name}="{value}"' for name, value in attrs if name in KEPT[tag] | KEPT_EVERYWHERE
            ]
            self.saved += f"<{tag}{''.join(attributes)}>"

    def handle_endtag(self, tag):
        self.saved += f"</{tag}>" if tag in KEPT else ""

    def handle_data(self, data):
        self.saved += data

    def handle_entityref(self, name):
        self.saved += f"&{name};"


def test_the_filter_finds_what_it_would_take_away():
    assert WordPress("<p><a href='x' hreflang='en'>a</a></p>").saved == '<p><a href="x">a</a></p>'
    assert WordPress("<svg viewBox='0'><path d='M0'/></svg>a &amp; b").saved == "a &amp; b"


@pytest.mark.parametrize("root", ["", "/cy"])
def test_wordpress_keeps_every_link_as_it_is(root):
    page = Page(
        site(BASE_URL=BASE, LANGUAGES="en cy").test_client().get(f"{root}/partners", base_url=BASE).text
    )
    written = ["".join(code.itertext()) for code in page.all("code")]
    links = [code for code in written if "<img" not in code]
    assert len(links) == len(written) / 2 > 5
    assert [WordPress(code).saved for code in links] == links
    # A badge loses what keeps its address from us, so the page says to use the picture there.
    assert all("referrerpolicy" not in WordPress(code).saved for code in written)


def test_the_badge_is_there_as_a_picture_for_sites_that_refuse_drawings(get):
    from PIL import Image

    page = Page(get("/partners").text)
    saved = {link.get("href"): Page.words(link) for link in page.all("a") if link.get("download") is not None}
    assert (saved[BADGE], saved[PNG_BADGE]) == ("Save the badge as SVG", "Save the badge as PNG")
    with Image.open(io.BytesIO(get(PNG_BADGE).data)) as picture:
        picture.verify()
        assert (picture.format, picture.size) == ("PNG", (480, 128))
    assert get(PNG_BADGE).content_type == "image/png"


def test_a_picture_of_another_badge_is_not_offered():
    """Whoever changes the words or the drawing has to draw it again: make badges."""
    app = site(BASE_URL=BASE, LANGUAGES="en cy")
    drawn = app.extensions["png_badges"]
    assert len(set(drawn.values())) == len(drawn) == 2, "make badges"
    assert all(drawn.values()), "make badges"
    (english, svg), *_ = app.extensions["badges"].items()
    assert png_badge(english, svg) == drawn[english]
    assert png_badge(english, svg.replace("Find", "See")) is None
    drawn[english] = None
    client = app.test_client()
    assert client.get(PNG_BADGE, base_url=BASE).status_code == 404
    assert PNG_BADGE not in Page(client.get("/partners", base_url=BASE).text).links


@pytest.mark.parametrize("root", ["", "/cy"])
def test_every_qr_code_reads_as_the_link_beside_it(content, root):
    import zxingcpp
    from PIL import Image

    client = site(BASE_URL=BASE, LANGUAGES="en cy").test_client()
    links = Page(client.get(f"{root}/partners", base_url=BASE).text).links
    wanted = {"start": f"{root}/"} | {id_: f"{root}/for/{id_}" for id_ in content.journey.entries}
    assert {link for link in links if "/qr/" in link} == {
        f"{root}/qr/{name}.{kind}" for name in wanted for kind in ("svg", "png")
    }
    for name, path in wanted.items():
        picture = client.get(f"{root}/qr/{name}.png", base_url=BASE)
        with Image.open(io.BytesIO(picture.data)) as image:
            (read,) = zxingcpp.read_barcodes(image)
        assert read.text == BASE + path
        drawing = client.get(f"{root}/qr/{name}.svg", base_url=BASE)
        assert drawing.content_type.startswith("image/svg+xml")
        assert f"<title>{BASE}{path}</title>" in drawing.text
        assert not re.search(r"<(style|script|image|use)|href|url\(", drawing.text)


def test_there_is_no_qr_code_for_anything_else(get):
    for address in ("/qr/nobody.svg", "/qr/parents.gif", "/qr/parents", "/qr/childline.png"):
        assert get(address).status_code == 404, address


def test_a_visitor_who_comes_by_a_link_first_reads_how_to_hide_the_visit(get, content):
    said = "Shared phone? Open a private tab first."
    for id_ in content.journey.entries:
        page = Page(get(f"/for/{id_}").text)
        assert said in page.text
        assert page.text.index(said) < page.text.index(Page.words(page.one("legend")))
        assert "/hide-your-visit" in page.links
    assert said not in Page(get("/check/").text).text


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
