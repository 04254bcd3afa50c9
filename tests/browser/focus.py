"""Measures on screenshots, before and after, whether focus is visible."""

from __future__ import annotations

import io

from PIL import Image
from playwright.sync_api import Page


def _luminance(red: int, green: int, blue: int) -> float:
    parts = (value / 255 for value in (red, green, blue))
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    dark, light = sorted((_luminance(*one), _luminance(*other)))
    return (light + 0.05) / (dark + 0.05)


def shows(page: Page) -> float:
    """How visible the focus of the focused element is.

    Returns:
        The area that changes by a contrast of 3:1 or more when focus comes, as a share of what
        WCAG 2.4.13 asks for: a ring two pixels thick around the element. 1.0 or more meets it.
    """
    focus = page.evaluate("probe.focused()")
    boxes = focus["boxes"]
    least = sum(2 * 2 * ((right - left) + (bottom - top)) for left, top, right, bottom in boxes)
    size = page.viewport_size
    assert size
    left, top = max(0, min(b[0] for b in boxes) - 12), max(0, min(b[1] for b in boxes) - 12)
    right = min(size["width"], max(b[2] for b in boxes) + 12)
    bottom = min(size["height"], max(b[3] for b in boxes) + 12)
    clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    with_focus = page.screenshot(clip=clip)
    page.evaluate("window.before = document.activeElement; before.blur()")
    without = page.screenshot(clip=clip)
    page.evaluate("before.focus({ preventScroll: true })")
    changes = zip(_pixels(with_focus), _pixels(without), strict=True)
    return sum(_contrast(one, other) >= 3 for one, other in changes if one != other) / least


def _pixels(png: bytes) -> list[tuple[int, int, int]]:
    raw = Image.open(io.BytesIO(png)).convert("RGB").tobytes()
    return list(zip(raw[::3], raw[1::3], raw[2::3], strict=True))
