"""The static site: each link leads somewhere, each page says what the served site says, and hosts can read the rest."""

from __future__ import annotations

import json
import re
import urllib.request
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

import signpost
from config import Config, SettingsError
from signpost.exports.posters import Sheet
from signpost.i18n.languages import ENGLISH
from signpost.models.content import OWN_CONTENT
from signpost.models.urls import listed_pages, static_pages
from signpost.web import static_site
from signpost.web.prerender import rendered
from signpost.web.static_site import MADE, FolderInUse, address, write_site
from tests.content.test_words import GRADE, GRADE_OFF_THE_WAY, LONGEST, NEVER, OFF_THE_WAY, grade, sentences
from tests.content.test_words import names as names  # a fixture
from tests.page import Page
from tests.plain_host import VISITS, few_pages, serving
from tests.planting import plant, site
from tests.states import EVERY_STATE

pytestmark = pytest.mark.slow

HOST = "https://charity.example"
BELOW = "/find-help"
ROOTS = ("", "/cy")
#: What a page of the served site may say, and no page whose host may keep a list of visits.
LIVE_ONLY = re.compile(
    r"keep nothing that you choose|We keep nothing\.|no other company does so|only place where they are kept"
    r"|all results in one length|We use no cookies|We set no cookies|no list of visits|Nobody is followed"
    r"|keep no list of who came here or what they chose\. What|Nobody here reads|secret key|no record that could"
)
#: The pages that say what is kept.
HOSTED = ("/", "/privacy", "/about", "/hide-your-visit", "/partners", "/check/n/m", "/check/n/l")


@pytest.fixture(scope="module")
def both():
    """The site in both languages, to lie below the root of a host."""
    return site(LANGUAGES="en cy", BASE_URL=HOST + BELOW, CONTACT="us@charity.example")


@pytest.fixture(scope="module")
def live(both):
    """Pages of the served site, by path."""
    client = FlaskClient(both, both.response_class)
    return lambda path: Page(client.get(path, base_url=HOST).text)


@pytest.fixture(scope="module")
def host(tmp_path_factory, both, content) -> Path:
    """The root of a host, with a few pages of each kind."""
    root = tmp_path_factory.mktemp("host")
    write_site(both, root / BELOW[1:], paths=few_pages(content))
    return root


@pytest.fixture(scope="module")
def pages(host) -> dict[str, Page]:
    """Every page that was written, by its address."""
    return {
        f"/{file.relative_to(host)}".removesuffix("index.html"): Page(file.read_text("utf-8"))
        for file in sorted(host.rglob("*.html"))
    }


def at(path: str) -> str:
    return address(path, BELOW)


def links(page: Page) -> list[str]:
    """What a page leads to or loads on its own host."""
    found = [e.get(name, "") for e in page.root.iter() for name in ("href", "src")]
    return [each.removeprefix(HOST) for each in found if each.startswith(("/", HOST))]


def answers(page: Page) -> list[tuple[str, str]]:
    """The answers of a question that is links: where each leads, and its words."""
    lists = [ul for ul in page.all("ul") if ul.get("class") == "answers"]
    return [(a.get("href", ""), Page.words(a)) for ul in lists for a in ul.iter("a")]


def test_every_page_is_valid_and_has_999(pages):
    assert len(pages) > 60
    for page in pages.values():
        page.check()


def test_no_link_leads_to_nothing(tmp_path, host, both, content):
    """Followed from the start on a plain host, in both languages, by links alone.

    With EVERY_STATE (``make a11y``) on the whole site, of which no page is out of reach. Otherwise pages that were not
    written are known by name.
    """
    known = {at(root + path) for root in ROOTS for path in static_pages(content)}
    root = host
    if EVERY_STATE:
        root = tmp_path
        write_site(both, root / BELOW[1:])
    reached, to_open = {at("/")}, [at("/")]
    with serving(root) as server:
        while to_open:
            link = to_open.pop()
            file = root / unquote(link)[1:]
            if not EVERY_STATE and link in known and not file.exists():
                continue
            # Raises an error for what is not there.
            with urllib.request.urlopen(server + link) as answer:
                assert answer.url == server + link, "redirected, which costs a round trip"
                html = answer.read().decode() if answer.headers.get_content_type() == "text/html" else ""
            for found in re.findall(r' (?:href|src)="([^"#]*)', html):
                onward = found.removeprefix(HOST).partition("?")[0]
                if onward.startswith("/") and onward not in reached:
                    assert onward.startswith(f"{BELOW}/"), (link, onward)
                    reached.add(onward)
                    to_open.append(onward)
    assert len(reached) > 200
    if EVERY_STATE:
        # The list of essential numbers, and what is for reviewers, are linked from nowhere.
        assert not [each for each in known - reached if not re.search("/numbers/|/journey", each)]


