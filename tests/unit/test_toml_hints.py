"""A file that is not TOML: the hint names the cause, not only the place at which reading stopped."""

from __future__ import annotations

import tomllib

import pytest

from signpost.models.toml_hints import hint

# fmt: off
CAUSES = [
    ('a = "x\nb = 1', "A quotation mark is missing at the end"),
    ("a = 'x", "has no end. Add the quotation mark"),
    ('a = """x\ny', "has no end. Add the quotation mark"),
    ("a = “x”", "Replace the curly quotation marks"),
    ('a = "say "hi" now"', "For a quotation inside it use “ and ”"),
    ('a = "x" b = "y"', "a new field needs a new line"),
    ('a "x"', "An equals sign is missing"),
    ('a: "x"', "An equals sign is missing"),
    ("a = yes", "Write true or false"),
    ("a = True", "Write true or false"),
    ("a = 30/11/2026", "such as 2026-11-30, for “30/11/2026”"),
    ("a = 30 November 2026", "such as 2026-11-30, for “30 November 2026”"),
    ("a = 2026-11-31", "There is no such day"),
    ('a = ["x"\n"y"]', "A comma is missing between two entries of a list, perhaps at the end of line 1"),
    ('a = ["x", "y"\nb = 1', "A list has no end"),
    ("a = { x = 1 y = 2 }", "In { } a comma is missing"),
    ("a = { x = 1,\n y = 2 }", "must be in one line"),
    ("a = { x = 1, }", "no comma before the “}”"),
    ("a = 1\na = 2", "The same name stands twice"),
    ("[t]\n[t]", "The same name stands twice"),
    ("a = { x = 1, x = 2 }", "The same name stands twice"),
    ("[t\na = 1", "The name of a table stands in brackets"),
    ("a = 0800 1111", "Put quotation marks around the value"),
    ("a = hello", "Put straight quotation marks"),
    ("a =", "Write a value"),
    ('a = "\\d"', "Write each backslash twice"),
]
# fmt: on


@pytest.mark.parametrize(("text", "said"), CAUSES, ids=[repr(text) for text, _ in CAUSES])
def test_a_hint_names_the_cause(text, said):
    with pytest.raises(ValueError) as refused:  # noqa: PT011 (tomllib's own error)
        tomllib.loads(text)
    assert said in hint(str(refused.value), text)


def test_a_hint_shows_the_line():
    with pytest.raises(tomllib.TOMLDecodeError) as refused:
        tomllib.loads('a = 1\nname = "NSPCC\nb = 2')
    assert hint(str(refused.value), 'a = 1\nname = "NSPCC\nb = 2').endswith('Line 2 is: name = "NSPCC')
