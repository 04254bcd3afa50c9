"""Globals and filters for every template: settings, content, Markdown, opening hours, URLs of static files."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from flask import Flask, current_app, g
from jinja2 import ChoiceLoader, FileSystemLoader
from markupsafe import Markup

from signpost.i18n.fallback import init_environment
from signpost.i18n.hours_text import sentence
from signpost.i18n.languages import Language
from signpost.i18n.locales import (
    Locale,
    all_locales,
    alternate_url,
    current_content,
    current_locale,
    current_path,
    localized_url,
    page_state,
)
from signpost.models.directory import Contact, Directory, Route
from signpost.models.hours import LONDON, Opening, opening
from signpost.models.text import plain
from signpost.models.urls import listed_pages
from signpost.web import padding
from signpost.web.stylesheet import load_stylesheet
from signpost.web.translators import as_name, leave_alone


def uk_time() -> datetime:
    """The current UK local time, to the minute."""
    return datetime.now(LONDON).replace(second=0, microsecond=0)


def current_minute() -> datetime:
    """The current minute, in UK local time. A page depends only on this and its URL.

    Read once for each request, so that a page never shows two different times.
    """
    if "minute" not in g:
        g.minute = current_app.extensions["clock"]()
    return cast(datetime, g.minute)


def is_timeless() -> bool:
    """Whether the page is for a copy of the site, which is read at any time, so it omits "open now" and the like."""
    return bool(g.get("timeless", False))


def is_static() -> bool:
    """Whether the page is for a static site: it has links in place of forms, and a host that may keep a list of visits."""
    return bool(g.get("static", False))


def cache_key(directory: Directory, hours_days: int, moment: datetime) -> object:
    """The cache key for pages at a moment: the minute if any opening hours are confirmed, otherwise the date.

    Args:
        directory: the routes.
        hours_days: for how many days after its opening hours were checked a service may show "open now".
        moment: the moment, in UK local time.
    """
    day = moment.date()
    says_open_now = any(
        route.confirms(contact, day, hours_days)
        for route in directory.routes.values()
        for contact in route.contacts
        if contact.hours.open == "limited"
    )
    return moment if says_open_now else day


#: Keeps the order of a number or an address on a page that is written from right to left.
LTR = Markup(' dir="ltr"')


def init_app(app: Flask) -> None:
    """Registers the templates' globals and filters. Only what depends on the request is computed for each page.

    Templates in the content folder take precedence, because another subject needs another start page.
    """
    own = FileSystemLoader(app.config["SIGNPOST"].content / "templates")
    app.jinja_loader = ChoiceLoader([own, *filter(None, [app.jinja_loader])])
    static = Path(app.static_folder or "")
    app.extensions["stylesheet"] = load_stylesheet(static / "style.css")
    app.extensions["static_stylesheet"] = load_stylesheet(
        static / "style.css", Path(app.root_path).parent / "templates" / "parts" / "answers.css"
    )
    app.extensions["opening"] = _opening_of(app)
    app.context_processor(_page_variables(app))
    env = app.jinja_env
    env.trim_blocks = env.lstrip_blocks = True
    env.policies["ext.i18n.trimmed"] = True
    init_environment(env)
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        gettext=lambda text: _marked().translations.gettext(text),
        ngettext=lambda one, many, n: _marked().translations.ngettext(one, many, n),
        pgettext=lambda context, text: _marked().translations.pgettext(context, text),
        npgettext=lambda context, one, many, n: _marked().translations.npgettext(context, one, many, n),
        newstyle=True,
    )
    env.globals.update(
        site=app.config["SIGNPOST"],
        draft=app.config["DRAFT"],
        asset={path.name: _fingerprinted(path) for path in static.iterdir() if path.is_file()},
        stylesheet=app.extensions["stylesheet"].css,
        timeless=is_timeless,
        is_static=is_static,
        opening_of=app.extensions["opening"],
        url=localized_url,
        ltr=lambda: LTR if current_locale().language.rtl else "",
        spoken=lambda: current_locale().language.code,
    )
    env.filters.update(
        as_name=as_name,
        leave_alone=leave_alone(app.extensions["content"]),
        markdown=lambda text: _marked().markdown(text),
        # The month only: where sources were read over a month, naming a day would be too precise.
        month=lambda day: _marked().dates.month(day),
        day=lambda day: _marked().dates.day(day),
        sentence=sentence,
        plain=plain,
        clock=lambda moment: _marked().hours.clock(moment),
        week=lambda hours: _marked().hours.week(hours),
        in_words=lambda opening, moment: _marked().hours.opening(opening, moment),
        holidays=lambda hours: _marked().hours.holidays(hours, _marked().in_nation),
        in_nations=lambda ids: _marked().hours.nations([_marked().in_nation[id_] for id_ in ids]),
    )


def _marked() -> Locale:
    """The locale of the page, which marks each text that is not translated."""
    return current_locale().marked


def fingerprinted_urls(app: Flask) -> frozenset[str]:
    """The URLs of the static files, each with a fingerprint of its content."""
    return frozenset(cast("dict[str, str]", app.jinja_env.globals["asset"]).values())


def _opening_of(app: Flask) -> Any:
    """Returns a function (route, contact, now) that says whether a contact with limited hours is open now.

    It returns None if the hours are not confirmed.
    """
    content, hours_days = app.extensions["content"], app.config["SIGNPOST"].hours_days
    calendar = content.manifest.calendar

    def opening_of(route: Route, contact: Contact, now: datetime) -> Opening | None:
        sure = route.confirms(contact, now.date(), hours_days) and contact.hours.open == "limited"
        return opening(contact.hours, calendar, now) if sure else None

    return opening_of


def _page_variables(app: Flask) -> Any:
    """Returns a context processor with what templates need to know about the current page."""
    listed = frozenset(listed_pages(app.extensions["content"]))

    def page_variables() -> dict[str, Any]:
        language, path = current_locale().language, current_path()
        others = [each for each in all_locales() if each != language]
        # Only pages that search engines may list have hreflang links.
        listing = others and path in listed and not page_state()
        own = {"stylesheet": current_app.extensions["static_stylesheet"].css} if is_static() else {}
        return own | {
            "now": current_minute(),
            "content": current_content(),
            "language": language,
            "others": [(each, _alternate(each)) for each in others],
            "alternates": [(each, each.root + path) for each in all_locales()] if listing else [],
        }

    return page_variables


def _alternate(other: Language) -> str:
    """The URL of the requested page in another language; padded like the link that led here (``padding.address``)."""
    url = alternate_url(other)
    return padding.address(url) if current_path().startswith("/numbers/") and "?" not in url else url


def _fingerprinted(path: Path) -> str:
    """The URL of a static file, with a fingerprint of its content so that it may be cached for ever."""
    return f"/static/{path.name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"
