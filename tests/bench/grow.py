"""Generates valid content many times as large as the real content, by adding copies of it.

Each copy has routes, groups, questions, results, notices, advice and entries of its own, and they
name each other. They share the first two questions: the second has the answers of every copy. So no path asks
more questions than before, and no page becomes longer but for that question and the list of services.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from itertools import islice, product
from pathlib import Path
from typing import Any

from signpost.models.content import OWN_CONTENT

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

Table = dict[str, Any]
Rename = Callable[[str], str]


def grow(folder: Path, times: int, own_content: Path = OWN_CONTENT) -> None:
    """Writes content ``times`` as large as ``own_content`` into a folder, which it makes.

    What only the way to the second question shows (the result for danger now, say) is there once.
    """
    shutil.copytree(own_content, folder)
    results = {path.name: _read(path) for path in sorted((own_content / "results").glob("*.toml"))}
    questions = _read(own_content / "questions.toml")
    second = _second(questions)
    behind = _behind(second, questions, results.values())
    copies = [_renamed(number) for number in range(1, times)]
    for name, change in (("routes", _route), ("advice", lambda advice, _: advice)):
        for path in sorted((own_content / name).glob("*.toml")):
            for rename in copies:
                _write(folder / name / f"{rename(path.stem)}.toml", change(_read(path), rename))
    files = [("questions.toml", _question), ("notices.toml", lambda notice, _: notice)]
    files += [(f"results/{name}", _result) for name in results]
    for file, change in files:
        own = _read(own_content / file)
        copied = [(rename, name) for rename in copies for name in own if name in behind]
        _write(folder / file, own | {rename(name): change(own[name], rename) for rename, name in copied})
    codes = [_codes(questions[second], number) for number in range(times)]
    grown = _read(folder / "questions.toml")
    for number, rename in enumerate(copies, 1):
        copied = _question(questions[second], rename)["answers"]
        grown[second]["answers"] += [
            answer | {"code": codes[number][answer["code"]], "label": f"{answer['label']} ({number})"}
            for answer in copied
        ]
    _write(folder / "questions.toml", grown)
    own = _read(own_content / "entries.toml")
    entries = {
        rename(name): _entry(own[name], rename, behind, second, codes[number])
        for number, rename in enumerate(copies, 1)
        for name in own
    }
    _write(folder / "entries.toml", own | entries)
    groups = _read(own_content / "help.toml")["groups"]
    _write(
        folder / "help.toml",
        {"groups": groups + [_group(each, rename) for rename in copies for each in groups]},
    )


def _behind(second: str, questions: Table, results: Iterable[Table]) -> set[str]:
    """The names of the questions, results and notices that the second question leads to, but not its own."""
    found: set[str] = set()
    waiting = [second]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [answer["next"] for answer in questions[name]["answers"] if "next" in answer]
    ends = {answer["result"] for name in found for answer in questions[name]["answers"] if "result" in answer}
    shown = [step for file in results for name in ends & file.keys() for step in file[name]["steps"]]
    return (found - {second}) | ends | {step["notice"] for step in shown if "notice" in step}


def _second(questions: Table) -> str:
    """The question that most answers of the first lead to."""
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


def _entry(entry: Table, rename: Rename, behind: set[str], second: str, codes: dict[str, str]) -> Table:
    """An entry of a copy; ``codes`` are those that the answers to the second question have in the copy."""
    answers = {
        rename(name) if name in behind else name: codes[code] if name == second else code
        for name, code in entry["answers"].items()
    }
    return entry | {"answers": answers}


def _group(group: Table, rename: Rename) -> Table:
    return group | {"id": rename(group["id"]), "routes": [rename(each) for each in group["routes"]]}


def _codes(question: Table, number: int) -> dict[str, str]:
    """The codes that the answers to a question have in a copy, by their own; the first of them has its own."""
    own = [answer["code"] for answer in question["answers"]]
    if not number:
        return dict(zip(own, own, strict=True))
    taken = {*own, *question.get("retired", ())}
    # All of three characters, of which there are enough for a thousand copies.
    free = (code for code in map("".join, product(_DIGITS, repeat=3)) if code not in taken)
    return dict(zip(own, islice(free, (number - 1) * len(own), number * len(own)), strict=True))


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
