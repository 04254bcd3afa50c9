"""The log says what failed and where in the code, and each minute how the site is doing; nothing about visitors."""

from __future__ import annotations

import logging
import logging.config
import re
import sys
import threading
import warnings
from types import SimpleNamespace

import pytest
from granian.log import LOGGING_CONFIG

from config import Config
from signpost import create_app
from signpost.security import housekeeping
from signpost.security.logs import RedactingFormatter, RequestCounter, configure_logging
from tests.app.test_rate_limits import UNBIDDEN


def written(message: object, *args: object, error: BaseException | None = None) -> str:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return RedactingFormatter().format(
        logging.LogRecord("a.library", logging.ERROR, __file__, 1, message, args, exc_info)
    )


def caught(raising) -> BaseException:
    try:
        raising()
    except Exception as error:
        return error
    raise AssertionError


def test_the_words_of_a_programmer_stay_and_the_values_go():
    assert written("no answer to %s", "a visitor") == "[ERROR] a.library: no answer to %s"
    assert (
        written("not as many %s %s as places", "a visitor")
        == "[ERROR] a.library: not as many %s %s as places"
    )
    assert written(ValueError("a visitor")) == "[ERROR] a.library: ValueError"


def test_of_what_granian_says_the_first_line_stays():
    """The lines below the first hold the error's own message."""
    record = logging.LogRecord("_granian.wsgi", logging.ERROR, __file__, 1, "it raised\na visitor", (), None)
    assert RedactingFormatter().format(record) == "[ERROR] _granian.wsgi: it raised"


def test_an_error_is_its_kind_and_its_place_and_what_led_to_it():
    def first():
        raise KeyError("a visitor")

    def second():
        try:
            first()
        except KeyError as error:
            raise LookupError("a visitor") from error

    def third():
        try:
            first()
        except KeyError:
            raise LookupError("a visitor") from None

    text = written("it broke", error=caught(second))
    assert re.search(r"test_logs.py, line \d+, in first\n  KeyError\nthen\n", text)
    assert text.endswith("in second\n  LookupError")
    assert "KeyError" not in written("it broke", error=caught(third))
    assert "a visitor" not in text


