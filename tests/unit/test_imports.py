"""Which module imports which: no circle, and no arrow up the layers. Types that only mypy imports count too."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter

import pytest

from tests import ROOT

#: The layers, lowest first; docs/architecture.md and pyproject.toml list the same.
LAYERS = (
    {"config"},
    {"signpost.models"},
    {"signpost.i18n", "signpost.security"},
    {"signpost.exports", "signpost.checks"},
    {"signpost.web"},
    {"signpost.cli"},
    {"signpost"},
)
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in [ROOT / "config.py", *(ROOT / "signpost").rglob("*.py")]
}


def imports(module: str) -> set[str]:
    """Our modules that a module imports, anywhere in it, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(FILES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports by a relative name"
            # An imported name is itself a module, or is defined in the module that it is imported from.
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (names & FILES.keys()) or {node.module or ""}
    return found & FILES.keys()


GRAPH = {module: imports(module) for module in FILES}


def layer(module: str) -> tuple[int, str]:
    """The number of a module's layer, and its package there."""
    for number, packages in enumerate(LAYERS):
        for package in packages - {"signpost"}:
            if module == package or module.startswith(f"{package}."):
                return number, package
    assert module == "signpost", f"{module} belongs to no layer"
    return len(LAYERS) - 1, module


def test_the_graph_is_read():
    """The tests below would also pass for an empty graph."""
    assert {"signpost.models.content", "signpost.checks", "config"} <= GRAPH["signpost"]
    assert len(GRAPH) > 40
    assert sum(map(len, GRAPH.values())) > 100


def test_there_is_no_circle():
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as circle:
        pytest.fail(f"the imports form a circle: {' imports '.join(reversed(circle.args[1]))}")


@pytest.mark.parametrize("module", sorted(FILES))
def test_a_module_imports_only_from_below(module):
    number, package = layer(module)
    for other in GRAPH[module]:
        below, its_package = layer(other)
        assert below < number or its_package == package, f"{module} imports {other}"


def test_the_models_know_no_flask():
    """So that they can be read and tested without the web."""
    for module, path in FILES.items():
        if layer(module)[1] == "signpost.models":
            named = re.findall(r"^\s*(?:from|import) (\w+)", path.read_text("utf-8"), re.MULTILINE)
            assert not {"flask", "werkzeug", "jinja2"} & set(named), module


PACKAGES = sorted({layer(module)[1] for module in FILES if module.startswith("signpost.")} - {"signpost.cli"})


def stated(package: str) -> set[str]:
    """The packages that a package's docstring allows it to import."""
    docstring = ast.get_docstring(ast.parse(FILES[package].read_text("utf-8"))) or ""
    said = " ".join(docstring.split())
    if "May not import any other package of ``signpost``" in said:
        return set()
    if except_ := re.search(r"May import every other package except ``(\w+)``", said):
        return {*PACKAGES, "signpost.cli"} - {f"signpost.{except_[1]}"}
    named = re.search(r"May import ([^;]*); not ", said)
    assert named, f"{package} does not say what it may import"
    return {f"signpost.{name}" for name in re.findall(r"``(\w+)``", named[1])} - {"signpost.config"}


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_what_its_docstring_allows(package):
    for module in FILES:
        if layer(module)[1] == package:
            others = {layer(other)[1] for other in GRAPH[module]} - {package, "config"}
            assert others <= stated(package), module
