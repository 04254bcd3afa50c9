"""Generates valid content many times as large as the real content, by adding copies of it.

Each copy has its own routes, groups, questions, results, notices, advice and entries, which refer to each
other. One extra question, the "door", leads to the second question of each copy, so that no page except the
list of services becomes longer.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from signpost.models.content import OWN_CONTENT

DOOR = "door"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

Table = dict[str, Any]
Rename = Callable[[str], str]


def grow(folder: Path, times: int) -> None:
    """Creates a folder with content ``times`` as large as the project's own.

    Parts reached only before the door, such as the result for danger now, are not copied.
    """
    shutil.copytree(OWN_CONTENT, folder)
    results = {path.name: _read(path) for path in sorted((OWN_CONTENT / "results").glob("*.toml"))}
    behind = _behind_door(_read(OWN_CONTENT / "questions.toml"), results.values())
    copies = [_renamed(number) for number in range(1, times)]
    for name, change in (("routes", _route), ("advice", lambda advice, _: advice)):
        for path in sorted((OWN_CONTENT / name).glob("*.toml")):
            for rename in copies:
                _write(folder / name / f"{rename(path.stem)}.toml", change(_read(path), rename))
    files = [("questions.toml", _question), ("notices.toml", lambda notice, _: notice)]
    files += [(f"results/{name}", _result) for name in results]
    for file, change in files:
        own = _read(OWN_CONTENT / file)
        copied = [(rename, name) for rename in copies for name in own if name in behind]
        _write(folder / file, own | {rename(name): change(own[name], rename) for rename, name in copied})
    own = _read(OWN_CONTENT / "entries.toml")
    entries = {rename(name): _entry(own[name], rename, behind) for rename in copies for name in own}
    _write(folder / "entries.toml", own | entries)
    groups = _read(OWN_CONTENT / "help.toml")["groups"]
    _write(
        folder / "help.toml",
        {"groups": groups + [_group(each, rename) for rename in copies for each in groups]},
    )
    if copies:
        _put_door(folder, times)


def _behind_door(questions: Table, results: Iterable[Table]) -> set[str]:
    """The ids of the questions, results and notices that the second question leads to."""
    found: set[str] = set()
    waiting = [_second(questions)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [answer["next"] for answer in questions[name]["answers"] if "next" in answer]
    ends = {answer["result"] for name in found for answer in questions[name]["answers"] if "result" in answer}
    shown = [step for file in results for name in ends & file.keys() for step in file[name]["steps"]]
    return found | ends | {step["notice"] for step in shown if "notice" in step}


def _second(questions: Table) -> str:
    """The question that most answers of the first question lead to. The door leads to a copy of it."""
    first = next(iter(questions.values()))
    return Counter(answer["next"] for answer in first["answers"] if "next" in answer).most_common(1)[0][0]


def _renamed(number: int) -> Rename:
    return lambda name: f"{name}-{number}"


def _route(route: Table, rename: Rename) -> Table:
    return route | ({"family": rename(route["family"])} if "family" in route else {})


def _question(question: Table, rename: Rename) -> Table:
    def answer(own: Table) -> Table:
        return own | {what: rename(own[what]) for what in ("next", "result") if what in own}

    return question | {"answers": [answer(each) for each in question["answers"]]}


def _result(result: Table, rename: Rename) -> Table:
    def step(own: Table) -> Table:
        return own | {what: rename(own[what]) for what in ("route", "notice") if what in own}

    advice = {"advice": [rename(each) for each in result["advice"]]} if "advice" in result else {}
    return result | {"steps": [step(each) for each in result["steps"]]} | advice


def _entry(entry: Table, rename: Rename, behind: set[str]) -> Table:
    answers = entry["answers"].items()
    return entry | {"answers": {rename(name) if name in behind else name: code for name, code in answers}}


def _group(group: Table, rename: Rename) -> Table:
    return group | {"id": rename(group["id"]), "routes": [rename(each) for each in group["routes"]]}


def _put_door(folder: Path, times: int) -> None:
    """Puts the door between the first question and every copy of the second."""
    questions = _read(folder / "questions.toml")
    second = _second(questions)
    for answer in next(iter(questions.values()))["answers"]:
        if answer.get("next") == second:
            answer["next"] = DOOR
    choices = [
        {
            "code": _code(number),
            "label": f"Door {number}",
            "next": _renamed(number)(second) if number else second,
        }
        for number in range(times)
    ]
    questions[DOOR] = {"title": "Which door?", "answers": choices}
    _write(folder / "questions.toml", questions)
    entries = _read(folder / "entries.toml")
    for name, entry in entries.items():
        _, _, number = name.rpartition("-")
        entry["answers"][DOOR] = _code(int(number) if number.isdecimal() else 0)
    _write(folder / "entries.toml", entries)


def _code(number: int) -> str:
    """The code of an answer of the door: one, two or three digits, as few as possible."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits


def _read(path: Path) -> Table:
    return tomllib.loads(path.read_text("utf-8"))


def _write(path: Path, table: Table) -> None:
    path.write_text("".join(f"{_key(name)} = {_toml(value)}\n" for name, value in table.items()), "utf-8")


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _toml(value: Any) -> str:
    """A value as TOML, on one line."""
    match value:
        case dict():
            return f"{{{', '.join(f'{_key(name)} = {_toml(each)}' for name, each in value.items())}}}"
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case date():
            return value.isoformat()
        case _:
            return json.dumps(value, ensure_ascii=False)
