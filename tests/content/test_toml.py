"""Broken content files: each is refused with a message that names the file, the entry and the fix."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from signpost.models.content import load_content
from tests.planting import plant, refusal

NSPCC = "routes/nspcc.toml"

BROKEN = {
    "not TOML": ("questions.toml", "[danger]", "[danger", "questions.toml: It cannot be read: ", "(at line "),
    "text for a number": (
        NSPCC,
        "youngest = 18",
        'youngest = "18"',
        "routes/nspcc.toml, ages.youngest: “18” should be a whole number. Write it so.",
    ),
    "truth for a number": (
        NSPCC,
        "youngest = 18",
        "youngest = true",
        "ages.youngest: “True” should be a whole number.",
    ),
    "text for truth": (
        "results/abroad.toml",
        "crisis = true",
        'crisis = "yes"',
        "results/abroad.toml, abroad-both, crisis: “yes” should be true or false.",
    ),
    "number for text": (NSPCC, "name = ", "name = 0800 # ", "cannot be read"),
    "text for a date": (
        NSPCC,
        "checked = 2026-11-01",
        'checked = "lately"',
        ".checked: “lately” should be a date.",
    ),
    "moment for a date": (
        NSPCC,
        "checked = 2026-11-01",
        "checked = 2026-11-01T09:00:00",
        "should be a date.",
    ),
    "text for a list of known words": (
        NSPCC,
        'roles = ["talk", "report"]',
        'roles = "talk"',
        "routes/nspcc.toml, roles: “talk” should be a list. Put square brackets around it.",
    ),
    "text for a list of any words": (
        "questions.toml",
        "[danger]\n",
        '[danger]\nretired = "qz"\n',
        "questions.toml, danger, retired: “qz” should be a list. Put square brackets around it.",
    ),
    "text for a table": (
        "entries.toml",
        'answers = { who = "p", age = "a" }',
        'answers = "p"',
        "entries.toml, parents, answers: It does not have the shape it should have. Compare it with its neighbours.",
    ),
    "not a table": (
        "notices.toml",
        "[found-it]",
        "x = 1\n[found-it]",
        "notices.toml, x: It should be a table. Write [x]",
    ),
    "a missing key": (
        "questions.toml",
        'code = "y"\n',
        "",
        "questions.toml, danger, answer 1, code: “code” is missing. Add it; docs/content-fields.md",
    ),
    "a word that is not known": (
        NSPCC,
        '"england"',
        '"englund"',
        "routes/nspcc.toml, nations: “englund” is not known here. Did you mean “england”?"
        " Write one of england, wales, scotland, northern-ireland, abroad.",
    ),
    "a name that is no part of an address": (
        "entries.toml",
        "[parents]",
        '["par/ents"]',
        "entries.toml, par/ents: “par/ents” cannot be part of an address. Use small letters, digits and single hyphens.",
    ),
    "one name twice": (
        "results/abroad.toml",
        "[abroad-both]",
        "[now]",
        "results/anyone.toml, now: results/abroad.toml has a result of this name too. Rename one, or take out the file that is a copy.",
    ),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_named_with_its_fix(tmp_path, broken):
    file, old, new, *said = broken
    message = refusal(plant(tmp_path, file, old, new))
    for words in said:
        assert words in message


@pytest.mark.parametrize(
    ("file", "head", "place"),
    [
        ("questions.toml", "[danger]\n", "danger"),
        ("questions.toml", "[[danger.answers]]\n", "danger, answer 1"),
        ("results/anyone.toml", "[now]\n", "now"),
        ("notices.toml", "[found-it]\n", "found-it"),
        ("entries.toml", "[parents]\n", "parents"),
        ("emergency.toml", "", ""),
        ("emergency.toml", "[[essentials]]\n", "essential 1"),
        ("help.toml", "", ""),
        ("help.toml", "[[groups]]\n", "group 1"),
        ("advice/money.toml", "", ""),
        (NSPCC, "", ""),
        (NSPCC, "[[contacts]]\n", "contact 1"),
        (NSPCC, "[privacy]\n", "privacy"),
    ],
)
def test_every_kind_of_entry_refuses_a_key_it_does_not_know(tmp_path, file, head, place):
    message = refusal(plant(tmp_path, file, "", 'colour = "red"\n', after=head))
    where = f"{file}, {place}" if place else file
    assert f"{where}: “colour” is not known here. Correct the name, or take it out." in message


def test_a_key_that_is_nearly_right_is_offered_the_right_one(tmp_path):
    message = refusal(plant(tmp_path, "questions.toml", "title =", "titel =", after="[danger]"))
    assert "questions.toml, danger: “titel” is not known here. Did you mean “title”?" in message
    assert (
        "questions.toml, danger, title: “title” is missing." in message
        or "danger: “title” is missing." in message
    )


@pytest.mark.parametrize(
    "file", ["questions.toml", "notices.toml", "entries.toml", "emergency.toml", "help.toml", "moved.toml"]
)
def test_a_missing_file_is_named(tmp_path, file):
    folder = plant(tmp_path, file, "", "")
    (folder / file).unlink()
    assert f"{file}: The file is missing. Put it back in {folder}." in refusal(folder)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("questions.toml", "questions.toml: There is no question."),
        ("emergency.toml", "emergency.toml, call: “call” is missing."),
        ("advice/money.toml", "advice/money.toml, title: “title” is missing."),
    ],
)
def test_an_empty_file_is_named(tmp_path, file, said):
    folder = plant(tmp_path, file, "", "")
    (folder / file).write_text("")
    assert said in refusal(folder)


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    folder = plant(tmp_path, NSPCC, "", "")
    (folder / NSPCC).write_bytes('name = "Café"'.encode("latin-1"))
    assert "routes/nspcc.toml: It cannot be read: it is not UTF-8. Save it as UTF-8." in refusal(folder)


@pytest.mark.parametrize("file", ["questions.toml", NSPCC, "results/anyone.toml"])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (Path.mkdir, "It is not a file. Put a text file in its place."),
        (os.mkfifo, "It is not a file. Put a text file in its place."),
        (lambda path: path.symlink_to("/dev/zero"), "It is not a file. Put a text file in its place."),
        (lambda path: path.symlink_to(path), "It cannot be read: Too many levels of symbolic links."),
        (lambda path: path.symlink_to("nowhere"), "The file is missing."),
        (lambda path: path.write_text("a = " + "[" * 5000), "It cannot be read: too many brackets."),
        (lambda path: path.write_text("a = " + "9" * 5000), "It cannot be read: Exceeds the limit"),
        (lambda path: path.write_text("a = 2026-13-45"), "It cannot be read: "),
    ],
)
def test_what_cannot_be_read_as_a_file_is_named(tmp_path, file, make, said):
    folder = plant(tmp_path, file, "", "")
    (folder / file).unlink()
    make(folder / file)
    head, fault = refusal(folder).splitlines()
    assert head == "1 problem in the content:"
    assert fault.startswith(f"{file}: {said}")


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    """Root may read every file, so this test makes reading fail instead."""
    folder = plant(tmp_path, NSPCC, "", "")
    read = Path.read_text

    def refuse(path, *args):
        if path.name == "nspcc.toml":
            raise PermissionError(13, "Permission denied")
        return read(path, *args)

    monkeypatch.setattr(Path, "read_text", refuse)
    assert f"{NSPCC}: It cannot be read: Permission denied." in refusal(folder)


@pytest.mark.parametrize("name", ["routes", "results", "advice"])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: None, "No such file or directory"),
        (Path.touch, "Not a directory"),
        (lambda path: path.symlink_to(path), "Too many levels of symbolic links"),
    ],
)
def test_a_folder_that_cannot_be_read_is_named_once(tmp_path, name, make, said):
    folder = plant(tmp_path, "questions.toml", "", "")
    shutil.rmtree(folder / name)
    make(folder / name)
    message = refusal(folder)
    assert message == (
        f"1 problem in the content:\n{name}/: The folder cannot be read: {said}. Put it back in {folder}."
    )


def test_a_mark_that_some_editors_put_in_front_of_a_file_does_no_harm(tmp_path):
    assert load_content(plant(tmp_path, "questions.toml", "", "\ufeff"))


@pytest.mark.parametrize("groups", ["groups = 3\n", "groups = [3]\n"])
def test_groups_of_the_wrong_shape_are_named(tmp_path, groups):
    folder = plant(tmp_path, "help.toml", "", "")
    (folder / "help.toml").write_text(groups)
    assert "help.toml" in refusal(folder)


@pytest.mark.parametrize("file", [NSPCC, "advice/money.toml"])
def test_an_id_is_the_file_s_name_and_nothing_else(tmp_path, file):
    assert f"{file}: “id” is not known here." in refusal(plant(tmp_path, file, "", 'id = "another"\n'))


def test_all_problems_are_reported_at_once_file_by_file(tmp_path):
    plant(tmp_path, "entries.toml", '[parents]\ntitle = "', '[parents]\ntitel = "')
    plant(tmp_path, NSPCC, "youngest = 18", 'youngest = "18"')
    folder = plant(tmp_path, "notices.toml", "body =", "boddy =")
    head, *problems = refusal(folder).splitlines()
    assert head == f"{len(problems)} problems in the content:"
    files = [problem.partition(",")[0] for problem in problems]
    assert files == sorted(files)
    for place in ("entries.toml, parents", "routes/nspcc.toml, ages.youngest", "notices.toml, found-it"):
        assert [problem for problem in problems if problem.startswith(place)], place


def test_a_route_that_cannot_be_read_is_not_called_missing_elsewhere_too(tmp_path):
    message = refusal(plant(tmp_path, NSPCC, "youngest = 18", 'youngest = "18"'))
    assert message == (
        "1 problem in the content:\n"
        "routes/nspcc.toml, ages.youngest: “18” should be a whole number. Write it so."
    )
