"""Compares the content with its record of changes (``changes.py``). ``make map`` writes down what differs; nobody edits the file."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from signpost.models.changes import Change, Changes, Part, Recorded
from signpost.models.content import Content
from signpost.models.directory import Route

#: The part of the record that each field of a route belongs to. None: the field has no part of its own. ``contacts`` is
#: divided by ``_OF_CONTACT``; ``id`` and ``sources`` never count as a change.
_OF_ROUTE: dict[str, Part | None] = {
    "id": None,
    "name": "name",
    "organisation": "name",
    "summary": "summary",
    "card_line": "summary",
    "unconfirmed": "summary",
    "who": "who",
    "not_for": "who",
    "ages": "who",
    "nations": "who",
    "roles": "who",
    "family": "who",
    "with_an_adult": "who",
    "contacts": None,
    "privacy": "privacy",
    "children": "children",
    "next": "next",
    "next_in_short": "next",
    "access": "access",
    "languages": "languages",
    "sources": None,
}
#: The part that a field of a contact belongs to. Every other field belongs to "numbers" if the contact has a number, and to
#: "online" if not.
_OF_CONTACT: dict[str, Part] = {
    "hours": "hours",
    "cost": "cost",
    "cost_confidence": "cost",
    "languages": "languages",
}
#: Fields that say where something was read. Visitors are not shown them as facts, so checking a fact again is no change.
_WHERE_READ = ("source", "sources", "cost_source", "file")

#: For how long a change is kept.
_KEPT = timedelta(days=400)

_ORDER: tuple[Part, ...] = Part.__args__  # type: ignore[attr-defined]


def unrecorded(content: Content) -> dict[str, Change]:
    """What differs from the record, by the id of the service, or "" for the journey; empty if there is no record.

    The day of such a change is not known. It gets the latest day that it could have been noticed: the last day in the record
    or, if it is later, the newest check of the service's sources, since an editor who changes a fact enters that day.
    """
    record = content.changes
    if record.last is None:
        return {}
    found = {}
    for id_, (old, new) in _pairs(content).items():
        if old.parts != new.parts:
            route = content.directory.routes.get(id_)
            checked = [source.checked for source in route.sources.values()] if route else []
            found[id_] = _change(old, new, max((record.last, *checked)))
    return found


def recorded(content: Content, today: date, *, same: bool = False) -> Changes:
    """The record brought up to date: everything that it lacks is entered as a change of today.

    A first record has no changes: later content is compared with it.

    Args:
        content: the content, with the record as it is.
        today: the day to enter.
        same: only the program has changed, so the digests differ though the content does not. Enters no change.
    """
    record = content.changes
    begun = record.begun or today
    after = {}
    for id_, (old, new) in _pairs(content).items():
        changes = [each for each in old.changes if today - each.day <= _KEPT]
        if old.parts != new.parts and record.begun and not same:
            change = _change(old, new, today)
            if changes and changes[-1].day == today:
                earlier = changes.pop()
                parts = {*earlier.parts, *change.parts}
                change = replace(change, was=earlier.was, parts=tuple(p for p in _ORDER if p in parts))
            # Something changed and changed back, or added and taken away, on one day.
            if change.was != change.now:
                changes.append(change)
        if new.parts or changes:
            after[id_] = replace(new, changes=tuple(changes))
    return Changes(begun, after.pop(""), after)


def _pairs(content: Content) -> dict[str, tuple[Recorded, Recorded]]:
    """What the record has, and what it should have, of the journey ("") and of each service that is or was."""
    record, routes = content.changes, content.directory.routes
    gone = [id_ for id_ in record.services if id_ not in routes]
    return {
        "": (record.journey, Recorded("", _digests(_journey(content)))),
        **{
            id_: (record.services.get(id_, Recorded()), Recorded(route.name, _digests(_service(route))))
            for id_, route in routes.items()
        },
        **{id_: (record.services[id_], Recorded(record.services[id_].name)) for id_ in gone},
    }


def _change(old: Recorded, new: Recorded, day: date) -> Change:
    differing = [part for part in _ORDER if old.parts.get(part) != new.parts.get(part)]
    both = old.parts and new.parts
    return Change(day, tuple(differing) if both else (), _whole(old), _whole(new))


def _whole(recorded: Recorded) -> str:
    """One digest of all parts; "" if there is none."""
    return _digest(recorded.parts) if recorded.parts else ""


def _journey(content: Content) -> dict[Part, Any]:
    journey = content.journey
    return {
        "questions": (journey.first, journey.questions),
        "results": journey.results,
        "notices": journey.notices,
        "emergency": content.emergency,
        "advice": content.advice,
        "entries": journey.entries,
    }


def _service(route: Route) -> dict[Part, Any]:
    """What is public of a service, by part. A field that ``_OF_ROUTE`` does not name is an error."""
    found: dict[Part, list[Any]] = {}
    for each in _given(route):
        if part := _OF_ROUTE[each]:
            found.setdefault(part, []).append((each, getattr(route, each)))
    for contact in route.contacts:
        parts: dict[Part, dict[str, Any]] = {"hours": {}, "cost": {}}
        for name in _given(contact):
            part = _OF_CONTACT.get(name, "numbers" if contact.number else "online")
            parts.setdefault(part, {})[name] = getattr(contact, name)
        for part, values in parts.items():
            found.setdefault(part, []).append(values)
    return dict(found)


def _digests(parts: Mapping[Part, Any]) -> dict[Part, str]:
    return {part: _digest(parts[part]) for part in _ORDER if part in parts}


def _digest(value: Any) -> str:
    plain = json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)
    return sha256(plain.encode()).hexdigest()[:8]


def _plain(value: Any) -> Any:
    """A value as JSON has it. White space between words does not count: an editor may break lines as they like."""
    if isinstance(value, str):
        return " ".join(value.split())
    if is_dataclass(value):
        return {name: _plain(getattr(value, name)) for name in _given(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _given(value: Any) -> Iterator[str]:
    """The names of the fields that a value of the content sets.

    What has its default is left out. So a field that is new to the program changes no digest until a file uses it.
    """
    for each in fields(value):
        if each.name not in _WHERE_READ and getattr(value, each.name) != _default(each):
            yield each.name


def _default(of: Field[Any]) -> Any:
    return of.default_factory() if of.default_factory is not MISSING else of.default
