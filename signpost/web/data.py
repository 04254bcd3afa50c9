"""Open data for other programs: the directory, and the journey in each language.

What is here is made with the first request and kept, so it costs little however often it is asked for. Nobody learns
from that who was here: visitors' pages use none of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, current_app, request
from werkzeug.wrappers import Response

from signpost.exports.journey_data import journey_data
from signpost.exports.journey_schema import journey_schema
from signpost.exports.open_data import LICENCE, Today, services
from signpost.i18n.locales import current_locale
from signpost.models.urls import JOURNEY_DATA, JOURNEY_SCHEMA, OPEN_DATA
from signpost.web.templating import current_minute

blueprint = Blueprint("data", __name__)

JSON = "application/json; charset=utf-8"


@blueprint.get(OPEN_DATA)
def open_data() -> Response:
    return _data(_kept("services", current_minute().date(), _services), JSON)


@blueprint.get(JOURNEY_DATA)
def journey() -> Response:
    locale, base_url = current_locale(), current_app.config["SIGNPOST"].base_url
    response = _data(
        _kept(
            f"journey {locale.language.code}",
            None,
            lambda: _json(journey_data(locale, base_url, current_app.config["VERSION"])),
        ),
        JSON,
    )
    response.headers.add("Link", f'<{base_url}{JOURNEY_SCHEMA}>; rel="describedby"')
    return response


@blueprint.get(JOURNEY_SCHEMA)
def schema() -> Response:
    return _data(_json(journey_schema(current_app.config["SIGNPOST"].base_url)), JSON)


def shared(body: str, kind: str) -> Response:
    """A response for other sites, with an ETag: a client that already has it gets an empty 304."""
    response = Response(body, content_type=kind)
    response.add_etag()
    return response.make_conditional(request.environ)


def _data(body: str, kind: str) -> Response:
    response = shared(body, kind)
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    return response


def _services() -> str:
    content = current_app.extensions["content"]
    today = Today(
        current_minute().date(), content.manifest.calendar, current_app.config["SIGNPOST"].hours_days
    )
    return _json(services(content.directory, today))


def _kept(name: str, day: date | None, make: Callable[[], str]) -> str:
    """What ``make`` returns, kept for a day, or for as long as the process serves if it depends on no day."""
    kept: dict[str, tuple[date | None, str]] = current_app.extensions.setdefault("data", {})
    if name not in kept or kept[name][0] != day:
        kept[name] = day, make()
    return kept[name][1]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
