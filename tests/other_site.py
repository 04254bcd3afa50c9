"""A small web server on loopback: another website that a test needs."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What the server answers a GET with."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = {"Content-Type": "text/html; charset=utf-8"}


@contextmanager
def serving_with(
    handler: Callable[..., BaseHTTPRequestHandler],
    host: str = "127.0.0.1",
    port: int = 0,
    tls: ssl.SSLContext | None = None,
    finish: bool = False,
) -> Iterator[str]:
    """Serves requests with a handler, in threads. Yields the URL without a trailing slash.

    Args:
        handler: handles one connection.
        host: the loopback address to listen on.
        port: the port; by default any that is free.
        tls: serves over TLS with this context, if given.
        finish: waits at the end for answers that are under way. (A browser's idle connections would never end.)
    """
    with ThreadingHTTPServer((host, port), handler) as server:
        server.daemon_threads = not finish
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        # So many seconds apart, it looks whether to stop. By default it is half a second, which each test would wait.
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"{'https' if tls else 'http'}://{host}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def other_site(answer: Callable[[str], Answer], **where: Any) -> Iterator[str]:
    """Serves ``answer(path)`` for each path. Yields the site's URL without a trailing slash.

    Args:
        answer: returns the answer for a path.
        where: ``host``, ``port`` and ``tls`` of ``serving_with``.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body, status, headers = answer(self.path)
            self.send_response(status)
            for header in headers.items():
                self.send_header(*header)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with serving_with(Handler, **where) as url:
        yield url
