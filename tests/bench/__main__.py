"""``make bench``: measures everything, prints one report in Markdown, and fails if a budget is exceeded."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.copied import report_copy
from tests.bench.growth import report_growth
from tests.bench.lengths import report_lengths
from tests.bench.lighthouse import report_lighthouse
from tests.bench.phone import report_phone
from tests.bench.report import Report
from tests.bench.throughput import report_throughput
from tests.bench.weights import report_weights


def main(wanted: list[str]) -> int:
    """Runs the named parts, or all of them. Returns the exit status."""
    report = Report()
    with TemporaryDirectory() as name:
        folder = Path(name)
        parts = {
            "throughput": lambda: report_throughput(report, folder / "throughput"),
            "copy": lambda: report_copy(report, folder / "copy"),
            "weights": lambda: report_weights(report),
            "lengths": lambda: report_lengths(report),
            "phone": lambda: report_phone(report, folder / "phone"),
            "lighthouse": lambda: report_lighthouse(report, folder / "lighthouse"),
            "growth": lambda: report_growth(report, folder / "growth"),
        }
        if unknown := set(wanted) - parts.keys():
            print(
                f"There is no part {', '.join(sorted(unknown))}: name some of {', '.join(parts)}.",
                file=sys.stderr,
            )
            return 2
        try:
            for part, run in parts.items():
                if not wanted or part in wanted:
                    (folder / part).mkdir()
                    run()
        finally:  # keep what took minutes to measure even if the next part fails
            print(report)
    return 0 if report.holds else 1


sys.exit(main(sys.argv[1:]))
