"""A school's filter (e2guardian with its default lists) blocks no page, and so reports no child who reads one.

Such a filter adds up the weights of words on a page. It can do so where the school intercepts TLS, as on its own computers.
"""

from __future__ import annotations

import http.client
import shutil
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from pathlib import Path

import pytest

from signpost.models.content import Content
from signpost.models.urls import check_url, listed_pages, states
from tests.browser.conftest import program
from tests.other_site import Answer, other_site
from tests.servers.conftest import FULL_SIZE
from tests.servers.processes import Server, free_port

pytestmark = pytest.mark.needs("e2guardian")

PACKAGED = Path("/etc/e2guardian")


class Filter(Server):
    """e2guardian as Debian configures it, but for its port and its files."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "filter", free_port())
        conf = folder / "e2guardian"
        shutil.copytree(PACKAGED, conf)
        for path in conf.rglob("*"):
            if path.is_file() and str(PACKAGED).encode() in (was := path.read_bytes()):
                path.write_bytes(was.replace(str(PACKAGED).encode(), str(conf).encode()))
        self.hits = folder / "hits.log"
        own = {
            "filterip": "127.0.0.1",
            "filterports": self.port,
            "transparenthttpsport": free_port(),
            "loglocation": self.hits,
            "pidfilename": folder / "pid",
            "daemonuser": "root",
            "daemongroup": "root",
            "httpworkers": 20,
        }
        main = conf / "e2guardian.conf"
        lines = [
            line for line in main.read_text("utf-8").splitlines() if line.split("=")[0].strip() not in own
        ]
        lines += [f"{name} = '{value}'" for name, value in own.items()]
        main.write_text("\n".join(lines) + "\n", "utf-8")
        command = [program("e2guardian", "e2guardian"), "-N", "-c", str(main)]
        self.start(command)


#: Words that these lists weigh most heavily together, under "Proxies".
PLANTED = "<!doctype html><title>x</title><p>Stay anonymous: surf the internet by an anonymous proxy, your privacy is safe."


def ask(proxy: int, addresses: list[str]) -> dict[str, tuple[int, bytes]]:
    """Asks for pages through the filter, as one computer."""
    found = {}
    for address in addresses:
        connection = http.client.HTTPConnection("127.0.0.1", proxy, timeout=20)
        connection.request("GET", address)
        response = connection.getresponse()
        found[address] = response.status, response.read()
        connection.close()
    return found


def shown(content: Content) -> list[str]:
    """One page of each kind of words: every page, question and result, but not each situation of a result."""
    seen: dict[object, str] = {}
    for walk in sorted(content.journey.walks(), key=lambda each: len(each.codes)):
        seen.setdefault(walk.question.id if walk.question else walk.ends_at, check_url(walk.codes))
    return list(dict.fromkeys((*seen.values(), *listed_pages(content))))


def test_no_page_is_blocked_in_either_language(serve, servers, tmp_path, content):
    site = serve({"SIGNPOST_LANGUAGES": "en cy"}, workers=2)
    proxy = servers(Filter(tmp_path))
    pages = states(content) if FULL_SIZE else shown(content)
    addresses = [f"http://127.0.0.1:{site.port}{root}{each}" for root in ("", "/cy") for each in pages]
    with ThreadPoolExecutor(4) as threads:
        parts = threads.map(ask, repeat(proxy.port), (addresses[n::4] for n in range(4)))
        found = {address: answer for part in parts for address, answer in part.items()}
    assert len(found) == len(addresses) > 400
    blocked = [
        address for address, (status, body) in found.items() if status != 200 or b'id="exit"' not in body
    ]
    assert blocked == []
    with other_site(lambda _: Answer(PLANTED.encode())) as address:
        ((_, body),) = ask(proxy.port, [f"{address}/"]).values()
    assert PLANTED.encode() not in body, "the filter blocks nothing"
    assert b"DENIED" in proxy.hits.read_bytes()
