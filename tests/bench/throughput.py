"""Responses per second, compared with a minimal Flask app and with nginx serving files."""

from __future__ import annotations

import grp
import os
import pwd
import re
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient

from config import Config
from signpost import create_app
from signpost.security.headers import policy
from tests.bench.first_pages import FIRST, SAID
from tests.bench.measuring import CONNECTIONS, Load, load, memory, settle
from tests.bench.report import Report, progress, table
from tests.bench.weights import every_address
from tests.servers.processes import Server, Site, free_port, until

ROUNDS = 5
SECONDS = 3
#: The shares of the bare app's throughput that a question and a result must reach, and the redirect after an answer.
LEAST, LEAST_REDIRECT = 0.35, 0.2
MOST_MEGABYTES = 80
#: Within how many seconds of a worker's start its first pages are to be there, and from how many starts the median is taken.
MOST_SECONDS, _STARTS = 0.5, 5
#: Both languages, so that a worker holds the most memory it ever does.
_UNLIMITED = {"SIGNPOST_RATE_LIMIT": "10000000 per minute", "SIGNPOST_LANGUAGES": "en cy"}


class Files(Server):
    """nginx serving the site's responses, byte for byte, from files."""

    def __init__(self, folder: Path, bodies: dict[str, bytes]) -> None:
        super().__init__(folder, "files", free_port())
        root = folder / "files"
        root.mkdir()
        self.addresses = {name: f"/{number}" for number, name in enumerate(bodies)}
        for number, body in enumerate(bodies.values()):
            (root / str(number)).write_bytes(body)
        headers = {"Content-Encoding": "br", "Vary": "Accept-Encoding", "Cache-Control": "no-store"}
        lines = [
            f'add_header {name} "{value}";'
            for name, value in (headers | policy(secure=False, style="'self'")).items()
        ]
        temporary = [
            f"{kind}_temp_path {folder}/temp;"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        ]
        conf = folder / "files.conf"
        conf.write_text(
            f"user {pwd.getpwuid(os.getuid()).pw_name} {grp.getgrgid(os.getgid()).gr_name};\n"
            f"worker_processes auto; pid {folder}/files.pid; daemon off; events {{}}\n"
            f"http {{ access_log off; server_tokens off; {' '.join(temporary)}\n"
            'default_type "text/html; charset=utf-8"; keepalive_requests 1000000000;\n'
            f"{' '.join(lines)} root {root}; server {{ listen 127.0.0.1:{self.port}; }} }}\n",
            "utf-8",
        )
        self.start(["nginx", "-e", "stderr", "-c", str(conf)])


