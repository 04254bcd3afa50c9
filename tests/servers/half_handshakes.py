"""Tests whether a visitor still gets pages while another address keeps as many unfinished TLS handshakes open as it can.

Runs in its own network namespace, where it may set firewall rules:
``unshare --net python -m tests.servers.half_handshakes``. Prints the results without and with deploy/signpost.nft, as
JSON. All limits are smaller than on a real machine, in proportion.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

from tests import ROOT
from tests.servers.processes import FEW_PAGES, Edge, Site
from tests.servers.visitors import Visitor

#: The connections that one nginx worker may have, that the rules allow each address, and that the attacker opens.
HELD, ALLOWED, OPENED = 256, 100, 400
TRIES = 8
#: IPv6 addresses in the attacker's /64, and one outside it.
ATTACKERS_6, VISITOR_6 = [f"fd77:0:0:1::{n:x}" for n in range(1, 9)], "fd77:0:0:2::1"
#: Addresses in different /64 networks of one /48, and one outside it; the connections that the rules allow the /48.
NETWORK_6, ELSEWHERE_6, ALLOWED_NETWORK = [f"fd77:0:0:{n}::1" for n in range(3, 9)], "fd77:0:1:1::1", 150


def run(*command: str, said: str | None = None) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, input=said).stdout


class Attack:
    """Keeps connections open on which it sent only three bytes of a handshake, and reopens those that end."""

    def __init__(self, host: str, port: int, sources: list[str]) -> None:
        self.host, self.port, self.sources = host, port, sources
        self.held: dict[int, socket.socket] = {}
        self._stop = Event()
        self._thread = Thread(target=self._go_on)

    def _go_on(self) -> None:
        while not self._stop.is_set():
            for number in range(OPENED):
                if number in self.held and not self._gone(self.held[number]):
                    continue
                self.held.pop(number, None)
                source = self.sources[number % len(self.sources)]
                with suppress(OSError):
                    made = socket.create_connection((self.host, self.port), 0.2, (source, 0))
                    made.sendall(b"\x16\x03\x01")
                    made.setblocking(False)
                    self.held[number] = made
            time.sleep(0.05)

    @staticmethod
    def _gone(connection: socket.socket) -> bool:
        try:
            return connection.recv(100) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def __enter__(self) -> Attack:
        self._thread.start()
        time.sleep(3)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        for each in self.held.values():
            each.close()


def visit(host: str, port: int, source: str) -> int:
    """How many pages a visitor gets, each on a new connection."""
    got = 0
    for _ in range(TRIES):
        with Visitor(port, https=True, source=source, host=host, timeout=2) as visitor:
            got += visitor.get("/check/").served
        time.sleep(0.2)
    return got


def counted() -> int:
    """How many addresses the kernel keeps in the rules' sets."""
    sets = json.loads(run("nft", "-j", "list", "table", "inet", "signpost"))["nftables"]
    return sum(len(each["set"].get("elem", [])) for each in sets if "set" in each)


def main() -> None:
    seen: dict[str, dict[str, int]] = {}
    run("ip", "link", "set", "lo", "up")
    for address in (*ATTACKERS_6, VISITOR_6, *NETWORK_6, ELSEWHERE_6):
        run("ip", "address", "add", f"{address}/128", "dev", "lo")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        site = Site(folder, {"SIGNPOST_TRUSTED_PROXIES": "1"}, target=FEW_PAGES)
        stack.callback(site.kill)
        smaller = {
            "worker_processes auto": "worker_processes 1",
            "worker_connections 8192": f"worker_connections {HELD}",
        }
        edge = Edge(folder, site.port, changes=smaller)
        stack.callback(edge.kill)
        rules = (ROOT / "deploy" / "signpost.nft").read_text("utf-8")
        rules = rules.replace("{ 80, 443 }", str(edge.port)).replace("over 1000", f"over {ALLOWED}")
        rules = rules.replace("over 4000", f"over {ALLOWED_NETWORK}")
        assert (rules.count(f"over {ALLOWED}"), rules.count(f"over {ALLOWED_NETWORK}")) == (2, 1)
        for name, said in (("without", None), ("with", rules)):
            if said:
                run("nft", "--file", "-", said=said)
            for version, host, attackers, visitor in (
                ("IPv4", "127.0.0.1", ["127.0.0.2"], "127.0.0.9"),
                ("IPv6", "::1", ATTACKERS_6, VISITOR_6),
            ):
                before = visit(host, edge.port, visitor)
                with Attack(host, edge.port, attackers) as attack:
                    during = visit(host, edge.port, visitor)
                    held = len(attack.held)
                    addresses = counted() if said else 0
                time.sleep(1)
                after = visit(host, edge.port, visitor)
                figures = {"tries": TRIES, "before": before, "during": during, "after": after}
                seen[f"{version}, {name}"] = figures | {"attacker holds": held, "addresses": addresses}
        with Attack("::1", edge.port, NETWORK_6) as attack:
            seen["a network of IPv6, with"] = {
                "tries": TRIES,
                "during": visit("::1", edge.port, ELSEWHERE_6),
                "attacker holds": len(attack.held),
            }
        time.sleep(2)
        seen["at the end"] = {"addresses": counted()}
    print(json.dumps(seen))


if __name__ == "__main__":
    sys.exit(main())
