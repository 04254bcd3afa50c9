"""Sharing: numbers as text, or the start page. Never a URL with answers, and never for a child or about oneself."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from signpost.exports.share_text import as_text, ways
from signpost.models.outcome import Outcome
from signpost.models.urls import MOST_NUMBERS, check_url
from tests.page import Page
from tests.planting import site
from tests.states import QUICK

OFFER = "Print or send these numbers"


def sent(page: Page) -> dict[str, str]:
    """The text of each sharing link, by its scheme."""
    found = {}
    for link in page.links:
        if link.startswith(("sms:?", "mailto:?")):
            fields = parse_qs(urlsplit(link).query.removeprefix("&"))
            found[link.partition(":")[0]] = " ".join(fields[name][0] for name in sorted(fields))
    return found


def offered(page: Page) -> str:
    """The URL of the numbers that a result offers to share, or ""."""
    return next((a.get("href") or "" for a in page.all("a") if Page.words(a) == OFFER), "")


def test_results_for_children_about_oneself_and_for_danger_offer_nothing_and_others_do(
    client, crawl, content
):
    """Decides by the answers in the path, not by the attributes that the site itself uses.

    Of several paths to the same result in the same situation, looks at the shortest.
    """
    about_me = ("c", "m", "b")  # a child; my own thoughts; it happened to me
    counts = {True: 0, False: 0}
    seen = set()
    for walk in sorted(content.journey.walks(), key=lambda each: len(each.codes)):
        if not walk.result or walk.codes[0] == "u":
            continue
        close = (
            walk.situation.danger
            or walk.codes[1] in about_me[: 1 if walk.codes[0] == "t" else 3]
            or walk.result.id in {"abroad-self", "abroad-survivor", "abroad-threat"}
        )
        kind = (walk.result.id, walk.situation, close)
        if kind in seen:
            continue
        seen.add(kind)
        address = check_url(walk.codes)
        if QUICK and address not in crawl:
            continue
        page = crawl.get(address) or Page(client.get(address).text)
        if close:
            assert not offered(page), walk.codes
            assert not sent(page), walk.codes
        counts[bool(offered(page))] += 1
    assert min(counts.values()) > 20


def test_what_is_shared_of_a_result_is_its_numbers_as_they_stand(client, content):
    walk = content.journey.follow(["n", "o", "h", "w"])
    address = offered(Page(client.get(check_url(walk.codes)).text))
    page = Page(client.get(address).text)
    routes = Outcome(content, walk).routes
    shown = [Page.words(b) for li in page.one("main").iter("li") for b in li.iter("h2")]
    assert shown == [route.name for route in routes]
    assert {way.href for route in routes for way in ways(route) if way.href} <= set(page.links)
    texts = sent(page)
    assert texts.keys() == {"sms", "mailto"}
    for text in texts.values():
        assert text.removesuffix(" Numbers") == as_text(routes)
        for route in routes:
            assert f"{route.name}: " in text


def test_nothing_that_is_shared_holds_an_address_of_the_journey(crawl):
    shared = 0
    for address, page in crawl.items():
        for link in page.links:
            if link.startswith(("sms:", "mailto:?", "whatsapp:", "/numbers/")):
                shared += 1
                assert "/check" not in unquote(link), address
                assert "/for/" not in unquote(link), address
    assert shared > 50


def test_the_start_sends_the_start_and_nothing_else():
    page = Page(
        site(BASE_URL="https://signpost.example")
        .test_client()
        .get("/", base_url="https://signpost.example")
        .text
    )
    assert sent(page) == {
        "sms": "Signpost: https://signpost.example/",
        "mailto": "Signpost: https://signpost.example/ Signpost",
    }


def test_before_sharing_a_page_warns_that_sent_messages_stay(page, content):
    for address in ("/", "/numbers/police+nspcc"):
        assert "Sent messages stay in your phone or account" in page(address).text
        assert "not through us" in page(address).text


def test_numbers_of_a_service_that_is_gone_are_left_out_and_the_page_says_so(client, page):
    address = client.get("/numbers/gone+samaritans").headers["Location"]
    shown = page(address)
    assert sent(shown)["sms"].startswith("Samaritans: ")
    assert "someone may be missing here" in shown.text
    assert "may be missing" not in page("/numbers/samaritans").text


def test_a_page_of_numbers_has_all_that_a_result_can_have_and_is_never_long(crawl, client, content):
    """A page of all numbers would take as long to render as ten results."""
    shared = [address for address in crawl if address.startswith("/numbers/")]
    assert max(address.count("+") + 1 for address in shared) <= MOST_NUMBERS / 2
    ids = list(content.directory.routes)
    page = Page(client.get("/numbers/" + "+".join(ids), follow_redirects=True).text)
    names = [content.directory.routes[id_].name for id_ in ids]
    assert [Page.words(each) for each in page.all("h2")][:-1] == names[:MOST_NUMBERS]
    assert len(names) > MOST_NUMBERS
    assert "someone may be missing here" in page.text

    assert client.get("/numbers/gone").status_code == 404


@pytest.mark.parametrize(
    ("route", "text"),
    [
        ("shout", "Shout: text {text.sms_keyword} to {text.number}"),
        # First the number for everybody. That of the railway police only with the place it is for. The textphone
        # number is only on the route's page.
        ("police", "Police on 101: {phone.number}; {text.label}: {text.number}"),
        ("iwf", "Internet Watch Foundation (IWF): report.iwf.org.uk"),
        ("stop-it-now", "Stop It Now helpline: {phone.number}; {phones[1].number}"),
        (
            "safeguarding-lead",
            "The safeguarding lead where they work or volunteer: {in_person.label} (not confirmed)",
        ),
        ("childline", "Childline: {phone.number}"),
    ],
)
def test_each_line_says_how_to_reach_a_service(content, route, text):
    found = content.directory.routes[route]
    first = {contact.kind.replace("-", "_"): contact for contact in reversed(found.contacts)}
    phones = [contact for contact in found.contacts if contact.kind == "phone"]
    if found.primary_contact.confidence == "high":
        text = text.removesuffix(" (not confirmed)")
    assert as_text([found]) == text.format(*found.contacts, phones=phones, **first)


def test_a_number_that_is_not_confirmed_says_so_on_the_page_and_in_the_text(crawl, content):
    unsure = 0
    for address, page in crawl.items():
        if not address.startswith("/numbers/"):
            continue
        for id_ in address.removeprefix("/numbers/").split("+"):
            route = content.directory.routes[id_]
            for contact in ways(route):
                line = as_text([route])
                if contact.confidence != "high":
                    unsure += 1
                    assert f"{contact.text or contact.label} (not confirmed)" in line
                    shown = contact.number or contact.text.split("/")[0] or contact.label
                    assert re.search(rf"{re.escape(shown)}\)? Not confirmed", page.text), (address, id_)
    assert unsure


def test_a_preview_in_a_chat_is_the_same_for_every_page(crawl):
    previews = set()
    for page in crawl.values():
        previews.add(
            tuple(
                (meta.get("property") or meta.get("name"), meta.get("content"))
                for meta in page.all("meta")
                if meta.get("property") or meta.get("name") == "description"
            )
        )
    (preview,) = previews
    assert dict(preview)["og:title"] == "Signpost"
    assert not [name for name, _ in preview if "image" in name or "url" in name]
