"""For whom the content is: which nations, under which rules, and what is still to be confirmed in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from signpost.faults import Fault
from signpost.hours import UK_NATIONS, Calendar, ExtraBankHoliday, UKNation
from signpost.languages import TRANSLATIONS
from signpost.loading import read_file

#: docs/editing.md says what each asks.
ALL_RULES = tuple(range(1, 17))


@dataclass(frozen=True, slots=True)
class Point:
    """Something that somebody must confirm before a real launch: what, where it stands, and whom to ask."""

    what: str
    where: str
    ask: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for the content as a whole. Left out, it is all nations and all rules.

    ``reviewed`` is the day on which a professional translator has read a language, by its code.
    """

    nations: tuple[UKNation, ...] = UK_NATIONS
    rules: tuple[int, ...] = ALL_RULES
    extra_bank_holidays: tuple[ExtraBankHoliday, ...] = ()
    to_confirm: tuple[Point, ...] = ()
    reviewed: dict[str, date] = field(default_factory=dict)

    @property
    def calendar(self) -> Calendar:
        """The bank holidays, the extra ones among them."""
        return Calendar(self.extra_bank_holidays)


def load_scope(folder: Path, faults: list[Fault]) -> Scope:
    """Read ``scope.toml`` in the content folder; what is wrong is added to ``faults``."""
    scope = read_file(folder, "scope.toml", Scope, faults) or Scope()
    faults.extend(_check(scope))
    return scope


def _check(scope: Scope) -> Iterator[Fault]:
    if not scope.nations:
        yield Fault("scope.toml", "nations", "The list is empty.", "Name at least one nation.")
    for number in scope.rules:
        if number not in ALL_RULES:
            problem = f"There is no rule {number}."
            yield Fault("scope.toml", "rules", problem, f"Name rules from 1 to {ALL_RULES[-1]}.")
    for code in scope.reviewed:
        if code not in TRANSLATIONS:
            mend = f"Write one of {', '.join(TRANSLATIONS)}."
            yield Fault("scope.toml", "reviewed", f"“{code}” is no translation.", mend)
    if 1 not in scope.rules:
        yield Fault("scope.toml", "rules", "Rule 1 is left out.", "Put it back: danger always comes first.")