def test_each_place_within_a_page_is_there(pages):
    for where, page in pages.items():
        ids = {e.get("id") for e in page.root.iter()}
        assert {link[1:] for link in page.links if link.startswith("#")} <= ids, where


def test_no_page_needs_a_server(pages):
    for where, page in pages.items():
        assert not [*page.all("form"), *page.all("input"), *page.all("select")], where
        assert not [link for link in links(page) if "?" in link and "/static/" not in link], where


@pytest.mark.parametrize("root", ROOTS)
@pytest.mark.parametrize("visit", VISITS)
def test_a_visit_from_the_start_to_a_result_on_a_plain_host(host, live, content, root, visit):
    """By links alone, as without script, from a server that knows nothing but files."""
    codes = visit.split("/")
    with serving(host) as server:

        def opened(link: str) -> Page:
            with urllib.request.urlopen(server + link) as answer:
                return Page(answer.read().decode())

        assert at(f"{root}/check/") in opened(at(f"{root}/")).links
        page = opened(at(f"{root}/check/"))
        for done, code in enumerate(codes):
            question = content.journey.follow(codes[:done]).question
            paths = ["/".join([*codes[:done], each.code]) for each in question.answers]
            assert [link for link, _ in answers(page)] == [at(f"{root}/check/{path}") for path in paths]
            page = opened(at(f"{root}/check/{'/'.join([*codes[:done], code])}"))
        called, expected = (
            [link for link in each.links if link.startswith(("tel:", "sms:"))]
            for each in (page, live(f"{root}/check/{visit}"))
        )
        assert called == expected
        assert len(called) > 3
        # An address without the slash, as it has been printed or sent, leads on.
        assert opened(at(f"{root}/check/{visit}")[:-1]).heading == page.heading
        for share in (link for link in page.links if "/numbers/" in link):
            assert opened(share).heading == opened(share.replace("%2B", "+")).heading
        with pytest.raises(HTTPError, match="404"):
            opened(f"{BELOW}/no-such-page")


def test_a_question_has_the_words_of_the_served_one(pages, live):
    for path in ("/check/", "/check/n", "/check/n/o", "/for/parents"):
        for root in ROOTS:
            form, ours = live(root + path), pages[at(root + path)]
            assert ours.title == form.title
            assert ours.heading == form.heading
            assert [words for _, words in answers(ours)] == [Page.words(each) for each in form.all("label")]
            groups = [Page.words(each) for each in form.all("p") if each.get("class") == "group"]
            assert [Page.words(each) for each in ours.all("h2") if each.get("class") == "group"] == groups


def test_an_entry_goes_on_with_what_it_knows(pages, content):
    journey = content.journey
    entered = [journey.enter(journey.entries["parents"], each) for each in journey.start().question.answers]
    onward = [at("/check/" + "/".join(walk.codes)) for walk in entered]
    assert [link for link, _ in answers(pages[at("/for/parents")])] == onward


def test_what_is_no_question_says_what_the_copy_for_the_edge_says(both, pages, content):
    """Usual hours, and never that a line is open now. For what is said of the host there is another test."""
    for language in both.extensions["locales"]:
        for path in (
            "/check/y",
            *(f"/check/{visit}" for visit in VISITS),
            "/help/",
            "/help/stop-it-now",
            "/journey",
        ):
            with rendered(both, language, path, both.extensions["clock"](), timeless=True) as copy:
                assert pages[at(language.root + path)].text == Page(copy.get_data(as_text=True)).text, path
    assert not [where for where, page in pages.items() if 'class="now"' in page.html]


