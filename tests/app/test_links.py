"""The link check, against a real server that answers each path in a different way."""

from __future__ import annotations

import re
import threading
import time
from http.server import BaseHTTPRequestHandler

import pytest

from signpost.checks.links import addresses, ask, ask_all
from tests.other_site import serving_with
from tests.planting import plant, site

AGENT = "Signpost link check (us@example.org)"


class Server(BaseHTTPRequestHandler):
    """Answers by path; records the requests, and how many were in progress at once."""

    asked: list[tuple[str, str, str]]
    at_once: list[int]
    busy = 0
    lock = threading.Lock()

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        cls = type(self)
        with self.lock:
            cls.busy += 1
            cls.at_once.append(cls.busy)
            cls.asked.append((self.command, self.path, self.headers["User-Agent"]))
        self.in_hand = True
        try:
            self.respond()
        finally:
            self.done()

    def done(self) -> None:
        """Counts the request as done before the answer is sent, because the client may send its next one at once."""
        with self.lock:
            type(self).busy -= self.in_hand
            self.in_hand = False

    def respond(self) -> None:
        match self.path.split("/")[1]:
            case "slow":
                time.sleep(2.5)
                return
            case "cut":
                self.close_connection = True
                return
            case "no-head" if self.command == "HEAD":
                self.send_response(405)
            case "head-lies" if self.command == "HEAD":
                self.send_response(404)
            case "no-head" | "head-lies" | "ok":
                time.sleep(0.1)
                self.send_response(200)
            case "loop":
                self.send_response(302)
                self.send_header("Location", self.path)
            case code if code.isdecimal():
                self.send_response(int(code))
                if code.startswith("3"):
                    self.send_header("Location", "/" + self.path.split("/", 2)[2])
        self.send_header("Content-Length", "0")
        self.done()
        self.end_headers()

    def log_message(self, *_) -> None:
        pass


@pytest.fixture
def server():
    Server.asked, Server.at_once = [], []
    with serving_with(Server, finish=True) as url:  # otherwise a slow answer would run on into the next test
        yield url


@pytest.mark.parametrize(
    ("path", "verdict", "detail"),
    [
        ("/ok", "works", ""),
        ("/no-head", "works", ""),
        ("/head-lies", "works", ""),
        ("/302/ok", "works", ""),
        ("/307/ok", "works", ""),
        ("/301/ok", "moved", "{}/ok"),
        ("/308/ok", "moved", "{}/ok"),
        ("/301/302/ok", "moved", "{}/ok"),
        ("/302/301/ok", "works", ""),  # the temporary address is still the one to use
        ("/404", "dead", "answers 404"),
        ("/410", "dead", "answers 410"),
        ("/301/404", "dead", "answers 404"),
        ("/403", "unreachable", "answers 403"),
        ("/429", "unreachable", "answers 429"),
        ("/500", "unreachable", "answers 500"),
        ("/503", "unreachable", "answers 503"),
        ("/loop", "unreachable", "answers 302"),
        ("/slow", "unreachable", "timed out"),
        ("/cut", "unreachable", "Remote end closed connection without response"),
    ],
)
def test_each_kind_of_answer_has_its_verdict(server, path, verdict, detail):
    found = ask(server + path, AGENT, seconds=1)
    assert (found.address, found.verdict, found.detail) == (server + path, verdict, detail.format(server))


def test_what_is_not_there_at_all_is_unreachable():
    for address in ("http://127.0.0.1:9/", "http://no-such-name.invalid/", "https://[broken/"):
        assert ask(address, AGENT, seconds=2).verdict == "unreachable", address


def test_headers_are_asked_for_and_the_page_only_where_that_fails_and_the_asker_says_who_it_is(server):
    ask(f"{server}/ok", AGENT)
    ask(f"{server}/no-head", AGENT)
    assert [(method, path) for method, path, _ in Server.asked] == [
        ("HEAD", "/ok"),
        ("HEAD", "/no-head"),
        ("GET", "/no-head"),
    ]
    assert {agent for *_, agent in Server.asked} == {AGENT}
    Server.asked.clear()
    ask(f"{server}/302/ok", AGENT)
    assert [(method, path) for method, path, _ in Server.asked] == [("HEAD", "/302/ok"), ("HEAD", "/ok")]


@pytest.mark.slow
def test_one_host_is_asked_one_thing_at_a_time_and_several_hosts_at_once(server):
    here = [f"{server}/ok/{n}" for n in range(10)]
    there = [address.replace("127.0.0.1", "localhost") for address in here]
    assert {answer.address for answer in ask_all(here, AGENT)} == set(here)
    assert max(Server.at_once) == 1
    assert {answer.verdict for answer in ask_all(here + there, AGENT)} == {"works"}
    assert max(Server.at_once) == 2


def test_every_address_of_the_content_is_asked(content):
    found = addresses(content)
    assert "routes/iwf.toml" in found["https://report.iwf.org.uk/"] or any("iwf.org.uk" in a for a in found)
    assert "routes/999.toml" in found["https://www.999bsl.co.uk/"]
    assert "routes/stop-it-now.toml" in found["https://www.stopitnow.org.uk/helpline/"]
    assert all(address.startswith(("https://", "http://")) for address in found)
    for route in content.directory.routes.values():
        for contact in route.contacts:
            assert not contact.address or contact.kind == "email" or contact.address in found


def test_the_command_reports_what_is_wrong_and_ends_with_one(tmp_path, server, monkeypatch):
    app = site(CONTENT=plant(tmp_path, "notices.toml", "", ""), CONTACT="us@example.org")
    paths = ("/ok", "/301/ok", "/404", "/503")
    monkeypatch.setattr(
        "signpost.cli.addresses", lambda _: {server + path: ["routes/a.toml"] for path in paths}
    )
    done = app.test_cli_runner().invoke(args=["review", "--links"])
    assert done.exit_code == 1
    for line in (
        f"moved: {server}/301/ok",
        f"  {server}/ok; in routes/a.toml",
        f"dead: {server}/404",
        f"unreachable: {server}/503",
        "4 addresses: 1 works, 1 moved, 1 dead, 1 unreachable",
    ):
        assert line in done.stdout
    assert f"{server}/ok\n" not in done.stdout
    assert Server.asked[0][2] == AGENT
    monkeypatch.setattr("signpost.cli.addresses", lambda _: {f"{server}/ok": ["routes/a.toml"]})
    assert app.test_cli_runner().invoke(args=["review", "--links"]).exit_code == 0
    nobody = "http://127.0.0.1:9/"  # "discard": no service of today listens there
    monkeypatch.setattr("signpost.cli.addresses", lambda _: {nobody: ["routes/a.toml"]})
    done = app.test_cli_runner().invoke(args=["review", "--links"])
    assert done.exit_code == 1
    # click writes a message of sys.exit to its standard output.
    said = r"None of 1 addresses could be reached \(.*refused\)\. Is this machine online\?\n"
    assert re.fullmatch(said, done.stdout)
    monkeypatch.setattr("signpost.cli.addresses", lambda _: {f"{server}/404": ["a.toml", "b.toml"]})
    csv = app.test_cli_runner().invoke(args=["review", "--links", "--csv"]).stdout
    assert csv.splitlines() == [
        "\ufeffverdict,address,detail,files",
        f"dead,{server}/404,answers 404,a.toml b.toml",
    ]
