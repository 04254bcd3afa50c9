"""Decides which tests share a process when tests run in two processes."""

from __future__ import annotations

import re
from functools import cache

from xdist.scheduler import LoadScopeScheduling

from tests import ROOT

#: Matches a test or fixture that uses the fixture ``crawl``.
_CRAWLS = re.compile(r"^def \w+\([^)]*\bcrawl\b", re.MULTILINE)


class FilesTogether(LoadScopeScheduling):
    """Runs each file's tests in one process, and all files that use the crawl in the same one.

    So each file's fixtures, and the crawl, are made only once. ``--dist loadgroup`` does not work: pytest 9 no
    longer lets a plugin write the groups into the names of tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "crawl" if _uses_crawl(file) else file


@cache
def _uses_crawl(file: str) -> bool:
    return bool(_CRAWLS.search((ROOT / file).read_text("utf-8")))
