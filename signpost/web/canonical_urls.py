"""Redirects to the canonical form of each URL, and says which pages search engines may list."""

from __future__ import annotations

from flask import Flask, abort, redirect, request
from werkzeug.wrappers import Response

from signpost.i18n.locales import current_path, localized_url, raw_path
from signpost.models.urls import UNLISTED, listed_pages
from signpost.web.pages import check

#: Blueprints whose pages exist in every language. Everything else has a single URL.
_TRANSLATED = ("pages", "partners")


def init_app(app: Flask) -> None:
    """Redirects to canonical URLs, and keeps all but the listed pages out of search engines."""
    # Redirect here instead: Werkzeug's own redirects would contain the Host header of the request.
    app.url_map.merge_slashes = False
    content = app.extensions["content"]
    pages = {path.strip("/"): path for path in listed_pages(content)}
    moved = {path.strip("/"): target for path, target in content.moved.items()}

    @app.before_request
    def redirect_to_canonical_url() -> Response | str | None:
        """Redirects to the canonical URL of a page, and from a moved page to its replacement."""
        path = current_path()
        bare = "/".join(filter(None, path.split("/")))
        if bare in moved:
            return redirect(localized_url(moved[bare]), 302)
        page = pages.get(bare) or pages.get(bare.lower())  # phones capitalise the first letter
        if page:
            # Not 308: text browsers (w3m, Lynx) do not follow it.
            return redirect(localized_url(page), 301) if localized_url(page) != raw_path() else None
        in_journey = f"/{bare}".startswith("/check/")
        if in_journey and "//" in raw_path():
            return check(bare.removeprefix("check/"))  # the view redirects to the canonical URL
        stray_slash = raw_path().startswith("//") or (path.endswith("/") and not in_journey)
        untranslated = request.script_root and request.blueprint not in (None, *_TRANSLATED)
        if stray_slash or untranslated or (request.script_root and request.endpoint == "static"):
            abort(404)
        return None

    @app.after_request
    def keep_states_out_of_search(response: Response) -> Response:
        """Marks every response noindex except the listed pages: no states of a journey, no reviewers' pages."""
        path = current_path()
        state = path.startswith(("/check/", "/numbers/")) and path != "/check/"
        if request.blueprint in _TRANSLATED and (request.query_string or state or path in UNLISTED):
            response.headers["X-Robots-Tag"] = "noindex"
        return response