def choose(app: Flask) -> dict[str, str]:
    """The pages to request: the question and the result of median weight, and the heaviest ones."""
    client = FlaskClient(app, app.response_class)
    sizes: dict[str, list[tuple[int, str]]] = {}
    for kind, address in every_address(app.extensions["content"]):
        if kind in ("question", "result"):
            sizes.setdefault(kind, []).append((len(client.get(address).data), address))
    chosen = {"start": "/"}
    for kind, found in sizes.items():
        found.sort()
        chosen[kind] = found[len(found) // 2][1]
        chosen[f"{kind}, the heaviest"] = found[-1][1]
    journey = app.extensions["content"].journey
    (going_on, *_) = (answer for answer in journey.start().question.answers if answer.next)
    return {
        **chosen,
        "an answer (redirect)": f"/check/?go=1&answer={going_on.code}",
        "list of services": "/help/",
        "script": app.jinja_env.globals["asset"]["site.js"],
    }


def report_throughput(report: Report, folder: Path) -> None:
    """Measures every page in turn, several times, so that quiet moments of the machine favour no page."""
    app = create_app(Config.from_environment(_UNLIMITED))
    client = FlaskClient(app, app.response_class)
    addresses = choose(app)
    bodies = {
        name: client.get(address, headers={"Accept-Encoding": "br"}, buffered=True).data
        for name, address in addresses.items()
        if "redirect" not in name
    }
    loads: dict[tuple[str, str], list[Load]] = {}
    _tell_first_pages(report, folder)
    with ExitStack() as stack:

        def add(server: Server) -> Server:
            stack.callback(server.kill)
            return server

        bare = add(Site(_new(folder / "bare"), {}, target="tests.bench.bare:app"))
        site = Site(_new(folder / "own"), _UNLIMITED)
        add(site)
        files = Files(_new(folder / "nginx"), bodies)
        add(files)
        settle(site)
        at_rest = memory(site.workers())
        targets = [("bare", bare, "/"), *(("site", site, each) for each in addresses.values())]
        named = {address: name for name, address in addresses.items()}
        targets += [("nginx", files, address) for address in files.addresses.values()]
        named_files = {address: name for name, address in files.addresses.items()}
        for number in range(ROUNDS + 1):
            progress(f"throughput: round {number} of {ROUNDS}")
            for who, server, address in targets:
                name = {"bare": {}, "site": named, "nginx": named_files}[who].get(address, "")
                got = load(server, address, SECONDS if number else 1)
                if number:  # the first is to get warm
                    loads.setdefault((who, name), []).append(got)
        after = memory(site.workers())
    _tell(report, addresses, bodies, {key: Load.median(each) for key, each in loads.items()})
    _tell_memory(report, at_rest, after)


def _tell_first_pages(report: Report, folder: Path) -> None:
    """Starts the site several times, as systemd does, and takes from each start the worker that came last."""
    found: list[tuple[float, float]] = []
    for number in range(_STARTS):
        progress(f"throughput: start {number + 1} of {_STARTS}")
        site = Site(_new(folder / f"start-{number}"), _UNLIMITED, target="tests.bench.first_pages:app")
        try:
            until(lambda: len(re.findall(SAID, site.written())) == site.workers_wanted, "the first pages")  # noqa: B023
        finally:
            site.kill()
        said = re.findall(SAID, site.written())
        found.append(max((float(took), float(used)) for took, used in said))
    took, used = (median(each) for each in zip(*found, strict=True))
    report.budget(
        f"the first {FIRST} pages, once a worker can answer",
        f"in {MOST_SECONDS} s",
        f"{took:.2f} s, {used:.2f} s of the processor",
        holds=took <= MOST_SECONDS,
    )


def _new(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _tell(
    report: Report, addresses: dict[str, str], bodies: dict[str, bytes], loads: dict[tuple[str, str], Load]
) -> None:
    bare = loads["bare", ""]

    def row(name: str, got: Load, size: int) -> tuple[object, ...]:
        files = loads.get(("nginx", name))
        return (
            name,
            f"{got.rate:,.0f}",
            f"{got.rate / bare.rate:.2f}",
            f"{files.rate:,.0f}" if files else "",
            f"{got.rate / files.rate:.2f}" if files else "",
            f"{got.half:.1f}",
            f"{got.slow:.1f}",
            f"{got.cpu:,.0f}",
            f"{size:,}" if size else "",
        )

    rows = [row("bare Flask app, `ok`", bare, 2)]
    rows += [row(name, loads["site", name], len(bodies.get(name, b""))) for name in addresses]
    heads = ["page", "a second", "of bare", "nginx, the same bytes", "of nginx"]
    heads += ["half within, ms", "99 % within, ms", "CPU, µs", "bytes"]
    report.part(
        "Answers a second",
        f"Over {CONNECTIONS} connections (wrk, one thread, beside the servers on the same cores), medians of {ROUNDS} rounds of "
        f"{SECONDS} s, taken in turn. The site has everything on: limits, headers, brotli. It and the bare app "
        "run on Granian as `deploy/signpost.service` starts it, with two workers; the files are brotli already. "
        "CPU is what all processes of the server took for an answer.",
        table(heads, rows),
    )
    for name in ("question", "result"):
        ratio = loads["site", name].rate / bare.rate
        heaviest = loads["site", f"{name}, the heaviest"].rate / bare.rate
        measured = f"{ratio:.2f}; the heaviest {heaviest:.2f}"
        report.budget(
            f"a {name}, of the bare app", f"at least {LEAST}", measured, holds=min(ratio, heaviest) >= LEAST
        )
    ratio = loads["site", "an answer (redirect)"].rate / bare.rate
    report.budget(
        "the redirect after an answer, of the bare app",
        f"at least {LEAST_REDIRECT}",
        f"{ratio:.2f}",
        holds=ratio >= LEAST_REDIRECT,
    )


def _tell_memory(report: Report, at_rest: tuple[float, float], after: tuple[float, float]) -> None:
    rows = [
        (when, *(f"{each:.0f}" for each in both))
        for when, both in (("at rest", at_rest), ("after the load", after))
    ]
    heads = ["a worker", "RSS, MB", "PSS, MB"]
    report.part(
        "Memory",
        "The larger of two workers, with both languages. PSS counts what both share by halves.",
        table(heads, rows),
    )
    most = max(at_rest[0], after[0])
    report.budget(
        "memory of a worker", f"at most {MOST_MEGABYTES} MB", f"{most:.0f} MB", holds=most <= MOST_MEGABYTES
    )