def test_no_page_promises_what_only_a_served_site_keeps(pages, live):
    for path in HOSTED:
        assert LIVE_ONLY.search(live(path).text), path
        assert "that carries this site for us may" not in live(path).text.replace(
            "A company that carries this site for us may handle", ""
        )
        for root in ROOTS:
            assert pages[at(root + path)].text != live(root + path).text, path
    assert not [where for where, page in pages.items() if LIVE_ONLY.search(page.text)]


def test_words_of_an_editor_that_promise_what_only_a_served_site_keeps_have_another_form():
    for file in OWN_CONTENT.rglob("*.toml"):
        lines = file.read_text("utf-8").splitlines()
        for line, following in pairwise(lines):
            if re.search(r"\b[Ww]e (keep|store|log|record) no", line):
                assert (line[:4], following[:11]) == ("hint", "hosted_hint"), (file.name, line)


def test_what_is_said_of_the_host_is_easy_to_read(pages, live, names):
    for path in HOSTED:
        text, served = sentences(pages[at(path)]), sentences(live(path))
        assert grade(text, names) <= (GRADE_OFF_THE_WAY if path in OFF_THE_WAY else GRADE), path
        own = [each for each in re.split(r"(?<=[.!?:])\s+", text) if each not in served]
        assert own, path
        for sentence in own:
            assert not NEVER.search(sentence)
            assert len(names.sub("it", sentence).split()) <= LONGEST, sentence


def test_a_page_says_in_itself_what_not_every_host_can_be_told(pages, content):
    """The policy, and what search engines may list."""
    listed = {at(root + path) for root in ROOTS for path in listed_pages(content)}
    for where, page in pages.items():
        meta = {each.get("http-equiv") or each.get("name"): each.get("content") for each in page.all("meta")}
        digest = b64encode(sha256((page.one("style").text or "").encode()).digest()).decode()
        assert f"style-src 'sha256-{digest}';" in meta["Content-Security-Policy"]
        assert meta["referrer"] == "no-referrer"
        assert (meta.get("robots") == "noindex") == (where not in listed), where


# ---- what hosts read


def rules(folder: Path) -> dict[str, dict[str, str]]:
    """The headers of each pattern in ``_headers``."""
    found: dict[str, dict[str, str]] = {}
    for line in (folder / "_headers").read_text("utf-8").splitlines():
        if line.startswith("/"):
            here = found.setdefault(line, {})
        elif line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            here[name] = value
    return found


def fits(pattern: str, path: str) -> bool:
    return path.startswith(pattern[:-1]) if pattern.endswith("*") else path == pattern


#: A path of each kind on a static site, and the same on the served one.
KINDS_OF_FILE = {
    "/": "/",
    "/check/n/": "/check/n",
    "/cy/help/nspcc/": "/cy/help/nspcc",
    "/static/site.js": None,  # with its fingerprint, which the test adds
    "/robots.txt": "/robots.txt",
    "/data/services.json": "/data/services.json",
    "/cy/badge.svg": "/cy/badge.svg",
    "/cy/data/journey.json": "/cy/data/journey.json",
    "/cy/data/changes.atom": "/cy/data/changes.atom",
    "/badge.png": "/badge.png",
    "/cy/qr/start.png": "/cy/qr/start.png",
    "/journey.svg": "/journey.svg",
    "/.well-known/security.txt": "/.well-known/security.txt",
}


@pytest.mark.parametrize("path", KINDS_OF_FILE)
def test_headers_are_those_of_the_served_site(host, both, path):
    asked = KINDS_OF_FILE[path] or both.jinja_env.globals["asset"][Path(path).name]
    served = FlaskClient(both, both.response_class).get(asked, base_url=HOST.replace("https", "http")).headers
    found = [each for pattern, each in rules(host / BELOW[1:]).items() if fits(pattern, BELOW + path)]
    names = [name for each in found for name in each]
    assert len(names) == len(set(names)), "hosts join what two rules give"
    given = {name: value for each in found for name, value in each.items()}
    assert given.pop("Content-Type", served["Content-Type"]) == served["Content-Type"]
    assert len(given) >= 7
    # Below the root, not all of the host is ours; and the style has answers that are links.
    expected = {name: served[name] for name in given}
    for each in (given, expected):
        each["Content-Security-Policy"] = re.sub(r"'sha256-\S+'", "", each["Content-Security-Policy"])
    assert given == expected
    assert "Strict-Transport-Security" not in given


