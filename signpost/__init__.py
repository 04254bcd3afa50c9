"""Signpost: a few questions, and then the right people to contact."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask, Response
from flask.helpers import get_debug_flag

from config import Config, SettingsError
from signpost.checks import check_content
from signpost.i18n import locales
from signpost.i18n.locales import LanguagePrefix
from signpost.models.content import load_content
from signpost.models.errors import ContentError
from signpost.security import middleware, rate_limits, request_checks
from signpost.security.counts import SharedCounts
from signpost.security.housekeeping import start_background_tasks
from signpost.security.logs import configure_logging, format_exception_without_message
from signpost.web import canonical_urls, data, monitoring, pages, partners, templating, well_known
from signpost.web.compression import compress_responses
from signpost.web.edge_copy import EdgeCopy
from signpost.web.errors import ErrorPages
from signpost.web.prerender import PrerenderedPages, PrerenderedResponse
from signpost.web.responses import WholeResponse

#: CHANGELOG.md lists what each version changes for an operator.
__version__ = "0.1.0"

ROOT = Path(__file__).parent.parent


class Site(Flask):
    """Flask that logs no URL, because it contains the visitor's answers, and skips work that no request of ours needs."""

    response_class = WholeResponse

    def log_exception(self, exc_info: Any) -> None:
        """Logs the exception's type and traceback, but not its message, which may quote the request."""
        if self.debug:
            super().log_exception(exc_info)
        else:
            self.logger.error(f"a page failed\n{format_exception_without_message(exc_info[1])}")

    def process_response(self, response: Response) -> Response:
        """Runs the ``after_request`` hooks, except on a prerendered page: they ran when it was rendered."""
        return response if isinstance(response, PrerenderedResponse) else super().process_response(response)

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Returns the function unchanged. Flask would check at each call of a hook whether it is a coroutine."""
        return func


def create_app(
    config: Config | None = None,
    clock: Callable[[], datetime] = templating.uk_time,
    *,
    draft: bool = False,
) -> Flask:
    """Creates the site, ready to serve.

    Args:
        config: the settings; by default read from the environment.
        clock: returns the current minute, in UK local time.
        draft: for somebody who writes content or a translation: every page says that it is a draft, and any share of a
            translation may be missing.

    Raises:
        SettingsError: a setting cannot be used.
        ContentError: the content is broken, or a path through it breaks a rule.
    """
    config = config or Config.from_environment(os.environ)
    content = load_content(config.content)
    check_content(content)
    app = Site(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    app.config["SIGNPOST"] = config
    app.config["VERSION"] = __version__
    app.config["DRAFT"] = draft
    app.extensions["content"] = content
    app.extensions["clock"] = clock
    locales.init_app(app, draft=draft)
    templating.init_app(app)
    for blueprint in (
        pages.blueprint,
        partners.blueprint,
        data.blueprint,
        well_known.blueprint,
        monitoring.blueprint,
    ):
        app.register_blueprint(blueprint)
    partners.init_app(app)
    error_pages = ErrorPages(app)
    error_pages.init_app()
    # After-request hooks run in reverse: first noindex (canonical URLs), then compression, then the error pages.
    compress_responses(app)

    # A request passes these in this order (docs/architecture.md). First the WSGI layers, outermost first:
    layers: list[middleware.Layer] = [
        middleware.trust_proxies(config),  # 1. takes the visitor's IP address from trusted proxies
        partial(LanguagePrefix, languages=app.extensions["locales"]),  # 2. takes the language from the path
        middleware.ignore_unreadable,  # 3. drops what takes long to read, or is not clear
        middleware.count_requests(app),  # 4. counts responses by status class, for the log
        middleware.add_headers(  # 5. security headers on every response
            config, templating.fingerprinted_urls(app), app.extensions["stylesheet"].source
        ),
        error_pages.last_resort_layer,  # 6. sends a page of help if everything below fails
    ]
    middleware.wrap(app, layers)
    # Then Flask's before_request hooks, in order of registration. Prerendered pages are last, so that rate
    # limits and rejections apply to them too:
    rate_limits.init_app(app)  # 7. refuses too many requests
    request_checks.init_app(app)  # 8. refuses requests that no visitor makes
    canonical_urls.init_app(app)  # 9. redirects to canonical URLs
    app.extensions["prerendered_pages"] = PrerenderedPages(  # 10. sends a page rendered earlier
        app, partial(templating.cache_key, content.directory, config.hours_days)
    )
    # 11. Last, the view.
    return app


def start() -> Flask:
    """Creates the site from the environment. If it cannot start, exits with the reason and the fix, no traceback.

    Debug mode works only with ``flask run``. If FLASK_DEBUG in a server's environment turned it on, visitors would get
    blank error pages, and the log would contain the addresses they requested.
    """
    serving = "FLASK_RUN_FROM_CLI" not in os.environ
    debug = get_debug_flag() and not serving
    if not debug:
        configure_logging()
    try:
        config = Config.from_environment(os.environ)
        if serving:
            config.require_root()
        app = create_app(config, draft=debug)
    except (SettingsError, ContentError) as error:
        if debug:
            raise  # the development server shows it, and reloads once it is fixed
        sys.exit(str(error))
    app.debug = debug
    if not serving:
        # Imported here because serving needs no command, and their modules take a megabyte of each worker.
        from signpost import cli

        cli.init_app(app)
    # systemd names the folder. Its workers share it, and it lasts as long as the site runs.
    if serving and (folder := os.environ.get("RUNTIME_DIRECTORY")):
        app.extensions["request_counter"].since_start = SharedCounts(Path(folder))
    start_background_tasks(app)
    if serving:  # a command-line command serves no pages
        app.extensions["prerendered_pages"].start()
        EdgeCopy(app).start()
    return app
