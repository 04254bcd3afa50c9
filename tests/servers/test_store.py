"""The shared store may hang, die and come back: no visitor is refused, kept waiting or shown an error."""

from __future__ import annotations

import time

import pytest

from tests.servers.processes import until
from tests.servers.visitors import Visitor, crowd
from tests.servers.windows import limit_of

_FAULTS = {
    "hung": (lambda store: store.pause(), lambda store: store.resume()),
    "dead": (lambda store: store.kill(), lambda store: store.begin()),
}


@pytest.mark.alone
@pytest.mark.parametrize("fault", _FAULTS)
def test_a_store_that_fails_costs_nobody_a_page(fault, store, serve, addresses, figures, size):
    fail, repair = _FAULTS[fault]
    site = serve(store.settings)
    replies = crowd(site.port, addresses, size(1.5, 30), lambda: fail(store), clients=8)
    figures(f"store {fault} under load, 8 clients", replies)
    assert [reply.status for reply in replies if not reply.served] == []
    assert max(reply.seconds for reply in replies) <= 0.7, "no page waits long for a store"
    replies = crowd(site.port, addresses, size(1.5, 30), lambda: repair(store), clients=8)
    figures(f"store {fault}, then back", replies)
    assert [reply.status for reply in replies if not reply.served] == []
    assert max(reply.seconds for reply in replies) < 1


@pytest.mark.parametrize("fault", _FAULTS)
def test_the_count_goes_on_by_itself_once_the_store_is_back(fault, store, serve):
    fail, repair = _FAULTS[fault]
    site = serve(store.settings, workers=1)
    with Visitor(site.port) as visitor:
        visitor.get("/")
        fail(store)
        assert visitor.get("/").served
        repair(store)
        before = store.count()
        deadline = time.monotonic() + 10
        while store.count() == before and time.monotonic() < deadline:
            assert visitor.get("/").served
            time.sleep(0.1)
        assert store.count() > before
    assert "Rate limit storage recovered" in site.written()


def test_the_site_starts_and_serves_while_the_store_is_down(store, serve):
    store.kill()
    site = serve(store.settings)
    with Visitor(site.port) as visitor:
        assert all(visitor.get("/").served for _ in range(20))


def test_the_limit_holds_while_the_store_is_down(store, serve):
    site = serve(store.settings | {"SIGNPOST_RATE_LIMIT": limit_of(5)}, workers=1)
    store.kill()
    with Visitor(site.port) as visitor:
        statuses = [visitor.get("/").status for _ in range(30)]
    # A few requests may pass uncounted until the site notices that the store is gone.
    assert 200 in statuses
    assert statuses[-20:] == [429] * 20


def test_workers_share_one_count(store, serve):
    site = serve(store.settings | {"SIGNPOST_RATE_LIMIT": limit_of(30)}, workers=2)
    statuses = []
    for _ in range(60):
        with Visitor(
            site.port
        ) as visitor:  # a new connection for each request, so that either worker may answer
            statuses.append(visitor.get("/").status)
    assert statuses == [200] * 30 + [429] * 30


def test_the_store_holds_hashes_for_two_windows_only(store, serve):
    site = serve(store.settings | {"SIGNPOST_RATE_LIMIT": "100 per 2 seconds"}, workers=1)
    with Visitor(site.port, source="127.77.66.55") as visitor:
        assert all(visitor.get("/").served for _ in range(3))
    assert store.held()
    for key in store.held():
        assert "127.77" not in key
        assert bytes([127, 77, 66]).hex() not in key
    until(lambda: not store.held(), "two windows, and the hashes are gone", seconds=4.5)
