"""What visitors see. A view follows the address and picks the template; nothing is remembered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request
from werkzeug.wrappers import Response

from signpost.addresses import UNLISTED, check_address, numbers_address
from signpost.editions import asked, edition, guide, local, speaking
from signpost.faults import Fault
from signpost.forms import AnswerForm
from signpost.journey import Answer, RetiredCode, Topic, UnknownCode, Walk
from signpost.languages import ENGLISH, Language
from signpost.length import measure, too_long
from signpost.review import REVIEW_BY, REVIEWED
from signpost.rules import endings
from signpost.sharing import as_text, may_share, ways
from signpost.templating import minute

blueprint = Blueprint("pages", __name__)

#: Who reads what a service may pass on before its number: whoever has most to fear from calling.
_LIMITS_FIRST: frozenset[Topic] = frozenset({"self-worry", "unnamed"})
#: Where a child may despair now, so that help for it stands near the top.
_DESPAIR_FIRST: frozenset[Topic] = frozenset({"blackmail", "own-image", "arrest"})


@blueprint.after_request
def keep_states_out_of_search(response: Response) -> Response:
    """Search engines list the pages, not the states of a journey, and not what is for reviewers."""
    address = asked()
    state = address.startswith(("/check/", "/numbers/")) and address != "/check/"
    if request.query_string or state or address in UNLISTED:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


@blueprint.get("/")
def start() -> str:
    return render_template("pages/start.html")


@blueprint.get("/check/")
@blueprint.get("/check/<path:codes>")
def check(codes: str = "") -> Response | str:
    try:
        walk = guide().journey.follow([code for code in codes.split("/") if code])
    except RetiredCode as gone:
        return redirect(f"{local(check_address(gone.walk))}?moved=1", 302)
    except UnknownCode:
        abort(404)
    if request.environ["PATH_INFO"] != local(check_address(walk)):
        return redirect(local(check_address(walk)), 301)
    if walk.result:
        return result_page(walk)
    return question_page(walk, lambda answer: guide().journey.step(walk, answer))


@blueprint.get("/for/<entry_id>")
def entry(entry_id: str) -> Response | str:
    journey = guide().journey
    found = journey.entries.get(entry_id) or abort(404)
    return question_page(journey.start(), lambda answer: journey.enter(found, answer))


def question_page(walk: Walk, advance: Callable[[Answer], Walk]) -> Response | str:
    """The question a walk leads to; once it is answered, a redirect to where ``advance`` leads."""
    question = walk.question
    assert question is not None
    submitted = request.args.get("go") == "1"
    chosen = AnswerForm(question).chosen() if submitted else None
    if chosen:
        return redirect(local(check_address(advance(chosen))), 303)
    return render_template(
        "pages/question.html",
        question=question,
        walk=walk,
        back=back(walk),
        error=edition().say.gettext("Choose an answer") if submitted else "",
        moved=request.args.get("moved") == "1",
    )


def result_page(walk: Walk) -> str:
    """The result a walk ends at."""
    assert walk.result is not None
    line = guide().talk_line(walk)
    opening = current_app.extensions["opening"](*line, minute()) if line else None
    return render_template(
        "pages/result.html",
        walk=walk,
        result=walk.result,
        steps=guide().steps(walk),
        after=guide().after(walk),
        despair=guide().despair(walk),
        limits_first=bool(walk.situation.topics & _LIMITS_FIRST),
        despair_first=bool(walk.situation.topics & (_DESPAIR_FIRST if walk.situation.young else {"arrest"})),
        shut=line[0].id if line and opening and opening.state == "closed" else "",
        advice=[guide().advice[topic] for topic in walk.result.advice],
        share=numbers_address(guide().routes(walk)) if may_share(walk.situation) else "",
        back=back(walk),
    )


def long_results(app: Flask, language: Language) -> list[Fault]:
    """What is too long on the results in one language (rule 17), each told once, with one of its paths.

    Results that are shown alike are rendered once.
    """
    faults: dict[tuple[str, str], Fault] = {}
    seen = set[object]()
    with speaking(app, language):
        for walk in (ending.walk for ending in endings(guide())):
            assert walk.result is not None
            situation = walk.situation
            limits_first = bool(situation.topics & _LIMITS_FIRST)
            alike = (
                walk.result.id,
                tuple(
                    (step.route.id if step.route else "", step.notice, step.why, step.by)
                    for step in guide().steps(walk)
                ),
                tuple(route.id for route in guide().despair(walk)),
                (situation.young, situation.abroad, situation.nation is None, limits_first),
                bool(situation.topics & _DESPAIR_FIRST),
            )
            if alike in seen:
                continue
            seen.add(alike)
            told = too_long(
                measure(result_page(walk)),
                limits_first=limits_first,
                danger=situation.danger,
                translated=language != ENGLISH,
            )
            for problem in told:
                where = f"/check/{'/'.join(walk.codes)}: {problem}."
                fault = Fault(
                    walk.result.file, walk.result.id, where, "Shorten it, or put it into a fold: rule 17."
                )
                faults.setdefault((walk.result.id, problem), fault)
    return list(faults.values())


def back(walk: Walk) -> str:
    """The address of the page before this one: the question before, or the start."""
    return "/check/" + "/".join(walk.codes[:-1]) if walk.codes else "/"


@blueprint.get("/help/")
def help_list() -> str:
    return render_template("pages/help.html")


@blueprint.get("/help/<route_id>")
def route(route_id: str) -> str:
    found = guide().directory.routes.get(route_id) or abort(404)
    return render_template("pages/route.html", route=found)


@blueprint.get("/numbers/<route_ids>")
def keep_numbers(route_ids: str) -> str:
    """How to reach some routes and nothing else, to print or send. A route that is gone is left out."""
    known = guide().directory.routes
    routes = [known[id_] for id_ in dict.fromkeys(route_ids.split("+")) if id_ in known] or abort(404)
    return render_template(
        "pages/numbers.html", routes=routes, ways=ways, text=as_text(routes, edition().say)
    )


@blueprint.get("/advice/<topic>")
def advice(topic: str) -> str:
    found = guide().advice.get(topic) or abort(404)
    return render_template("pages/advice.html", advice=found)


@blueprint.get("/journey")
def journey() -> str:
    return render_template("pages/journey.html", outline=edition().outline)


@blueprint.get("/journey.svg")
def diagram() -> Response:
    svg = render_template("parts/journey.svg", outline=edition().outline)
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
    return statement(minute().date())


def statement(today: date) -> str:
    """The accessibility statement, which says so when its review is overdue."""
    return render_template(
        "pages/accessibility.html", reviewed=REVIEWED, review_by=REVIEW_BY, overdue=today > REVIEW_BY
    )
