"""What the edge server shows when it answers by itself, made from the site's own."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Flask

from signpost.failures import page
from signpost.files import write_whole
from signpost.languages import ENGLISH, KNOWN

#: Every refusal and failure that the edge can come to by itself.
STATUSES = (400, 403, 404, 405, 408, 411, 412, 413, 414, 421, 429, 431, 500, 501, 502, 503, 504, 505)


def export(app: Flask, folder: Path) -> None:
    """Writes what the edge shows into a folder: a page for each status in each language, and each static file below its mark.

    A file below its mark may be kept for ever: the address names the content, and here is no other. Those
    of before stay, for pages that are still open. Each is replaced whole, so the edge can serve meanwhile.
    """
    for language in KNOWN.values():
        shown = language if language in app.extensions["editions"] else ENGLISH
        for status in STATUSES:
            file = folder / language.root.strip("/") / f"{status}.html"
            write_whole(file, page(app, status, shown).encode())
    for name, address in cast("dict[str, str]", app.jinja_env.globals["asset"]).items():
        path, _, mark = address.partition("?v=")
        write_whole(
            folder / "marked" / mark / path.lstrip("/"), Path(app.static_folder or "", name).read_bytes()
        )
