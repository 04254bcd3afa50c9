"""Fixtures: servers to test, and the table of figures printed at the end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import TypeVar

import pytest

from tests.servers.processes import FEW_PAGES, Edge, Server, Site, Store
from tests.servers.visitors import Reply, journey

_T = TypeVar("_T")
_FIGURES = pytest.StashKey[list[tuple[str, int, int, float]]]()
#: Set by `make faults`: run everything at the size that the documents promise.
FULL_SIZE = os.environ.get("FULL_SIZE") == "1"


@pytest.fixture(scope="session")
def size() -> Callable[[_T, _T], _T]:
    """Returns a function that picks the value for a quick run or for a full-size run."""
    return lambda quick, full: full if FULL_SIZE else quick


@pytest.fixture
def servers(tmp_path):
    """Returns a function that registers a server to be stopped after the test."""
    with ExitStack() as stack:

        def add(server: Server) -> Server:
            stack.callback(server.kill)
            return server

        yield add


@pytest.fixture
def store(tmp_path, servers) -> Store:
    return servers(Store(tmp_path))


@pytest.fixture
def serve(request, tmp_path, servers) -> Callable[..., Site]:
    """Starts the site with these settings. By default its rate limit is too high to be reached.

    It prerenders every page only for tests that run alone.
    """
    whole = request.node.get_closest_marker("alone")

    def site(settings: dict[str, str] | None = None, **how) -> Site:
        how = {"target": "wsgi:app" if whole else FEW_PAGES} | how
        generous = {"SIGNPOST_RATE_LIMIT": "10000000 per minute"}
        return servers(Site(tmp_path, generous | (settings or {}), **how))

    return site


@pytest.fixture
def put_edge(tmp_path, servers) -> Callable[..., Edge]:
    """Starts nginx in front of a port, with error pages in these languages."""
    return lambda port, languages="en": servers(Edge(tmp_path, port, languages))


@pytest.fixture(scope="session")
def addresses(content) -> list[str]:
    """The thirteen requests of one visitor."""
    return journey(content)


@pytest.fixture
def figures(request) -> Callable[..., None]:
    """Records what a test measured, for the table at the end."""

    def note(what: str, replies: Iterable[Reply], failed: Callable[[Reply], bool] = lambda r: not r.served):
        replies = list(replies)
        failures = sum(failed(reply) for reply in replies)
        slowest = max((reply.seconds for reply in replies), default=0)
        request.config.stash.setdefault(_FIGURES, []).append((what, len(replies), failures, slowest))

    return note


def pytest_terminal_summary(terminalreporter, config) -> None:
    rows = config.stash.get(_FIGURES, [])
    if rows:
        terminalreporter.section("figures")
        terminalreporter.write_line("| what | requests | failures | slowest |\n|---|---|---|---|")
        for what, requests, failures, slowest in rows:
            terminalreporter.write_line(
                f"| {what} | {requests:,} | {failures:,} | {slowest * 1000:,.0f} ms |"
            )
