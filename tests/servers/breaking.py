"""The served site with extra URLs that fail in every way, with errors that quote the visitor."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator

from flask import Response, request

from signpost.security import housekeeping

housekeeping._REPORT_EVERY = 1

from tests.servers.few_pages import app  # noqa: E402


def said() -> str:
    """Everything that a careless error message could quote."""
    return f"{request.url} {request.remote_addr} {dict(request.headers)}"


def _thread_breaks() -> None:
    quoted = said()

    def fail() -> None:
        raise KeyError(quoted)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def _chain_breaks() -> None:
    try:
        raise KeyError(said())
    except KeyError as error:
        raise LookupError(said()) from error


def _page_breaks() -> None:
    raise ValueError(said())


def _logs() -> None:
    app.logger.warning("somewhere %s", said())
    logging.getLogger("a.library").error(ValueError(said()))
    logging.getLogger("a.library").error("not as many %s %s values as places", said())
    logging.getLogger("a.library").info("something %s", said())

    logging.getLogger("_granian").error(f"Application callable raised an exception\n{said()}")
    logging.getLogger("granian.access").info("%s", said())


def _exits() -> None:
    raise SystemExit(said())


def _body_breaks() -> Response:
    quoted = said()

    def body() -> Iterator[bytes]:
        yield b"as far as here"
        raise ArithmeticError(quoted)

    return Response(body())


class _BreaksAtTheEnd:
    def __init__(self) -> None:
        self.quoted = said()

    def __del__(self) -> None:
        raise BufferError(self.quoted)


def _object_breaks() -> None:
    _BreaksAtTheEnd()


def _warns() -> None:
    warnings.warn(said(), BytesWarning, stacklevel=1)


BREAKS = {
    "page": _page_breaks,
    "chain": _chain_breaks,
    "thread": _thread_breaks,
    "logs": _logs,
    "exit": _exits,
    "body": _body_breaks,
    "object": _object_breaks,
    "warning": _warns,
}


@app.get("/break/<what>/<path:anything>")
def broken(what: str, anything: str) -> Response | str:
    return BREAKS[what]() or "still here"


@app.after_request
def fail_after(response):
    if request.path.startswith("/break-after/"):
        raise RuntimeError(said())
    return response
