"""Problems in the content, worded so that an editor can fix them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class ContentProblem:
    """One thing to fix: the file, the entry in it, what is wrong, and what to do about it."""

    file: str
    entry: str
    problem: str
    fix: str = ""

    def __str__(self) -> str:
        place = f"{self.file}, {self.entry}" if self.entry else self.file
        return f"{place}: {self.problem} {self.fix}".rstrip()


class InvalidValue(ValueError):
    """A value cannot be used. The message says why; ``fix`` says what to write instead."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem)
        self.fix = fix


class ContentError(Exception):
    """The content cannot be used. ``problems`` holds every problem found, not only the first."""

    def __init__(self, problems: list[ContentProblem], summary: str = "") -> None:
        self.problems = sorted(problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(
            "\n".join([*filter(None, [summary]), f"{count} in the content:", *map(str, self.problems)])
        )
