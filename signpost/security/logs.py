"""Logs that hold nothing about visitors: what failed and where in the code, and how many requests came each minute."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
import warnings
from collections import Counter
from collections.abc import Iterable
from time import perf_counter
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from signpost.models.urls import LOCAL, UNBIDDEN
from signpost.security.counts import SharedCounts

_log = logging.getLogger("signpost")


class RedactingFormatter(logging.Formatter):
    """Logs what a programmer wrote, never what a visitor sent.

    Leaves the placeholders of a message unfilled: their values may be an IP address, a path or a header. Logs an
    exception's type and traceback but not its message, which may quote the request. Granian writes that
    message below the first line of its own, so only that line is logged.
    """

    def format(self, record: logging.LogRecord) -> str:
        words = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        if record.name.split(".")[0] == "_granian":
            words = words.partition("\n")[0]
        if record.exc_info and record.exc_info[1]:
            words += f"\n{format_exception_without_message(record.exc_info[1])}"
        return f"[{record.levelname}] {record.name}: {words}"


def format_exception_without_message(error: BaseException, seen: frozenset[int] = frozenset()) -> str:
    """The type and traceback of an exception and of its causes, without their messages.

    ``seen`` holds errors already described: causes may form a cycle.
    """
    seen |= {id(error)}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [format_exception_without_message(cause, seen), "then"] if cause and id(cause) not in seen else []
    for frame in traceback.extract_tb(error.__traceback__):
        lines.append(f"  {frame.filename}, line {frame.lineno}, in {frame.name}")
    return "\n".join([*lines, f"  {type(error).__qualname__}"])


def configure_logging() -> None:
    """Makes all logging in this process, from every thread, use ``RedactingFormatter``."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter())
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    # Otherwise Python prints the message and values of a record that it fails to log.
    logging.raiseExceptions = False
    threading.excepthook = lambda failed: _log.error("a thread failed", exc_info=failed.exc_value)
    sys.unraisablehook = lambda failed: _log.error("failed unseen", exc_info=failed.exc_value)
    warnings.showwarning = lambda _, kind, file, line, *__: _log.warning(
        f"{kind.__name__} in {file}, line {line}"
    )
    # Granian has added its own handlers to these by now, and adds none later.
    for name in ("_granian", "granian.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True


class RequestCounter:
    """A WSGI layer that counts responses by status class, and keeps the slowest response time.

    Leaves out what browsers request from every site by themselves, and what the operator's programs request, unless the
    site failed: it says nothing about visitors, and a 404 for it is no fault.

    Attributes:
        since_start: the counts that ``/metrics`` shows; the log's counts begin anew each minute.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app
        self.since_start = SharedCounts()
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._slowest = 0.0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = perf_counter()

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            took = perf_counter() - began
            path = environ.get("PATH_INFO", "")
            if status[0] != "5" and (UNBIDDEN.fullmatch(path) or path in LOCAL):
                return start_response(status, headers, exc_info)
            with self._lock:
                self._counts[status[0]] += 1
                self.since_start.add(f"{status[0]}xx")
                self._slowest = max(self._slowest, took)
            return start_response(status, headers, exc_info)

        return self.app(environ, start)

    def report(self) -> None:
        """Logs the counts since the last report in one line, and resets them. Logs nothing if there were no requests."""
        with self._lock:
            counts, slowest = self._counts, self._slowest
            self._counts, self._slowest = Counter(), 0.0
        if counts:
            answers = ", ".join(f"{each}xx {counts[each]}" for each in "2345")
            _log.info(f"answers in a minute: {answers}; slowest {slowest * 1000:.0f} ms")
