"""The fields of the content files: a reference for editors, and JSON Schemas for their editors' completion.

Both are generated from the dataclasses that the files are read into. Only the meaning of each field is written here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import click

from signpost.models.content import Advice, Emergency, Essential, Manifest, PointToConfirm
from signpost.models.directory import Ages, Contact, ForChildren, Group, HelpList, Privacy, Route, Source
from signpost.models.files import atomic_write
from signpost.models.hours import ExtraBankHoliday, Hours
from signpost.models.journey import (
    Answer,
    Condition,
    Entry,
    Notice,
    Poster,
    Question,
    Result,
    Situation,
    Step,
)
from signpost.models.text import RunningText, Translatable

#: What each field means, by the dataclass and the field.
WORDS: dict[type, dict[str, str]] = {
    Route: {
        "name": "what it is called",
        "organisation": "who runs it",
        "summary": "what it is, in a line, for the list of services",
        "who": "whom it helps",
        "nations": "where it helps; `abroad` is outside the UK",
        "roles": "what it can do; the rules lean on these",
        "contacts": "each way to reach it, the best first: that one is the button",
        "privacy": "whether a name is needed, and what it may pass on",
        "next": "what happens after a call, or `unknown`",
        "access": "what it offers Deaf and disabled people, or `unknown`",
        "languages": "the languages it answers in, in words, or `unknown`",
        "sources": "each page that a fact was read on, under a name of your choice",
        "ages": "whom it serves",
        "family": "the name it shares with services that do the same in other nations",
        "next_in_short": "a shorter `next`, for results",
        "card_line": "replaces cost, hours and name on a card, in at most 20 words",
        "not_for": "whom it does not help",
        "unconfirmed": "in words, what of it we could not confirm",
        "with_an_adult": "a service for the young that a parent may use beside their child",
        "children": "what a child should know first; needed where somebody under 18 may be shown it",
    },
    Contact: {
        "kind": "how it is reached",
        "source": "the name, under `sources`, of where it was read",
        "confidence": "how sure it is; less than `high` is shown as not confirmed",
        "hours": "when it answers",
        "number": "the number, as the service prints it",
        "address": "the web address with https://, or the e-mail address",
        "sms_keyword": "the word to send, for a text service",
        "label": "words in front of it",
        "note": "a sentence behind it",
        "cost": "what it costs",
        "cost_confidence": "how sure the cost is",
        "cost_source": "the source of the cost, if it is another",
        "reachable_from": "from where it works",
        "purpose": "what it is for",
        "languages": 'languages besides English in which it answers, each with how sure: `{ cy = "high" }`',
    },
    Hours: {
        "open": "`always` (24 hours, every day), `limited`, `any-time` (a form or an e-mail) or `unknown`",
        "source": "the name of where they were read",
        "confidence": "how sure they are",
        "spans": 'the hours of a week, such as `"mon-fri 09:00-17:00"`',
        "days": "the days, where the times are not known",
        "bank_holidays": 'by nation: `"closed"`, `"as usual"`, or times such as `"10:00-16:00"`',
        "begins": "the first day on which they hold",
        "ends": "the last day on which they hold",
    },
    Privacy: {
        "name_needed": "whether a name is needed: `no-but` is no, but they must act on what they learn of a child;"
        " `can-refuse` is that they ask, and you can say no",
        "words": "what they may pass on",
        "source": "the name of where it was read",
        "confidence": "how sure it is",
        "in_short": "replaces the sentence for `name_needed` where that would be untrue; at most 15 words",
    },
    ForChildren: {
        "in_short": "whether it stays private, in at most 15 words",
        "contacts_back": "whether they call or write back",
        "may_tell": "whom they may tell",
        "leaves_behind": "what stays on the phone or on the bill",
    },
    Source: {
        "title": "our name for the page; not translated",
        "address": "its web address",
        "dated": "the date that stands on the page, in words, or `no date`; not translated",
        "checked": "the day on which you read it",
        "first_party": "you read it live, on the service’s own page",
        "asked": "the day on which the service itself said that it is right",
        "review_by": "the day by which to read it again, if not 180 days on",
    },
    Ages: {"youngest": "the youngest, in years", "oldest": "the oldest, in years"},
    Group: {
        "id": "its name in addresses",
        "title": "the heading",
        "routes": "the services under it, in order",
        "intro": "a sentence below the heading",
    },
    HelpList: {"groups": "the headings of “Who can help”, in order"},
    Question: {
        "title": "the question",
        "answers": "its answers, in order",
        "hint": "words below it",
        "hosted_hint": "words below it on a static site, whose host may keep a list of visits",
        "retired": "codes of answers that were taken away",
    },
    Answer: {
        "code": "one to three small letters or digits; part of the address",
        "label": "the answer",
        "next": "the question that follows",
        "result": "the result at the end of the path",
        "hint": "words below it",
        "group": "the heading that it shares with its neighbours",
        "implies": "what it means about the visitor",
    },
    Situation: {
        "danger": "danger now",
        "age": "the visitor’s age",
        "nation": "where the child lives; `abroad` for a visitor outside the UK",
        "picture": "the age of the person in the picture; `child` when it is not certain",
        "image": "how the visitor comes to a picture; `mine` also for one of their own child",
        "topics": "what it is about; `signpost/models/journey.py` says what each means",
    },
    Result: {
        "lead": "the first sentences",
        "steps": "services and notices, in order",
        "title": "the heading",
        "when_shut": "what to do when the line to talk to is shut",
        "crisis": "adds help for a crisis",
        "advice": "pages to read",
        "after": "steps for after a call to 999",
    },
    Step: {
        "route": "a service, or a family of services",
        "why": "why this visitor would want it, in at most 15 words",
        "notice": "a notice, in place of a service",
        "first": "keeps a form in its place before the first number",
        "by": "the kind of contact for the button, if not the first",
        "for_child": "shows an adult a service for the child beside them",
        "when": "shown only where all that it names fits",
    },
    Condition: {
        "nation": "one of these nations; `unknown` is one, too",
        "age": "one of these ages",
        "image": "one of these",
        "picture": "one of these",
        "topics": "at least one of these",
    },
    Notice: {
        "title": "its heading",
        "body": "in view",
        "more": "in a fold below",
        "roles": "what the rules count on it for",
    },
    Entry: {
        "title": "what the link is about, for the list at /partners",
        "answers": "a code for each question that is answered already",
        "link": "the text of the link that /partners offers",
        "poster": "what its poster says",
    },
    Poster: {
        "heading": "the heading of the poster",
        "words": "its sentences",
        "card": "what a card says, which must not name the subject",
        "routes": "the services whose first contact is printed",
    },
    Advice: {
        "title": "its heading",
        "summary": "what it is, in a line",
        "body": "its words",
        "sources": "each page that a fact was read on",
        "adult_images": "for advice on pictures of adults only",
    },
    Emergency: {
        "call": "the line above `when`",
        "when": "the reasons to call 999",
        "ways": "how to reach 999 without speaking or hearing",
        "abroad": "that other countries have other numbers",
        "short": "the words before 999 in the bar at the top",
        "crisis": "services for an adult in crisis",
        "crisis_young": "services for somebody under 18 in crisis",
        "crisis_words": "the words above those services",
        "crisis_abroad": "the words above them, outside the UK",
        "essentials": "the numbers of every error page",
        "in_short": "the reasons in one sentence, for the start page",
        "bsl": "the words beside the button for British Sign Language",
        "more": "what else to do while help is on its way",
        "abroad_short": "like `short`, outside the UK",
        "abroad_call": "what to do outside the UK",
        "abroad_number": "the emergency number of most places outside the UK",
        "abroad_ways": "how to reach help outside the UK without speaking or hearing",
    },
    Essential: {"route": "the service", "for_whom": "words on whom it is for"},
    Manifest: {
        "nations": "the nations that the content is for",
        "rules_off": "rules that do not apply to it",
        "extra_bank_holidays": "bank holidays that no calendar has",
        "to_confirm": "points to confirm before a launch",
        "reviewed": "by language, the day on which a translator had read all of it",
    },
    ExtraBankHoliday: {"date": "the day", "nations": "the nations that keep it"},
    PointToConfirm: {"what": "what to confirm", "where": "the file it is in", "ask": "whom to ask"},
}


@dataclass(frozen=True, slots=True)
class ContentFile:
    """A kind of content file: its name or pattern, its description, and the dataclass for the file or each of its tables."""

    name: str
    what: str
    kind: type | None
    tables: bool = False

    @property
    def stem(self) -> str:
        """The name of its schema."""
        return self.name.removesuffix(".toml").partition("/")[0]


FILES = (
    ContentFile("routes/*.toml", "A service.", Route),
    ContentFile("questions.toml", "Each table is a question; its name is the question’s id.", Question, True),
    ContentFile("results/*.toml", "Each table is a result; its name is the result’s id.", Result, True),
    ContentFile("notices.toml", "Each table is a notice; its name is the notice’s id.", Notice, True),
    ContentFile("advice/*.toml", "An advice page.", Advice),
    ContentFile("help.toml", "The groups of the page “Who can help”.", HelpList),
    ContentFile("emergency.toml", "What every page says about 999.", Emergency),
    ContentFile("entries.toml", "Each table is a link for charities, `/for/<name>`.", Entry, True),
    ContentFile("scope.toml", "Settings for all of the content.", Manifest),
    ContentFile(
        "moved.toml",
        "One table `[pages]`: the path of a former page, and of the page that replaces it.",
        None,
    ),
)
#: Fields that the reader sets (from the file's name, say), not the editor.
_GIVEN = {"id", "file"}


def _own(kind: type) -> list[Field[Any]]:
    """The fields that an editor writes."""
    # Editors write the id only for a group of the help list; elsewhere it is the name of the file or table.
    return [each for each in fields(kind) if each.name not in _GIVEN or kind is Group]


def _required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _inner(kind: Any) -> Any:
    """The type that an editor writes: without None, and a string for types that are read from one."""
    if get_origin(kind) in (Union, UnionType):
        (kind,) = (each for each in get_args(kind) if each is not NoneType)
    return str if hasattr(kind, "from_text") else kind


def _schema(kind: Any) -> dict[str, Any]:
    kind = _inner(kind)
    if kind in (Translatable, RunningText, str):
        return {"type": "string"}
    for simple, name in ((bool, "boolean"), (int, "integer")):
        if kind is simple:
            return {"type": name}
    if kind is date:
        return {"type": "string", "format": "date"}
    if is_dataclass(kind):
        return {"$ref": f"#/$defs/{kind.__name__}"}  # type: ignore[union-attr]
    arguments = get_args(kind)
    match get_origin(kind):
        case origin if origin is Literal:
            return {"enum": list(arguments)}
        case origin if origin in (tuple, frozenset):
            return {"type": "array", "items": _schema(arguments[0])}
        case origin if origin is dict:
            keys = _schema(arguments[0])
            names = {"propertyNames": keys} if "enum" in keys else {}
            return {"type": "object", **names, "additionalProperties": _schema(arguments[1])}
    raise TypeError(f"no schema for {kind}")


def _table(kind: type) -> dict[str, Any]:
    """The schema of a dataclass."""
    hints = get_type_hints(kind, include_extras=True)
    own = _own(kind)
    properties = {
        field.name: {"description": WORDS[kind][field.name], **_schema(hints[field.name])} for field in own
    }
    required = [field.name for field in own if _required(field)]
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _used(kind: type) -> Iterator[type]:
    """A dataclass and those that its fields contain, each once."""
    seen: dict[type, None] = {}
    stack = [kind]
    while stack:
        each = stack.pop()
        if is_dataclass(each) and not hasattr(each, "from_text"):
            if each in seen:
                continue
            seen[each] = None
            hints = get_type_hints(each)
            stack.extend(hints[field.name] for field in reversed(_own(each)))
        else:
            stack.extend(reversed([a for a in get_args(each) if a is not NoneType and a is not Ellipsis]))
    yield from seen


def schema(file: ContentFile) -> dict[str, Any]:
    """The JSON Schema of a kind of content file."""
    head = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": file.name,
        "description": file.what,
    }
    if file.kind is None:
        pages = {"type": "object", "additionalProperties": {"type": "string"}}
        return head | {
            "type": "object",
            "properties": {"pages": pages},
            "required": ["pages"],
            "additionalProperties": False,
        }
    first, *others = _used(file.kind)
    defs = {kind.__name__: _table(kind) for kind in others}
    own = _table(first)
    if file.tables:
        own = {"type": "object", "additionalProperties": own}
    return head | own | ({"$defs": defs} if defs else {})


def _written(kind: Any) -> str:
    """How an editor writes a value of this type."""
    kind = _inner(kind)
    if kind == RunningText:
        return "running text"
    for simple, words in (
        (Translatable, "text"),
        (str, "name or text"),
        (bool, "`true` or `false`"),
        (int, "number"),
        (date, "date"),
    ):
        if kind == simple:
            return words
    if is_dataclass(kind):
        return f"[table](#{kind.__name__.lower()})"  # type: ignore[union-attr]
    arguments = get_args(kind)
    match get_origin(kind):
        case origin if origin is Literal:
            return ", ".join(f"`{each}`" for each in arguments)
        case origin if origin in (tuple, frozenset):
            return f"list: {_written(arguments[0])}"
    return f"table of names: {_written(arguments[1])}"


def reference() -> str:
    """The reference for editors, as Markdown."""
    lines = [
        "# Every field of the content",
        "",
        "Written by `make fields` from the code that reads the files; do not edit it. [editing.md](editing.md) says how to",
        "work with them. A field in **bold** has to be there; all others may be left out. “Text” is what visitors read, as it",
        "stands; “running text” may have links, `**bold words**` and lists.",
    ]
    done: set[type] = set()
    for file in FILES:
        lines += ["", f"## {file.name}", "", file.what]
        for number, kind in enumerate(_used(file.kind) if file.kind else ()):
            if kind in done:
                continue
            done.add(kind)
            if number:
                lines += ["", f"### {kind.__name__}"]
            hints = get_type_hints(kind, include_extras=True)
            lines += ["", "| field | what it says | how it is written |", "|---|---|---|"]
            for field in _own(kind):
                name = f"**`{field.name}`**" if _required(field) else f"`{field.name}`"
                lines.append(f"| {name} | {WORDS[kind][field.name]} | {_written(hints[field.name])} |")
    return "\n".join(lines) + "\n"


def written() -> dict[str, str]:
    """Each file that ``flask fields`` writes, by its path in docs."""
    schemas = {
        f"schemas/{file.stem}.json": json.dumps(schema(file), indent=1, ensure_ascii=False) + "\n"
        for file in FILES
    }
    return {"content-fields.md": reference(), **schemas}


@click.command("fields")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs"))
def command(folder: Path) -> None:
    """Write into FOLDER the reference and the JSON Schemas of the content files."""
    for name, text in written().items():
        atomic_write(folder / name, text.encode())
