"""Printed links keep working: every public URL, answer code and finished path is pinned.

A line of addresses.txt is a path, or a question's id and one of its codes. A line of paths.txt is a path of codes
and the result it ends at. "I'm not sure" as the first answer leads on as "No" does, so its paths are not listed
again. If a last question was added to a path later, such as where the child lives, the old path stays listed, and
must lead to that question.
"""

from __future__ import annotations

from signpost.models.content import Content
from signpost.models.journey import RetiredCode, UnknownCode
from signpost.models.urls import listed_pages
from tests import ROOT

PINNED = ROOT / "tests" / "pins" / "addresses.txt"
PATHS = ROOT / "tests" / "pins" / "paths.txt"
NOT_SURE, NO = "u/", "n/"


def adding(file: str, lines: list[str]) -> str:
    """A shell command that adds lines to a file of pins and sorts it, for a message."""
    added = "\n".join(lines)
    return f"run this in tests/pins\ncat >> {file} <<END\n{added}\nEND\nLC_ALL=C sort -o {file} {file}\n"


def test_every_pinned_address_still_works_and_every_new_one_is_pinned(app, content):
    fixed_paths = {rule.rule for rule in app.url_map.iter_rules() if not rule.arguments}
    codes = {
        f"{question.id} {code}"
        for question in content.journey.questions.values()
        for code in (*question.retired, *(answer.code for answer in question.answers))
    }
    there = {*listed_pages(content), *fixed_paths, *codes, *content.moved}
    pinned = PINNED.read_text("utf-8").splitlines()
    assert pinned == sorted(pinned), "addresses.txt is not sorted"

    gone = sorted(set(pinned) - there)
    assert not gone, (
        f"{gone} would no longer work. Printed and saved links must: put it back, or for an answer add its code to"
        " the question's “retired” list, or for a page say in moved.toml where it leads now."
    )
    new = sorted(there - set(pinned))
    assert not new, f"these will have to work for ever: {adding('addresses.txt', new)}"


def test_every_pinned_page_is_there(client):
    for address in PINNED.read_text("utf-8").splitlines():
        if address.startswith("/") and not address.startswith("/.well-known/"):
            assert client.get(address, follow_redirects=True, buffered=True).status_code == 200, address


def end(content: Content, path: str, retired: str) -> str:
    """The result that a path ends at or leads towards; otherwise a description of what is wrong with it.

    Returns ``retired`` if one of the path's codes is retired.
    """
    try:
        walk = content.journey.follow(path.split("/"))
    except RetiredCode:
        return retired
    except UnknownCode:
        return "nothing"
    return walk.ends_at or f"the question “{walk.question.id}”"


def test_every_pinned_path_still_ends_where_it_did_and_every_new_one_is_pinned(content):
    lines = PATHS.read_text("utf-8").splitlines()
    assert lines == sorted(lines), "paths.txt is not sorted"
    pinned = dict(line.split(" ") for line in lines)

    changed = [
        f"{path} ended at {result}, and now at {found}"
        for path, result in pinned.items()
        if (found := end(content, path, retired=result)) != result
    ]
    assert not changed, (
        f"{changed}. Printed and saved links must keep working, and mean what they meant: put it back. To take an"
        " answer away, delete it and add its code to its question's “retired” list; for a new meaning, add an answer"
        " with a new code. Where only the result has a new name, write that in tests/pins/paths.txt."
    )
    there = {"/".join(walk.codes): walk.result.id for walk in content.journey.walks() if walk.result}
    new = sorted(
        f"{path} {result}"
        for path, result in there.items()
        if path not in pinned and not path.startswith(NOT_SURE)
    )
    assert not new, f"these will have to work for ever: {adding('paths.txt', new)}"


def test_not_sure_if_there_is_danger_leads_on_as_no_does(content):
    ends = {"/".join(walk.codes): walk.result.id for walk in content.journey.walks() if walk.result}
    behind = {
        start: {path.removeprefix(start): result for path, result in ends.items() if path.startswith(start)}
        for start in (NOT_SURE, NO)
    }
    assert behind[NO]
    assert behind[NOT_SURE] == behind[NO]