def test_each_kind_of_host_can_read_its_file(host):
    folder = host / BELOW[1:]
    assert 20 < len(rules(folder)) <= 100, "Cloudflare Pages reads 100 rules"
    assert max(map(len, (folder / "_headers").read_text("utf-8").splitlines())) <= 2000
    assert (folder / "_redirects").read_text("utf-8") == f"{BELOW}/cy/* {BELOW}/cy/404.html 404\n"
    apache = (folder / ".htaccess").read_text("utf-8")
    iis = ElementTree.parse(folder / "web.config")
    for rule in rules(folder).values():
        for name, value in rule.items():
            if name != "Content-Type":
                assert f'Header always set {name} "{value}"' in apache
                assert [
                    each
                    for each in iis.iter("add")
                    if each.get("name") == name and each.get("value") == value
                ]
    for root in ROOTS:
        file = folder / root[1:] / ".htaccess"
        pages = re.findall(r"^ErrorDocument \d+ (\S+)$", file.read_text("utf-8"), re.MULTILINE)
        assert f"{BELOW}{root}/404.html" in pages
        assert all((host / page[1:]).is_file() for page in pages)
    assert all((folder / each.get("path")).is_file() for each in iis.iter("error"))
    assert {each.get("path") for each in iis.iter("location")} >= {
        "data/services.json",
        "badge.svg",
        "static/site.js",
    }


def test_no_host_lists_what_is_in_a_folder(host):
    for folder in (each for each in host.rglob("*") if each.is_dir()):
        assert (folder / "index.html").is_file(), folder


def test_programs_find_what_they_look_for(host, both, content):
    folder = host / BELOW[1:]
    for name, paths in (("sitemap", listed_pages(content)), ("sitemap-states", static_pages(content))):
        found = [
            each.text
            for each in ElementTree.parse(folder / f"{name}.xml").iter()
            if each.tag.endswith("}loc")
        ]
        wanted = [path for path in paths if not path.endswith(".svg")]
        assert found == [HOST + at(root + path) for path in wanted for root in ROOTS]
    assert f"Sitemap: {HOST}{BELOW}/sitemap.xml" in (folder / "robots.txt").read_text("utf-8")
    assert json.loads((folder / "data" / "services.json").read_text("utf-8"))["contents"]
    made = json.loads((folder / MADE).read_text("utf-8"))
    assert made["version"] == signpost.__version__


def test_texts_to_keep_and_links_to_copy_name_the_folder(pages):
    assert f"{HOST}{BELOW}/".replace(":", "%3A") in pages[at("/")].html
    numbers = pages[
        next(link for link in pages[at(f"/check/{VISITS[0]}")].links if "/numbers/" in link).replace(
            "%2B", "+"
        )
    ]
    assert "More people who can help: charity.example/find-help" in numbers.text
    assert f"{HOST}{BELOW}/for/parents" in pages[at("/partners")].text.replace("\u200b", "")


def test_posters_come_along_once_they_are_made(tmp_path, monkeypatch):
    app = site(BASE_URL=HOST)
    entry = app.extensions["content"].journey.entries["parents"]
    sheet = Sheet(ENGLISH, entry, "poster", "colour", "")
    (tmp_path / sheet.file).write_bytes(b"%PDF")
    app.extensions["posters"] = [sheet]
    monkeypatch.setattr(static_site, "posters_folder", lambda _: tmp_path)
    write_site(app, tmp_path / "site", paths=("/", "/partners"))
    partners = Page((tmp_path / "site/partners/index.html").read_text("utf-8"))
    assert f"/static/posters/{sheet.file}" in partners.links
    assert (tmp_path / "site/static/posters" / sheet.file).read_bytes() == b"%PDF"
    assert rules(tmp_path / "site")["/static/posters/*"]["Cache-Control"] == "no-cache"
    apache = (tmp_path / "site" / ".htaccess").read_text("utf-8")
    assert '<FilesMatch "\\.pdf$">\nHeader always set Cache-Control "no-cache"\n</FilesMatch>' in apache


