"""Engines that look for faults of access, each put into a page that Chromium shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.kinds import NARROW, WIDE


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine.

    Attributes:
        name: what it is called in a failure.
        script: its file, under the folder of what npm carries.
        object: what the script makes, by its name.
        run: an expression that promises a list of what it found, each a string.
        modes: the colour schemes and widths it is run in.
    """

    name: str
    script: str
    object: str
    run: str
    modes: tuple[tuple[str, int], ...]


#: Light and dark, on a small phone and a wide screen; and each of these once.
MODES = tuple((scheme, width) for scheme in ("light", "dark") for width in (NARROW, WIDE))
EACH_ONCE = (("light", NARROW), ("dark", WIDE))

#: Rules that axe leaves off unless they are named: of level AAA, or still tried out.
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
    MODES,
)

HTMLCS = Engine(
    "HTML_CodeSniffer",
    "html_codesniffer/build/HTMLCS.js",
    "HTMLCS",
    "new Promise(done => HTMLCS.process('WCAG2AAA', document, () => done(HTMLCS.getMessages()"
    ".filter(each => each.type === HTMLCS.ERROR)"
    ".map(each => `${each.code}: ${each.msg} ${each.element.outerHTML?.slice(0, 120)}`))))",
    EACH_ONCE,
)

IBM = Engine(
    "IBM Equal Access",
    "accessibility-checker-engine/ace.js",
    "ace",
    "new ace.Checker().check(document, ['WCAG_2_2', 'IBM_Accessibility']).then(report => report.results"
    ".filter(each => each.value[1] === 'FAIL')"
    ".map(each => `${each.ruleId}: ${each.message} ${each.snippet.slice(0, 120)}`))",
    EACH_ONCE,
)

Found = dict[tuple[str, str, str, int], list[str]]


def scan(
    pages: Sequence[Page],
    addresses: Sequence[str],
    engines: Sequence[Engine],
    visit: Callable[[Page, str], object] = lambda page, address: page.goto(address),
) -> Found:
    """Holds every address against every engine, in each of its modes.

    Each of ``pages`` works on an address of its own, all at the same time.

    Args:
        pages: pages with the engines put into them at each visit.
        addresses: whole addresses. Each page must be at the address that was asked for.
        engines: the engines to run.
        visit: goes to an address.

    Returns:
        What was found, by address, engine, scheme and width. Empty where all is well.
    """
    found: Found = {}
    for batch in _batches(addresses, len(pages)):
        at_work = list(zip(pages, batch, strict=False))
        for page, address in at_work:
            visit(page, address)
            assert page.url == address, f"scanned {page.url}, and not {address}"
        for scheme, width in MODES:
            for page, _ in at_work:
                page.set_viewport_size({"width": width, "height": 800})
                page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for engine in (each for each in engines if (scheme, width) in each.modes):
                for page, _ in at_work:
                    page.evaluate(f"() => {{ window.found = {engine.run}; }}")
                for page, address in at_work:
                    if faults := page.evaluate("() => window.found"):
                        found[address, engine.name, scheme, width] = faults
    return found


def _batches(addresses: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(addresses), size):
        yield addresses[start : start + size]
