"""`make run` serves the site, or says once why it cannot."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess

import pytest

from tests import ROOT
from tests.servers.processes import free_port, healthy, until


def start(**settings: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["make", "--silent", "run"],
        cwd=ROOT,
        env={**os.environ, "PORT": str(free_port())} | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # If the tests run in the background, SIGINT may be ignored, and a shell cannot undo that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SIGNPOST_EXIT_URL": "x"}, "SIGNPOST_EXIT_URL is “x”: give a whole address"),
        ({"SIGNPOST_CONTENT": "tests"}, "questions.toml: The file is missing."),
        ({"PORT": "8000x"}, "PORT is “8000x”: give a number from 1 to 65535"),
        ({"PORT": "65536"}, "PORT is “65536”: give a number from 1 to 65535"),
        ({"HOST": "a b"}, "HOST is “a b”: give "),
        ({"HOST": "localhost"}, "HOST is “localhost”: give an address to serve on, such as 127.0.0.1"),
        ({"HOST": "192.0.2.1"}, "HOST is “192.0.2.1” and PORT “"),
        ({"PORT": "TAKEN"}, "give others, this is refused (Address already in use; process "),
    ],
    ids=str,
)
def test_what_cannot_be_served_is_reported_once(settings, said):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with start(**{name: port if value == "TAKEN" else value for name, value in settings.items()}) as made:
            try:
                output, _ = made.communicate(timeout=20)
            finally:
                if made.poll() is None:
                    os.killpg(made.pid, signal.SIGTERM)
    assert made.returncode != 0
    assert output.count(said) == 1
    assert "Traceback" not in output
    assert "Spawning" not in output


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_it_serves_at_the_given_address_and_stops_on_request(host):
    port = free_port()
    with start(HOST=host, PORT=str(port)) as made:
        try:
            until(lambda: healthy(port), "the site answers")
            os.killpg(made.pid, signal.SIGINT)
            output, _ = made.communicate(timeout=20)
        finally:
            if made.poll() is None:
                os.killpg(made.pid, signal.SIGTERM)
    assert len(re.findall("Started worker-", output)) == 2
    assert "Traceback" not in output