def test_at_the_root_of_a_host(tmp_path):
    write_site(site(BASE_URL=HOST), tmp_path / "site", paths=("/", "/check/"))
    given = rules(tmp_path / "site")
    assert given["/*"]["Strict-Transport-Security"] == "max-age=31536000"
    start = Page((tmp_path / "site" / "index.html").read_text("utf-8"))
    assert {"/", "/check/", "/help/"} <= set(start.links)
    assert not (tmp_path / "site" / ".well-known" / "security.txt").exists(), "nobody to write to"
    assert (tmp_path / "site" / "_redirects").read_text("utf-8") == ""


# ---- making it


def test_old_links_lead_on(tmp_path):
    app = site(CONTENT=plant(tmp_path, "questions.toml", "[who]\n", '[who]\nretired = ["old"]\n'))
    write_site(app, tmp_path / "site", paths=("/",))
    old = Page((tmp_path / "site/check/n/old/index.html").read_text("utf-8"))
    assert "That link was old." in old.text
    assert "/check/n/c/" in old.links
    assert app.extensions["content"].moved
    for moved, target in app.extensions["content"].moved.items():
        page = Page((tmp_path / f"site{moved}/index.html").read_text("utf-8"))
        assert page.heading == Page(app.test_client().get(target).text).heading


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    app = site()
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FolderInUse):
        write_site(app, tmp_path, paths=("/",))
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]


def test_a_link_that_somebody_left_leads_the_site_into_no_other_folder(tmp_path):
    """In a folder that all may write to, anybody can leave a link with the name under which the site is written."""
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (tmp_path / ".site.new").symlink_to(theirs)
    with pytest.raises(FileExistsError):
        write_site(site(), tmp_path / "site", paths=["/"])
    assert not any(theirs.iterdir())
    assert not (tmp_path / "site").exists()


def test_a_site_that_cannot_be_made_leaves_the_old_one(tmp_path):
    app = site()
    write_site(app, tmp_path / "site", paths=("/",))
    before = (tmp_path / "site" / MADE).read_bytes()
    with pytest.raises(ValueError, match="answers 301"):
        write_site(app, tmp_path / "site", paths=("/", "/check/y?go=1"))
    assert (tmp_path / "site" / MADE).read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["site"]
    write_site(app, tmp_path / "site", paths=("/", "/about"))
    assert (tmp_path / "site" / "about" / "index.html").is_file()
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


def test_the_command_writes_it_or_says_why_not(tmp_path, monkeypatch):
    monkeypatch.setattr(static_site, "static_pages", lambda _: ["/", "/check/"])
    app = site(BASE_URL=HOST)
    done = app.test_cli_runner().invoke(args=["static-site", str(tmp_path / "public")])
    assert (done.exit_code, done.stderr) == (0, "")
    assert re.fullmatch(rf"\d+ pages, \d+ MB, in \d+ s, for {HOST}/\n", done.stdout)
    done = site().test_cli_runner().invoke(args=["static-site", str(tmp_path)])
    assert done.exit_code == 1
    assert "Set SIGNPOST_BASE_URL." in done.stderr
    assert f"Cannot write into {tmp_path}: it holds something other than a static site." in done.stderr


def test_a_server_refuses_an_address_below_the_root(monkeypatch):
    """A site that is served has its pages at the root of its host."""
    settings = Config.from_environment({"SIGNPOST_BASE_URL": HOST + BELOW + "/"})
    assert (settings.base_url, settings.base_path) == (HOST + BELOW, BELOW)
    with pytest.raises(SettingsError, match="a path is for `make static` alone"):
        settings.require_root()
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    monkeypatch.setenv("SIGNPOST_BASE_URL", HOST + BELOW)
    with pytest.raises(SystemExit, match="a path is for"):
        signpost.start()
    done = site(BASE_URL=HOST + BELOW).test_cli_runner().invoke(args=["can-serve", "127.0.0.1", "1"])
    assert "a path is for" in done.output
    assert done.exit_code == 1
