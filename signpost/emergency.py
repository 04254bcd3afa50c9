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

    Attributes:
        short: what the bar at the top says before 999.
        call: the line above ``when``, the whole list of what to call 999 for.
        in_short: the same in one sentence, on the start page.
        bsl: what is said of 999 in British Sign Language, beside its button.
        ways: how to reach 999 without speaking or hearing.
        more: what else to do or not to do while help is on its way, and whom to call when it is no danger.
        abroad: that elsewhere the number is another.
        abroad_short: as ``short``, for a visitor outside the UK; ``abroad_number`` follows.
        abroad_call: what to do outside the UK.
        abroad_number: the number to call in most places outside the UK.
        abroad_ways: how to reach help there without speaking or hearing.
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
    in_short: Words = ""
    bsl: Words = ""
    more: Words = ""
    abroad_short: Words = ""
    abroad_call: Words = ""
    abroad_number: str = "112"
    abroad_ways: Words = ""


def load_emergency(folder: Path, faults: list[Fault]) -> Emergency | None:
    """Read ``emergency.toml`` in the content folder; None, with faults, if it cannot be used."""
    return read_file(folder, "emergency.toml", Emergency, faults)
