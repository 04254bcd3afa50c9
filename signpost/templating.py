"""What every template can use: the settings, the guide, running text, the addresses of static files."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from flask import Flask

from signpost.prose import Prose

_NATIONS = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
    "abroad": "outside the UK",
}


def set_up_templates(app: Flask) -> None:
    """Gives the templates their globals and filters, all worked out once, at the start."""
    guide = app.extensions["guide"]
    prose = Prose(guide.directory)
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.globals.update(
        site=app.config["SIGNPOST"],
        guide=guide,
        root="",
        asset={
            path.name: _address(path) for path in Path(app.static_folder or "").iterdir() if path.is_file()
        },
        nation_names=_NATIONS,
    )
    env.filters.update(prose=prose, month=_month, day=_day)


def _address(path: Path) -> str:
    """The address of a static file, with a mark of its content, so that it may be kept for ever."""
    return f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"


def _month(day: date) -> str:
    """A date as month and year: the day of a check says more than is known."""
    return f"{day:%B %Y}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
