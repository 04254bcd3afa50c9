"""Running text: its links lead to the right places, and it cannot contain other markup."""

from __future__ import annotations

import pytest

from signpost.checks.references import broken_links
from signpost.models.markdown import Link, MarkdownRenderer, links


@pytest.fixture
def prose(content) -> MarkdownRenderer:
    return MarkdownRenderer(content.directory)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Call **999**.", "<p>Call <strong>999</strong>.</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("[Childline](route:childline)", '<p class="alone"><a href="/help/childline">Childline</a></p>'),
        ("[money](advice:money)", '<p class="alone"><a href="/advice/money">money</a></p>'),
        ("[questions](check:)", '<p class="alone"><a href="/check/">questions</a></p>'),
        ("[away](https://a.uk/x)", '<p class="alone"><a href="https://a.uk/x">away</a></p>'),
        ("[](call:999)", '<p class="alone"><a href="tel:999" translate="no">999</a></p>'),
    ],
)
def test_a_text_becomes_html(prose, text, html):
    assert prose(text) == f"{html}\n"


def test_a_link_to_call_shows_the_number_and_keeps_it_on_one_line(prose, numbers):
    childline = numbers["childline"]
    shown = childline.number.replace(" ", "\u00a0")
    assert (
        prose("[](call:childline)")
        == f'<p class="alone"><a href="{childline.href}" translate="no">Childline on {shown}</a></p>\n'
    )


def test_links_may_lead_under_a_language(content):
    welsh = MarkdownRenderer(content.directory, root="/cy")
    assert '"/cy/help/nspcc"' in welsh("[x](route:nspcc)")
    assert '"/cy/check/"' in welsh("[x](check:)")


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "<b onclick=x>", "![x](https://other.example/p.png)", "<style>p{}</style>"],
)
def test_a_text_cannot_bring_in_markup_or_pictures(prose, text):
    html = prose(text)
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
        ("[](call:in-the-app)", "A link is to call “in-the-app”, whose primary contact has no number."),
        ("[x](advice:nothing)", "A link names the advice “nothing”, which does not exist."),
        ("[x](http://a.uk)", "A link begins with “http:”, which is not known here."),
        ("[x](/help/nspcc)", "A link begins with “/help/nspcc:”, which is not known here."),
        ("[x](javascript:alert)", "A link begins with “javascript:”, which is not known here."),
    ],
)
def test_a_link_that_leads_nowhere_is_named(content, text, problem):
    assert list(broken_links(text, content.directory, content.advice)) == [problem]
    assert not list(
        broken_links("[](call:nspcc) [x](check:) [y](https://a.uk)", content.directory, content.advice)
    )
