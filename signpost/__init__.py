"""Signpost: a few questions, and then the right people to contact."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask

from config import Config, SettingsError
from signpost import cli, failures, machines, pages, partners, protection
from signpost.compression import compress_answers
from signpost.editions import set_up_editions
from signpost.faults import ContentError
from signpost.finished import Finished
from signpost.guide import load_guide
from signpost.logs import set_up_logs, where
from signpost.rules import check_rules
from signpost.templating import said_at, set_up_templates, uk_time

ROOT = Path(__file__).parent.parent


class Site(Flask):
    """Flask, but for what it writes to the log: never an address, which holds a visitor's answers."""

    def log_exception(self, exc_info: Any) -> None:
        """Logs what failed and where in the code. The exception's own message could quote a request."""
        self.logger.error(f"a page failed\n{where(exc_info[1])}")


def create_app(config: Config | None = None, clock: Callable[[], datetime] = uk_time) -> Flask:
    """The site, ready to serve. Its pages are made for the minute that ``clock`` tells, in UK time.

    Raises:
        SettingsError: a setting cannot be used.
        ContentError: the content is broken, or a path in it breaks a rule.
    """
    config = config or Config.from_environment(os.environ)
    guide = load_guide(config.content)
    check_rules(guide)
    app = Site(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    app.config["SIGNPOST"] = config
    app.extensions["guide"] = guide
    app.extensions["clock"] = clock
    set_up_editions(app)
    set_up_templates(app)
    app.register_blueprint(machines.blueprint)
    for language in app.extensions["editions"]:
        for blueprint in (pages.blueprint, partners.blueprint):
            name = f"{blueprint.name}-{language.code}"
            app.register_blueprint(blueprint, name=name, url_prefix=language.root)
    partners.prepare(app)
    failures.handle(app)
    compress_answers(app)
    protection.protect(app)
    app.extensions["finished"] = Finished(app, said_at(guide.directory, config.hours_days))
    cli.register(app)
    return app


def start() -> Flask:
    """The site from the environment's settings; where it cannot start, only the reason and how to mend it."""
    set_up_logs()
    try:
        app = create_app()
    except (SettingsError, ContentError) as error:
        sys.exit(str(error))
    protection.keep_house(app)
    if "FLASK_RUN_FROM_CLI" not in os.environ:  # a command serves nobody
        app.extensions["finished"].begin()
    return app
