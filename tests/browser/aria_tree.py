"""Chromium's accessibility tree, which screen readers use, as text that people can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Page

Node = dict[str, Any]

#: States to list if they are set.
_STATES = ("checked", "expanded", "focused", "invalid", "disabled", "required", "live", "modal")
#: Roles that say nothing by themselves: their children are listed in their place.
_SILENT = {"none", "generic", "InlineTextBox", "LabelText", "Legend", "LineBreak", "ListMarker"}
#: Roles whose name is their content, so that the content is not listed again.
_WHOLE = {"link", "button", "heading", "DisclosureTriangle"}


def accessibility_tree(page: Page) -> str:
    """The page's accessibility tree as text: one line per node, with role, name and state, in order.

    Text that stands alone has no role; a level, a language that is not that of the rest, and a description
    stand behind the name.
    """
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}
    languages = dict(_languages(session.send("DOM.getDocument", {"depth": -1})["root"], ""))
    session.detach()
    for node in nodes.values():
        node["language"] = languages.get(node.get("backendDOMNodeId"), "")
    root = next(node for node in nodes.values() if "parentId" not in node)
    return "\n".join(_lines(root, nodes, 0, "")) + "\n"


def _languages(element: Node, language: str) -> Iterator[tuple[int, str]]:
    """Every node of the document, with its language."""
    attributes = element.get("attributes", [])
    language = dict(zip(attributes[::2], attributes[1::2], strict=True)).get("lang", language)
    # The document itself has the language of its root element.
    for child in element.get("children", []):
        for id_, inner in _languages(child, language):
            yield id_, inner
            if child.get("nodeName") == "HTML" and id_ == child["backendNodeId"]:
                language = inner
    yield element["backendNodeId"], language


def _lines(node: Node, nodes: dict[str, Node], depth: int, language: str) -> Iterator[str]:
    role, name = _value(node.get("role")), " ".join(str(_value(node.get("name"))).split())
    inner = [nodes[id_] for id_ in node.get("childIds", ()) if id_ in nodes]
    if node.get("ignored") or role in _SILENT:
        for child in inner:
            yield from _lines(child, nodes, depth, language)
        return
    indent = "  " * depth
    if role == "StaticText":
        if name:
            yield f"{indent}“{name}”"
        return
    states = {each["name"]: _value(each["value"]) for each in node.get("properties", ())}
    words = [role, f"“{name}”"] if name else [role]
    if role == "heading":
        words.append(f"level {states['level']}")
    words += [
        key if value is True else f"{key}: {value}" for key in _STATES if (value := _state(key, states))
    ]
    if node["language"] != language:
        words.append(f"in {node['language']}")
    if description := " ".join(str(_value(node.get("description"))).split()):
        words.append(f"({description})")
    below = (
        []
        if role in _WHOLE
        else [line for each in inner for line in _lines(each, nodes, depth + 1, node["language"])]
    )
    # An only child is on the line of its parent.
    if len(below) == 1 and not name:
        yield f"{indent}{' '.join([role, below[0].strip(), *words[1:]])}"
        return
    yield f"{indent}{' '.join(words)}"
    yield from below


def _state(key: str, states: dict[str, Any]) -> Any:
    value = states.get(key)
    if key == "checked":
        return {"true": True, "false": "no"}.get(value, value)
    if key == "expanded" and value is not None:
        return "yes" if value else "no"
    return value if value not in (False, "false", "off", None) else None


def _value(field: Any) -> Any:
    return field.get("value", "") if isinstance(field, dict) else ""
