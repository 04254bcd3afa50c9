"""The public paths of every page and of every state of a page, without the prefix of a language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from signpost.models.content import Content
from signpost.models.directory import Route
from signpost.models.journey import Walk
from signpost.models.outcome import Outcome

#: Pages that do not depend on the content.
_PAGES = ("/", "/check/", "/help/", "/hide-your-visit", "/about", "/privacy", "/accessibility", "/partners")

#: For other sites. Partners' pages and programs contain these URLs, so they never change.
BADGE = "/badge.svg"
#: For sites that take no SVG, as WordPress.
PNG_BADGE = "/badge.png"
OPEN_DATA = "/data/services.json"
JOURNEY_DATA = "/data/journey.json"
JOURNEY_SCHEMA = "/data/journey.schema.json"
SERVICES_CSV = "/data/services.csv"
CHANGES = "/data/changes.atom"
#: The directory as an API of the Human Services Data Specification: its root, its description, its lists.
API_ROOT = "/data/"
OPENAPI = "/data/openapi.json"
LISTS = ("services", "taxonomies", "taxonomy_terms")
#: The addresses of the lists, which have pages, and the arguments that say what is wanted of one.
PAGED = tuple(f"{API_ROOT}{name}" for name in LISTS)
PAGING = ("page", "per_page", "taxonomy_term_id")
#: What programs read: they ask each time whether it has changed.
DATA = (OPEN_DATA, SERVICES_CSV, CHANGES, JOURNEY_DATA, JOURNEY_SCHEMA, API_ROOT, OPENAPI, *PAGED)
SHARED = (BADGE, PNG_BADGE, *DATA)
_RECORD = re.compile(rf"{API_ROOT}(?:{'|'.join(LISTS)})/[0-9a-f-]{{36}}", re.ASCII)

#: Icons that browsers request from every site by themselves. Our pages link to an icon at another address.
GUESSED_ICON = re.compile(r"/(?:favicon\.ico|apple-touch-icon[\w-]*\.png)", re.ASCII)
#: Everything that browsers and apps request from every site by themselves. A browser requests a service worker on each
#: visit if an earlier site under this name had one; the 404 ends that.
UNBIDDEN = re.compile(
    rf"{GUESSED_ICON.pattern}|/(?:\.well-known/.*|apple-app-site-association|browserconfig\.xml|robots\.txt|(?:sw|service-?worker)\.js)",
    re.ASCII,
)

#: For programs of the operator on the same machine: whether the site is ready, and figures. Nobody else may read them.
LOCAL = ("/readyz", "/metrics")

#: Pages for reviewers, which search engines may not list.
UNLISTED = ("/journey", "/journey.svg")

#: The most routes that one page of numbers shows. Results have up to seven; a page of all routes would take as long to
#: render as ten results.
MOST_NUMBERS = 14

#: Files for programs, most of them long. They depend on the content and the day alone.
FILES = (*DATA, "/sitemap.xml", "/sitemap-states.xml")


def is_data(path: str) -> bool:
    """Whether a path is one of those that programs read, or a record in one of the API's lists."""
    return path in DATA or _RECORD.fullmatch(path) is not None


def is_shared(path: str) -> bool:
    """Whether a path is one that other sites may embed and read."""
    return path in (BADGE, PNG_BADGE) or is_data(path)


def check_url(codes: Sequence[str]) -> str:
    """The path of the question or result that these answer codes lead to."""
    return "/check/" + "/".join(codes)


def numbers_url(routes: Sequence[Route]) -> str:
    """The path of the page that shows only how to reach these routes."""
    return "/numbers/" + "+".join(dict.fromkeys(route.id for route in routes))


def partners_url(route_id: str) -> str:
    """The path of the partners' page with the link to one service."""
    return f"/partners?service={route_id}"