@pytest.fixture
def process_logs():
    """Configures logging as in a serving process when called, and restores it after the test."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.raiseExceptions, threading.excepthook, sys.unraisablehook
    with warnings.catch_warnings():
        yield configure_logging
    root.handlers[:], level, logging.raiseExceptions, threading.excepthook, sys.unraisablehook = before
    root.setLevel(level)


def test_a_request_that_breaks_is_logged_without_the_request(process_logs, capsys):
    process_logs()
    app = create_app(Config.from_environment({}))

    @app.get("/secret-path")
    def breaks():
        int("secret-value")

    client = app.test_client()
    headers = {"User-Agent": "secret-agent", "Referer": "https://secret.example", "Cookie": "secret=1"}
    response = client.get(
        "/secret-path?secret=1", headers=headers, environ_base={"REMOTE_ADDR": "192.0.2.77"}
    )
    assert response.status_code == 500
    out, err = capsys.readouterr()
    assert out == ""
    assert "in breaks\n  ValueError" in err
    assert "secret" not in err
    assert "192.0.2" not in err


def test_a_limit_that_is_reached_is_not_logged(process_logs, capsys):
    process_logs()
    client = create_app(Config.from_environment({"SIGNPOST_RATE_LIMIT": "1 per minute"})).test_client()
    assert [client.get("/").status_code for _ in range(3)] == [200, 429, 429]
    assert capsys.readouterr().err == ""


def test_a_store_that_goes_is_logged_once_and_without_its_password(process_logs, capsys):
    process_logs()
    settings = {
        "SIGNPOST_RATE_LIMIT_STORAGE": "redis://:password@127.0.0.1:1",
        "SIGNPOST_RATE_LIMIT_SECRET": "s" * 32,
    }
    client = create_app(Config.from_environment(settings)).test_client()
    assert {client.get("/").status_code for _ in range(5)} == {200}
    err = capsys.readouterr().err
    assert (
        err == "[WARNING] flask-limiter: Rate limit storage unreachable - falling back to in-memory storage\n"
    )


def test_a_thread_that_breaks_is_logged_without_what_it_says(process_logs, capsys):
    process_logs()
    thread = threading.Thread(target=lambda: {}["a visitor"])
    thread.start()
    thread.join()
    err = capsys.readouterr().err
    assert "a thread failed" in err
    assert err.endswith("KeyError\n")
    assert "visitor" not in err


def test_granian_writes_as_all_else_does(process_logs, capsys):
    logging.config.dictConfig(LOGGING_CONFIG)  # as each Granian worker does before it loads the site
    process_logs()
    logging.getLogger("_granian").info("Started worker-1")
    logging.getLogger("_granian.wsgi").error("it raised\na visitor")
    logging.getLogger("granian.access").info("%s", "a visitor")
    out, err = capsys.readouterr()
    assert out == ""
    assert (
        err
        == "[INFO] _granian: Started worker-1\n[ERROR] _granian.wsgi: it raised\n[INFO] granian.access: %s\n"
    )


def test_what_fails_unseen_is_logged_without_what_it_says(process_logs, capsys):
    process_logs()

    class Breaks:
        def __del__(self):
            raise KeyError("a visitor")

    Breaks()
    err = capsys.readouterr().err
    assert "failed unseen" in err
    assert err.endswith("in __del__\n  KeyError\n")
    assert "visitor" not in err


def test_a_warning_is_its_kind_and_its_place(process_logs, capsys):
    process_logs()
    warnings.simplefilter("always")
    warnings.warn("a visitor", UserWarning, stacklevel=1)
    assert re.fullmatch(
        r"\[WARNING\] signpost: UserWarning in \S+test_logs.py, line \d+\n",
        capsys.readouterr().err,
    )


def test_a_log_that_cannot_be_written_says_nothing_instead(process_logs, capsys, monkeypatch):
    """Python would print the message and its values to standard error."""
    process_logs()
    (handler,) = (
        each for each in logging.getLogger().handlers if isinstance(each.formatter, RedactingFormatter)
    )

    def full(_: str) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(handler, "stream", SimpleNamespace(write=full, flush=lambda: None))
    logging.getLogger("a.library").error("no answer to %s", "a visitor")
    assert capsys.readouterr().err == ""


def test_the_report_is_one_line_of_counts_and_resets_them(caplog):
    caplog.set_level(logging.INFO)
    statuses = iter(["200 OK", "200 OK", "303 SEE OTHER", "404 NOT FOUND", "500 OOPS"])

    def answer(_, start_response):
        start_response(next(statuses), [])
        return []

    counter = RequestCounter(answer)
    for _ in range(5):
        counter({}, lambda *_: None)
    counter.report()
    (line,) = caplog.messages
    assert re.fullmatch(r"answers in a minute: 2xx 2, 3xx 1, 4xx 1, 5xx 1; slowest \d+ ms", line)
    counter.report()
    assert len(caplog.messages) == 1, "a minute without visitors is silent"


def test_the_tally_counts_every_response(app, caplog):
    caplog.set_level(logging.INFO)
    app.extensions["request_counter"].report()
    caplog.clear()
    client = app.test_client()
    for address in ("/", "/static/icon.svg", "/check", "/nothing"):
        client.get(address, buffered=True)
    app.extensions["request_counter"].report()
    assert caplog.messages[0].startswith("answers in a minute: 2xx 2, 3xx 1, 4xx 1, 5xx 0; slowest ")


def test_what_browsers_ask_for_by_themselves_is_in_no_count_unless_we_failed(app, caplog):
    caplog.set_level(logging.INFO)
    app.extensions["request_counter"].report()
    caplog.clear()
    client = app.test_client()
    for address in UNBIDDEN:
        client.get(address)
    app.extensions["request_counter"].report()
    assert caplog.messages == []
    counter = RequestCounter(lambda _, start: start("500 Internal Server Error", []) or [])
    counter({"PATH_INFO": "/robots.txt"}, lambda *_: None)
    assert counter._counts["5"] == 1


def test_the_tally_is_right_when_many_come_at_once():
    counter = RequestCounter(lambda _, start: start("200 OK", []) or [])
    threads = [
        threading.Thread(target=lambda: [counter({}, lambda *_: None) for _ in range(500)]) for _ in range(8)
    ]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert counter._counts["2"] == 4000


def test_a_serving_process_purges_counters_each_second_and_reports_each_minute(monkeypatch, caplog):
    """Also after one of these tasks has failed."""
    app = create_app(Config.from_environment({}))
    done: list[str] = []

    def purge():
        done.append("purge")
        if len(done) == 1:
            raise KeyError("a visitor")

    slept: list[float] = []
    started: list[threading.Thread] = []
    monkeypatch.setitem(app.extensions, "purge_expired_counters", purge)
    monkeypatch.setattr(app.extensions["request_counter"], "report", lambda: done.append("report"))
    monkeypatch.setattr(housekeeping, "sleep", slept.append)
    monkeypatch.setattr(housekeeping, "count", lambda first: range(first, 121))
    monkeypatch.setattr(
        housekeeping, "Thread", lambda **how: started.append(threading.Thread(**how)) or started[0]
    )
    housekeeping.start_background_tasks(app)
    started[0].join(timeout=10)
    assert started[0].daemon
    assert slept == [1] * 120
    assert done.count("purge") == 120
    assert [at for at, what in enumerate(done) if what == "report"] == [60, 121]
    assert caplog.messages == ["a background task failed"]


def test_the_privacy_page_mentions_the_line_each_minute(page):
    text = page("/privacy").text
    assert "Once a minute" in text
    assert "how long the slowest took" in text
