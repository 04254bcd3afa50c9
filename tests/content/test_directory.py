"""What must be true of the services in the content, beyond what every service must have (tests/unit)."""

from __future__ import annotations

import re

from signpost.models.content import OWN_CONTENT
from signpost.models.directory import Ages

UK = ("england", "wales", "scotland", "northern-ireland")


def test_what_is_only_for_the_young_is_for_a_parent_too_only_where_it_says_so(content):
    beside = {route.id for route in content.directory.routes.values() if route.with_an_adult}
    assert beside == {"report-remove"}


def test_every_family_has_somebody_in_every_nation(content):
    families = {route.family for route in content.directory.routes.values()} - {""}
    missing = [
        (f, n) for f in sorted(families) for n in UK if not content.directory.fitting(f, n, Ages(18, 120))
    ]
    assert families
    assert not missing


def test_every_route_has_an_id_fit_for_an_address_and_a_summary_of_one_line(content):
    for route in content.directory.routes.values():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", route.id)
        assert "\n" not in route.summary, route.id
        assert 0 < len(route.summary.split()) <= 25, route.id


#: Words that would promise a child more than any of these services can keep.
ONLY_IF_LIFE = re.compile(r"\bonly\b[^.]*\b(life|safety)\b|\bnever tell\b|\bsecret\b", re.IGNORECASE)


def test_no_service_promises_a_child_more_than_it_keeps(content):
    for route in content.directory.routes.values():
        said = (route.privacy.in_short, route.privacy.words)
        if route.children:
            said += (route.children.in_short, route.children.may_tell)
        assert not any(ONLY_IF_LIFE.search(text) for text in said), route.id


def test_childline_tells_a_child_all_its_limits_wherever_it_tells_any(content):
    """Among them the one that a child who did something with another child must know before they call."""
    childline = content.directory.routes["childline"]
    assert childline.children
    for text in (childline.privacy.words, childline.children.may_tell):
        for limit in (
            "serious danger",
            "another child",
            "works with children",
            "sexually hurting",
            "talk to you first",
        ):
            assert limit in text, limit


#: Ways to say that something is not sure. Each is one; two in a text make a reader doubt the service.
DOUBTS = re.compile(r"\bwe think\b|\bwe do not know if\b|\bone force says\b", re.IGNORECASE)


def test_the_words_of_a_service_leave_the_mark_of_doubt_to_the_page(content):
    """The page marks what is not confirmed. A text that said so as well would doubt the same thing twice."""
    for route in content.directory.routes.values():
        texts = [route.summary, route.who, route.not_for, route.next, route.access, route.languages]
        texts += [route.privacy.in_short, route.privacy.words, *(contact.note for contact in route.contacts)]
        if route.children:
            texts += [route.children.contacts_back, route.children.may_tell, route.children.leaves_behind]
        for text in texts:
            assert "not confirmed" not in text, (route.id, text)
            for sentence in text.split(". "):
                assert len(DOUBTS.findall(sentence)) <= 1, (route.id, sentence)


def test_who_sees_the_number_does_not_say_that_no_name_is_needed(content):
    """Rule 8: the police ask for a name, which can be refused; but a caller whose number shows is not anonymous."""
    for route in content.directory.routes.values():
        if "police" in route.roles and "online-police" not in route.roles:
            assert route.privacy.name_needed == "can-refuse", route.id


def test_every_link_that_calls_a_route_has_a_number_to_call(content):
    called = {
        id_
        for file in OWN_CONTENT.rglob("*.toml")
        for id_ in re.findall(r"\(call:(.*?)\)", file.read_text("utf-8"))
    }
    assert called
    for id_ in called:
        assert content.directory.routes[id_].primary_contact.kind == "phone", id_
