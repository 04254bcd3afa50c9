"""Advice: a few pages on what to do and what to leave alone, each with its sources."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from signpost.directory import Source
from signpost.faults import Fault
from signpost.loading import read_folder
from signpost.words import Words


@dataclass(frozen=True, slots=True)
class Advice:
    """One topic, at ``/advice/<id>``. ``adult_images`` marks advice that is only for pictures of adults."""

    id: str
    title: Words
    summary: Words
    body: Words
    sources: dict[str, Source]
    adult_images: bool = False


def load_advice(folder: Path, faults: list[Fault]) -> dict[str, Advice]:
    """Read ``advice/`` in the content folder; what is wrong is added to ``faults``."""
    return read_folder(folder, "advice", Advice, faults)
