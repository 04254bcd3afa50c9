"""``make test ARGS=...`` installs what the selected tests need, so each test says so."""

from __future__ import annotations

import re

import pytest

from tests import ROOT

PROGRAMS = {
    path.relative_to(ROOT).as_posix(): packages
    for path in (ROOT / "tests").glob("*/test_*.py")
    if (packages := set(re.findall(r'\bprogram\(".+?", "(.+?)"\)', path.read_text("utf-8"))))
}


@pytest.mark.parametrize("file", PROGRAMS)
def test_a_file_that_runs_a_program_of_debian_names_its_package(file: str):
    marks = re.findall(r"\bneeds\((.*?)\)", (ROOT / file).read_text("utf-8"))
    assert PROGRAMS[file] <= set(re.findall(r'"(.+?)"', " ".join(marks)))
