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
#: The directory as an API of the Human Services Data Specification: its root, its description, its lists.
API_ROOT = "/data/"
OPENAPI = "/data/openapi.json"
LISTS = ("services", "taxonomies", "taxonomy_terms")
#: What programs read: they ask each time whether it has changed.
DATA = (
    OPEN_DATA,
    SERVICES_CSV,
    JOURNEY_DATA,
    JOURNEY_SCHEMA,
    API_ROOT,
    OPENAPI,
    *(f"{API_ROOT}{name}" for name in LISTS),
)
SHARED = (BADGE, PNG_BADGE, *DATA)
_RECORD = re.compile(rf"{API_ROOT}(?:{'|'.join(LISTS)})/[0-9a-f-]{{36}}", re.ASCII)

#: Icons that browsers request from every site without being asked to. Every page names ours, at another address.
GUESSED_ICON = re.compile(r"/(?:favicon\.ico|apple-touch-icon[\w-]*\.png)", re.ASCII)
#: Everything that browsers and apps request from every site without being asked to.
UNBIDDEN = re.compile(
    rf"{GUESSED_ICON.pattern}|/(?:\.well-known/.*|apple-app-site-association|browserconfig\.xml|robots\.txt)",
    re.ASCII,
)

#: Pages for reviewers, which search engines may not list.
UNLISTED = ("/journey", "/journey.svg")


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

    The start; the questions, those that come first first; the results, those with the shortest paths first; then
    services, advice and the pages about the site.
    """
    yield "/"
    walks = sorted(content.journey.walks(), key=lambda walk: (walk.question is None, len(walk.codes)))
    yield from (check_url(walk.codes) for walk in walks)
    yield from (path for path in listed_pages(content) if path not in ("/", "/check/"))


def states(content: Content) -> list[str]:
    """Every page and state: each question, each form's error, each result as shown in each situation.

    If several paths lead to the same state, only the shortest is listed.
    """
    distinct: dict[object, Walk] = {}
    for walk in sorted(content.journey.walks(), key=lambda each: len(each.codes)):
        distinct.setdefault(walk.question.id if walk.question else (walk.ends_at, walk.situation), walk)
    return list(dict.fromkeys((*listed_pages(content), "/journey", *_states(distinct.values(), content))))


def _states(walks: Iterable[Walk], content: Content) -> Iterator[str]:
    for walk in walks:
        if walk.answered:
            yield check_url(walk.codes)
        if walk.question:
            yield f"{check_url(walk.codes)}?go=1"
        if walk.result and walk.situation.may_share:
            yield numbers_url(Outcome(content, walk).routes)
    for id_ in content.journey.entries:
        yield f"/for/{id_}?go=1"
    yield f"/partners?service={next(iter(content.directory.routes))}"
