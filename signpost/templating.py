"""What every template can use: the settings, the guide, running text, the addresses of static files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app, g, request
from flask_babel import format_date
from jinja2 import ChoiceLoader, FileSystemLoader

from signpost.addresses import pages
from signpost.directory import Contact, Directory, Route
from signpost.editions import all_editions, asked, edition, guide, in_language
from signpost.hours import LONDON, Opening, opening
from signpost.hours_in_words import sentence


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
    directory = app.extensions["guide"].directory
    config = app.config["SIGNPOST"]
    calendar = directory.scope.calendar

    def opening_of(route: Route, contact: Contact, now: datetime) -> Opening | None:
        """Whether a contact with hours of its own is open now; None where they are not sure enough to say."""
        sure = route.confirms(contact, now.date(), config.hours_days) and contact.hours.open == "limited"
        return opening(contact.hours, calendar, now) if sure else None

    if any(source.own for route in directory.routes.values() for source in route.sources.values()):
        calendar.kept_by(uk_time().date())  # it is slow the first time, and no visitor should wait for it
    app.extensions["opening"] = opening_of
    listed = frozenset(pages(app.extensions["guide"]))

    def of_this_page() -> dict[str, Any]:
        """What a template needs to know of the page it makes."""
        language, address = edition().language, asked()
        others = [each for each in all_editions() if each != language]
        listing = others and address in listed and not request.query_string
        return {
            "now": minute(),
            "guide": guide(),
            "language": language,
            "root": language.root,
            "others": [(each, in_language(each)) for each in others],
            # Search engines are told of the languages of a page that they may list.
            "alternates": [(each, each.root + address) for each in all_editions()] if listing else [],
        }

    app.context_processor(of_this_page)
    own = FileSystemLoader(config.content / "templates")
    app.jinja_loader = ChoiceLoader([own, *filter(None, [app.jinja_loader])])
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.policies["ext.i18n.trimmed"] = True
    env.globals.update(
        site=app.config["SIGNPOST"],
        asset={
            path.name: _address(path) for path in Path(app.static_folder or "").iterdir() if path.is_file()
        },
        opening_of=opening_of,
        spoken=lambda: edition().language.code,
    )
    env.filters.update(
        prose=lambda text: edition().prose(text),
        month=lambda day: format_date(day, "MMMM y"),  # the day of a check says more than is known
        day=lambda day: format_date(day, "d MMMM y"),
        sentence=sentence,
        clock=lambda moment: edition().hours.clock(moment),
        week=lambda hours: edition().hours.week(hours),
        in_words=lambda opening, moment: edition().hours.opening(opening, moment),
        holidays=lambda hours: edition().hours.holidays(hours, edition().in_nation),
        in_nations=lambda ids: edition().hours.nations([edition().in_nation[id_] for id_ in ids]),
    )


def _address(path: Path) -> str:
    """The address of a static file, with a mark of its content, so that it may be kept for ever."""
    return f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"
