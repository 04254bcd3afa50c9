"""How many responses of each status class all workers have sent since the site started."""

from __future__ import annotations

import fcntl
from mmap import mmap
from pathlib import Path
from tempfile import NamedTemporaryFile

#: The status classes that are counted, each in eight bytes.
CLASSES = ("2xx", "3xx", "4xx", "5xx")
_SIZE = 8 * len(CLASSES)
_ENDING = ".counts"


class SharedCounts:
    """Counts of this worker, which every other worker can read.

    Whichever worker is asked must answer for all. So each keeps its counts in a file of its own, mapped into its memory:
    counting costs no system call, and nothing has to be sent. The files of dead workers stay, because a total may not
    fall; systemd removes the folder when the site stops.

    Args:
        folder: the folder that the workers share. Without one, the worker answers for itself alone.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        if folder is None:
            self._mine = mmap(-1, _SIZE)
        else:
            # The lock ends with the process, so it tells which workers are alive.
            self._file = NamedTemporaryFile(dir=folder, suffix=_ENDING, delete=False)  # noqa: SIM115
            fcntl.flock(self._file, fcntl.LOCK_EX)
            self._file.truncate(_SIZE)
            self._mine = mmap(self._file.fileno(), _SIZE)
        self._cells = memoryview(self._mine).cast("Q")

    def add(self, status_class: str) -> None:
        """Counts one response. Not thread-safe: the caller must hold a lock (``RequestCounter`` does)."""
        if status_class in CLASSES:
            self._cells[CLASSES.index(status_class)] += 1

    def read(self) -> tuple[dict[str, int], int]:
        """The counts of all workers by status class, and how many workers are alive."""
        if self._folder is None:
            return dict(zip(CLASSES, self._cells, strict=True)), 1
        totals, alive = [0] * len(CLASSES), 0
        for file in self._folder.glob(f"*{_ENDING}"):
            with file.open("rb") as opened:
                content = opened.read(_SIZE)
                try:
                    fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    alive += 1
            if len(content) == _SIZE:  # a worker that has just started may have an empty file
                totals = [a + b for a, b in zip(totals, memoryview(content).cast("Q"), strict=True)]
        return dict(zip(CLASSES, totals, strict=True)), alive
