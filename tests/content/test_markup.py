"""Broken markup and written-out numbers are refused, in the English and in translations, before a reader sees them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from config import OWN_CONTENT
from signpost.checks.markup import Numbers, problems_in_text, translation_problems
from signpost.i18n.translate import catalogue_of, extract_messages
from signpost.models.content import load_content
from tests.planting import numbers_in, plant, refusal, site

CHILDLINE = numbers_in("routes/childline.toml")[0]


@pytest.fixture(scope="module")
def numbers(content) -> Numbers:
    return Numbers.of(content)


@pytest.mark.parametrize(
    ("text", "problem", "fix"),
    [
        ("Text [Shout](route:shout. Now.", "“[” is shown", "Write a link whole"),
        ("Text Shout](route:shout).", "“](” is shown", "Write a link whole"),
        ("Text [Shout] (route:shout).", "“[” is shown", "Write a link whole"),
        ("Text (route:shout).", "“route:s” is shown", "Write a link whole"),
        ("Your **worry.", "“**” is shown", "Bold words have two stars"),
        ("Your ** worry** now", "“**” is shown", "Bold words have two stars"),
        ("Your <b>worry</b>.", "“<b>” is shown", "type the character itself"),
        ("Worry <br", "“<br” is shown", "type the character itself"),
        ("It is 5] now.", "“]” is shown", "Write a link whole"),
        ("Ask {{ them }}", "“{” is shown", "Take it out"),
        ("Ask `them`", "markup that no page has (code_inline)", "use links"),
        ("    Ask them", "markup that no page has (code_block)", "use links"),
        ("2026. It was", "markup that no page has (ordered_list_open)", "use links"),
        ("Call 0800 9999.", "The number 08009999 is written into it", "Write [](call:"),
        ("Call **0800** 9999.", "The number 08009999 is written into it", "Write [](call:"),
        (f"Call {CHILDLINE}.", "would stay when it changes", "Write [](call:childline)"),
    ],
)
def test_what_a_reader_would_see_of_a_running_text_s_markup_is_named(numbers, text, problem, fix):
    found = list(problems_in_text(text, numbers, running=True))
    assert any(problem in said and fix in mend for said, mend in found), found


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Ask [them](route:nspcc).", "“[” is shown"),
        ("Ask **them**.", "“**” is shown"),
        ("Ask&nbsp;them.", "“&nbsp;” is shown"),
        ("Call 0800 9999.", "The number 08009999"),
    ],
)
def test_a_plain_field_has_no_markup_at_all(numbers, text, problem):
    ((said, fix),) = list(problems_in_text(text, numbers, running=False))
    assert problem in said
    assert fix.startswith(("Take it out", "Leave it out"))


@pytest.mark.parametrize(
    "text",
    [
        "Call [](call:childline) or **999**.\n\n- one\n- [two](advice:money)\n\n## More\n\nOn 1 November 2026, 1,362 people.",
        "A & B < C, it’s 5 > 4 (or not): “call them” at 9.30.",
    ],
)
def test_sound_markup_is_not_named(numbers, text):
    assert list(problems_in_text(text, numbers, running=True)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        ("results/children.toml", 'lead = "', 'lead = "Text [Shout](route:shout. ', ", lead: “[” is shown"),
        ("notices.toml", 'body = """\n', 'body = """\nYour **worry.\n\n', ", body: “**” is shown"),
        ("questions.toml", 'title = "', 'title = "<b>', ", title: “<b>” is shown"),
        ("routes/nspcc.toml", 'who = "', 'who = "Call 0800 9999. ', ", who: The number 08009999"),
    ],
)
def test_broken_markup_stops_the_start_and_names_the_field(tmp_path, file, old, new, place):
    message = refusal(plant(tmp_path, file, old, new))
    assert file in message
    assert place in message


def translate(folder: Path, change) -> None:
    """Changes the Welsh of the first running text with bold words, and compiles the catalogue."""
    path = catalogue_of(folder / "translations", "cy", "content")
    with path.with_suffix(".po").open("rb") as file:
        catalog = read_po(file)
    message = next(m for m in catalog if m.id and "**" in m.id and m.string)
    message.string = change(message.string)
    with path.open("wb") as file:
        write_mo(file, catalog)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("**", "** ", 1), "strong words are not those of the English"),
        (lambda text: text + " ]", "“]” is shown to readers as it is written"),
    ],
)
def test_broken_markup_of_a_translation_is_named_though_no_language_is_on(tmp_path, content, change, said):
    folder = plant(tmp_path, "moved.toml", "", "")
    assert list(translation_problems(content, folder)) == []
    translate(folder, change)
    (problem,) = translation_problems(content, folder)
    assert said in problem.problem
    assert problem.file == "content/translations/cy/LC_MESSAGES/content.po"


@pytest.mark.slow
def test_the_check_reads_the_translations_and_tells_what_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr("signpost.cli.length_problems", lambda _: ())
    folder = plant(tmp_path, "moved.toml", "", "")
    (folder / "routes/nspcc.toml.bak").write_text("")
    (folder / "routes/.nspcc.toml").write_text("not TOML")
    shutil.copy(folder / "routes/nspcc.toml", folder / "results.txt")
    (folder / "routes/new").mkdir()
    said = site(CONTENT=folder).test_cli_runner().invoke(args=["check"])
    assert said.exit_code == 0, said.output
    for line in (
        "results.txt: its place is not one that is read",
        "routes/.nspcc.toml: it is hidden, its name begins with a full stop",
        "routes/new: it is a folder in a folder",
        "routes/nspcc.toml.bak: its name does not end in .toml",
    ):
        assert f"  {line}" in said.output
    translate(folder, lambda text: text + " ]")
    assert "“]” is shown" in site(CONTENT=folder).test_cli_runner().invoke(args=["check"]).output


def test_nothing_in_the_content_is_left_unread(checked):
    assert "Not read" not in checked


def test_the_texts_with_markup_are_those_whose_links_are_checked(content):
    running = {message.text for message in extract_messages(content) if message.running}
    assert running == {text for *_, text in content.running_texts() if text}


def test_another_charity_s_content_has_no_fault():
    folder = OWN_CONTENT.parent.parent / "tests/fixtures/other_charity"
    assert list(translation_problems(load_content(folder), folder)) == []
