"""What is wrong with the content, said so that whoever edits it can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing to mend: the file, the entry in it, what is wrong, and what to do."""

    file: str
    entry: str
    problem: str
    mend: str = ""

    def __str__(self) -> str:
        place = f"{self.file}, {self.entry}" if self.entry else self.file
        return f"{place}: {self.problem} {self.mend}".rstrip()


class Wrong(ValueError):
    """A value that cannot be used. Its message says why; ``mend`` says what to write in its place."""

    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.mend = mend


class ContentError(Exception):
    """The content cannot be used. Carries every fault found, not just the first."""

    def __init__(self, faults: list[Fault], survey: str = "") -> None:
        self.faults = sorted(faults)
        count = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(
            "\n".join([*filter(None, [survey]), f"{count} in the content:", *map(str, self.faults)])
        )
