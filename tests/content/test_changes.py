"""The record of changes: what counts as a change, and how its day is written down."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from signpost.models import changes, recording
from signpost.models.changes import Change, Changes
from signpost.models.content import Content, load_content
from signpost.models.directory import Ages, Contact, Route
from signpost.models.errors import ContentError
from signpost.models.hours import Hours
from signpost.models.recording import recorded, unrecorded
from tests.planting import numbers_in, other, plant

FIRST, THEN = date(2026, 11, 20), date(2026, 12, 3)
NSPCC = "routes/nspcc.toml"
NUMBER = numbers_in(NSPCC)[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A content folder with a record that lacks nothing."""
    folder = plant(tmp_path_factory.mktemp("recorded"), "moved.toml", "", "")
    (folder / changes.FILE).unlink()
    (folder / changes.FILE).write_text(changes.as_toml(recorded(load_content(folder), FIRST)), "utf-8")
    return folder


@pytest.fixture(scope="module")
def before(folder) -> Content:
    return load_content(folder)


def reads(content: Content, id_: str, **values: object) -> Content:
    """The content with another value for fields of a route."""
    route = replace(content.directory.routes[id_], **values)
    return replace(
        content, directory=replace(content.directory, routes=content.directory.routes | {id_: route})
    )


def without(content: Content, id_: str) -> Content:
    routes = {each: route for each, route in content.directory.routes.items() if each != id_}
    return replace(content, directory=replace(content.directory, routes=routes))


def on(content: Content, day: date) -> Content:
    """The content with its record up to date on a day."""
    return replace(content, changes=recorded(content, day))


def test_the_first_record_has_no_changes(before):
    record = before.changes
    assert record.begun == record.last == FIRST
    assert not any(each.changes for each in (record.journey, *record.services.values()))
    assert record.services.keys() == before.directory.routes.keys()
    assert unrecorded(before) == {}


def test_content_without_a_record_has_nothing_to_tell(before):
    assert unrecorded(replace(before, changes=Changes())) == {}


@pytest.mark.parametrize(
    ("file", "old", "new", "parts"),
    [
        (NSPCC, NUMBER, other(NUMBER), ("numbers",)),
        (NSPCC, 'name = "NSPCC Helpline"', 'name = "NSPCC line"', ("name",)),
        ("questions.toml", "I am under 18", "I am less than 18", ("questions",)),
        ("notices.toml", "not save", "never save", ("notices",)),
        ("advice/law.toml", "not legal advice", "no legal advice", ("advice",)),
    ],
)
def test_what_visitors_read_is_a_change(tmp_path, folder, file, old, new, parts):
    changed = planted(tmp_path, folder, file, old, new)
    assert [each.parts for each in unrecorded(changed).values()] == [parts]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (NSPCC, "checked = 2026-11-01", "checked = 2026-11-02"),
        (NSPCC, "checked = ", "first_party = true\nchecked = "),
        (NSPCC, 'title = "', 'title = "The page: '),
        (NSPCC, "[privacy]\n", "# A note to editors.\n[privacy]\n"),
        ("advice/law.toml", "not legal advice", "not\nlegal advice"),
        ("advice/law.toml", "checked = 2026-11-01", "checked = 2026-11-02"),
    ],
)
def test_to_check_a_fact_again_or_break_a_line_is_none(tmp_path, folder, file, old, new):
    assert unrecorded(planted(tmp_path, folder, file, old, new)) == {}


def test_a_change_is_of_the_part_that_the_field_is_in(before):
    childline = before.directory.routes["childline"]
    hours = childline.contacts[0].hours
    for changed, part in (
        ({"contacts": first(childline, hours=Hours("unknown"))}, "hours"),
        ({"contacts": first(childline, hours=replace(hours, confidence="low"))}, "hours"),
        ({"contacts": first(childline, cost="charged")}, "cost"),
        ({"contacts": first(childline, note="Ask for Ann.")}, "numbers"),
        ({"contacts": first(childline, confidence="low")}, "numbers"),
        ({"contacts": first(childline, languages={"pl": "high"})}, "languages"),
        ({"privacy": replace(childline.privacy, words="They tell nobody.")}, "privacy"),
        ({"ages": Ages(18, 99)}, "who"),
        ({"children": None}, "children"),
        ({"unconfirmed": "All of it."}, "summary"),
    ):
        assert unrecorded(reads(before, "childline", **changed))["childline"].parts == (part,), changed


def first(route: Route, **values: object) -> tuple[Contact, ...]:
    """The contacts of a route, with other values for the first one."""
    return (replace(route.contacts[0], **values), *route.contacts[1:])


