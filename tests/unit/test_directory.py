"""The directory: which routes fit which visitor, the links of contacts, and errors in a route's file."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from signpost.checks.references import directory_problems
from signpost.models.directory import Ages, Contact, Directory, Hours
from signpost.models.errors import ContentProblem
from tests.unit.conftest import HELP, ROUTE, load

ADULT, TEENAGER, CHILD = Ages(18, 120), Ages(13, 17), Ages(0, 12)
UK = ("england", "wales", "scotland", "northern-ireland")


@pytest.fixture
def directory(line) -> Directory:
    """A small directory: a family with a UK-wide member, a family without one, and a route for under 18s."""
    routes = [
        replace(line, id="police", family="police", nations=UK, ages=Ages()),
        replace(line, id="police-scotland", family="police", nations=("scotland", "abroad"), ages=Ages()),
        replace(line, id="line-wales", family="line", nations=("wales",), ages=Ages(youngest=16)),
        replace(line, id="line-scotland", family="line", nations=("scotland",), ages=Ages(youngest=13)),
        replace(line, id="young", family="", nations=UK, ages=Ages(oldest=18)),
    ]
    return Directory({route.id: route for route in routes}, ())


@pytest.mark.parametrize(
    ("name", "nation", "ages", "shown"),
    [
        ("police", "england", ADULT, "police"),
        ("police", "scotland", ADULT, "police-scotland"),  # the most specific member, not the UK-wide one
        ("police", "abroad", ADULT, "police-scotland"),
        ("police", None, ADULT, "police"),  # nation not known: the UK-wide member
        ("line", None, ADULT, "line-wales line-scotland"),  # no UK-wide member: every member
        ("line", None, TEENAGER, "line-scotland"),
        ("line", "wales", TEENAGER, ""),
        ("line", "england", ADULT, ""),
        ("police-scotland", "scotland", CHILD, "police-scotland"),
        ("police-scotland", "wales", CHILD, ""),
        ("young", "wales", CHILD, "young"),
        ("young", "wales", Ages(18, 18), "young"),
        ("young", "wales", ADULT, ""),
        ("nobody", None, ADULT, ""),
    ],
)
def test_the_routes_that_fit_are_shown(directory, name, nation, ages, shown):
    assert [route.id for route in directory.fitting(name, nation, ages)] == shown.split()


def test_a_parent_may_be_shown_what_they_use_beside_their_child(directory):
    young = replace(directory.routes["young"], with_an_adult=True)
    directory = replace(directory, routes={**directory.routes, "young": young})
    assert directory.fitting("young", "wales", ADULT) == ()
    assert directory.fitting("young", "wales", ADULT, for_child=True) == (young,)
    assert directory.fitting("young", "abroad", ADULT, for_child=True) == ()


def test_a_family_is_named_by_its_name_even_where_a_member_has_it_too(directory):
    assert [route.id for route in directory.named("police")] == ["police", "police-scotland"]
    assert [route.id for route in directory.named("young")] == ["young"]
    assert directory.named("nobody") == ()


def contact(kind: str, **facts) -> Contact:
    return Contact(kind=kind, source="page", confidence="high", hours=Hours("unknown"), **facts)


@pytest.mark.parametrize(
    ("kind", "facts", "href", "text"),
    [
        ("phone", {"number": "0808 1000 900"}, "tel:08081000900", "0808 1000 900"),
        ("phone", {"number": "+44 1372 847 161"}, "tel:+441372847161", "+44 1372 847 161"),
        ("text", {"number": "85258", "sms_keyword": "SHOUT"}, "sms:85258", "85258"),
        ("email", {"address": "help@nspcc.org.uk"}, "mailto:help@nspcc.org.uk", "help@nspcc.org.uk"),
        ("web", {"address": "https://www.iwf.org.uk/"}, "https://www.iwf.org.uk/", "iwf.org.uk"),
        ("chat", {"address": "https://a.uk/chat"}, "https://a.uk/chat", "a.uk/chat"),
        (
            "sign-language",
            {"address": "https://www.999bsl.co.uk"},
            "https://www.999bsl.co.uk",
            "999bsl.co.uk",
        ),
        ("in-person", {"label": "Ask for the manager"}, "", ""),
    ],
)
def test_a_contact_has_a_link_and_words_that_fit_its_kind(kind, facts, href, text):
    way = contact(kind, **facts)
    assert (way.href, way.text) == (href, text)


def test_only_contacts_that_work_from_where_the_visitor_is_are_shown(directory):
    here, there, both = (
        contact("phone", number="1", reachable_from=reach) for reach in ("uk", "abroad", "anywhere")
    )
    route = replace(directory.routes["young"], contacts=(here, there, both))
    assert route.contacts_from(abroad=False) == (here, both)
    assert route.contacts_from(abroad=True) == (there, both)


def test_ages_cover_others_only_whole():
    assert ADULT.cover(Ages(18, 18))
    assert Ages(oldest=18).cover(TEENAGER)
    assert not Ages(oldest=18).cover(ADULT)
    assert not Ages(youngest=16).cover(TEENAGER)


def problems_of(folder, route: str = ROUTE, help_: str = HELP) -> list[ContentProblem]:
    directory, problems = load(folder, route, help_)
    return problems or list(directory_problems(directory))


def test_a_small_directory_loads(tmp_path):
    assert problems_of(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "entry", "problem"),
    [
        ('nations = ["england"]', "nations = []", "nations", "The list is empty."),
        (
            'next = "',
            'ages = { youngest = 18, oldest = 3 }\nnext = "',
            "ages",
            "The youngest is older than the oldest.",
        ),
        ('"They listen."', '" "', "next", "It is empty."),
        ('access = "unknown"', 'access = ""', "access", "It is empty."),
        ('languages = "unknown"', 'languages = ""', "languages", "It is empty."),
        (
            'number = "0800 000 000"',
            'label = "Call"',
            "contact 1",
            "A contact of kind “phone” needs “number”.",
        ),
        (
            'kind = "phone", number = "0800 000 000"',
            'kind = "text"',
            "contact 1",
            "A contact of kind “text” needs “number”.",
        ),
        ('kind = "phone"', 'kind = "in-person"', "contact 1", "A contact of kind “in-person” needs “label”."),
        ('kind = "phone"', 'kind = "web"', "contact 1", "A contact of kind “web” needs “address”."),
        (
            'kind = "phone"',
            'kind = "web", address = "www.a.uk"',
            "contact 1",
            "“www.a.uk” is not a web address.",
        ),
        (
            'kind = "phone"',
            'kind = "chat", address = "http://a.uk"',
            "contact 1",
            "“http://a.uk” is not a web address.",
        ),
        (
            'kind = "phone"',
            'kind = "email", address = "a.uk"',
            "contact 1",
            "“a.uk” is not an e-mail address.",
        ),
        ('open = "always"', 'open = "limited"', "contact 1, hours", "Its hours are limited but not given."),
        (
            'open = "always"',
            'open = "limited", spans = ["mon-fri 09:00-17:00", "fri 16:00-18:00"]',
            "contact 1, hours",
            "Its spans overlap: “Monday to Friday, 9am to 5pm”, “Friday, 4pm to 6pm”.",
        ),
        (
            'open = "always"',
            'open = "always", spans = ["mon 09:00-17:00"]',
            "contact 1, hours",
            "It is “always” and has hours of its own.",
        ),
        (
            'open = "always"',
            'open = "always", days = "weekdays"',
            "contact 1, hours",
            "It is “always” and gives only days.",
        ),
        (
            'open = "always"',
            'open = "always", begins = 2027-01-02, ends = 2027-01-01',
            "contact 1, hours",
            "It ends before it begins.",
        ),
        (
            'open = "always"',
            'open = "limited", spans = ["mon 09:00-05:00"]',
            "contact 1, hours.spans",
            "“09:00-05:00” ends before it begins.",
        ),
        (
            'open = "always"',
            'open = "limited", spans = ["mon 09:00-17:00"], bank_holidays = { england = "shut" }',
            "contact 1, hours.bank_holidays['england']",
            "“shut” is not known here.",
        ),
        ('0", source = "page"', '0", source = "gone"', "contact 1", "Its source “gone” is not in this file."),
        (
            'always", source = "page"',
            'always", source = "gone"',
            "contact 1, hours",
            "Its source “gone” is not in this file.",
        ),
        ('.", source = "page"', '.", source = "gone"', "privacy", "Its source “gone” is not in this file."),
        (
            'name_needed = "no"',
            'name_needed = "did_you_mean"',
            "privacy.name_needed",
            "“did_you_mean” is not known here.",
        ),
        (
            'name_needed = "no"',
            f'name_needed = "can-refuse", in_short = "{"word " * 16}"',
            "privacy, in_short",
            "It has 16 words, and the line on a result has room for 15.",
        ),
        (
            'next = "',
            f'card_line = "{"word " * 21}"\nnext = "',
            "card_line",
            "It has 21 words, and the line on a result has room for 20.",
        ),
        (
            "privacy =",
            f'children = {{ in_short = "{"word " * 16}", contacts_back = "No.", may_tell = "No.", leaves_behind = "No." }}\nprivacy =',
            "children, in_short",
            "It has 16 words, and the line on a result has room for 15.",
        ),
        (
            "privacy =",
            'children = { in_short = " ", contacts_back = "No.", may_tell = "No.", leaves_behind = "No." }\nprivacy =',
            "children, in_short",
            "It is empty.",
        ),
        (
            "privacy =",
            'children = { contacts_back = "No.", may_tell = "No.", leaves_behind = "No." }\nprivacy =',
            "children.in_short",
            "“in_short” is missing.",
        ),
    ],
)
def test_a_fault_in_a_route_is_named_with_its_fix(tmp_path, old, new, entry, problem):
    assert old in ROUTE
    found = {
        (each.file, each.entry, each.problem): each.fix
        for each in problems_of(tmp_path, ROUTE.replace(old, new))
    }
    assert found["routes/line.toml", entry, problem]


def test_a_route_without_a_contact_is_refused(tmp_path):
    none = re.sub(r"contacts = \[.*?\n\]", "contacts = []", ROUTE, flags=re.DOTALL)
    assert "There is no contact." in [problem.problem for problem in problems_of(tmp_path, none)]


def test_a_route_in_no_group_and_a_group_of_no_route_are_named(tmp_path):
    problems = problems_of(tmp_path, help_=HELP.replace('"line"', '"lime"'))
    assert [str(problem) for problem in problems] == [
        "help.toml, talk: There is no route “lime”. Correct the id, or take it out.",
        "help.toml, groups: The route “line” stands in no group. Add it to one.",
    ]


def test_hours_that_are_unknown_need_no_source(tmp_path):
    unknown = ROUTE.replace(
        '{ open = "always", source = "page", confidence = "high" }', '{ open = "unknown" }'
    )
    assert problems_of(tmp_path, unknown) == []
