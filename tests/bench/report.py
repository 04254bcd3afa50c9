"""The report of a run: Markdown tables, and whether each budget is kept."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

_ROOT = Path(__file__).parent.parent.parent


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table. Every column except the first is right-aligned, for figures."""
    lines = [heads, ["---", *["--:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


@dataclass(slots=True)
class Report:
    """The parts of a run, and its budgets."""

    parts: list[tuple[str, str]] = field(default_factory=list)
    budgets: list[tuple[str, str, str, bool]] = field(default_factory=list)

    def part(self, title: str, *texts: str) -> None:
        """Adds a part with a title, tables and sentences."""
        self.parts.append((title, "\n\n".join(texts)))

    def budget(self, what: str, asked: str, measured: str, *, holds: bool) -> None:
        """Adds a budget: what it limits, the limit, what was measured, and whether it is kept."""
        self.budgets.append((what, asked, measured, holds))

    @property
    def holds(self) -> bool:
        """Whether every budget is kept."""
        return all(holds for *_, holds in self.budgets)

    def __str__(self) -> str:
        rows = [(*texts, "holds" if holds else "**broken**") for *texts, holds in self.budgets]
        held = table(["budget", "asked", "measured", ""], rows)
        parts = [f"### {title}\n\n{text}" for title, text in self.parts]
        return "\n\n".join([_where_and_when(), held, *parts])


def _where_and_when() -> str:
    """The machine, the day and the software versions of a run."""
    models = [line for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines() if "model name" in line]
    model = models[0].partition(": ")[2] if models else platform.machine()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    git = ["git", "-C", str(_ROOT), "describe", "--always", "--dirty"]
    commit = subprocess.run(git, check=True, capture_output=True, text=True).stdout.strip()
    return (
        f"`make bench` on {datetime.now(UTC):%-d %B %Y, %H:%M} UTC, at commit {commit}: "
        f"{os.cpu_count()} cores of {model}, {memory:.0f} GB, Linux {platform.release()}, "
        f"Python {platform.python_version()}. Load averages: "
        f"{', '.join(f'{each:.1f}' for each in os.getloadavg())}."
    )


def progress(words: str) -> None:
    """Prints progress to standard error; standard output is only for the report."""
    print(words, file=sys.stderr, flush=True)
