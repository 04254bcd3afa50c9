"""Under floods, slow clients and malformed requests, another visitor still gets pages quickly."""

from __future__ import annotations

import asyncio
import random
import re
import socket
import ssl
import struct
import subprocess
import time
from contextlib import contextmanager, suppress
from threading import Thread

import pytest

from tests.servers.processes import healthy, until
from tests.servers.visitors import Reply, Visitor
from tests.servers.wire import HELLO, frame, request

pytestmark = pytest.mark.alone

#: The longest that a visitor may wait for a page while others misbehave, in seconds.
SOON = 2.0


@contextmanager
def flood(address: str, seconds: float):
    """Sends as many requests as wrk can from 127.0.0.1, for at most the given seconds."""
    command = ["wrk", "-t1", "-c32", f"-d{int(seconds)}s", address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as wrk:
        try:
            time.sleep(0.5)  # wait until the flood has begun
            yield wrk
        finally:
            wrk.terminate()


def requests_of(wrk: subprocess.Popen[str]) -> tuple[int, int]:
    """How many requests a flood made, and how many of them were refused."""
    out, _ = wrk.communicate(timeout=60)
    found = {name: int(number) for number, name in re.findall(r"(\d+) (requests)", out)}
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return found["requests"], int(refused[1]) if refused else 0


def assert_walked(replies: list[Reply]) -> None:
    assert [reply.status for reply in replies if not reply.served] == []
    assert max(reply.seconds for reply in replies) < SOON


@pytest.mark.needs("wrk")
@pytest.mark.parametrize("where", ["the site", "the edge"])
def test_a_flood_from_one_address_leaves_another_visitor_alone(
    where, serve, put_edge, addresses, figures, size
):
    settings = {"SIGNPOST_RATE_LIMIT": "1800 per minute"}
    if where == "the edge":
        port = put_edge(serve(settings | {"SIGNPOST_TRUSTED_PROXIES": "1"}).port).port
    else:
        port = serve(settings).port
    https = where == "the edge"
    seconds = size(6, 60)
    with (
        flood(f"http{'s' if https else ''}://127.0.0.1:{port}/check/", seconds) as wrk,
        Visitor(port, source="127.0.0.2", https=https) as visitor,
    ):
        replies = list(visitor.walk(addresses, pause=(seconds - 2) / len(addresses)))
        requests, refused = requests_of(wrk)
    figures(f"a visitor while {where} is flooded: {requests:,} requests, {refused:,} refused", replies)
    assert_walked(replies)
    # Each worker counts by itself, and a flood may span two windows.
    assert requests - refused <= 1800 * 2 * (2 if seconds < 60 else 3)
    assert refused > 0


def test_a_whole_school_behind_one_address_finishes(serve, store, addresses, figures, size):
    """300 visitors within 3 minutes, counted together. The quick run has the same rate, but is shorter."""
    minutes = size(0.1, 3)
    site = serve(store.settings | {"SIGNPOST_RATE_LIMIT": "1800 per minute"})
    rng = random.Random(1)
    people = int(300 * minutes / 3)
    asked = sorted((rng.uniform(0, minutes * 60), person) for person in range(people) for _ in addresses)
    steps = {person: iter(addresses) for person in range(people)}
    began, replies = time.monotonic(), []
    with Visitor(site.port) as browser:
        for when, person in asked:
            time.sleep(max(0, began + when - time.monotonic()))
            replies.append(browser.get(next(steps[person])))
    figures(f"{people} visitors behind one address in {minutes * 60:.0f} s", replies)
    assert len(replies) == people * 13
    assert_walked(replies)


class SlowClients:
    """Clients that send headers or body, or read, one byte a second, and reconnect when cut off."""

    #: For each kind of client: what it sends first, and what it sends each second afterwards.
    KINDS = (
        (b"GET / HTTP/1.1\r\nX-Slow: ", b"x"),
        (b"POST /check/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9000\r\n\r\n", b"x"),
        (b"GET /help/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20, b""),
    )

    def __init__(self, port: int, number: int, seconds: float, *, https: bool) -> None:
        self.port = port
        self.until = time.monotonic() + seconds
        self.tls = {"ssl": ssl._create_unverified_context(), "server_hostname": "localhost"} if https else {}
        self.held = 0
        self.thread = Thread(target=lambda: asyncio.run(self._all(number)))

    async def _all(self, number: int) -> None:
        await asyncio.gather(*(self._one(*self.KINDS[each % 3]) for each in range(number)))

    async def _one(self, at_once: bytes, each_second: bytes) -> None:
        while time.monotonic() < self.until:
            with suppress(OSError):
                await self._hold(at_once, each_second)

    async def _hold(self, at_once: bytes, each_second: bytes) -> None:
        """One connection, for as long as the server keeps it open."""
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
        reader, writer = await asyncio.open_connection(sock=sock, limit=1, **self.tls)
        self.held += 1
        try:
            writer.write(at_once)
            while time.monotonic() < self.until and not writer.is_closing():
                writer.write(each_second)
                await asyncio.sleep(1)
                with suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(1), 0.01)
        finally:
            self.held -= 1
            writer.transport.abort()

    def __enter__(self) -> SlowClients:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.until = 0
        self.thread.join()


@pytest.mark.parametrize("where", ["the site", "the edge"])
def test_200_slow_clients_hold_no_worker(where, serve, put_edge, addresses, figures, size):
    port = serve().port
    https = where == "the edge"
    port = put_edge(port).port if https else port
    seconds = size(3, 56)
    with (
        SlowClients(port, 200, 10 * seconds, https=https) as slow,
        Visitor(port, source="127.0.0.2", https=https) as visitor,
    ):
        until(lambda: slow.held == 200, "all of them are connected")
        replies = list(visitor.walk(addresses, pause=seconds / len(addresses)))
        assert slow.held > 150
    figures(f"a visitor while 200 slow clients hold on to {where}", replies)
    assert_walked(replies)


class HangingUp:
    """Clients at one address that request 128 expensive pages at once over HTTP/2, and hang up before any arrives."""

    def __init__(self, port: int, clients: int, seconds: float) -> None:
        self.port = port
        self.until = time.monotonic() + seconds
        self.requests = 0
        self.threads = [Thread(target=self._ask) for _ in range(clients)]

    def _ask(self) -> None:
        # The page that takes longest, and the one that a starting site prerenders last.
        asked = b"".join(request("/journey?x", "gzip", stream) for stream in range(1, 256, 2))
        context = ssl._create_unverified_context()
        context.set_alpn_protocols(["h2"])
        while time.monotonic() < self.until:
            with (
                suppress(OSError),
                socket.create_connection(("127.0.0.1", self.port), timeout=5) as plain,
                context.wrap_socket(plain) as tls,
            ):
                tls.sendall(HELLO + frame(4) + asked)
                self.requests += 128
                time.sleep(0.05)
                tls.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def __enter__(self) -> HangingUp:
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in self.threads:
            each.join()


def test_hanging_up_frees_no_share(serve, put_edge, addresses, figures, size):
    """If a client hangs up, its requests still count as in progress until the site has answered them."""
    edge = put_edge(serve({"SIGNPOST_TRUSTED_PROXIES": "1"}).port)
    seconds = size(8, 30)
    with (
        HangingUp(edge.port, 4, seconds) as hanging_up,
        Visitor(edge.port, source="127.0.0.2", https=True) as visitor,
    ):
        time.sleep(1)
        replies = list(visitor.walk(addresses, pause=seconds / len(addresses)))
    figures(f"a visitor while one address asks for {hanging_up.requests:,} pages and hangs up", replies)
    assert [reply.status for reply in replies if not reply.served] == []


def nonsense(rng: random.Random) -> bytes:
    """Bytes that are not a valid request, some of them nearly one."""
    good = b"GET /check/n?go=1 HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nContent-Length: 3\r\n\r\nabc"
    kind = rng.randrange(5)
    if kind == 0:
        return rng.randbytes(rng.randrange(1, 200))
    if kind == 1:
        return good[: rng.randrange(len(good))]
    broken = bytearray(good)
    if kind == 2:
        for _ in range(rng.randrange(1, 10)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        return bytes(broken)
    if kind == 3:
        path = rng.choice(
            [
                b"%",
                b"%zz",
                b"\xff\xfe",
                b"..//..//",
                b"?" * 50,
                b"%00",
                b"\\",
                b"%f0%9f%98",
                b"check/" + b"a/" * 900,
            ]
        )
        return b"GET /" + path + b" HTTP/1.1\r\nHost: " + rng.randbytes(5).hex().encode() + b"\r\n\r\n"
    name = rng.choice(
        [b"Content-Length", b"Transfer-Encoding", b"Host", b"Expect", b"Upgrade", b"Range", b"Forwarded"]
    )
    return good.replace(b"Accept: */*", name + b": " + rng.randbytes(rng.randrange(20)))


def test_malformed_requests_break_nothing(serve, addresses, figures, size):
    site = serve()
    rng = random.Random(3)
    workers = site.workers()
    statuses: list[int] = []
    replies: list[Reply] = []
    with Visitor(site.port, source="127.0.0.2") as visitor:
        for number in range(int(size(2000, 10_000))):
            began = time.perf_counter()
            status = _send(site.port, nonsense(rng))
            statuses.append(status)
            replies.append(Reply("", status, time.perf_counter() - began))
            if number % 100 == 0:
                assert_walked([visitor.get(addresses[number // 100 % len(addresses)])])
    figures("malformed requests (failures are answers of 500 and above)", replies, lambda r: r.status >= 500)
    assert [status for status in statuses if status >= 500] == []
    assert site.workers() == workers
    assert healthy(site.port)


def _send(port: int, sent: bytes) -> int:
    """Sends the bytes and returns the status; 0 if the server closes the connection or waits for more."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            answer = connection.recv(100)
        except OSError:
            return 0
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.") else 0
