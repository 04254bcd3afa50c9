"""Responses per second of the edge's copy, with the site dead, compared with nginx serving the same bytes from files."""

from __future__ import annotations

import grp
import os
import pwd
from contextlib import ExitStack
from pathlib import Path

from config import Config
from signpost import create_app
from signpost.web.edge_copy import ENDING, NOW, file_name, write_copy
from tests.bench.measuring import CONNECTIONS, Load, load
from tests.bench.report import Report, progress, table
from tests.bench.throughput import choose
from tests.servers.processes import Edge, Server, free_port

ROUNDS, SECONDS = 5, 3
LEAST, GOAL = 0.5, 0.8


class TlsFiles(Server):
    """nginx with the edge's TLS and headers, and nothing else but files."""

    def __init__(self, folder: Path, certificate: Path, headers: str, bodies: dict[str, bytes]) -> None:
        super().__init__(folder, "tls-files", free_port())
        (root := folder / "files").mkdir()
        for name, body in bodies.items():
            (root / name).write_bytes(body)
        user, group = pwd.getpwuid(os.getuid()).pw_name, grp.getgrgid(os.getgid()).gr_name
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {folder}/temp;" for kind in kinds)
        conf = folder / "tls-files.conf"
        conf.write_text(
            f"user {user} {group}; worker_processes auto; pid {folder}/files.pid; daemon off;\n"
            "events { worker_connections 8192; }\n"
            f"http {{ access_log off; server_tokens off; {temporary}\n"
            f"ssl_certificate {certificate}/fullchain.pem; ssl_certificate_key {certificate}/key.pem;\n"
            "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20; ssl_session_cache off; ssl_session_tickets off;\n"
            'default_type "text/html; charset=utf-8"; keepalive_requests 1000;\n'
            f"{headers} add_header Cache-Control no-store; add_header Content-Encoding gzip;\n"
            "add_header Vary Accept-Encoding;\n"
            f"root {root}; server {{ listen 127.0.0.1:{self.port} ssl; }} }}\n",
            "utf-8",
        )
        self.start(["nginx", "-e", "stderr", "-c", str(conf)])


def report_copy(report: Report, folder: Path) -> None:
    """Measures some pages of the copy through the whole edge, over TLS, in turn with the same files."""
    app = create_app(Config.from_environment({}))
    pages = {name: path for name, path in choose(app).items() if name in ("start", "question", "result")}
    write_copy(app, folder / "copy", paths=pages.values())
    english = next(iter(app.extensions["locales"]))
    bodies = {
        name: (folder / "copy" / NOW / f"{file_name(english, path)}{ENDING}").read_bytes()
        for name, path in pages.items()
    }
    loads: dict[tuple[str, str], list[Load]] = {}
    with ExitStack() as stack:
        edge = Edge(folder, free_port())  # nothing listens there: the site is dead
        stack.callback(edge.kill)
        headers = (Path(app.root_path).parent / "deploy" / "headers.conf").read_text("utf-8")
        files = TlsFiles(folder, folder, headers, bodies)
        stack.callback(files.kill)
        for number in range(ROUNDS + 1):
            progress(f"copy: round {number} of {ROUNDS}")
            for name, path in pages.items():
                for who, server, address in (("edge", edge, path), ("files", files, f"/{name}")):
                    got = load(server, address, SECONDS if number else 1, scheme="https", coding="gzip")
                    if number:  # the first is to get warm
                        loads.setdefault((who, name), []).append(got)
    rows, ratios = [], []
    for name, body in bodies.items():
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
                f"{len(body):,}",
            )
        )
    heads = ["page", "a second", "nginx, the same bytes", "of nginx", "CPU, µs", "CPU of nginx, µs"]
    heads += ["99 % within, ms", "bytes"]
    report.part(
        "The copy, with the site dead",
        f"Over {CONNECTIONS} connections with TLS (wrk, one thread, beside the servers on the same cores), medians of "
        f"{ROUNDS} rounds of {SECONDS} s, taken in turn: the whole edge, and an nginx that has the same TLS, headers and "
        "files and nothing else.",
        table(heads, rows),
    )
    least = min(ratios)
    asked = f"at least {LEAST}; goal {GOAL}"
    report.budget("the copy, of nginx with the same files", asked, f"{least:.2f}", holds=least >= LEAST)
