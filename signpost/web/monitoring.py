"""For the operator's programs on the same machine: whether the site is ready, and figures. Nothing about visitors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from flask import Blueprint, Flask, Response, abort, current_app

from config import Config
from signpost.checks.worklist import next_due
from signpost.models.content import Content
from signpost.models.urls import BADGE, check_url, every_page
from signpost.web import edge_copy
from signpost.web.prerender import rendered
from signpost.web.templating import current_minute

blueprint = Blueprint("monitoring", __name__)


@blueprint.get("/readyz")
def readyz() -> Response:
    """Whether every kind of page can be rendered. The server does not start without content that keeps the rules."""
    app = cast(Flask, current_app._get_current_object())  # type: ignore[attr-defined]
    for address, error in broken_pages(app, current_minute()):
        app.logger.error(f"not ready: {address}", exc_info=error)
        abort(503)
    return Response("ready\n", content_type="text/plain; charset=utf-8")


def one_of_each(app: Flask) -> list[str]:
    """The path of one page of each kind, which together use every template."""
    content: Content = app.extensions["content"]
    find = app.url_map.bind("").match
    finished = sorted(
        (walk for walk in content.journey.walks() if walk.result), key=lambda walk: len(walk.codes)
    )
    danger = next((walk for walk in finished if walk.situation.danger), finished[0])
    kinds = {
        "error": "/check/?go=1",
        "danger": check_url(danger.codes),
        "result": check_url(finished[-1].codes),
    }
    for path in (*every_page(content), BADGE):
        kinds.setdefault(find(path.partition("?")[0])[0], path)
    return list(kinds.values())


def broken_pages(app: Flask, moment: datetime) -> Iterator[tuple[str, Exception]]:
    """Renders one page of each kind in each language. Yields the address of each that cannot be, and why.

    Args:
        app: the site.
        moment: the minute that the pages show, in UK local time.
    """
    if "one_of_each" not in app.extensions:
        app.extensions["one_of_each"] = one_of_each(app)
    for language in app.extensions["locales"]:
        for path in app.extensions["one_of_each"]:
            try:
                with rendered(app, language, path, moment):
                    pass
            except Exception as error:  # whatever it is, a visitor would get an error page
                yield language.root + path, error


@blueprint.get("/metrics")
def metrics() -> Response:
    """Figures in the text format of Prometheus."""
    lines = []
    for name, kind, what, values in _figures():
        lines += [f"# HELP signpost_{name} {what}", f"# TYPE signpost_{name} {kind}"]
        lines += [f"signpost_{name}{labels} {value}" for labels, value in values.items()]
    return Response("\n".join([*lines, ""]), content_type="text/plain; version=0.0.4; charset=utf-8")


def _figures() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Each figure: its name, its kind, what it means, and its values by their labels."""
    config: Config = current_app.config["SIGNPOST"]
    content: Content = current_app.extensions["content"]
    counts, workers = current_app.extensions["request_counter"].since_start.read()
    today = current_minute().date()
    release = Path(current_app.root_path).resolve().parent.name
    about = f'{{version="{current_app.config["VERSION"]}",release="{release}"}}'
    yield "info", "gauge", "The version, and the folder that it runs from.", {about: 1}
    by_class = {f'{{class="{name}"}}': count for name, count in counts.items()}
    yield "responses_total", "counter", "Responses since the site started, by status class.", by_class
    yield "workers", "gauge", "Workers that are alive.", {"": workers}
    age = (today - content.last_checked).days
    yield "content_age_days", "gauge", "Days since a fact was last checked.", {"": age}
    lapse = (next_due(content, config) - today).days
    yield (
        "next_lapse_days",
        "gauge",
        "Days until a fact is due for a check; below 0, one has lapsed.",
        {"": lapse},
    )
    if config.edge_copy is not None:
        copy = edge_copy.about(config.edge_copy)
        seconds = f"{(datetime.now(UTC) - copy.made).total_seconds():.0f}" if copy else "+Inf"
        yield "edge_copy_age_seconds", "gauge", "Age of the edge's copy of the pages.", {"": seconds}
