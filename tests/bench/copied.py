"""Responses per second of the edge's copy, with the site dead, compared with nginx sending the same responses from files."""

from __future__ import annotations

import grp
import os
import pwd
from contextlib import ExitStack
from pathlib import Path

from config import Config
from signpost import create_app
from signpost.web.edge_copy import write_copy
from tests.bench.measuring import CONNECTIONS, Load, load
from tests.bench.report import Report, progress, table
from tests.bench.throughput import choose
from tests.servers.processes import Edge, Server, free_port
from tests.servers.visitors import Reply, Visitor

ROUNDS, SECONDS = 5, 3
LEAST, GOAL = 0.8, 0.9


class TlsFiles(Server):
    """nginx with the edge's TLS and workers, which sends the edge's responses from files, and does nothing else."""

    def __init__(self, folder: Path, responses: dict[str, Reply]) -> None:
        super().__init__(folder, "tls-files", free_port())
        (root := folder / "files").mkdir()
        locations = ""
        for name, reply in responses.items():
            (root / name).write_bytes(reply.body)
            lines = " ".join(
                f'add_header {each} "{value}";' for each, value in reply.headers if each not in _BY_NGINX
            )
            locations += f'location = /{name} {{ {lines} add_header Last-Modified ""; }}\n'
        user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {folder}/temp;" for kind in kinds)
        conf = folder / "tls-files.conf"
        conf.write_text(
            f"user {user} {group}; worker_processes auto; pid {folder}/files.pid; daemon off;\n"
            "events { worker_connections 8192; }\n"
            f"http {{ access_log off; server_tokens off; {temporary}\n"
            f"ssl_certificate {folder}/fullchain.pem; ssl_certificate_key {folder}/key.pem;\n"
            "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20; ssl_session_cache off; ssl_session_tickets off;\n"
            f'default_type "text/html; charset=utf-8"; etag off; max_ranges 0; root {root};\n'
            f"server {{ listen 127.0.0.1:{self.port} ssl;\n{locations}}} }}\n",
            "utf-8",
        )
        self.start(["nginx", "-e", "stderr", "-c", str(conf)])


#: Headers that nginx adds to each response by itself.
_BY_NGINX = ("Server", "Date", "Content-Type", "Content-Length", "Connection")


def sent_by(server: Server, address: str) -> Reply:
    """The response of a local server to a request for an address."""
    with Visitor(server.port, https=True, headers={"Accept-Encoding": "gzip"}) as visitor:
        return visitor.get(address)


def as_compared(reply: Reply) -> tuple[int, list[tuple[str, str]], bytes]:
    """All of a response that two servers should send alike: not the date, and not the order of the headers."""
    return reply.status, sorted(each for each in reply.headers if each[0] != "Date"), reply.body


def report_copy(report: Report, folder: Path) -> None:
    """Measures some pages of the copy through the whole edge, over TLS, in turn with the same files."""
    app = create_app(Config.from_environment({}))
    pages = {name: path for name, path in choose(app).items() if name in ("start", "question", "result")}
    write_copy(app, folder / "copy", paths=pages.values())
    loads: dict[tuple[str, str], list[Load]] = {}
    with ExitStack() as stack:
        edge = Edge(folder, free_port())  # nothing listens there: the site is dead
        stack.callback(edge.kill)
        responses = {name: sent_by(edge, path) for name, path in pages.items()}
        files = TlsFiles(folder, responses)
        stack.callback(files.kill)
        for name, reply in responses.items():
            assert reply.status == 200, name
            assert as_compared(sent_by(files, f"/{name}")) == as_compared(reply), name
        for number in range(ROUNDS + 1):
            progress(f"copy: round {number} of {ROUNDS}")
            for name, path in pages.items():
                for who, server, address in (("edge", edge, path), ("files", files, f"/{name}")):
                    got = load(server, address, SECONDS if number else 1, scheme="https", coding="gzip")
                    if number:  # the first is to get warm
                        loads.setdefault((who, name), []).append(got)
    rows, ratios = [], []
    for name, reply in responses.items():
        copied, plain = (Load.median(loads[who, name]) for who in ("edge", "files"))
        ratios.append(copied.rate / plain.rate)
        rows.append(
            (
                name,
                f"{copied.rate:,.0f}",
                f"{plain.rate:,.0f}",
                f"{ratios[-1]:.2f}",
                f"{copied.cpu:.0f}",
                f"{plain.cpu:.0f}",
                f"{copied.slow:.1f}",
                f"{len(reply.body):,}",
            )
        )
    heads = ["page", "a second", "nginx, the same bytes", "of nginx", "CPU, µs", "CPU of nginx, µs"]
    heads += ["99 % within, ms", "bytes"]
    report.part(
        "The copy, with the site dead",
        f"Over {CONNECTIONS} connections with TLS (wrk, one thread, beside the servers on the same cores), medians of "
        f"{ROUNDS} rounds of {SECONDS} s, taken in turn: the whole edge, and an nginx with the same TLS and number of "
        "workers, which sends the same status, headers and body from plain files and does nothing else.",
        table(heads, rows),
    )
    least = min(ratios)
    asked = f"at least {LEAST}; goal {GOAL}"
    report.budget("the copy, of nginx with the same files", asked, f"{least:.2f}", holds=least >= LEAST)
