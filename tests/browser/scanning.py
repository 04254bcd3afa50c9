"""Accessibility engines, which run inside pages in Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.kinds import NARROW, WIDE
from tests.states import EVERY_STATE


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine.

    Attributes:
        name: its name in failure messages.
        script: its file, below ``node_modules``.
        object: the name of the object that the script creates.
        run: a JavaScript expression for a promise of a list of findings, each a string.
        modes: the colour schemes and widths to run it in.
    """

    name: str
    script: str
    object: str
    run: str
    modes: tuple[tuple[str, int], ...]


#: Light and dark, each on a small phone and on a wide screen; a shorter list with each of these once; and the first one.
MODES = tuple((scheme, width) for scheme in ("light", "dark") for width in (NARROW, WIDE))
EACH_ONCE = (("light", NARROW), ("dark", WIDE))
FIRST = EACH_ONCE[:1]

#: Rules that axe runs only if named: level AAA, or experimental.
AXE_NAMED = (
    "color-contrast-enhanced",
    "identical-links-same-purpose",
    "meta-refresh-no-exceptions",
    "target-size",
    "css-orientation-lock",
    "focus-order-semantics",
    "hidden-content",
    "label-content-name-mismatch",
    "p-as-heading",
    "table-fake-caption",
    "td-has-header",
)

AXE = Engine(
    "axe",
    "axe-core/axe.min.js",
    "axe",
    "axe.run(document, { resultTypes: ['violations'], rules: {"
    + ", ".join(f"'{name}': {{ enabled: true }}" for name in AXE_NAMED)
    + "} }).then(found => found.violations.flatMap("
    "fault => fault.nodes.map(node => `${fault.id}: ${node.html.slice(0, 120)}`)))",
    MODES if EVERY_STATE else EACH_ONCE,
)

HTMLCS = Engine(
    "HTML_CodeSniffer",
    "html_codesniffer/build/HTMLCS.js",
    "HTMLCS",
    "new Promise(done => HTMLCS.process('WCAG2AAA', document, () => done(HTMLCS.getMessages()"
    ".filter(each => each.type === HTMLCS.ERROR)"
    ".map(each => `${each.code}: ${each.msg} ${each.element.outerHTML?.slice(0, 120)}`))))",
    EACH_ONCE if EVERY_STATE else FIRST,
)

IBM = Engine(
    "IBM Equal Access",
    "accessibility-checker-engine/ace.js",
    "ace",
    "new ace.Checker().check(document, ['WCAG_2_2', 'IBM_Accessibility']).then(report => report.results"
    ".filter(each => each.value[1] === 'FAIL')"
    ".map(each => `${each.ruleId}: ${each.message} ${each.snippet.slice(0, 120)}`))",
    EACH_ONCE if EVERY_STATE else FIRST,
)

Found = dict[tuple[str, str, str, int], list[str]]


def scan(
    pages: Sequence[Page],
    addresses: Sequence[str],
    engines: Sequence[Engine],
    visit: Callable[[Page, str], object] = lambda page, address: page.goto(address),
) -> Found:
    """Runs every engine on every URL, in each of the engine's modes.

    The ``pages`` work in parallel, each on a different URL.

    Args:
        pages: pages into which the engines are loaded at each visit.
        addresses: absolute URLs. After a visit, the page must be at the requested URL.
        engines: the engines to run.
        visit: opens a URL in a page.

    Returns:
        The findings by URL, engine, colour scheme and width. Empty if there are none.
    """
    found: Found = {}
    for batch in _batches(addresses, len(pages)):
        at_work = list(zip(pages, batch, strict=False))
        for page, address in at_work:
            visit(page, address)
            assert page.url == address, f"scanned {page.url}, and not {address}"
        for scheme, width in MODES:
            at_this = [each for each in engines if (scheme, width) in each.modes]
            for page, _ in at_work if at_this else ():
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for engine in at_this:
                for page, _ in at_work:
                    page.evaluate(f"() => {{ window.found = {engine.run}; }}")
                for page, address in at_work:
                    if faults := page.evaluate("() => window.found"):
                        found[address, engine.name, scheme, width] = faults
    return found


def _batches(addresses: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(addresses), size):
        yield addresses[start : start + size]
