"""Pages and files for partners: links and badges to copy, posters to print."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, abort, current_app, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from signpost.exports.open_data import LICENCE
from signpost.exports.posters import ready
from signpost.i18n.locales import current_arguments, current_content, current_locale, use_locale
from signpost.models.urls import (
    API_ROOT,
    BADGE,
    JOURNEY_DATA,
    JOURNEY_SCHEMA,
    OPEN_DATA,
    SERVICES_CSV,
)
from signpost.web.data import shared

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
    service = current_arguments().get("service")
    return render_template(
        "pages/partners.html",
        # Inlined, so that a first view needs only three requests.
        badge=Markup(_badge()),  # noqa: S704 (rendered from our own template)
        badge_address=BADGE,
        data_address=OPEN_DATA,
        table_address=SERVICES_CSV,
        api_address=API_ROOT,
        journey_address=JOURNEY_DATA,
        schema_address=JOURNEY_SCHEMA,
        licence=LICENCE,
        service=current_content().directory.routes.get(service) or abort(404) if service else None,
        posters=[
            each for each in current_app.extensions["posters"] if each.language == current_locale().language
        ],
    )


@blueprint.get(BADGE)
def badge() -> Response:
    return shared(_badge(), "image/svg+xml")


def _badge() -> str:
    return cast(str, current_app.extensions["badges"][current_locale().language])
