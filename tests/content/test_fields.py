"""The reference and the schemas of the content files are those of the dataclasses, and fit the content."""

from __future__ import annotations

import tomllib
from datetime import date
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, FormatChecker

from config import OWN_CONTENT
from signpost.exports.fields import FILES, WORDS, ContentFile, schema, written
from signpost.models import changes
from tests import ROOT

CHARITY = ROOT / "tests/fixtures/other_charity"


@pytest.mark.parametrize("name", written())
def test_what_is_written_is_up_to_date(name):
    assert (ROOT / "docs" / name).read_text("utf-8") == written()[name], "make fields"


def test_every_field_is_explained_and_no_other():
    """``written`` fails for a field without an explanation; this finds explanations without a field."""
    for kind, words in WORDS.items():
        assert words.keys() <= kind.__dataclass_fields__.keys(), kind
        assert all(words.values()), kind


def plain(value: object) -> object:
    """A parsed value as JSON has it."""
    match value:
        case dict():
            return {key: plain(each) for key, each in value.items()}
        case list():
            return [plain(each) for each in value]
        case date():
            return value.isoformat()
    return value


@cache
def validator(file: ContentFile) -> Draft7Validator:
    return Draft7Validator(schema(file), format_checker=FormatChecker())


def faults(name: str, text: str) -> list[str]:
    (kind,) = [file for file in FILES if fnmatch(name, file.name)]
    return [error.message for error in validator(kind).iter_errors(plain(tomllib.loads(text)))]


@pytest.mark.parametrize("folder", [OWN_CONTENT, CHARITY], ids=lambda path: path.name)
def test_every_content_file_fits_its_schema(folder: Path):
    for file in sorted(folder.rglob("*.toml")):
        name = file.relative_to(folder).as_posix()
        if name == changes.FILE:  # a command writes it, so its fields are for no editor
            continue
        assert faults(name, file.read_text("utf-8")) == [], name


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("routes/nspcc.toml", "summary = ", "sumary = ", "'summary' is a required property"),
        ("routes/nspcc.toml", "summary = ", "colour = 1\nsummary = ", "'colour' was unexpected"),
        ("routes/nspcc.toml", 'kind = "phone"', 'kind = "fone"', "'fone' is not one of"),
        ("routes/nspcc.toml", "checked = ", 'checked = "lately" # ', "'lately' is not a 'date'"),
        ("questions.toml", "[danger]\n", "[danger]\nretired = 3\n", "3 is not of type 'array'"),
        ("scope.toml", "reviewed = {}", 'reviewed = { cy = "soon" }', "'soon' is not a 'date'"),
    ],
)
def test_a_schema_refuses_what_the_check_refuses(name, old, new, fault):
    text = (OWN_CONTENT / name).read_text("utf-8")
    assert old in text
    assert any(fault in each for each in faults(name, text.replace(old, new, 1)))


def test_editors_are_told_which_schema_is_for_which_file():
    rules = tomllib.loads((ROOT / ".taplo.toml").read_text("utf-8"))["rule"]
    said = {rule["include"][0]: rule["schema"]["path"] for rule in rules}
    assert said == {f"signpost/content/{file.name}": f"docs/schemas/{file.stem}.json" for file in FILES}
