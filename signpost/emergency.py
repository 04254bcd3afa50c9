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
    """The words of the emergency block, and the routes for despair, for adults and for the young.

    ``call`` and ``when`` are the whole list; ``conditions`` is the same in one sentence, for the start page.
    Other pages have one ``line`` before the button, and the rest in a ``fold``. ``thoughts`` is for thoughts of
    ending one's life without danger now. What begins with ``abroad`` is for visitors outside the UK and has no
    number of the UK, but for ``abroad`` itself, which is said in the UK.
    """

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
    conditions: Words = ""
    line: Words = ""
    fold: Words = ""
    on_the_way: Words = ""
    thoughts: Words = ""
    bsl: Words = ""
    abroad_call: Words = ""
    abroad_button: Words = ""
    abroad_short: Words = ""
    abroad_where: Words = ""


def load_emergency(folder: Path, faults: list[Fault]) -> Emergency | None:
    """Read ``emergency.toml`` in the content folder; None, with faults, if it cannot be used."""
    return read_file(folder, "emergency.toml", Emergency, faults)
