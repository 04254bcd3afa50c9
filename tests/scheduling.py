"""Decides which tests share a process when tests run in several processes."""

from __future__ import annotations

import re
from functools import cache

from xdist.scheduler import LoadScopeScheduling

from tests import ROOT

#: Matches a test or fixture that uses the fixture ``crawl``.
_CRAWLS = re.compile(r"^def \w+\([^)]*\bcrawl\b", re.MULTILINE)

#: Matches the Welsh one of a test that runs in each language, such as ``test_x[cy]`` or ``test_x[cy-phone]``.
_WELSH = re.compile(r"\[cy[-\]]")


class FilesTogether(LoadScopeScheduling):
    """Runs each file's tests in one process, and all files that use the crawl in the same one.

    So each file's fixtures, and the crawl, are made only once. A file's tests of Welsh may run in another process:
    they are as many as those of English, and take as long. ``--dist loadgroup`` does not work: pytest 9 no longer lets
    a plugin write the groups into the names of tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        if _uses_crawl(file):
            return "crawl"
        return f"{file} in Welsh" if _WELSH.search(nodeid) else file


@cache
def _uses_crawl(file: str) -> bool:
    return bool(_CRAWLS.search((ROOT / file).read_text("utf-8")))