def planted(tmp_path, folder, file: str, old: str, new: str) -> Content:
    copy = plant(tmp_path, file, old, new)
    (copy / changes.FILE).write_bytes((folder / changes.FILE).read_bytes())
    return load_content(copy)


def test_a_change_gets_its_day_and_is_then_no_longer_lacking(tmp_path, before):
    changed = reads(before, "nspcc", next="They listen.")
    after = on(changed, THEN)
    (change,) = after.changes.services["nspcc"].changes
    assert (change.day, change.kind, change.parts) == (THEN, "changed", ("next",))
    assert unrecorded(after) == {}
    assert recorded(after, THEN + timedelta(days=9)) == after.changes
    others = after.changes.services | {"nspcc": before.changes.services["nspcc"]}
    assert replace(after.changes, services=others) == before.changes


def test_what_is_not_recorded_has_the_day_of_the_record_or_of_a_newer_check(before):
    nspcc = before.directory.routes["nspcc"]
    assert unrecorded(reads(before, "nspcc", next="They listen."))["nspcc"].day == FIRST
    name, source = next(iter(nspcc.sources.items()))
    sources = nspcc.sources | {name: replace(source, checked=THEN)}
    assert unrecorded(reads(before, "nspcc", next="They listen.", sources=sources))["nspcc"].day == THEN


def test_changes_of_one_day_are_one(before):
    one = on(reads(before, "nspcc", next="They listen."), THEN)
    two = on(reads(one, "nspcc", access="unknown"), THEN)
    (change,) = two.changes.services["nspcc"].changes
    assert change.parts == ("next", "access")
    assert change.was == one.changes.services["nspcc"].changes[0].was
    back = on(
        reads(
            two,
            "nspcc",
            next=before.directory.routes["nspcc"].next,
            access=before.directory.routes["nspcc"].access,
        ),
        THEN,
    )
    assert back.changes == before.changes


def test_a_service_that_comes_or_goes(before):
    gone = on(without(before, "nspcc"), THEN)
    (change,) = gone.changes.services["nspcc"].changes
    assert (change.kind, change.parts, gone.changes.services["nspcc"].name) == ("left", (), "NSPCC Helpline")
    assert unrecorded(gone) == {}
    again = on(replace(before, changes=gone.changes), THEN + timedelta(days=1))
    assert [each.kind for each in again.changes.services["nspcc"].changes] == ["left", "added"]
    # On one day, it is as if nothing had happened.
    assert on(replace(before, changes=gone.changes), THEN).changes == before.changes


def test_old_changes_are_dropped_and_what_left_long_ago_is_forgotten(before):
    gone = on(on(reads(without(before, "nspcc"), "shout", next="They listen."), THEN), THEN)
    later = recorded(gone, THEN + timedelta(days=401))
    assert "nspcc" not in later.services
    assert later.services["shout"].changes == ()
    assert recorded(gone, THEN + timedelta(days=400)) == gone.changes


def test_a_developer_who_digests_in_another_way_announces_nothing(before):
    odd = reads(before, "nspcc", next="They listen.")
    same = replace(odd, changes=recorded(odd, THEN, same=True))
    assert same.changes.services["nspcc"].changes == ()
    assert unrecorded(same) == {}


def test_what_is_written_is_read_back(tmp_path, folder, before):
    after = on(without(reads(before, "shout", name="“Shout” \\ é\t", next="x"), "nspcc"), THEN)
    copy = plant(tmp_path, "moved.toml", "", "")
    (copy / changes.FILE).write_text(changes.as_toml(after.changes), "utf-8")
    assert load_content(copy).changes == after.changes


def test_two_versions_after_a_merge_are_named(tmp_path, folder):
    text = (folder / changes.FILE).read_text("utf-8")
    copy = plant(tmp_path, "moved.toml", "", "")
    (copy / changes.FILE).write_text(f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> main\n", "utf-8")
    with pytest.raises(ContentError, match=r"changes\.toml: .* Git found two versions"):
        load_content(copy)


def test_every_field_is_in_a_part():
    """A field that is new to the program has to be given one, or its changes would go untold."""
    assert recording._OF_ROUTE.keys() == {each.name for each in fields(Route)}
    assert recording._OF_CONTACT.keys() <= {each.name for each in fields(Contact)}


def test_a_change_says_its_kind():
    kinds = [Change(THEN, (), was, now).kind for was, now in (("", "b"), ("a", "b"), ("a", ""))]
    assert kinds == ["added", "changed", "left"]
