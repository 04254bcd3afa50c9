"""What every template can use: the settings, the guide, running text, the addresses of static files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import cast

from flask import Flask, current_app, g
from jinja2 import ChoiceLoader, FileSystemLoader

from signpost.directory import Contact, Directory, Route
from signpost.hours import LONDON, Opening, clock, holidays_in_words, in_words, opening
from signpost.prose import Prose

_NATIONS = {
    "england": "England",
    "wales": "Wales",
    "scotland": "Scotland",
    "northern-ireland": "Northern Ireland",
    "abroad": "outside the UK",
}


def uk_time() -> datetime:
    """The time on the clocks of the UK, to the minute."""
    return datetime.now(LONDON).replace(second=0, microsecond=0)


def minute() -> datetime:
    """The minute for which this page is made: all that it depends on, beside its address."""
    if "minute" not in g:
        g.minute = current_app.extensions["clock"]()
    return cast(datetime, g.minute)


def said_at(directory: Directory, hours_days: int) -> Callable[[datetime], object]:
    """What tells all that pages say of a moment: the minute, where a line's hours are sure, or else the day."""
    limited = [
        (route, contact)
        for route in directory.routes.values()
        for contact in route.contacts
        if contact.hours.open == "limited"
    ]

    def said(moment: datetime) -> object:
        day = moment.date()
        return moment if any(route.confirms(contact, day, hours_days) for route, contact in limited) else day

    return said


def set_up_templates(app: Flask) -> None:
    """Gives the templates their globals and filters, all worked out once, at the start; but for the minute.

    A content folder may have templates of its own, which come first: another subject needs another start.
    """
    guide = app.extensions["guide"]
    config = app.config["SIGNPOST"]
    prose = Prose(guide.directory)
    calendar = guide.directory.scope.calendar

    def opening_of(route: Route, contact: Contact, now: datetime) -> Opening | None:
        """Whether a contact with hours of its own is open now; None where they are not sure enough to say."""
        sure = route.confirms(contact, now.date(), config.hours_days) and contact.hours.open == "limited"
        return opening(contact.hours, calendar, now) if sure else None

    if any(source.own for route in guide.directory.routes.values() for source in route.sources.values()):
        calendar.kept_by(uk_time().date())  # it is slow the first time, and no visitor should wait for it
    app.extensions["opening"] = opening_of
    app.context_processor(lambda: {"now": minute()})
    own = FileSystemLoader(config.content / "templates")
    app.jinja_loader = ChoiceLoader([own, *filter(None, [app.jinja_loader])])
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
        opening_of=opening_of,
    )
    env.filters.update(
        prose=prose,
        month=_month,
        day=_day,
        clock=clock,
        in_words=in_words,
        holidays=lambda hours: holidays_in_words(hours, _NATIONS),
    )


def _address(path: Path) -> str:
    """The address of a static file, with a mark of its content, so that it may be kept for ever."""
    return f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"


def _month(day: date) -> str:
    """A date as month and year: the day of a check says more than is known."""
    return f"{day:%B %Y}"


def _day(day: date) -> str:
    """A date in words: "1 November 2026"."""
    return f"{day.day} {day:%B %Y}"
