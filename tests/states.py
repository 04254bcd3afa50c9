"""Which states of pages tests look at: all of them, or a sample that has one of each kind.

| run by | the crawl (tests/conftest.py) | tests that take a ``sample`` |
| --- | --- | --- |
| ``make quick`` (QUICK=1) | the sample | the sample |
| ``make test`` | every state | the sample |
| ``make a11y`` (EVERY_STATE=1) | every state | every state |

Other loops take only ``some`` of their items in ``make quick``, and it leaves out tests marked ``slow``.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from signpost.models.content import Content
from signpost.models.outcome import Outcome, VisibleStep
from signpost.models.urls import check_url, numbers_url, states

T = TypeVar("T")

#: Set by `make a11y`: look at every state.
EVERY_STATE = os.environ.get("EVERY_STATE") == "1"
#: Set by `make quick`: let the crawl fetch only a sample.
QUICK = os.environ.get("QUICK") == "1"


def some(items: Sequence[T], step: int) -> Sequence[T]:
    """All items or, in `make quick`, every ``step``-th of them, the first included."""
    return items[::step] if QUICK else items


def crawled(content: Content) -> list[str]:
    """The paths of the states that the crawl fetches, in the order of ``states()``."""
    return sample(content) if QUICK else states(content)


def sample(content: Content) -> list[str]:
    """The paths of states that together show every kind, in the order of ``states()``.

    Contains every page, question, form error and result, and every notice and route that a result shows. A result
    that differs between situations is there once, as the situation that shows most of it.
    """
    every = states(content)
    if EVERY_STATE:
        return every
    results = [outcome for path in every if (outcome := _outcome(content, path))]
    seen: set[str] = set()
    kept: set[str] = set()
    listed: set[str] = set()
    for outcome in sorted(results, key=lambda each: -len(_shown(each))):
        shows = {f"result {outcome.result.id}", *_shown(outcome)}
        if not shows <= seen:
            seen |= shows
            kept.add(check_url(outcome.walk.codes))
        numbers = {route.id for route in outcome.routes}
        if outcome.may_share and not numbers <= listed:
            listed |= numbers
            kept.add(numbers_url(outcome.routes))
    others = {check_url(outcome.walk.codes) for outcome in results} | {
        path for path in every if path.startswith("/numbers/")
    }
    return [path for path in every if path not in others or path in kept]


def _outcome(content: Content, path: str) -> Outcome | None:
    """The outcome at a path; None if it is not that of a result."""
    if not path.startswith("/check/") or "?" in path or path == "/check/":
        return None
    walk = content.journey.follow(path.removeprefix("/check/").split("/"))
    return Outcome(content, walk) if walk.result else None


def _shown(outcome: Outcome) -> set[str]:
    """What a result shows: its notices and routes, those for a crisis too."""
    return {
        *map(_name, (*outcome.steps, *outcome.after)),
        *(f"crisis {route.id}" for route in outcome.crisis),
    }


def _name(step: VisibleStep) -> str:
    if step.route:
        return f"route {step.route.id}"
    assert step.notice
    return f"notice {step.notice.id}"
