"""Each page has one address. Other spellings, and links damaged by paper, chat or mail, redirect to it and nowhere else."""

from __future__ import annotations

from itertools import product
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signpost.models.damaged import AddressReader, Meant, arguments
from signpost.models.urls import listed_pages, states
from tests.states import some

#: What stands after an address in a text, and is often taken for a part of it.
ENDINGS = [
    *".,;:!?)]}>\"'”’»…*_|\\",
    " ",
    "\u00a0",  # no-break space
    "\u200b",  # zero-width space
    "\ufeff",  # byte order mark
    "\u200e",  # left-to-right mark
    "\u00ad",  # soft hyphen
    "/",
    "/.",
    ").",
    "&amp;",
    "&nbsp;",
    "&utm_source=x",
    "?utm_source=x",
    "#top",
    "<br>",
    "\n",
    "\r\n\r\nPlease call them, they are kind.",
    " and then press “Start”.",
    " – Signpost",
    " 👍",
    "。",
]
BEFORE = ["“", "<", "(", " ", "\u200b", "https://signpost.example/", "/", "\\"]
PAGES = [
    "/help/stop-it-now",
    "/check/n/p/o",
    "/for/parents",
    "/advice/pictures",
    "/about",
    "/help/",
    "/check/",
]

IDS = ["childline", "ceop", "stop-it-now", "police", "999", "nhs-111", "parents-protect"]


@pytest.fixture(scope="module")
def reader(content) -> AddressReader:
    return AddressReader(content, ["en", "cy"])


@pytest.fixture(scope="module")
def paths(content) -> list[str]:
    """The path of every page in every state."""
    return sorted({address.partition("?")[0] for address in states(content)})


def sent(text: str) -> str:
    """A path as the server passes it on: its bytes, each as one character."""
    return text.encode().decode("latin-1")


def test_every_page_and_state_is_reached_whatever_stands_around_its_address(reader, paths):
    assert len(paths) > 500
    for path in some(paths, 5):
        assert reader.find(path, "en") == Meant(path, "en")
        for ending in ENDINGS:
            found = reader.find(sent(path + ending), "en")
            # A word after a list of numbers may be one of them.
            assert found == Meant(path, "en") or (
                found == Meant(f"{path}?moved=1", "en") and "/numbers/" in path
            ), (
                path,
                ending,
            )
        for before in BEFORE:
            assert reader.find(sent(f"/{before}{path[1:]}"), "en") == Meant(path, "en"), (before, path)
        assert reader.find(path.upper(), "cy") == Meant(path, "cy")


@pytest.mark.parametrize(
    ("damage", "path"),
    [
        ("/help/stop-\nit-now", "/help/stop-it-now"),  # a mail breaks a long line
        ("/help/stop- it-now", "/help/stop-it-now"),
        ("/help/ stop-it-now", "/help/stop-it-now"),
        ("/help/stop-it-\r\n now", "/help/stop-it-now"),
        ("/help/stop–it—now", "/help/stop-it-now"),  # a word processor's dashes
        ("/help/stop\u2011it\u2011now", "/help/stop-it-now"),
        ("/help/stop\u00ad-it-now", "/help/stop-it-now"),
        ("/help/sto\u200bp-it-now", "/help/stop-it-now"),
        ("/help/childl ine", "/help/childline"),
        ("/help\\childline", "/help/childline"),
        ("/help/child\u2060line", "/help/childline"),
        ("／ｈｅｌｐ／ｃｈｉｌｄｌｉｎｅ", "/help/childline"),
        ("/help/childline.html", "/help/childline"),
        ("/help/stop-=\nit-now", "/help/stop-it-now"),  # a mail breaks a line in its own way
        ("/help/stop=\r\n-it-now=2E", "/help/stop-it-now"),
        ("/help/child<wbr>line", "/help/childline"),
        ("/help/childline\u00b2", "/help/childline"),  # a footnote
        ("/help/childline\u2122", "/help/childline"),
        ("/help/childline\\n", "/help/childline"),  # as a programmer writes a line's end
        ("/help/childline\\u200b", "/help/childline"),
        ("/for/parents—and teachers", "/for/parents"),
        ("/help/stop it now", "/help/stop-it-now"),  # heard, and typed
        ("/help/stop_it_now.", "/help/stop-it-now"),
        ("/help/StopItNow", "/help/stop-it-now"),
        ("/help/“childline”", "/help/childline"),
        ("/check/n,p,o", "/check/n/p/o"),
        ("/check/n > p > o.", "/check/n/p/o"),
        ("/check/n p o", "/check/n/p/o"),
        ("/check/n/p/o I think", "/check/n/p/o"),
        ("/check/n / p / o", "/check/n/p/o"),
        ("/check/N/P/O.", "/check/n/p/o"),
        ("/check/n/p?go=1", "/check/n/p"),
        ("/help/pace.", "/help/ivison-trust"),
        ("/badge.svg)", "/badge.svg"),
        ("/numbers/Childline+CEOP", "/numbers/childline+ceop"),
        ("/numbers/childline ceop", "/numbers/childline+ceop"),
        ("/numbers/childline,ceop.", "/numbers/childline+ceop"),
        ("/numbers/childline%2Bceop", "/numbers/childline+ceop"),
        ("/numbers/childline+pace", "/numbers/childline+ivison-trust"),
        ("/numbers/childline+childline", "/numbers/childline"),
        ("/numbers/childline+stop-\nit-now”", "/numbers/childline+stop-it-now"),
    ],
)  # fmt: skip
def test_damage_within_an_address_is_mended(reader, damage, path):
    assert reader.find(sent(damage), "en") == Meant(path, "en")


