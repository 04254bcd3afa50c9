"""Code pasted into a partner's page: it is shown, can be reached by keyboard, and leads where it says."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import put_in
from tests.browser.scanning import AXE, scan
from tests.other_site import Answer, other_site

pytestmark = pytest.mark.needs("engines")

SHORTEST = '<!doctype html><html lang="{}"><meta charset="utf-8"><title>A charity</title><main><h1>A charity</h1>{}</main>'


@pytest.fixture
def partner():
    """Another site: serves the pasted code in an otherwise empty page in a language, and returns the page's URL."""
    served: dict[str, bytes] = {}

    def answer(path: str) -> Answer:
        return Answer(served[path]) if path in served else Answer(b"", 404)

    with other_site(answer) as address:

        def serve(pasted: str, language: str = "en") -> str:
            served["/"] = SHORTEST.format(language, pasted).encode()
            return f"{address}/"

        yield serve


@pytest.fixture
def page(chromium: Browser, site: str):
    context = chromium.new_context(base_url=site)
    put_in(context, [AXE])
    yield context.new_page()
    context.close()


def copied(page: Page) -> list[str]:
    page.goto("/partners?service=nspcc")
    return page.locator(".code").all_text_contents()


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_code_works_on_an_empty_page_and_passes_there(page: Page, site: str, partner, language):
    codes = copied(page)
    assert len(codes) == 20
    page.goto(partner("".join(f"<p>{code}</p>" for code in codes), language))
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
        # It is shown although it comes from another site: its headers allow that.
        page.wait_for_function("image => image.complete", arg=image.element_handle())
        assert image.evaluate("image => image.naturalWidth") == 240
    assert not scan([page], [page.url], [AXE])

    links = page.locator("main a")
    # The links are the same in each language of the page around them.
    for place in range(links.count() if language == "en" else 4):
        leads_to = links.nth(place).get_attribute("href")
        with page.expect_request(leads_to) as asked:
            links.nth(place).click()
        assert "referer" not in asked.value.all_headers()
        expect(page).to_have_url(leads_to)
        assert leads_to.startswith(site)
        if "/for/" in leads_to:
            expect(page.get_by_role("heading", level=1)).to_have_text("Is anyone in danger now?")
        page.go_back()


def test_a_program_on_another_site_may_read_the_data(page: Page, site: str, partner):
    page.goto(partner(""))
    names = page.evaluate(
        "async (address) => (await (await fetch(address)).json()).contents.map((each) => each.name)",
        f"{site}/data/services.json",
    )
    assert "Childline" in names
    refused = page.evaluate("(address) => fetch(address).then(() => false, () => true)", f"{site}/help/")
    assert refused, "another site can read our pages"


def test_a_press_copies_the_code_and_says_so(page: Page, site: str):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/partners")
    page.get_by_role("button", name="Copy the link: For parents and carers").click()
    expect(page.get_by_role("status").first).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f'<a href="{site}/for/parents" ')
    assert copied == page.locator(".code").nth(2).text_content()


def test_where_copying_is_refused_the_code_is_selected(page: Page):
    page.goto("/partners")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()) }")
    button = page.get_by_role("button", name="Copy the link: For everyone")
    button.click()
    assert page.evaluate("getSelection().toString()") == page.locator(".code").first.text_content()
    expect(button).to_be_visible()


def test_there_is_no_button_without_script(chromium: Browser, site: str):
    context = chromium.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/partners")
    expect(page.locator(".code + button")).to_have_count(0)
    expect(page.locator(".code").first).to_contain_text('rel="noreferrer"')
    context.close()


def test_the_first_view_asks_for_two_files_and_the_icon(page: Page, site: str):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    page.goto("/partners")
    page.wait_for_load_state("networkidle")
    assert len([address for address in asked if "icon" not in address]) == 2, asked
