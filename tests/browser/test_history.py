"""What Exit leaves in the browser's own files: only entries that can be found by our name, and deleted."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, Worker, expect

from tests.browser.conftest import CHROMIUM, program
from tests.browser.test_exit import WAYS
from tests.browser.test_visits import answer

pytestmark = pytest.mark.needs("chromium")

#: What the visible list of history contains, and how to delete from it.
_LISTED = "async () => (await chrome.history.search({ text: '', startTime: 0, maxResults: 1000 })).map((line) => [line.url, line.title])"
_DELETE = "async (url) => chrome.history.deleteUrl({ url })"


def rows(file: Path, query: str) -> list[tuple]:
    """Rows of a database file of a browser, read from a copy because the browser may still have it open."""
    copy = shutil.copy(file, file.with_suffix(".copy"))
    with closing(sqlite3.connect(copy)) as connection:
        return connection.execute(query).fetchall()


class Visit(NamedTuple):
    page: Page
    history: Worker
    #: The browser's files once it has closed.
    files: Path
    context: BrowserContext


@pytest.fixture
def visit(playwright, tmp_path) -> Iterator[Visit]:
    """A visitor in an ordinary Chromium that keeps a history, with an extension that reads it."""
    extension = tmp_path / "extension"
    extension.mkdir()
    manifest = {"manifest_version": 3, "name": "history", "version": "1", "permissions": ["history"]}
    (extension / "manifest.json").write_text(
        json.dumps(manifest | {"background": {"service_worker": "worker.js"}})
    )
    (extension / "worker.js").write_text("")
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile",
        executable_path=program("chromium", "chromium"),
        headless=False,  # Playwright's own way to be headless has no extensions
        args=[
            *CHROMIUM,
            "--headless=new",
            f"--load-extension={extension}",
            "--disable-features=DisableLoadExtensionCommandLineSwitch",
        ],
        ignore_default_args=["--disable-back-forward-cache", "--disable-extensions"],
        ignore_https_errors=True,
    )
    worker = next(iter(context.service_workers), None) or context.wait_for_event("serviceworker")
    yield Visit(context.pages[0], worker, tmp_path / "profile" / "Default", context)
    context.close()


@pytest.mark.parametrize("way", ["click", "left Shift"])
@pytest.mark.parametrize("arrival", ["from the start", "by its address"])
def test_in_chromium_every_line_can_be_found_and_deleted(
    visit: Visit, site: str, elsewhere: str, arrival: str, way: str
):
    page = visit.page
    if arrival == "from the start":
        page.goto(f"{site}/")
        page.get_by_role("link", name="Start now", exact=True).click()
        answer(page, "No, not right now")
        answer(page, "I am under 18")
        answer(page, "Something is happening to me")
        answer(page, "Someone is threatening me")
        answer(page, "England")
    else:
        page.goto(f"{site}/check/n/c/m/b/e")
    expect(page).to_have_url(f"{site}/check/n/c/m/b/e")
    page.wait_for_load_state()
    WAYS[way](page)
    expect(page).to_have_url(elsewhere)
    expect(page).to_have_title("Weather")

    for _ in range(50):  # it is written a moment later
        listed = dict(visit.history.evaluate(_LISTED))
        if listed.get(elsewhere) == "Weather":
            break
        page.wait_for_timeout(100)
    assert listed[f"{site}/check/n/c/m/b/e"] == "Help against a threat – Signpost"
    assert listed[f"{site}/"] == "Signpost"
    assert {url: title for url, title in listed.items() if "Signpost" not in title} == {elsewhere: "Weather"}

    for url in listed:
        if url != elsewhere:
            visit.history.evaluate(_DELETE, url)
    assert dict(visit.history.evaluate(_LISTED)) == {elsewhere: "Weather"}
    visit.context.close()
    assert rows(visit.files / "History", "SELECT url, title FROM urls") == [(elsewhere, "Weather")]
    pages = rows(visit.files / "Favicons", "SELECT page_url FROM icon_mapping")
    assert [url for (url,) in pages if url.startswith(site)] == []
