"""For those who link here: links and badges to copy, posters to print, the directory as open data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

from flask import Blueprint, Flask, abort, current_app, render_template, request
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup
from werkzeug.wrappers import Response

from signpost.addresses import BADGE, OPEN_DATA
from signpost.open_data import LICENCE, services
from signpost.pages import guide, keep_states_out_of_search
from signpost.posters import ready

blueprint = Blueprint("partners", __name__)
blueprint.after_request(keep_states_out_of_search)


@blueprint.record
def prepare(state: BlueprintSetupState) -> None:
    """Works out once, at the start, what never changes while the site runs."""
    app = cast(Flask, state.app)
    directory = app.extensions["guide"].directory
    app.extensions["open_data"] = json.dumps(services(directory), ensure_ascii=False)
    app.extensions["badge"] = (Path(app.static_folder or "") / "badge.svg").read_text("utf-8")
    app.extensions["posters"] = ready(app)


@blueprint.get("/partners")
def partners() -> str:
    asked = request.args.get("service")
    return render_template(
        "pages/partners.html",
        # Shown in the page itself: a first view asks for three files.
        badge=Markup(current_app.extensions["badge"]),  # noqa: S704 (a file of ours)
        badge_address=BADGE,
        data_address=OPEN_DATA,
        licence=LICENCE,
        service=guide().directory.routes.get(asked) or abort(404) if asked else None,
        posters=current_app.extensions["posters"],
    )


@blueprint.get(BADGE)
def badge() -> Response:
    return _shared(current_app.extensions["badge"], "image/svg+xml")


@blueprint.get(OPEN_DATA)
def open_data() -> Response:
    response = _shared(current_app.extensions["open_data"], "application/json; charset=utf-8")
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    return response


def _shared(body: str, kind: str) -> Response:
    """What other sites may load: marked by its content, so that whoever has it already is sent nothing."""
    response = Response(body, content_type=kind)
    response.add_etag()
    return response.make_conditional(request.environ)
