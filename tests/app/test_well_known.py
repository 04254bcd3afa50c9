"""Files for programs: the health check, robots.txt, sitemaps and security.txt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from signpost.models.urls import check_url, listed_pages
from tests.planting import site

BASE = "https://signpost.example"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


@pytest.fixture(scope="module")
def get():
    """Fetches a URL from a site with a base URL and a contact."""
    client = site(BASE_URL=BASE, CONTACT="us@signpost.example").test_client()
    return lambda address: client.get(address, base_url=BASE)


def sitemap(response) -> list[str]:
    assert response.status_code == 200
    assert response.content_type == "application/xml; charset=utf-8"
    return [loc.text for loc in ElementTree.fromstring(response.data).iter(LOC)]


def test_healthz_answers_any_name(get, client):
    for response in (get("/healthz"), client.get("/healthz", headers={"Host": "10.0.0.7:8000"})):
        assert response.status_code == 200
        assert response.text == "ok\n"
        assert response.content_type == "text/plain; charset=utf-8"


def test_robots_may_read_all_and_are_led_to_the_sitemap(get):
    assert get("/robots.txt").text == f"User-agent: *\nAllow: /\n\nSitemap: {BASE}/sitemap.xml\n"


def test_the_sitemap_lists_every_page_by_its_whole_address(get, content):
    listed = sitemap(get("/sitemap.xml"))
    assert listed == [f"{BASE}{address}" for address in listed_pages(content)]
    assert len(listed) == len(set(listed))
    for address in ("/", "/check/", "/help/", "/help/nspcc", "/advice/money", "/for/parents", "/privacy"):
        assert f"{BASE}{address}" in listed


def test_no_page_is_left_out_of_the_sitemap(app, client, content):
    """These pages are not in the content but in a hand-kept list, so this test finds any that it lacks."""
    addresses = [rule.rule for rule in app.url_map.iter_rules() if not rule.arguments]
    found = [
        a for a in addresses if (got := client.get(a)).mimetype == "text/html" and got.status_code == 200
    ]
    assert "/about" in found
    unlisted = {
        address for address in found if "noindex" in client.get(address).headers.get("X-Robots-Tag", "")
    }
    assert unlisted == {"/journey"}  # for reviewers
    assert set(found) - unlisted <= set(listed_pages(content))


def test_the_sitemap_of_states_lists_the_errors_and_every_form_of_a_result_too(get, content):
    listed = set(sitemap(get("/sitemap-states.xml")))
    assert set(sitemap(get("/sitemap.xml"))) <= listed
    assert {f"{BASE}/check/?go=1", f"{BASE}/for/parents?go=1"} <= listed
    walks = [walk for walk in content.journey.walks() if walk.result]
    listed_forms = {(w.result.id, w.situation) for w in walks if f"{BASE}{check_url(w.codes)}" in listed}
    assert listed_forms == {(w.result.id, w.situation) for w in walks}


def test_what_the_sitemap_lists_may_be_listed(get):
    hidden = [
        a
        for a in sitemap(get("/sitemap.xml"))
        if "noindex" in get(a.removeprefix(BASE)).headers.get("X-Robots-Tag", "")
    ]
    assert not hidden


@pytest.mark.parametrize(
    "address",
    [
        "/check/n",
        "/check/n/p/o",
        "/check/?go=1",
        "/for/parents?go=1",
        "/check/n?moved=1",
        "/numbers/police+nspcc",
        "/partners?service=nspcc",
        "/?utm_source=x",
        "/sitemap-states.xml",
    ],
)
def test_states_of_a_journey_are_not_to_be_listed(get, address):
    response = get(address)
    assert response.status_code == 200
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_security_txt_says_whom_to_tell(get):
    response = get("/.well-known/security.txt")
    assert response.content_type == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in response.text.splitlines())
    expires = datetime.fromisoformat(fields.pop("Expires"))
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=366)
    assert fields == {
        "Contact": "mailto:us@signpost.example",
        "Preferred-Languages": "en",
        "Canonical": f"{BASE}/.well-known/security.txt",
    }


def test_security_txt_may_name_a_web_address():
    client = site(CONTACT="https://signpost.example/@us").test_client()
    assert "Contact: https://signpost.example/@us\n" in client.get("/.well-known/security.txt").text


def test_without_a_contact_there_is_no_security_txt(client):
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize("address", ["/about", "/privacy", "/accessibility", "/partners"])
def test_pages_name_the_operator_and_the_contact_or_say_that_they_do_not_know(address, page):
    named = site(OPERATOR="The Test Trust", CONTACT="us@signpost.example").test_client()
    assert "The Test Trust" in named.get(address).text
    assert 'href="mailto:us@signpost.example"' in named.get(address).text
    assert "not configured" not in named.get(address).text
    assert page(address).text.count("not configured") == (1 if address == "/partners" else 2)
