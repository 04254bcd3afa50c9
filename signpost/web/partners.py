"""Pages and files for partners: links and badges to copy, posters to print."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, abort, current_app, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from signpost.exports.badges import png_badge
from signpost.exports.open_data import LICENCE
from signpost.exports.posters import ready
from signpost.exports.qr_codes import FORMATS, qr_code
from signpost.i18n.locales import (
    current_content,
    current_locale,
    localized_url,
    page_state,
    use_locale,
)
from signpost.models.urls import (
    API_ROOT,
    BADGE,
    CHANGES,
    JOURNEY_DATA,
    JOURNEY_SCHEMA,
    OPEN_DATA,
    PNG_BADGE,
    SERVICES_CSV,
)
from signpost.web.data import shared

blueprint = Blueprint("partners", __name__)


def init_app(app: Flask) -> None:
    """Prepares at startup what does not change while the site runs: badges, posters."""
    app.extensions["badges"], app.extensions["png_badges"] = {}, {}
    for language in app.extensions["locales"]:
        with use_locale(app, language):
            app.extensions["badges"][language] = svg = render_template("parts/badge.svg")
            app.extensions["png_badges"][language] = png_badge(language, svg)
    app.extensions["posters"] = ready(app)


@blueprint.get("/partners")
def partners() -> str:
    service = page_state().get("service")
    return render_template(
        "pages/partners.html",
        # Inlined, so that a first view needs only three requests.
        badge=Markup(_badge()),  # noqa: S704 (rendered from our own template)
        badge_address=BADGE,
        png_address=PNG_BADGE if _png_badge() else "",
        data_address=OPEN_DATA,
        table_address=SERVICES_CSV,
        api_address=API_ROOT,
        journey_address=JOURNEY_DATA,
        changes_address=CHANGES,
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


@blueprint.get(PNG_BADGE)
def badge_as_png() -> Response:
    return shared(_png_badge() or abort(404), "image/png")


@blueprint.get("/qr/<name>.<kind>")
def qr(name: str, kind: str) -> Response:
    """The QR code of an entry's link or, as "start", of the start's. To be saved: other sites may not embed it."""
    base_url = current_app.config["SIGNPOST"].base_url
    paths = {"start": "/"} | {id_: f"/for/{id_}" for id_ in current_content().journey.entries}
    if name not in paths or kind not in FORMATS:
        abort(404)
    return Response(qr_code(base_url + localized_url(paths[name]), kind), content_type=FORMATS[kind])


def _png_badge() -> bytes | None:
    return cast("bytes | None", current_app.extensions["png_badges"][current_locale().language])


def _badge() -> str:
    return cast(str, current_app.extensions["badges"][current_locale().language])
