"""A worker that dies, a reload and a stop lose at most what the worker was handling, and what was waiting for it."""

from __future__ import annotations

import os
import signal
import threading
import time
from functools import partial

import pytest

from tests.servers.visitors import Visitor, crowd

pytestmark = pytest.mark.alone

#: Each client has its own IP address, and is slow enough to stay below the edge's limit.
BEHIND_THE_EDGE = {
    "https": True,
    "headers": {"Host": "example.org"},
    "clients": 8,
    "apart": True,
    "pause": 0.02,
}


def test_a_killed_worker_comes_back_and_loses_only_its_own(serve, addresses, figures, size):
    site = serve()
    first = site.workers()
    clients = 8

    def kill() -> None:
        os.kill(first[0], signal.SIGKILL)
        site.wait_for_starts(3)

    replies = crowd(site.port, addresses, size(1, 20), kill, clients=clients)
    lost = [reply for reply in replies if not reply.served]
    figures("a worker killed under load, 8 clients, no edge", replies)
    assert {reply.status for reply in lost} <= {0}
    # Each client may lose two: the request that was being handled, and the one that it sends at once on a new connection.
    # The kernel closes the files of a killed process one by one, so that connection may wait for the dead worker too.
    assert len(lost) <= 2 * clients
    assert site.workers()[0] != first[0]
    assert site.workers()[1] == first[1]


def test_behind_the_edge_a_killed_worker_costs_nobody_anything(serve, put_edge, addresses, figures, size):
    site = serve({"SIGNPOST_TRUSTED_PROXIES": "1"})
    edge = put_edge(site.port)
    replies = []
    for started in range(3, int(size(4, 11))):
        # Kill the workers in turn: Granian gives up on one that dies twice within 3.5 seconds.
        kill = partial(os.kill, site.workers()[started % 2], signal.SIGKILL)
        replies += crowd(edge.port, addresses, 2, kill, **BEHIND_THE_EDGE)
        site.wait_for_starts(started)
    figures("a worker killed under load, behind the edge", replies)
    assert [reply for reply in replies if not reply.served] == []


def test_a_reload_behind_the_edge_loses_no_request(serve, put_edge, addresses, figures, size):
    site = serve({"SIGNPOST_TRUSTED_PROXIES": "1"})
    edge = put_edge(site.port)
    first = site.workers()

    def reload() -> None:
        site.signal(signal.SIGHUP)
        site.wait_for_starts(4)

    replies = crowd(edge.port, addresses, size(1, 15), reload, **BEHIND_THE_EDGE)
    figures("a reload under load, behind the edge", replies)
    assert [reply for reply in replies if not reply.served] == []
    assert not set(first) & set(site.workers())


def test_a_stop_is_prompt_and_finishes_what_is_in_hand(serve, addresses):
    site = serve()
    replies = []
    stopping = threading.Event()

    def ask() -> None:
        with Visitor(site.port) as visitor:
            while not stopping.is_set():
                replies.append(visitor.get("/check/"))

    asking = threading.Thread(target=ask)
    asking.start()
    time.sleep(1)
    began = time.monotonic()
    status = site.stop()
    took = time.monotonic() - began
    stopping.set()
    asking.join()
    assert status == 0
    assert took < 10
    # A page that had begun must be complete.
    assert all(
        (reply.served and reply.body.rstrip().endswith(b"</html>")) or reply.status == 0 for reply in replies
    )