def listed_pages(content: Content) -> list[str]:
    """The paths that search engines may list: every page except the states of the journey."""
    return [
        *_PAGES,
        *(f"/help/{id_}" for id_ in content.directory.routes),
        *(f"/advice/{id_}" for id_ in content.advice),
        *(f"/for/{id_}" for id_ in content.journey.entries),
    ]


def every_page(content: Content) -> Iterator[str]:
    """Every page that a visitor can reach, in the order in which people need them.

    The start; the questions; services, advice and the pages about the site; the results; and the pages for partners and
    reviewers. Questions and results have the shortest paths first. There are thousands of results: where somebody keeps
    only so many pages, results with long paths are left out, and not the services that every result links to.
    """
    yield "/"
    walks = sorted(content.journey.walks(), key=lambda walk: len(walk.codes))
    yield from (check_url(walk.codes) for walk in walks if walk.question)
    yield from (path for path in listed_pages(content) if path not in ("/", "/check/"))
    yield from (check_url(walk.codes) for walk in walks if walk.result)
    yield from (partners_url(id_) for id_ in content.directory.routes)
    yield from UNLISTED
    # One of very many, to load its template: a slow first request would reveal that nobody came before.
    yield numbers_url([content.directory.routes[each.route] for each in content.emergency.essentials])


def states(content: Content) -> list[str]:
    """Every page and state: each question, each form's error, each result as shown in each situation.

    If several paths lead to the same state, only the shortest is listed.
    """
    distinct: dict[object, Walk] = {}
    for walk in sorted(content.journey.walks(), key=lambda each: len(each.codes)):
        distinct.setdefault(walk.question.id if walk.question else (walk.ends_at, walk.situation), walk)
    return list(dict.fromkeys((*listed_pages(content), "/journey", *_states(distinct.values(), content))))


def copied_pages(content: Content) -> list[str]:
    """Every page and state that the edge needs to lead a visitor on while the site is down.

    Unlike ``states``, each question has its states at every path that leads to it: its form is sent to that path.
    """
    at_questions = [walk for walk in content.journey.walks() if walk.question]
    errors = (f"{check_url(walk.codes)}?go=1" for walk in at_questions)
    moved = (
        f"{check_url(walk.codes)}?moved=1" for walk in at_questions if walk.question and walk.question.retired
    )
    # The diagram is not a page, and partners who want the link to one service can wait.
    pages = (
        each
        for each in (*every_page(content), *states(content))
        if "?service=" not in each and each != "/journey.svg"
    )
    return list(dict.fromkeys((*pages, *errors, *moved)))


def static_pages(content: Content) -> list[str]:
    """Every page of a static site, and the picture that one of them shows. A host of files reads no query.

    Its questions are links, so no answer is ever missing.
    """
    return list(dict.fromkeys(each for each in (*every_page(content), *states(content)) if "?" not in each))


def static_files(content: Content) -> list[str]:
    """The files of a static site that exist in each language: for partners and programs.

    The API is not among them: its lists have pages by query.
    """
    codes = ("start", *content.journey.entries)
    return [
        BADGE,
        PNG_BADGE,
        JOURNEY_DATA,
        CHANGES,
        *(f"/qr/{id_}.{kind}" for id_ in codes for kind in ("svg", "png")),
    ]


def retired_pages(content: Content) -> list[str]:
    """The path of each answer that its question has retired; an old link with one leads to the question."""
    return [
        check_url((*walk.codes, code))
        for walk in content.journey.walks()
        if walk.question
        for code in walk.question.retired
    ]


def _states(walks: Iterable[Walk], content: Content) -> Iterator[str]:
    for walk in walks:
        if walk.answered:
            yield check_url(walk.codes)
        if walk.question:
            yield f"{check_url(walk.codes)}?go=1"
        if walk.result and (outcome := Outcome(content, walk)).may_share:
            yield numbers_url(outcome.routes)
    for id_ in content.journey.entries:
        yield f"/for/{id_}?go=1"
    yield partners_url(next(iter(content.directory.routes)))
