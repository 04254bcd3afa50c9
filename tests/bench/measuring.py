"""How much a server does and takes: its answers under load, its processor time, its memory."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.servers.processes import Server, until
from tests.servers.visitors import Visitor

CONNECTIONS = 64
_TICKS = os.sysconf("SC_CLK_TCK")
_UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}


@dataclass(frozen=True, slots=True)
class Load:
    """What came of some load: answers a second, latencies in ms, and µs of the server's processor an answer."""

    rate: float
    half: float
    slow: float
    cpu: float

    @classmethod
    def median(cls, rounds: Iterable[Load]) -> Load:
        """The middle of several rounds, figure by figure."""
        rounds = list(rounds)
        return cls(*(median(getattr(each, name) for each in rounds) for name in cls.__slots__))


def load(server: Server, address: str, seconds: float) -> Load:
    """Asks a server of this machine for one page, over 64 connections, for so many seconds.

    Raises:
        AssertionError: an answer was an error, or did not come.
    """
    url = f"http://127.0.0.1:{server.port}{address}"
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "--latency",
        "-H",
        "Accept-Encoding: br",
        url,
    ]
    before = cpu_seconds(server)
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    used = cpu_seconds(server) - before
    assert "Socket errors" not in out, f"{address}: {out}"
    assert "Non-2xx" not in out, f"{address}: {out}"
    found = re.search(r"(\d+) requests in ", out)
    assert found, out
    latency = dict(re.findall(r"(50|99)% +([\d.]+\w+)", out))
    rate = re.search(r"Requests/sec: +([\d.]+)", out)
    assert rate, out
    return Load(float(rate[1]), _ms(latency["50"]), _ms(latency["99"]), used / int(found[1]) * 1e6)


def cost(server: Server, address: str, seconds: float) -> float:
    """µs of the server's processor for an answer, asked for one after another for so many seconds at least.

    Raises:
        AssertionError: an answer was an error, or did not come.
    """
    before, began, answers = cpu_seconds(server), time.monotonic(), 0
    with Visitor(server.port, timeout=60) as visitor:
        while time.monotonic() - began < seconds:
            assert visitor.get(address, Accept_Encoding="br").served, address
            answers += 1
    return (cpu_seconds(server) - before) / answers * 1e6


def settle(server: Server, seconds: float = 900) -> None:
    """Waits until a server has done what it does by itself after its start, such as finishing pages."""

    def idle() -> bool:
        before = cpu_seconds(server)
        time.sleep(1)
        return cpu_seconds(server) - before < 0.05

    until(idle, "the server comes to rest", seconds)


def _ms(text: str) -> float:
    found = re.fullmatch(r"([\d.]+)(us|ms|s)", text)
    assert found, text
    return float(found[1]) * _UNITS[found[2]]


def processes(server: Server) -> list[int]:
    """The ids of a server's processes: each leads a session of its own (see ``Server.start``)."""
    assert server.process is not None
    stats = (_stat(int(each.name)) for each in Path("/proc").iterdir() if each.name.isdecimal())
    return [int(stat[0]) for stat in stats if stat and int(stat[5]) == server.process.pid]


def _stat(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat``, without the name; none where the process has gone."""
    try:
        head, _, rest = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [head.split()[0], "", *rest.split()]


def cpu_seconds(server: Server) -> float:
    """The processor time that a server has used until now."""
    return sum(int(stat[13]) + int(stat[14]) for stat in map(_stat, processes(server)) if stat) / _TICKS


def memory(pids: Iterable[int]) -> tuple[float, float]:
    """The most megabytes that one of these processes holds (RSS), and the most it has by itself and its share (PSS)."""
    found = [
        dict(
            re.findall(
                r"^(Rss|Pss): +(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text("ascii"), re.MULTILINE
            )
        )
        for pid in pids
    ]
    rss, pss = (max(int(each[name]) for each in found) * 1024 / 1e6 for name in ("Rss", "Pss"))
    return rss, pss
