"""The cost of content three and ten times as large."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from flask.testing import FlaskClient

from config import Config
from signpost import create_app
from signpost.models.content import load_content
from tests.bench.grow import grow
from tests.bench.measuring import cost, cpu_seconds, memory, settle
from tests.bench.plot import plot
from tests.bench.report import Report, progress, table
from tests.servers.processes import ROOT, Site, healthy, until

#: The largest has 22,000 results, 45 times as many as the site began with.
SIZES = (1, 3, 10)
ROUNDS = 3
SECONDS = 2
#: Budgets for content ten times as large: how many times as long a start may take, and how many times as much a page may cost.
#: Each result is checked at the start, so a start takes longer with each, but never more than in proportion.
MOST_TIMES, MOST_COST = 10, 1.2
PLOT = ROOT / "docs" / "growth.svg"


class LargeSite(Site):
    """A site that is allowed to take long to start."""

    patience = 300


@dataclass(slots=True)
class Size:
    """One size of the content, and what was measured of it."""

    times: int
    site: LargeSite
    addresses: dict[str, str]
    contents: str
    start: float
    used: float
    check: float
    megabytes: float
    bytes: dict[str, int]
    costs: dict[str, list[float]] = field(default_factory=dict)

    def cost(self, page: str) -> float:
        """CPU time of a response, in µs: the median of the rounds."""
        return median(self.costs[page])


def _addresses(folder: Path) -> dict[str, str]:
    """The pages to measure: first those that are the same at every size, then those that grow."""
    content = load_content(folder)
    path = min(
        (walk.answered for walk in load_content().journey.walks() if walk.result and len(walk.codes) == 4),
        key=lambda answered: [answer.code for _, answer in answered],
    )
    codes = [answer.code for _, answer in path]
    return {
        "start": "/",
        "question": "/check/" + "/".join(codes[:-1]),
        "result": "/check/" + "/".join(codes),
        # Of what depends on the journey, this alone is never prerendered.
        "question with its error, made when asked": "/check/" + "/".join(codes[:-1]) + "?go=1",
        "service": f"/help/{next(iter(content.directory.routes))}",
        "list of services": "/help/",
        "sitemap-states.xml": "/sitemap-states.xml",
    }


def _measure(folder: Path, times: int, stack: ExitStack) -> Size:
    progress(f"growth: {times} times the content")
    content = folder / "content"
    folder.mkdir()
    grow(content, times)
    # The copies are as long as what they are copied from, and rendering each of 22,000 results takes minutes.
    scope = content / "scope.toml"
    scope.write_text(f'rules_off = ["length"]\n{scope.read_text("utf-8")}', "utf-8")
    settings = {"SIGNPOST_CONTENT": str(content), "SIGNPOST_RATE_LIMIT": "10000000 per minute"}
    began = time.monotonic()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "check"]
    environment = {"PATH": "/usr/bin", "SIGNPOST_CONTENT": str(content)}
    out = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout
    check = time.monotonic() - began
    began = time.monotonic()
    site = LargeSite(folder, settings)
    stack.callback(site.kill)
    until(lambda: healthy(site.port), "the site is well")
    start, used = time.monotonic() - began, cpu_seconds(site)
    settle(site, 1800, quiet=30)
    addresses = _addresses(content)
    client = FlaskClient(app := create_app(Config.from_environment(settings)), app.response_class)
    sizes = {
        name: len(client.get(address, headers={"Accept-Encoding": "br"}).data)
        for name, address in addresses.items()
    }
    survey = out.partition("Walked ")[2].partition(". The longest")[0]
    return Size(times, site, addresses, survey, start, used, check, memory(site.workers())[0], sizes)


def report_growth(report: Report, folder: Path) -> None:
    """Starts the site at every size, requests the same pages from each, and plots the results."""
    with ExitStack() as stack:
        sizes = [_measure(folder / str(times), times, stack) for times in SIZES]
        for number in range(ROUNDS + 1):
            progress(f"growth: round {number} of {ROUNDS}")
            for name in sizes[0].addresses:
                for size in sizes:
                    got = cost(size.site, size.addresses[name], SECONDS if number else 0.5)
                    if number:  # the first is to get warm
                        size.costs.setdefault(name, []).append(got)
    own, ten = sizes[0], next(size for size in sizes if size.times == 10)
    rows = [
        ("to start, s", *(f"{size.start:.2f}" for size in sizes)),
        ("to start: CPU of both workers, s", *(f"{size.used:.2f}" for size in sizes)),
        ("to check, s", *(f"{size.check:.2f}" for size in sizes)),
        ("a worker at rest (RSS), MB", *(f"{size.megabytes:.0f}" for size in sizes)),
    ]
    for name in own.addresses:
        costs = (f"{size.cost(name):,.0f} ({size.cost(name) / own.cost(name):.2f})" for size in sizes)
        rows.append((f"{name}: CPU, µs", *costs))
        rows.append((f"{name}: brotli, bytes", *(f"{size.bytes[name]:,}" for size in sizes)))
    report.part(
        "Growth",
        "The real content, and with 2 and 9 copies of it beside it. Checking leaves out the lengths of results. The list of services, the second "
        "question and `sitemap-states.xml` name everything there is, so they must grow; no other page may. CPU is for an answer, asked for one after "
        f"another; in brackets, against the real size. Medians of {ROUNDS} rounds of {SECONDS} s, taken in turn.",
        "\n".join(f"- {size.times} times: {size.contents}" for size in sizes),
        table(["times the content", *(str(size.times) for size in sizes)], rows),
        f"![Cost against size]({PLOT.name})",
    )
    error = "question with its error, made when asked"
    curves = {
        "time to start": [(size.times, size.start / own.start) for size in sizes],
        "time to check": [(size.times, size.check / own.check) for size in sizes],
        "memory": [(size.times, size.megabytes / own.megabytes) for size in sizes],
        "a question with its error": [(size.times, size.cost(error) / own.cost(error)) for size in sizes],
        "sitemap-states": [
            (size.times, size.cost("sitemap-states.xml") / own.cost("sitemap-states.xml")) for size in sizes
        ],
    }
    drawn = plot("What growth costs", "times the content", "times the cost", curves, "`make bench`")
    PLOT.write_text(drawn, "utf-8")
    longer = ten.start / own.start
    report.budget(
        "start with 10 times the content",
        f"at most {MOST_TIMES} times",
        f"{longer:.1f} times",
        holds=longer <= MOST_TIMES,
    )
    for name in list(own.addresses)[:5]:
        ratio = ten.cost(name) / own.cost(name)
        report.budget(
            f"cost of a page with 10 times the content: {name}",
            f"at most {MOST_COST} times",
            f"{ratio:.2f} times",
            holds=ratio <= MOST_COST,
        )
