"""The public addresses: every page, and every state a page can be in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from signpost.guide import Guide
from signpost.journey import Walk

#: Pages that are not made from the content.
_PAGES = ("/", "/check/", "/help/", "/hide-your-visit", "/about", "/privacy", "/accessibility")


def check_address(walk: Walk) -> str:
    """The address of the question or result that a walk leads to."""
    return "/check/" + "/".join(walk.codes)


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
    return [*pages(guide), *_states(distinct.values(), guide)]


def _states(walks: Iterable[Walk], guide: Guide) -> Iterator[str]:
    for walk in walks:
        if walk.answered:
            yield check_address(walk)
        if walk.question:
            yield f"{check_address(walk)}?go=1"
    for id_ in guide.journey.entries:
        yield f"/for/{id_}?go=1"
