"""What the edge server shows and says when it must answer by itself, made from the site's own."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from signpost.failures import page
from signpost.headers import policy

#: Every refusal and failure that the edge can come to by itself.
STATUSES = (400, 403, 404, 405, 408, 411, 412, 413, 414, 421, 429, 431, 500, 501, 502, 503, 504, 505)


def export(app: Flask, folder: Path) -> None:
    """Writes what the edge needs into a folder: a page for each status, and the headers.

    Each file is replaced whole, so the edge can serve the folder meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for status in STATUSES:
        _replace(folder / f"{status}.html", page(app, status))
    https = app.config["SIGNPOST"].base_url.startswith("https://")
    lines = [f'add_header {name} "{value}" always;\n' for name, value in policy(secure=https).items()]
    _replace(folder / "headers.conf", "".join(lines))


def _replace(file: Path, text: str) -> None:
    new = file.with_name(f".{file.name}.new")
    new.write_text(text, "utf-8")
    new.replace(file)
