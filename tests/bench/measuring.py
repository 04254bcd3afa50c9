"""Measures a server: its responses under load, its CPU time and its memory."""

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
    """The results of a load: responses per second, latencies in ms, and CPU time per response in µs."""

    rate: float
    half: float
    slow: float
    cpu: float

    @classmethod
    def median(cls, rounds: Iterable[Load]) -> Load:
        """The median of several rounds, for each figure."""
        rounds = list(rounds)
        return cls(*(median(getattr(each, name) for each in rounds) for name in cls.__slots__))


def load(server: Server, address: str, seconds: float, *, scheme: str = "http", coding: str = "br") -> Load:
    """Requests one page from a local server over 64 connections, for the given seconds.

    Raises:
        AssertionError: a response was an error, or did not come.
    """
    url = f"{scheme}://127.0.0.1:{server.port}{address}"
    command = [
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "--latency",
        "-H",
        f"Accept-Encoding: {coding}",
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
    """The server's CPU time per response in µs, for requests one after another for at least the given seconds.

    Raises:
        AssertionError: a response was an error, or did not come.
    """
    before, began, answers = cpu_seconds(server), time.monotonic(), 0
    with Visitor(server.port, timeout=60) as visitor:
        while time.monotonic() - began < seconds:
            assert visitor.get(address, Accept_Encoding="br").served, address
            answers += 1
    return (cpu_seconds(server) - before) / answers * 1e6


def settle(server: Server, seconds: float = 900, *, quiet: float = 5) -> None:
    """Waits until a server has finished its work after the start, such as prerendering pages.

    Args:
        server: the server.
        seconds: how long to wait at most.
        quiet: for how many seconds it must do nothing. Workers pause after each page or file for as long as it took, so this
            must be longer than the longest file takes.
    """

    def idle() -> bool:
        before = cpu_seconds(server)
        time.sleep(quiet)
        return cpu_seconds(server) - before < 0.05 * quiet

    until(idle, "the server comes to rest", seconds)


def _ms(text: str) -> float:
    found = re.fullmatch(r"([\d.]+)(us|ms|s)", text)
    assert found, text
    return float(found[1]) * _UNITS[found[2]]


def processes(server: Server) -> list[int]:
    """The ids of a server's processes. Each server has its own session (see ``Server.start``)."""
    assert server.process is not None
    stats = (_stat(int(each.name)) for each in Path("/proc").iterdir() if each.name.isdecimal())
    return [int(stat[0]) for stat in stats if stat and int(stat[5]) == server.process.pid]


def _stat(pid: int) -> list[str]:
    """The fields of ``/proc/PID/stat`` after the name; empty if the process has ended."""
    try:
        head, _, rest = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [head.split()[0], "", *rest.split()]


def cpu_seconds(server: Server) -> float:
    """The CPU time that a server has used so far, in seconds."""
    return sum(int(stat[13]) + int(stat[14]) for stat in map(_stat, processes(server)) if stat) / _TICKS


def memory(pids: Iterable[int]) -> tuple[float, float]:
    """The largest RSS and the largest PSS of any of these processes, in MB."""
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
