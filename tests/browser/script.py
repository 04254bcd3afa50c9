"""The syntax tree of ``static/site.js``, parsed by acorn."""

from __future__ import annotations

import functools
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.browser.conftest import ROOT, engine, node

SITE_JS = ROOT / "static" / "site.js"

#: The newest edition of JavaScript that every browser of ``OLDEST`` (test_oldest.py) supports in full.
EDITION = 2017

Node = dict[str, Any]


class Unreadable(Exception):
    """The script has syntax that ``EDITION`` lacks: an old browser would reject the whole file."""


@functools.cache
def parse(file: Path = SITE_JS, edition: int = EDITION) -> Node:
    """The syntax tree of a script."""
    command = [*node(), engine("acorn/bin/acorn"), f"--ecma{edition}", file]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        raise Unreadable(run.stderr)
    return json.loads(run.stdout)


def walk(part: Any) -> Iterator[Node]:
    """Every node of the tree at and below this one."""
    if isinstance(part, list):
        for each in part:
            yield from walk(each)
    elif isinstance(part, dict):
        if "type" in part:
            yield part
        for each in part.values():
            yield from walk(each)


def names(part: Any) -> set[str]:
    """What a script needs from a browser: each property and global that it uses but does not define."""
    nodes = list(walk(part))
    own = {each["name"] for node in nodes for each in _declared(node)}
    used, keys = set(), set()
    for each in nodes:
        if each["type"] == "MemberExpression" and not each["computed"]:
            keys.add(each["property"]["start"])
            if not _is_dataset(each["object"]):
                used.add(each["property"]["name"])
        elif each["type"] == "Property" and each["key"]["type"] == "Identifier":
            keys.add(each["key"]["start"])
    for each in nodes:
        if each["type"] == "Identifier" and each["start"] not in keys and each["name"] not in own:
            used.add(each["name"])
    return used


def on_the_way_out() -> set[str]:
    """The names used between a press and the end of ``leave()``: in its listeners, and in what they call."""
    tree = parse()
    functions = {each["id"]["name"]: each for each in walk(tree) if each["type"] == "FunctionDeclaration"}
    parts = [functions.pop("leave")]
    for call in walk(tree):
        if call["type"] != "CallExpression" or not call["arguments"]:
            continue
        heard = call["arguments"][0].get("value")
        leaves = any(each.get("name") == "leave" for each in walk(call))
        if heard in ("keydown", "keyup") or (heard == "click" and leaves):
            parts.append(call["arguments"][1])
    for part in parts:  # grows while functions are found
        called = {each["name"] for each in walk(part) if each["type"] == "Identifier"} & set(functions)
        parts += [functions.pop(name) for name in sorted(called)]
    return names(parts) - {each["name"] for node in walk(tree) for each in _declared(node)}


def _declared(node: Node) -> Iterator[Node]:
    """The names that a node defines, including those inside a pattern."""
    named = [node["id"]] if node["type"] in ("VariableDeclarator", "FunctionDeclaration") else []
    if node["type"] in ("FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"):
        named += node["params"]
    for part in named:
        yield from (each for each in walk(part) if each["type"] == "Identifier")


def _is_dataset(node: Node) -> bool:
    return node["type"] == "MemberExpression" and node["property"].get("name") == "dataset"
