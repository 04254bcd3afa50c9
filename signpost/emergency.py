"""What is said about an emergency on every page, and the numbers every failure page shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from signpost.faults import Fault
from signpost.loading import read_file
from signpost.words import Words


@dataclass(frozen=True, slots=True)
class Essential:
    """A route that every failure page shows, and whom it is for."""

    route: str
    for_whom: Words


@dataclass(frozen=True, slots=True)
class Emergency:
    """The words of the emergency block, and the routes for despair, for adults and for the young."""

    call: Words
    when: tuple[Words, ...]
    ways: Words
    abroad: Words
    short: Words
    despair: tuple[str, ...]
    despair_young: tuple[str, ...]
    despair_words: Words
    despair_abroad: Words
    essentials: tuple[Essential, ...]


def load_emergency(folder: Path, faults: list[Fault]) -> Emergency | None:
    """Read ``emergency.toml`` in the content folder; None, with faults, if it cannot be used."""
    return read_file(folder, "emergency.toml", Emergency, faults)
