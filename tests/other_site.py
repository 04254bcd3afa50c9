"""A small web server on loopback: another website that a test needs."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Answer(NamedTuple):
    """What the server answers a GET with."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = {"Content-Type": "text/html; charset=utf-8"}


@contextmanager
def other_site(
    answer: Callable[[str], Answer], host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serves ``answer(path)`` for each path, in threads. Yields the site's URL without a trailing slash.

    Args:
        answer: returns the answer for a path.
        host: the loopback address to listen on.
        tls: serves over TLS with this context, if given.
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

    with ThreadingHTTPServer((host, 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"{'https' if tls else 'http'}://{host}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
