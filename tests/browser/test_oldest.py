"""Script and style work in the oldest browsers that they are for, by MDN's compatibility data."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests import ROOT
from tests.browser.conftest import engine
from tests.browser.script import EDITION, Unreadable, names, parse
from tests.browser.test_exit import CLICK_OR_SHIFT
from tests.browser.test_layout import as_of_2020
from tests.browser.test_visits import answer

#: docs/decisions/0019 names them too. An older one reads no line of the script, or has no way to this site's TLS;
#: for it Exit is a link.
OLDEST = {
    "chrome_android": "80",
    "firefox": "78",
    "safari": "12",
    "safari_ios": "12",
    "samsunginternet_android": "13.0",
    "webview_android": "80",
}

#: What the script uses only if the browser has it.
ASKED_FOR_FIRST = {"clipboard", "writeText"}

#: Keys of an entry for a browser that has a feature, but not as scripts expect it.
_UNLESS = {"flags", "prefix", "alternative_name", "version_removed", "partial_implementation"}

#: An interface or a global, and one of its properties or None.
Feature = tuple[str, str]


@functools.cache
def data() -> dict[str, Any]:
    return json.loads(engine("@mdn/browser-compat-data/data.json").read_text("utf-8"))


def is_old(compat: dict[str, Any]) -> bool:
    """Whether each of the oldest browsers has a feature, under this name and without changing a setting."""
    return all(_had(compat["support"].get(browser, {}), version) for browser, version in OLDEST.items())


def _had(support: Any, version: str) -> bool:
    for each in support if isinstance(support, list) else [support]:
        added = str(each.get("version_added")).lstrip("≤")
        if not _UNLESS & set(each) and re.fullmatch(r"[\d.]+", added) and _number(added) <= _number(version):
            return True
    return False


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def features() -> Iterator[tuple[Feature, dict[str, Any]]]:
    """Each interface, global and property of browsers and of JavaScript, with its entry in the data."""
    for kind in (data()["api"], data()["javascript"]["builtins"]):
        for owner, inside in kind.items():
            if "__compat" in inside:
                yield (owner, ""), inside["__compat"]
            for name, each in inside.items():
                if "__compat" in each and not name.endswith("_event"):
                    yield (owner, name.removesuffix("_static")), each["__compat"]


@functools.cache
def had() -> dict[str, bool]:
    """Whether at least one interface or global with this name is old enough."""
    found: dict[str, bool] = {}
    for (owner, name), compat in features():
        found[name or owner] = found.get(name or owner, False) or is_old(compat)
    return found


def newer(file: Path | None = None) -> set[str]:
    """The names in a script that one of the oldest browsers lacks, or that the data does not know."""
    return {name for name in names(parse(file) if file else parse()) if not had().get(name, False)}


def test_the_script_names_nothing_that_the_oldest_browsers_lack():
    assert newer() == ASKED_FOR_FIRST


def test_its_syntax_is_of_an_edition_that_they_read_whole():
    parse()
    javascript = data()["javascript"]
    last = javascript["statements"]["async_function"]["__compat"]  # of the same edition
    assert is_old(last)
    assert EDITION == 2017


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("document.body.replaceChildren();", "replaceChildren"),
        ("structuredClone({});", "structuredClone"),
        ("[1].at(-1);", "at"),
        ("new ResizeObserver(() => 1);", "ResizeObserver"),
        ("document.boddy.remove();", "boddy"),
    ],
)
def test_a_name_that_they_lack_is_seen(tmp_path, line: str, name: str):
    file = tmp_path / "newer.js"
    file.write_text(f"const own = document.title; own.trim(); {line}")
    assert newer(file) == {name}


@pytest.mark.parametrize("line", ["a?.b;", "a ??= 1;", "try { a; } catch { b; }", "class A { #b = 1; }"])
def test_syntax_that_they_lack_is_seen(tmp_path, line: str):
    file = tmp_path / "newer.js"
    file.write_text(line)
    with pytest.raises(Unreadable):
        parse(file)


#: Removes from a browser whatever the oldest lack, and lets the page report two of them. Later the page comes back
#: from memory. (A test cannot query the page: Playwright needs a newer browser.)
_AGE = """(lacking) => {
  for (const [owner, name] of lacking) {
    try {
      if (!name) delete window[owner];
      else if (owner === "Window") delete window[name];
      else if (owner in window) { delete window[owner][name]; delete window[owner].prototype?.[name]; }
    } catch {}
  }
  addEventListener("DOMContentLoaded", () => {
    document.documentElement.className = `${typeof document.body.replaceChildren} ${typeof PointerEvent}`;
  });
  addEventListener("load", () => setTimeout(() => {
    const event = new Event("pageshow");
    event.persisted = true;
    dispatchEvent(event);
  }, 500));
}"""


@pytest.fixture
def old_leaver(leaver: Page) -> Page:
    """A visitor who must exit, in a browser without newer features. An error in the script fails the test."""
    lacking = [feature for feature, compat in features() if not is_old(compat)]
    leaver.add_init_script(f"({_AGE})({json.dumps(lacking)})")
    return leaver


@CLICK_OR_SHIFT
def test_a_browser_without_newer_features_can_do_everything(old_leaver: Page, elsewhere: str, way):
    page = old_leaver
    page.goto("/check/n/c/m/b?go=1")
    expect(page.locator("html")).to_have_class("undefined undefined")
    expect(page.locator("#error")).to_be_focused()

    def renewed(route: Route) -> None:
        """Lets the page through, and marks what the script later requests to bring it up to date."""
        if route.request.resource_type == "fetch":
            route.fulfill(body=route.fetch().text().replace("</h1>", "!</h1>"))
        else:
            route.continue_()

    page.route(re.compile("/check/n/c/m/b/e$"), renewed)
    answer(page, "England")
    expect(page).to_have_url(re.compile("/check/n/c/m/b/e$"))
    expect(page.locator("h1")).to_have_text(re.compile("!$"))
    closed = page.locator("details:not([open])").count()
    page.pdf()
    assert page.locator("details:not([open])").count() == closed

    way(page)
    expect(page).to_have_url(elsewhere)
    page.go_back(wait_until="commit")
    expect(page).to_have_url(re.compile(r"^http://[^/]+/$"))


# ---- the style

#: What they lack, in whole or in part, and nobody misses.
MISSED_BY_NOBODY = {
    "color-scheme",
    "color-scheme: dark",
    "color-scheme: light",
    "cursor",  # phones have none
    "cursor: pointer",
    "outline",  # in Safari its corners are not round
    "text-size-adjust",  # -webkit-text-size-adjust stands beside it
    "position: sticky",  # -webkit-sticky stands beside it
}


def lacking(css: str) -> set[str]:
    """The properties, values, functions and selectors of a stylesheet that one of the oldest browsers lacks."""
    known = data()["css"]
    found: dict[str, Any] = {}
    for name, value in re.findall(r"(?<![\w-])([a-z][a-z-]*)\s*:\s*([^;{}]+)(?=[;}])", css):
        if name.startswith("-webkit-"):
            continue
        of = found[name] = known["properties"][name]
        for word in re.findall(r"[a-z][a-z-]+", value):
            found[f"{name}: {word}"] = of.get(word, {})
        for word in re.findall(r"([a-z-]+)\(", value):
            found[f"{word}()"] = known["types"].get(word, {})
    for selector in re.findall(r"([^{};]+)\{", css):
        for name in () if selector.strip().startswith("@") else re.findall(r"::?([a-z-]+)", selector):
            found[f":{name}"] = known["selectors"][name]
    return {name for name, entry in found.items() if "__compat" in entry and not is_old(entry["__compat"])}


def without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def test_the_layout_of_2020_is_tried_without_all_that_its_browsers_lack():
    css = without_comments((ROOT / "static" / "style.css").read_text("utf-8"))
    assert lacking(css) >= {":is", "inset-inline", "accent-color", ":focus-visible"}
    assert lacking(as_of_2020(css)) == MISSED_BY_NOBODY


@pytest.mark.parametrize(
    ("css", "name"),
    [
        ("p { aspect-ratio: 1 }", "aspect-ratio"),
        ("p { display: contents; overflow: clip }", "overflow: clip"),
        ("p:user-valid { color: red }", ":user-valid"),
    ],
)
def test_style_that_they_lack_is_seen(css: str, name: str):
    assert lacking(css) == {name}
