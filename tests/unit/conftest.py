"""A directory of one route, for unit tests: they do not read the content, so that editing it breaks none of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from signpost.models.directory import Directory, Route, load_directory
from signpost.models.errors import ContentProblem
from signpost.models.hours import UK_NATIONS

ROUTE = """
name = "A line"
organisation = "A charity"
summary = "Someone to talk to."
who = "Anyone."
nations = ["england"]
roles = ["talk"]
next = "They listen."
access = "unknown"
languages = "unknown"
contacts = [
  { kind = "phone", number = "0800 000 000", source = "page", confidence = "high", hours = { open = "always", source = "page", confidence = "high" } },
]
privacy = { name_needed = "no", words = "Stay nameless.", source = "page", confidence = "high" }
sources = { page = { title = "Their page", address = "https://a.uk", dated = "2026", checked = 2026-11-01 } }
"""
HELP = '[[groups]]\nid = "talk"\ntitle = "To talk"\nroutes = ["line"]\n'


def load(folder: Path, route: str = ROUTE, help_: str = HELP) -> tuple[Directory, list[ContentProblem]]:
    """Loads a directory from the texts of its route and of help.toml, written to an empty folder."""
    (folder / "routes").mkdir()
    (folder / "routes/line.toml").write_text(route)
    (folder / "help.toml").write_text(help_)
    problems: list[ContentProblem] = []
    return load_directory(folder, UK_NATIONS, problems), problems


@pytest.fixture(scope="session")
def line(tmp_path_factory) -> Route:
    """The route."""
    directory, problems = load(tmp_path_factory.mktemp("directory"))
    assert not problems
    return directory.routes["line"]
