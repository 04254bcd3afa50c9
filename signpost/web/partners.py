"""Pages and files for partners: links and badges to copy, posters to print, the directory as open data."""

from __future__ import annotations

import json
from datetime import date
from typing import cast

from flask import Blueprint, Flask, abort, current_app, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from signpost.exports.open_data import LICENCE, Today, services
from signpost.exports.posters import ready
from signpost.i18n.locales import current_content, current_locale, page_state, use_locale
from signpost.models.urls import BADGE, OPEN_DATA
from signpost.web.templating import current_minute

blueprint = Blueprint("partners", __name__)


def init_app(app: Flask) -> None:
    """Prepares at startup what does not change while the site runs: badges, posters."""
    app.extensions["badges"] = {}
    for language in app.extensions["locales"]:
        with use_locale(app, language):
            app.extensions["badges"][language] = render_template("parts/badge.svg")
    app.extensions["posters"] = ready(app)


@blueprint.get("/partners")
def partners() -> str:
    service = page_state().get("service")
    return render_template(
        "pages/partners.html",
        # Inlined, so that a first view needs only three requests.
        badge=Markup(_badge()),  # noqa: S704 (rendered from our own template)
        badge_address=BADGE,
        data_address=OPEN_DATA,
        licence=LICENCE,
        service=current_content().directory.routes.get(service) or abort(404) if service else None,
        posters=[
            each for each in current_app.extensions["posters"] if each.language == current_locale().language
        ],
    )


@blueprint.get(BADGE)
def badge() -> Response:
    return _shared(_badge(), "image/svg+xml")


def _badge() -> str:
    return cast(str, current_app.extensions["badges"][current_locale().language])


@blueprint.get(OPEN_DATA)
def open_data() -> Response:
    response = _shared(_data_of(current_minute().date()), "application/json; charset=utf-8")
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    return response


def _data_of(day: date) -> bytes:
    """The open data of a day, as JSON. Made with the first request of the day."""
    kept: tuple[date, bytes] | None = current_app.extensions.get("open_data")
    if kept is None or kept[0] != day:
        content = current_app.extensions["content"]
        today = Today(day, content.manifest.calendar, current_app.config["SIGNPOST"].hours_days)
        kept = day, json.dumps(services(content.directory, today), ensure_ascii=False).encode()
        current_app.extensions["open_data"] = kept
    return kept[1]


def _shared(body: str | bytes, kind: str) -> Response:
    """A response for other sites, with an ETag: a client that already has it gets an empty 304."""
    response = Response(body, content_type=kind)
    response.add_etag()
    return response.make_conditional(request.environ)
