"""The words of the content: which of its texts visitors read, and the same content in another language.

A field whose type is ``Words`` is read by visitors. Nothing else of the content differs between languages:
no route, no order, no number, no address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args, get_type_hints

if TYPE_CHECKING:  # the guide is made of what is marked here
    from signpost.guide import Guide

T = TypeVar("T")

#: A text that visitors read, and that is translated.
Words = Annotated[str, "read by visitors"]

#: What says that something is not known: the templates put words of their own in its place.
_NO_WORDS = ("", "unknown", "no date")

#: From the place of a text (its file, its entry, its field) and the text, what is to stand there.
Change = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Message:
    """A text that visitors read, and its place: the content file, the entry and the field it stands in."""

    place: str
    text: str

    @property
    def file(self) -> str:
        """The content file."""
        return self.place.partition(",")[0]


def messages(guide: Guide) -> list[Message]:
    """Every text of the content that visitors read, each with a place that no other has."""
    found: list[Message] = []

    def note(place: str, text: str) -> str:
        found.append(Message(place, text))
        return text

    changed(guide, note)
    return found


def changed(guide: Guide, change: Change) -> Guide:
    """The same guide with other words: those that ``change`` gives for each place and text."""
    journey, directory = guide.journey, guide.directory

    def every(of: dict[str, T], place: Callable[[Any], str]) -> dict[str, T]:
        return {id_: _changed(each, None, place(each), change) for id_, each in of.items()}

    def table(file: str) -> Callable[[Any], str]:
        return lambda each: f"{file}, {each.id}"

    return replace(
        guide,
        journey=replace(
            journey,
            questions=every(journey.questions, table("questions.toml")),
            results=every(journey.results, lambda each: f"{each.file}, {each.id}"),
            notices=every(journey.notices, table("notices.toml")),
            entries=every(journey.entries, table("entries.toml")),
        ),
        directory=replace(
            directory,
            routes=every(directory.routes, lambda each: f"routes/{each.id}.toml"),
            groups=tuple(_changed(each, None, f"help.toml, {each.id}", change) for each in directory.groups),
        ),
        emergency=_changed(guide.emergency, None, "emergency.toml", change),
        advice=every(guide.advice, lambda each: f"advice/{each.id}.toml"),
    )


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _changed(value: Any, kind: Any, place: str, change: Change) -> Any:
    """A value of the content, whose type is declared as ``kind``, with the words in it changed."""
    if kind == Words:
        return value if value in _NO_WORDS else change(place, value)
    if is_dataclass(value) and not isinstance(value, type):
        hints = _hints(type(value))
        return replace(
            value,
            **{
                field.name: _changed(
                    getattr(value, field.name), hints[field.name], f"{place}, {field.name}", change
                )
                for field in fields(value)
            },
        )
    if isinstance(value, dict):
        inner = get_args(kind)[1]
        return {key: _changed(each, inner, f"{place} {key}", change) for key, each in value.items()}
    if isinstance(value, tuple):
        inner = get_args(kind)[0]
        named = zip(_names(value), value, strict=True)
        return tuple(_changed(each, inner, f"{place} {name}", change) for name, each in named)
    return value


def _names(many: tuple[Any, ...]) -> Iterator[str]:
    """A name for each part of a list: what it is known by, or its number; so that one more moves no other."""
    seen: dict[str, int] = {}
    for number, each in enumerate(many, 1):
        known = next((name for key in ("code", "route", "notice") if (name := getattr(each, key, ""))), "")
        seen[known] = seen.get(known, 0) + 1
        if not known:
            yield str(number)
        else:
            yield known if seen[known] == 1 else f"{known} {seen[known]}"
