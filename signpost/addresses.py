"""The public addresses: every page, and every state a page can be in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from signpost.directory import Route
from signpost.journey import Walk
from signpost.sharing import may_share

if TYPE_CHECKING:  # the guide checks that its own pages exist
    from signpost.guide import Guide

#: Pages that are not made from the content.
_PAGES = ("/", "/check/", "/help/", "/hide-your-visit", "/about", "/privacy", "/accessibility", "/partners")

#: What other sites may show or read. They stand in partners' pages and programs, and never change.
BADGE = "/badge.svg"
OPEN_DATA = "/data/services.json"
SHARED = (BADGE, OPEN_DATA)

#: Icons that browsers ask of any site by themselves. Ours is named in every page, under another address.
GUESSED_ICON = re.compile(r"/(?:favicon\.ico|apple-touch-icon[\w-]*\.png)", re.ASCII)
#: All that browsers and their helpers ask of any site by themselves, whether it is there or not.
UNBIDDEN = re.compile(
    rf"{GUESSED_ICON.pattern}|/(?:\.well-known/.*|apple-app-site-association|browserconfig\.xml|robots\.txt)",
    re.ASCII,
)

#: For reviewers, not to be found by a search.
UNLISTED = ("/journey", "/journey.svg")


def check_address(walk: Walk) -> str:
    """The address of the question or result that a walk leads to."""
    return "/check/" + "/".join(walk.codes)


def numbers_address(routes: Sequence[Route]) -> str:
    """The address of the page that has nothing but how to reach these routes."""
    return "/numbers/" + "+".join(dict.fromkeys(route.id for route in routes))


def pages(guide: Guide) -> list[str]:
    """The addresses to be found: every page but the states of the journey."""
    return [
        *_PAGES,
        *(f"/help/{id_}" for id_ in guide.directory.routes),
        *(f"/advice/{id_}" for id_ in guide.advice),
        *(f"/for/{id_}" for id_ in guide.journey.entries),
    ]


def every_page(guide: Guide) -> Iterator[str]:
    """Every page that a visitor can walk to: those to be found, then each question and result on every path."""
    yield from pages(guide)
    yield from (check_address(walk) for walk in guide.journey.walks() if walk.answered)


def states(guide: Guide) -> list[str]:
    """Every page and every state: each question, each form's error, each result as each situation sees it.

    Where several paths lead to the same state, the shortest stands for all.
    """
    distinct: dict[object, Walk] = {}
    for walk in sorted(guide.journey.walks(), key=lambda each: len(each.codes)):
        distinct.setdefault(walk.question.id if walk.question else (walk.ends_at, walk.situation), walk)
    return list(dict.fromkeys((*pages(guide), "/journey", *_states(distinct.values(), guide))))


def _states(walks: Iterable[Walk], guide: Guide) -> Iterator[str]:
    for walk in walks:
        if walk.answered:
            yield check_address(walk)
        if walk.question:
            yield f"{check_address(walk)}?go=1"
        if walk.result and may_share(walk.situation):
            yield numbers_address(guide.routes(walk))
    for id_ in guide.journey.entries:
        yield f"/for/{id_}?go=1"
    yield f"/partners?service={next(iter(guide.directory.routes))}"
