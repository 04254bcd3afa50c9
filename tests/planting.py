"""Helpers to plant a fault: a copy of the content with one change, and the errors that it causes."""

from __future__ import annotations

import re
import shutil
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask

from config import Config
from signpost import cli, create_app
from signpost.checks import check_content
from signpost.models.content import OWN_CONTENT, load_content
from signpost.models.errors import ContentError
from tests.page import CheckingClient


def numbers_in(file: str) -> list[str]:
    """The number of each contact in a route's file, or "". Tests take numbers from here and repeat none."""
    contacts = tomllib.loads((OWN_CONTENT / file).read_text("utf-8"))["contacts"]
    return [contact.get("number", "") for contact in contacts]


def other(number: str) -> str:
    """A number that differs from this one in its last digit."""
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


#: The day on which every source was read, in the copies that ``plant`` makes.
READ = date(2026, 11, 1)


@cache
def _not_confirmed() -> TemporaryDirectory[str]:
    """A copy of the content in which every source was read on ``READ`` and no service has confirmed anything.

    So tests do not depend on what the operator has confirmed since. Each planted fault is in a copy of this copy.
    """
    made = TemporaryDirectory()
    folder = Path(made.name) / "content"
    shutil.copytree(OWN_CONTENT, folder)
    for file in folder.rglob("*.toml"):
        text = file.read_text("utf-8")
        new = re.sub(r"^checked = [\d-]+", f"checked = {READ}", text, flags=re.MULTILINE)
        file.write_text(
            re.sub(r"^(first_party|asked|review_by) = .*\n", "", new, flags=re.MULTILINE), "utf-8"
        )
    return made


def plant(tmp_path: Path, file: str, old: str, new: str, after: str = "") -> Path:
    """Copies the content, with no fact confirmed after ``READ``, and replaces the first ``old`` in a file (after the text ``after``) with ``new``.

    If ``old`` is empty, inserts ``new``. Another call with the same ``tmp_path`` plants another fault in the same
    copy.
    """
    folder = tmp_path / "content"
    if not folder.exists():
        shutil.copytree(Path(_not_confirmed().name) / "content", folder, copy_function=shutil.copyfile)
    text = (folder / file).read_text("utf-8")
    assert after in text, f"{file} has no “{after}” any more: plant this another way"
    place = text.index(after) + len(after)
    assert old in text[place:], f"{file} has no “{old}” there any more: plant this another way"
    (folder / file).write_text(text[:place] + text[place:].replace(old, new, 1), "utf-8")
    return folder


def refusal(folder: Path) -> str:
    """The error message for a content folder that cannot be used."""
    with pytest.raises(ContentError) as refused:
        check_content(load_content(folder))
    return str(refused.value)


def site(**settings: object) -> Flask:
    """A separate app, for a test that changes it or its settings. Its client checks every page."""
    app = create_app(
        Config.from_environment({f"SIGNPOST_{name}": str(value) for name, value in settings.items()})
    )
    app.test_client_class = CheckingClient
    cli.init_app(app)
    return app
