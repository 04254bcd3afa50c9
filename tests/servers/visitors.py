"""Simulated visitors, who request pages from a real server and record the replies and their times."""

from __future__ import annotations

import http.client
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from signpost.models.content import Content

_UNVERIFIED = ssl._create_unverified_context()


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply; its status is 0 if none came whole, and ``lost`` says why."""

    address: str
    status: int
    seconds: float
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    lost: str = ""

    @property
    def served(self) -> bool:
        """Whether this is the requested page or redirect, not an error."""
        return 200 <= self.status < 400

    def header(self, name: str) -> str | None:
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)


class Visitor:
    """One browser: one connection from one IP address, reopened when it is lost."""

    def __init__(
        self,
        port: int,
        *,
        source: str = "127.0.0.1",
        https: bool = False,
        headers: dict[str, str] | None = None,
        timeout: float = 10,
        host: str = "127.0.0.1",
    ) -> None:
        self.headers = headers or {}
        if https:
            self.connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=timeout, source_address=(source, 0), context=_UNVERIFIED
            )
        else:
            self.connection = http.client.HTTPConnection(
                host, port, timeout=timeout, source_address=(source, 0)
            )

    def get(self, address: str, method: str = "GET", **headers: str) -> Reply:
        began = time.perf_counter()
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            self.connection.request(method, address, headers=sent)
            response = self.connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            return Reply(address, 0, time.perf_counter() - began, lost=repr(error))
        return Reply(address, response.status, time.perf_counter() - began, response.getheaders(), body)

    def walk(self, addresses: Iterable[str], pause: float = 0) -> Iterator[Reply]:
        for address in addresses:
            yield self.get(address)
            time.sleep(pause)

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def journey(content: Content) -> list[str]:
    """Thirteen requests of one visitor: eight pages, and the answers to five questions between them."""
    codes = next(walk.codes for walk in content.journey.walks() if walk.result and len(walk.codes) == 5)
    addresses = ["/", "/check/"]
    at = "/check"
    for code in codes:
        addresses += [f"{at}/?answer={code}&go=1" if at == "/check" else f"{at}?answer={code}&go=1"]
        at = f"{at}/{code}"
        addresses.append(at)
    return [*addresses, "/hide-your-visit"]


class Crowd:
    """Clients that request pages in parallel, each on its own connection, until they are stopped.

    They share the IP address 127.0.0.1, or with ``apart`` each has its own.
    """

    def __init__(
        self,
        port: int,
        addresses: list[str],
        clients: int = 8,
        pause: float = 0,
        apart: bool = False,
        **visitor: object,
    ) -> None:
        self._stop = threading.Event()
        self._pause = pause
        self._pool = ThreadPoolExecutor(clients)
        self._running = [
            self._pool.submit(
                self._ask,
                port,
                addresses,
                number,
                visitor | ({"source": f"127.0.1.{number + 1}"} if apart else {}),
            )
            for number in range(clients)
        ]

    def _ask(self, port: int, addresses: list[str], number: int, visitor: dict[str, object]) -> list[Reply]:
        replies = []
        with Visitor(port, **visitor) as each:  # type: ignore[arg-type]
            while not self._stop.is_set():
                replies.append(each.get(addresses[(number + len(replies)) % len(addresses)]))
                time.sleep(self._pause)
        return replies

    def stop(self) -> list[Reply]:
        """Stops the crowd, and returns all replies."""
        self._stop.set()
        replies = [reply for each in self._running for reply in each.result()]
        self._pool.shutdown()
        return replies


def crowd(
    port: int, addresses: list[str], seconds: float, meanwhile: Callable[[], object] = lambda: None, **how
):
    """Runs a crowd for the given seconds before and after something happens."""
    people = Crowd(port, addresses, **how)
    try:
        time.sleep(seconds)
        meanwhile()
        time.sleep(seconds)
    finally:
        replies = people.stop()
    return replies
