"""The engines find no fault on one page of each kind, or with EVERY_STATE (``make a11y``) on every state."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest
from flask import template_rendered
from playwright.sync_api import Browser, Page

from signpost.i18n.languages import ENGLISH, KNOWN, Language
from signpost.models.urls import states
from tests.browser.conftest import engine, program, put_in
from tests.browser.kinds import FEW, KINDS, SHORT
from tests.browser.scanning import AXE, AXE_NAMED, FIRST, HTMLCS, IBM, scan
from tests.states import EVERY_STATE

pytestmark = pytest.mark.needs("engines", "default-jre-headless")

ENGINES = (AXE, HTMLCS, IBM)
#: Pages that are so long that they are scanned in one mode, and not by the slowest engine.
LONG = set(KINDS.values()) - set(SHORT.values())
#: One status for each text that an error page may have, or every status.
STATUSES = [s.value for s in HTTPStatus if s.value >= 400] if EVERY_STATE else [400, 404, 405, 429, 503]


@pytest.fixture(scope="module", params=KNOWN.values(), ids=KNOWN.keys())
def language(request) -> Language:
    """Each language, as separate tests, so that two can be scanned in parallel."""
    return request.param


@pytest.fixture(scope="module")
def addresses(language: Language, content) -> list[str]:
    """The paths to scan: one of each kind, a few in Welsh, or every state."""
    if EVERY_STATE:
        return [language.root + address for address in states(content)]
    return [language.root + address for address in (FEW if language.root else KINDS).values()]


@pytest.fixture(scope="module")
def scanners(chromium: Browser, site: str):
    """Several pages that work in parallel, with the engines loaded in each, which takes a second."""
    context = chromium.new_context(base_url=site)
    put_in(context, ENGINES)
    yield [context.new_page() for _ in range(4)]
    context.close()


def test_every_kind_of_page_is_among_the_kinds(app):
    seen = set()

    def note(_, template, **__) -> None:
        seen.add(template.name)

    with template_rendered.connected_to(note, app):
        for address in KINDS.values():
            app.test_client().get(address)
    there = {f"pages/{path.name}" for path in Path("templates/pages").glob("*.html")}
    assert there - seen == {"pages/failure.html"}, "rendered once, at the start"


def test_the_engines_find_nothing_on_any_page(scanners: list[Page], site: str, addresses: list[str]):
    long = [address for address in addresses if address in LONG]
    found = scan(scanners, [site + address for address in addresses if address not in long], ENGINES)
    found |= scan(scanners, [site + address for address in long], (replace(AXE, modes=FIRST), HTMLCS))
    assert not found, json.dumps({" ".join(map(str, at)): faults for at, faults in found.items()}, indent=1)


def test_the_engines_find_nothing_on_any_failure_page(
    scanners: list[Page], site: str, open_failure, language
):
    def visit(page: Page, address: str) -> None:
        open_failure(page, int(address.rpartition("/")[2]), language)

    statuses = STATUSES if EVERY_STATE or language == ENGLISH else STATUSES[-1:]
    found = scan(scanners, [f"{site}/failure/{status}" for status in statuses], ENGINES, visit=visit)
    assert not found, found


def test_the_named_rules_are_rules(scanners: list[Page]):
    scanners[0].goto("/")
    assert set(AXE_NAMED) <= set(scanners[0].evaluate("axe.getRules().map(rule => rule.ruleId)"))


@pytest.mark.parametrize(
    ("plant", "seen_by"),
    [
        ("document.querySelector('main p').style.color = '#ccc'", {"axe", "HTML_CodeSniffer", "IBM Equal Access"}),
        ("document.querySelector('main').append(document.createElement('input'))", {"axe", "HTML_CodeSniffer", "IBM Equal Access"}),
        ("document.querySelector('h2').outerHTML = '<h4>Skipped</h4>'", {"axe"}),
        ("document.querySelector('h2').id = 'main'", {"HTML_CodeSniffer"}),
        ("document.documentElement.lang = ''", {"axe", "HTML_CodeSniffer", "IBM Equal Access"}),
    ],
    ids=["contrast", "missing label", "heading skip", "duplicate id", "no language"],
)  # fmt: skip
def test_the_engines_see_a_planted_fault(scanners: list[Page], site: str, plant: str, seen_by: set[str]):
    def visit(page: Page, address: str) -> None:
        page.goto(address)
        page.evaluate(plant)

    found = scan(scanners[:1], [f"{site}/about"], ENGINES, visit)
    assert {name for _, name, _, _ in found} >= seen_by, found


def test_a_scan_of_another_page_than_the_one_asked_for_is_refused(scanners: list[Page], site: str):
    with pytest.raises(AssertionError, match="and not"):
        scan(scanners[:1], [f"{site}/check/zz/.."], [AXE])


# ---- markup


def nu(*arguments: str | Path) -> list[dict[str, str]]:
    """The messages of the Nu Html Checker.

    Java compiles with its quick compiler only: it spends longer on the thorough one than the checker then works.
    That code needs a larger stack.
    """
    java = [program("java", "default-jre-headless"), "-XX:TieredStopAtLevel=1", "-Xss8m"]
    command = [*java, "-jar", engine("vnu-jar/build/dist/vnu.jar"), "--format", "json", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(run.stderr)["messages"]


def checked(folder: Path) -> list[str]:
    """The Nu Html Checker's errors and warnings for every file in a folder."""
    messages = nu(folder)
    return [f"{Path(m.get('url', '')).name}: {m['message']} {m.get('extract', '')}" for m in messages]


def test_the_markup_of_every_page_is_valid_without_a_warning(
    bilingual, failures, language, addresses, tmp_path
):
    client = bilingual.test_client()
    for address in addresses:
        name = re.sub(r"\W+", "-", address).strip("-") or "start"
        response = client.get(address, may_fail=True)
        assert response.status_code == (404 if "no-such-page" in address else 200), address
        (tmp_path / f"{name}.html").write_text(response.text, "utf-8")
    for status in STATUSES:
        (tmp_path / f"failure-{status}.html").write_text(failures(status, language), "utf-8")
    assert len(list(tmp_path.iterdir())) == len(addresses) + len(STATUSES)
    assert not (said := checked(tmp_path)), said[:20]


def test_the_checker_sees_planted_faults(client, tmp_path):
    text = client.get("/about").text
    (tmp_path / "twice.html").write_text(text.replace("<h1>", '<h1 id="main">'), "utf-8")
    (tmp_path / "stray.html").write_text(text.replace("</main>", "</div></main>"), "utf-8")
    (tmp_path / "warned.html").write_text(text.replace("<main id", '<main role="main" id'), "utf-8")
    assert {message.partition(":")[0] for message in checked(tmp_path)} == {
        "twice.html",
        "stray.html",
        "warned.html",
    }


def test_the_stylesheet_is_valid(tmp_path):
    """Except for features newer than the checker."""
    (tmp_path / "style.css").write_text(Path("static/style.css").read_text("utf-8"), "utf-8")
    assert not nu("--css", tmp_path / "style.css")
