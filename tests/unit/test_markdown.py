"""Running text: its links lead to the right places, and it cannot contain other markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signpost.checks.references import broken_links
from signpost.models.directory import Directory
from signpost.models.markdown import Link, MarkdownRenderer, links


@pytest.fixture
def directory(line) -> Directory:
    """Two routes with a number, and one without."""
    (call,) = line.contacts
    ask = replace(call, kind="in-person", number="", label="Ask")
    routes = [
        line,
        replace(line, id="999", name="999", contacts=(replace(call, number="999"),)),
        replace(line, id="at-school", contacts=(ask,)),
    ]
    return Directory({route.id: route for route in routes}, ())


@pytest.fixture
def render(directory) -> MarkdownRenderer:
    return MarkdownRenderer(directory)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Call **999**.", "<p>Call <strong>999</strong>.</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("[A line](route:line)", '<p class="alone"><a href="/help/line">A line</a></p>'),
        ("[money](advice:money)", '<p class="alone"><a href="/advice/money">money</a></p>'),
        ("[questions](check:)", '<p class="alone"><a href="/check/">questions</a></p>'),
        ("[away](https://a.uk/x)", '<p class="alone"><a href="https://a.uk/x">away</a></p>'),
        ("[](call:999)", '<p class="alone"><a href="tel:999" translate="no">999</a></p>'),
    ],
)
def test_a_text_becomes_html(render, text, html):
    assert render(text) == f"{html}\n"


def test_a_link_to_call_shows_the_number_and_keeps_it_on_one_line(render):
    shown = "A line on 0800 000 000".replace("0 0", "0\u00a00")
    assert (
        render("[](call:line)")
        == f'<p class="alone"><a href="tel:0800000000" translate="no">{shown}</a></p>\n'
    )


def test_links_may_lead_under_a_language(directory):
    welsh = MarkdownRenderer(directory, root="/cy")
    assert '"/cy/help/line"' in welsh("[x](route:line)")
    assert '"/cy/check/"' in welsh("[x](check:)")


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<b onclick=x>", "![x](https://other.example/p.png)", "<style>p{}</style>"],
)
def test_a_text_cannot_bring_in_markup_or_pictures(render, text):
    html = render(text)
    assert "<p>" in html
    for tag in ("<script", "<b", "<img", "<style"):
        assert tag not in html


def test_every_link_of_a_text_is_found():
    assert list(links("[a](route:x) and\n\n- [b](https://a.uk)")) == [
        Link("route", "x"),
        Link("https", "//a.uk"),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[x](route:nobody)", "A link names the route “nobody”, which does not exist."),
        ("[](call:nobody)", "A link names the route “nobody”, which does not exist."),
        ("[](call:at-school)", "A link is to call “at-school”, whose primary contact has no number."),
        ("[x](advice:nothing)", "A link names the advice “nothing”, which does not exist."),
        ("[x](http://a.uk)", "A link begins with “http:”, which is not known here."),
        ("[x](/help/nspcc)", "A link begins with “/help/nspcc:”, which is not known here."),
        ("[x](javascript:alert)", "A link begins with “javascript:”, which is not known here."),
    ],
)
def test_a_link_that_leads_nowhere_is_named(directory, text, problem):
    assert list(broken_links(text, directory, ["money"])) == [problem]


def test_a_link_that_leads_somewhere_is_not_named(directory):
    text = "[](call:line) [x](route:at-school) [x](advice:money) [x](check:) [y](https://a.uk)"
    assert not list(broken_links(text, directory, ["money"]))
