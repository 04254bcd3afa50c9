"""What the edge server shows when it answers by itself, made from the site's own."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from flask import Flask

from signpost.failures import page

#: Every refusal and failure that the edge can come to by itself.
STATUSES = (400, 403, 404, 405, 408, 411, 412, 413, 414, 421, 429, 431, 500, 501, 502, 503, 504, 505)


def export(app: Flask, folder: Path) -> None:
    """Writes what the edge shows into a folder: a page for each status, and each static file below its mark.

    A file below its mark may be kept for ever: the address names the content, and here is no other. Those
    of before stay, for pages that are still open. Each is replaced whole, so the edge can serve meanwhile.
    """
    for status in STATUSES:
        _replace(folder / f"{status}.html", page(app, status).encode())
    for name, address in cast("dict[str, str]", app.jinja_env.globals["asset"]).items():
        path, _, mark = address.partition("?v=")
        _replace(
            folder / "marked" / mark / path.lstrip("/"), Path(app.static_folder or "", name).read_bytes()
        )


def _replace(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(content)
    new.replace(file)
