"""What tests need besides Python packages. ``python -m tests.needs ARGS`` prints it for the tests that ARGS select.

``make test`` installs only what this prints. A name is a Debian package, or one of two lists:
``engines`` (npm packages, tests/browser/engines) and ``posters`` (requirements-posters.txt, and the Debian packages
that lay out text). A test says what it needs by a fixture in the table below, or by the marker ``needs``.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Collection
from contextlib import redirect_stdout

import pytest

#: What fixtures need, by their names.
FIXTURES = {
    "playwright": ("fonts-liberation",),
    "chromium": ("chromium-headless-shell",),
    "remembering": ("chromium",),
    "elsewhere": ("openssl",),
    "store": ("redis-server",),
    "put_edge": ("nginx", "openssl"),
    "standing": ("nginx", "openssl"),
}


def needs_of(item: pytest.Item) -> set[str]:
    """What one test needs."""
    fixtures: Collection[str] = getattr(item, "fixturenames", ())
    needed = {name for fixture in fixtures for name in FIXTURES.get(fixture, ())}
    return needed.union(*(marker.args for marker in item.iter_markers("needs")))


class _Collector:
    """A plugin that records which tests were selected."""

    items: list[pytest.Item]

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.items = session.items


def main(args: list[str]) -> int:
    """Prints what the tests need that pytest selects with these arguments. Returns pytest's exit status."""
    collector = _Collector()
    with redirect_stdout(io.StringIO()) as said:
        status = pytest.main([*args, "--collect-only", "-qq"], plugins=[collector])
    if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        print(said.getvalue(), file=sys.stderr)
        return int(status)
    print(*sorted(set().union(*map(needs_of, collector.items))))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
