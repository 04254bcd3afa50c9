"""Which tests run in one process where they run two at a time."""

from __future__ import annotations

import re
from functools import cache

from xdist.scheduler import LoadScopeScheduling

from tests import ROOT

#: A test, or a fixture of its file, that takes the fixture ``crawl``.
_CRAWLS = re.compile(r"^def \w+\([^)]*\bcrawl\b", re.MULTILINE)


class FilesTogether(LoadScopeScheduling):
    """Gives all tests of a file to one process, and all files that use the crawl to the same one.

    So the fixtures of a file are made once, and so is the crawl. In place of ``--dist loadgroup``, which does
    not see its groups: pytest 9 no longer lets a plugin write them into the names of tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "crawl" if _uses_crawl(file) else file


@cache
def _uses_crawl(file: str) -> bool:
    return bool(_CRAWLS.search((ROOT / file).read_text("utf-8")))
