"""Redirects to the canonical form of each URL, and says which pages search engines may list."""

from __future__ import annotations

from flask import Flask, abort, request
from werkzeug.wrappers import Response

from signpost.i18n.languages import KNOWN
from signpost.i18n.locales import current_locale, current_path, raw_path
from signpost.models.damaged import AddressReader
from signpost.models.urls import UNLISTED
from signpost.web.responses import Redirect

#: Blueprints whose pages exist in every language. Everything else has a single URL.
_TRANSLATED = ("pages", "partners", "data")


def init_app(app: Flask) -> None:
    """Redirects to canonical URLs, and keeps all but the listed pages out of search engines."""
    # Turn off Werkzeug's own redirects, which contain the Host header of the request.
    app.url_map.merge_slashes = False
    # A link to a language that is not shown leads to the English page.
    roots = dict.fromkeys(KNOWN, "") | {
        language.code: language.root for language in app.extensions["locales"]
    }
    reader = AddressReader(app.extensions["content"], roots)

    @app.before_request
    def redirect_to_canonical_url() -> Response | None:
        """Redirects to the canonical URL of the page that an address means, however it was damaged or moved."""
        # robots.txt or the health check, for example: one URL, in no language.
        single = request.blueprint not in (None, *_TRANSLATED)
        if single and not request.script_root:
            return None
        meant = reader.find(current_path(), current_locale().language.code)
        if meant:
            asked, url = raw_path(), roots[meant.language] + meant.path
            if url == asked:
                return None
            # Permanent (301) if only capitals and slashes differ, which do not change the meaning; anything else is a
            # guess (302). Not 308: text browsers (w3m, Lynx) do not follow it.
            same = "/".join(filter(None, asked.lower().split("/"))) == url.strip("/")
            return Redirect(url, 301 if same else 302)
        if request.script_root and (single or request.endpoint == "static"):
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
