"""The stylesheet that is inlined in every page: minified, with the hash that the Content Security Policy names.

In the page, it arrives with the first round trip. As a file of its own, a first visit had to wait for two
(docs/decisions/0020).
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

import rcssmin
from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """A stylesheet to write into a page.

    Attributes:
        css: the minified CSS, to be the whole content of a style element.
        source: the source expression that allows exactly this text (Content Security Policy Level 3,
            "hash-source").
    """

    css: Markup
    source: str


def load_stylesheet(*paths: Path) -> Stylesheet:
    """Reads and minifies a stylesheet.

    Args:
        paths: the stylesheet's source files.

    Raises:
        ValueError: it contains a "<", which could end the style element.
    """
    css = rcssmin.cssmin("\n".join(path.read_text("utf-8") for path in paths))
    if "<" in css:
        raise ValueError(
            f"{paths[0].name} holds a “<”, which could end the style element in a page: take it out."
        )
    digest = b64encode(hashlib.sha256(css.encode()).digest()).decode()
    return Stylesheet(Markup(css), f"'sha256-{digest}'")  # noqa: S704 (our own file, without "<")
