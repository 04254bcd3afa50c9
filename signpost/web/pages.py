"""Visitors' pages. A view follows the answer codes in the URL and picks a template; nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, abort, current_app, g, render_template
from werkzeug.wrappers import Response

from signpost.checks.outline import Outline, outline
from signpost.checks.worklist import REVIEW_BY, REVIEWED
from signpost.exports.share_text import as_text, ways
from signpost.i18n.locales import current_content, current_locale, localized_url, page_state, raw_path
from signpost.models.journey import Answer, UnknownCode, Walk
from signpost.models.outcome import Outcome
from signpost.models.urls import check_url, numbers_url
from signpost.web import padding
from signpost.web.forms import AnswerForm
from signpost.web.responses import Redirect
from signpost.web.templating import current_minute, is_static, is_timeless

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def start() -> str:
    return render_template("pages/start.html")


@blueprint.get("/check/")
@blueprint.get("/check/<path:codes>")
def check(codes: str = "") -> Response | str:
    try:
        walk = current_content().journey.follow([code for code in codes.split("/") if code])
    except UnknownCode:  # a retired code has been redirected (canonical_urls.py)
        abort(404)
    if walk.result:
        # A result has no other state, so redirect to it without the query.
        return Redirect(raw_path(), 301) if page_state() else result_page(walk)
    return question_page(walk, lambda answer: current_content().journey.step(walk, answer))


@blueprint.get("/for/<entry_id>")
def entry(entry_id: str) -> Response | str:
    journey = current_content().journey
    found = journey.entries.get(entry_id) or abort(404)
    return question_page(journey.start(), lambda answer: journey.enter(found, answer), arriving=True)


def question_page(walk: Walk, advance: Callable[[Answer], Walk], *, arriving: bool = False) -> Response | str:
    """The page of the question that a walk leads to; once answered, a redirect to where ``advance`` leads.

    Args:
        walk: leads to the question.
        advance: returns the walk after an answer.
        arriving: whether visitors come here from elsewhere, and have not read on the start how to hide their visit.
    """
    question = walk.question
    assert question is not None
    submitted = "go" in page_state()
    chosen = AnswerForm(question).chosen() if submitted else None
    if chosen:
        return Redirect(localized_url(check_url(advance(chosen).codes)), 303)
    return render_template(
        "pages/question.html",
        question=question,
        walk=walk,
        back=back(walk),
        arriving=arriving,
        error=current_locale().marked.translations.gettext(
            "Please choose one answer. Not sure? Choose the nearest."
        )
        if submitted
        else "",
        moved="moved" in page_state(),
        links={each.code: check_url(advance(each).codes) for each in question.answers} if is_static() else {},
    )


def result_page(walk: Walk) -> str:
    """The page of the result that a walk ends at."""
    g.is_result = True  # results are padded to lengths of their own (compression.py)
    outcome = Outcome(current_content(), walk)
    line = outcome.talk_line
    opening = current_app.extensions["opening"](*line, current_minute()) if line else None
    return render_template(
        "pages/result.html",
        walk=walk,
        outcome=outcome,
        shut=line[0].id if line and opening and opening.state == "closed" and not is_timeless() else "",
        # Padded, because the length of this request would tell which services the result names.
        share=padding.address(numbers_url(outcome.routes)) if outcome.may_share else "",
        back=back(walk),
    )


def back(walk: Walk) -> str:
    """The path of the previous page: the previous question, or the start."""
    return check_url(walk.codes[:-1]) if walk.codes else "/"


@blueprint.get("/help/")
def help_list() -> str:
    return render_template("pages/help.html")


@blueprint.get("/help/<route_id>")
def route(route_id: str) -> str:
    found = current_content().directory.routes.get(route_id) or abort(404)
    return render_template("pages/route.html", route=found)


@blueprint.get("/numbers/<route_ids>")
def keep_numbers(route_ids: str) -> str:
    """Only how to reach the given routes, to print or send.

    The page says so if a route in its address no longer exists, or if there are too many (``models/damaged.py``).
    """
    known = current_content().directory.routes
    routes = [known[id_] for id_ in route_ids.split("+") if id_ in known] or abort(404)
    return render_template(
        "pages/numbers.html",
        routes=routes,
        ways=ways,
        text=as_text(routes, current_locale().translations),
        moved="moved" in page_state(),
    )


@blueprint.get("/advice/<topic>")
def advice(topic: str) -> str:
    found = current_content().advice.get(topic) or abort(404)
    return render_template("pages/advice.html", advice=found)


def _outline() -> Outline:
    """The outline of the journey in the current language. Cached, because laying it out is slow."""
    kept: dict[str, Outline] = current_app.extensions.setdefault("outlines", {})
    code = current_locale().language.code
    if code not in kept:
        kept[code] = outline(current_content())
    return kept[code]


@blueprint.get("/journey")
def journey() -> str:
    return render_template("pages/journey.html", outline=_outline())


@blueprint.get("/journey.svg")
def diagram() -> Response:
    svg = render_template("parts/journey.svg", outline=_outline())
    return current_app.response_class(svg, mimetype="image/svg+xml")


@blueprint.get("/hide-your-visit")
def hide_your_visit() -> str:
    return render_template("pages/hide-your-visit.html")


@blueprint.get("/about")
def about() -> str:
    return render_template("pages/about.html")


@blueprint.get("/privacy")
def privacy() -> str:
    return render_template("pages/privacy.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    return statement(current_minute().date())


def statement(today: date) -> str:
    """The accessibility statement, which says so when its review is overdue."""
    return render_template(
        "pages/accessibility.html", reviewed=REVIEWED, review_by=REVIEW_BY, overdue=today > REVIEW_BY
    )
