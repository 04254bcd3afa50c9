"""The canary: a visitor sends a mark in every part of each request, and no file or log may contain it afterwards."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest
from redis import Redis as Client

from tests.servers.processes import Server, until
from tests.servers.test_edge import raw
from tests.servers.visitors import Reply, Visitor
from tests.servers.windows import limit_of

#: The kinds of failure in breaking.py.
BREAKS = ("page", "chain", "thread", "logs", "exit", "body", "object", "warning")
ADDRESS = "127.77.66.55"
FORWARDED = "203.0.113.77"
MARK = "canary"
HEADERS = {
    "User-Agent": "canary-agent/1.0",
    "Referer": "https://canary-referrer.example/canary",
    "Cookie": "canary=canary-cookie",
    "X-Forwarded-For": FORWARDED,
    "Forwarded": f"for={FORWARDED}",
    "Accept-Language": "x-canary",
    "X-Request-Id": "canary-id",
}
MARKS = [
    MARK.encode(),
    ADDRESS.encode(),
    FORWARDED.encode(),
    bytes([127, 77, 66, 55]),
    bytes([203, 0, 113, 77]),
]
QUERY = "utm_source=canary-query&fbclid=canary-query"


def marked(visitor: Visitor, addresses: list[str]) -> list[Reply]:
    """A whole journey, and every error that a request can cause, each with the mark in every part."""
    replies = [visitor.get(f"{each}{'&' if '?' in each else '?'}{QUERY}") for each in addresses]
    ask = [
        ("GET", f"/canary-path?{QUERY}", {}),
        ("GET", f"/check/canary/path?{QUERY}", {}),
        ("GET", f"/check/?go=1&answer=canary&{QUERY}", {}),
        ("GET", f"/help/canary?{QUERY}", {}),
        ("GET", f"/check?{QUERY}", {}),
        ("GET", f"/static/canary.css?{QUERY}", {}),
        ("POST", f"/check/?{QUERY}", {}),
        ("CANARY", "/", {}),
        ("GET", "/" + "canary" * 400, {}),
        ("POST", f"/?{QUERY}", {"Content_Length": "9999999"}),
        ("GET", "/", {"Host": "canary-host.example"}),
        ("GET", "/%FFcanary%00", {}),
        ("GET", f"/break-after/canary?{QUERY}", {}),
        *(("GET", f"/break/{what}/canary?{QUERY}", {}) for what in BREAKS),
    ]
    for method, address, headers in ask:
        replies.append(visitor.get(address, method, **headers))
        visitor.connection.close()  # a body that was never sent is still awaited
    return replies


def found_in(data: bytes) -> list[bytes]:
    return [mark for mark in MARKS if mark in data]


def open_files(server: Server) -> set[Path]:
    """Every regular file that a process of this server has open for writing."""
    assert server.process is not None
    group = server.process.pid
    files = set()
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        process = link.parent.parent
        try:
            if os.getpgid(int(process.name)) == group and stat.S_ISREG(link.stat().st_mode):
                flags = (process / "fdinfo" / link.name).read_text().split("flags:")[1].split()[0]
                if int(flags, 8) & os.O_ACCMODE != os.O_RDONLY:
                    files.add(link.resolve())
        except (ProcessLookupError, FileNotFoundError):
            pass  # closed in the meantime
    return files


def written_since(moment: float, folders: list[Path]) -> list[Path]:
    """Every file below these folders that has changed since a moment."""
    files = []
    for top in folders:
        for folder, _, names in os.walk(top):
            for path in (Path(folder, name) for name in names):
                try:
                    about = path.lstat()
                except FileNotFoundError:
                    continue
                if stat.S_ISREG(about.st_mode) and about.st_mtime >= moment:
                    files.append(path)
    return files


@pytest.fixture
def watched(tmp_path, monkeypatch):
    """Empty folders for home and temporary files, to which programs may write by default, and the start time."""
    for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    return time.time(), [tmp_path, Path("/var/log"), Path("/var/tmp"), Path("/dev/shm")]


def search(watched, servers: list[Server]) -> None:
    began, folders = watched
    ours = {server.log for server in servers}
    for server in servers:
        assert open_files(server) <= ours
    for path in written_since(began, folders):
        assert not found_in(path.read_bytes()), path


def test_no_mark_of_a_visitor_is_left_by_the_site(serve, store, addresses, watched):
    settings = store.settings | {
        "SIGNPOST_RATE_LIMIT": limit_of(100),
        "SIGNPOST_BASE_URL": "https://example.org",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    site = serve(settings, target="tests.servers.breaking:app")
    with Visitor(site.port, source=ADDRESS, headers={"Host": "example.org"} | HEADERS) as visitor:
        replies = marked(visitor, addresses)
        replies += [visitor.get(f"/canary?{QUERY}") for _ in range(100)]
        seen = {reply.status for reply in replies}
        assert seen >= {200, 303, 301, 400, 404, 405, 413, 414, 429, 500}
        with Client(port=store.port) as client:
            keys = client.keys()
            kept = [*keys, *map(client.get, keys)]
        # With the store gone the log says so, still without the visitor.
        store.kill()
        replies += marked(visitor, addresses)
    with Visitor(site.port, source=ADDRESS, headers={"X-Large": "canary" * 5000}) as visitor:
        replies.append(visitor.get("/"))
    assert replies[-1].status in (0, 400, 431)
    # Operators see how the site is doing: each minute's counts, and what failed where.
    until(lambda: "slowest" in site.written(), "the counts of a minute")
    assert "answers in a minute: 2xx " in site.written()
    assert "breaking.py, line " in site.written()
    for kind in ("ValueError", "LookupError", "SystemExit", "BufferError", "BytesWarning"):
        assert kind in site.written()
    assert "_granian: Application callable raised an exception" in site.written()
    search(watched, [site])
    site.stop()

    assert kept
    assert not found_in(b"\0".join(kept))
    for reply in replies:
        assert not found_in(reply.body), reply.address
        assert not found_in(repr(reply.headers).encode()), reply.address
    for key in keys:
        hashed = key.decode().split("/")[1]
        assert len(hashed) == 64
        assert hashed not in site.written()
    search(watched, [])


def test_no_mark_of_a_visitor_is_left_by_the_edge(serve, put_edge, addresses, watched):
    settings = {
        "SIGNPOST_TRUSTED_PROXIES": "1",
        "SIGNPOST_BASE_URL": "https://example.org",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    site = serve(settings, target="tests.servers.breaking:app")
    edge = put_edge(site.port)
    headers = {"Host": "example.org"} | HEADERS
    with Visitor(edge.port, source=ADDRESS, https=True, headers=headers) as visitor:
        replies = marked(visitor, addresses)
        search(watched, [site, edge])
        site.kill()
        replies += marked(visitor, addresses)
    # No 500: the edge sends its own page instead.
    assert {reply.status for reply in replies} >= {200, 303, 301, 400, 404, 405, 413, 414, 502}
    end = b"Host: canary.example\r\nCookie: canary\r\nConnection: close\r\n\r\n"
    for sent in (
        b"CANARY canary\r\n\r\n",
        b"GET /canary%zz HTTP/1.1\r\n" + end,
        b"GET /" + b"canary" * 3000 + b" HTTP/1.1\r\n" + end,
    ):
        assert MARK not in raw(edge.port, sent)[2]
        assert MARK not in raw(edge.plain_port, sent, https=False)[2]
    for reply in replies:
        assert not found_in(reply.body), reply.address
        assert not found_in(repr(reply.headers).encode()), reply.address
    search(watched, [edge])