@pytest.mark.parametrize(
    "damage",
    [
        "childline+gone",
        "gone+childline",
        "childline+ceo",
        "childline+ceop2+ceop",
        "childline. Call them",
        "childline+c",
    ],
)
def test_numbers_that_are_fewer_than_were_named_say_so(reader, damage):
    assert reader.find(f"/numbers/{damage}", "en").path.endswith("?moved=1")


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from(IDS), min_size=1, max_size=5, unique=True),
    st.sampled_from(["+", " ", ", ", "%20", "%2B", " + ", "/", ";", "&amp;"]),
    st.text(max_size=5),
)
def test_numbers_never_lose_one_without_a_word(reader, ids, between, after):
    """Whatever stands between and after the names: all are shown, or the page says that one may be missing."""
    found = reader.find(sent(f"/numbers/{between.join(ids)}{after}"), "en")
    path, _, moved = (found.path if found else "").partition("?")
    assert found or len(ids) == 1, "none was left: an error page says so too"
    assert path in ("", "/numbers/" + "+".join(ids)) or moved == "moved=1"


@pytest.mark.parametrize("times", [1, 2, 3])
def test_an_address_that_was_encoded_again_is_read(reader, times):
    for path, ending in product(PAGES, (".", "”", " and more", "\u00a0")):
        text = path + ending
        for _ in range(times):
            text = quote(text, safe="")
        assert reader.find("/" + text, "en") == Meant(path, "en"), text


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/CY/help/childline", "cy"),
        ("/cy//help/childline.", "cy"),
        ("/cy/cy/help/childline", "cy"),
        ("/Cy%2Fhelp%2Fchildline", "cy"),
        ("/“cy/help/childline”", "cy"),
        ("/en/help/childline", "en"),
        ("/cy-GB/help/childline", "cy"),
        ("/en_gb/help/childline", "en"),
        ("/https://signpost.example/cy/help/childline", "cy"),
    ],
)
def test_the_language_is_that_of_the_address(reader, path, language):
    assert reader.find(sent(path), "en") == Meant("/help/childline", language)


@pytest.mark.parametrize(
    "path",
    ["/.env", "/.git/config", "/wp-login.php", "/help/nobody", "/help/childlines", "/help/childline/x", "/check/n/zz.",
     "/helpful", "/numbers/gone", "/numbers/", "/cyw", "/cy.example/x", "/static/x.", "/../../etc/passwd"],
)  # fmt: skip
def test_what_means_none_of_our_pages_stays_not_found(reader, path):
    assert reader.find(path, "en") is None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.sampled_from(["/", "/cy/", "//", "/help/", "/numbers/"]),
    st.text(st.characters(max_codepoint=255), max_size=60),
)
def test_whatever_is_read_leads_to_a_page_of_ours(reader, content, start, text):
    found = reader.find(start + text, "en")
    if found:
        path = found.path.removesuffix("?moved=1")
        assert path.startswith(("/check/", "/numbers/")) or path in (
            *listed_pages(content),
            "/journey",
            "/journey.svg",
        )


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("go=1&answer=p", {"go": "1", "answer": "p"}),
        ("go=1&amp;answer=p", {"go": "1", "answer": "p"}),
        ("go=1&amp;amp;answer=P.", {"go": "1", "answer": "p"}),
        ("go=1%26answer%3Dp", {"go": "1", "answer": "p"}),
        ("go=1&answer=p%20and%20then", {"go": "1", "answer": "p"}),
        ("go=3D1&answer=3Dp", {"go": "1", "answer": "p"}),
        ("go=1&answer=“p”", {"go": "1", "answer": "p"}),
        ("utm_source=go&go=1%E2%80%9D", {"go": "1"}),
        ("service=Stop-It-Now)", {"service": "stop-it-now"}),
        ("xgo=1&answer[]=p&answer=", {"answer": ""}),
    ],
)
def test_a_damaged_query_is_read(query, read):
    assert arguments(sent(query)) == read


@pytest.mark.parametrize("path", PAGES)
def test_a_browser_is_led_to_the_page_without_a_host(client, path):
    for damage, status in ((path + ".", 302), (path.upper(), 301), (quote(path + "”\u200b"), 302)):
        response = client.get(damage, headers={"Host": "evil.example"})
        assert (response.status_code, response.headers["Location"]) == (status, path)
    assert client.get(path).status_code == 200
    assert not urlsplit(response.headers["Location"]).netloc


def test_a_damaged_form_and_choice_work_too(client):
    assert client.get("/check/n?go=1&amp;answer=P.").headers["Location"] == "/check/n/p"
    assert 'href="/help/childline"' in client.get("/partners?service=Childline)").text
    assert client.get("/partners?service=nobody").status_code == 404


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/check", "/check/"),
        ("/check/n/", "/check/n"),
        ("/check/n//p", "/check/n/p"),
        ("/check//n", "/check/n"),
        ("/check///n//p/", "/check/n/p"),
        ("//check/n", "/check/n"),
        ("/help", "/help/"),
        ("/help/nspcc/", "/help/nspcc"),
        ("//about", "/about"),
        ("/about/", "/about"),
        ("//", "/"),
    ],
)
def test_each_address_has_one_form_and_leads_there_without_a_host(client, address, canonical):
    # Pass the path by keyword: the client would take what follows // for a host.
    response = client.get("/", environ_overrides={"PATH_INFO": address})
    assert (response.status_code, response.headers["Location"]) == (301, canonical)


def test_a_redirect_stays_on_this_site_whatever_the_host(client):
    for address in ("/check/?go=1&answer=n", "/check/n/", "/about/"):
        response = client.get(address, headers={"Host": "evil.example"})
        assert not urlsplit(response.headers["Location"]).netloc
