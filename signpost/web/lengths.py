"""Rule 17, the length of results: checked by rendering every result as visitors see it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, g

from signpost.checks.length import measure, too_long
from signpost.checks.rules import outcomes
from signpost.i18n.languages import ENGLISH
from signpost.i18n.locales import current_content, page_context
from signpost.models.errors import ContentProblem
from signpost.models.urls import check_url
from signpost.web.pages import result_page


def length_problems(app: Flask) -> Iterator[ContentProblem]:
    """A problem for every result with too many words in view, in every language that is shown.

    Args:
        app: the site.
    """
    if "length" in app.extensions["content"].manifest.rules_off:
        return
    for language in app.extensions["locales"]:
        seen: set[tuple[str, str]] = set()
        for outcome in outcomes(app.extensions["content"]):
            path = check_url(outcome.walk.codes)
            with page_context(app, language, path):
                g.minute = app.extensions["clock"]()
                walk = current_content().journey.follow(outcome.walk.codes)
                length = measure(result_page(walk))
            found = too_long(
                length,
                limits_first=outcome.limits_first,
                danger=outcome.situation.danger,
                translated=language != ENGLISH,
            )
            for problem in found:
                if (outcome.result.id, problem) in seen:
                    continue
                seen.add((outcome.result.id, problem))
                in_language = "" if language == ENGLISH else f" in {language.name}"
                yield ContentProblem(
                    outcome.result.file,
                    outcome.result.id,
                    f"Rule 17 is broken on {language.root}{path}: {problem}{in_language}.",
                    "Shorten it, or move words into a fold or onto the route’s page.",
                )
