"""The record of changes: what changed of each service and of the journey, and on which day (``changes.toml``).

The rest of the content has the days on which facts were checked, and not those on which words changed. So the record keeps
a digest of each part. ``recording.py`` compares them with the content.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

FILE = "changes.toml"

#: A part of a service or of the journey, as the record names it.
Part = Literal[
    "name", "summary", "who", "numbers", "online", "hours", "cost", "privacy", "children", "next", "access", "languages",
    "questions", "results", "notices", "emergency", "advice", "entries",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What became different on one day: the parts, and digests of the whole before and after it.

    ``was`` is "" for what was added, ``now`` for what left.
    """

    day: date
    parts: tuple[Part, ...] = ()
    was: str = ""
    now: str = ""

    @property
    def kind(self) -> Literal["added", "changed", "left"]:
        """Whether it was added, changed, or has left."""
        return "added" if not self.was else "changed" if self.now else "left"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the record has of a service or of the journey: its name, a digest of each part, and its changes by day."""

    name: str = ""
    parts: dict[Part, str] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """The whole record. ``begun`` is its first day, None if there is no record."""

    begun: date | None = None
    journey: Recorded = field(default_factory=Recorded)
    services: dict[str, Recorded] = field(default_factory=dict)

    @property
    def last(self) -> date | None:
        """The last day on which something was recorded."""
        days = (change.day for each in (self.journey, *self.services.values()) for change in each.changes)
        return max((*days, self.begun)) if self.begun else None


def as_toml(record: Changes) -> str:
    """The file of a record. Each service has lines of its own, so that two people who change two services do not conflict."""
    return "\n".join(_lines(record)) + "\n"


def _lines(record: Changes) -> Iterator[str]:
    yield "# Written by make map: what changed of each service, and on which day, for /data/changes.atom. Do not edit."
    yield "# Two versions after a merge? Take either one whole, then: make map"
    yield f"begun = {record.begun}"
    for id_, each in (
        ("journey", record.journey),
        *((f"services.{i}", r) for i, r in record.services.items()),
    ):
        yield ""
        yield f"[{id_}]"
        if each.name:
            yield f"name = {json.dumps(each.name, ensure_ascii=False)}"
        if each.parts:
            yield f"parts = {_table(each.parts)}"
        if each.changes:
            yield "changes = ["
            for change in each.changes:
                values = {"parts": list(change.parts), "was": change.was, "now": change.now}
                yield f"  {_table({'day': change.day} | {name: value for name, value in values.items() if value})},"
            yield "]"


def _table(values: Mapping[Any, Any]) -> str:
    """An inline table. A string or a list of JSON is one of TOML."""
    given = (
        f"{name} = {value if isinstance(value, date) else json.dumps(value)}"
        for name, value in values.items()
    )
    return f"{{ {', '.join(given)} }}"
