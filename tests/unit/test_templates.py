"""What is easily written into a template and not seen."""

from __future__ import annotations

import re

from tests import ROOT


def test_no_space_between_sentences_is_dropped():
    """Jinja drops the white space before a block that begins a line (``lstrip_blocks``), unless the block begins with ``{%+``."""
    for file in (ROOT / "templates").rglob("*.html"):
        for line in file.read_text("utf-8").splitlines():
            # Blocks are indented by two spaces, if at all: a single space is meant to be shown.
            assert not re.match(r" \{%(?!\+)", line), f"{file.name}: {line}"
