"""Draws a small log-log plot of a few curves as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from xml.sax.saxutils import escape

_WIDTH, _HEIGHT, _EDGE = 640, 400, 60
#: The curves differ in their dashes and in the labels at their ends, not only in colour.
_DASHES = ("none", "8 4", "2 3", "10 3 2 3", "4 4")


def plot(
    title: str, across: str, up: str, curves: Mapping[str, Sequence[tuple[float, float]]], made_by: str
) -> str:
    """An SVG of the curves, each a list of points. All numbers must be above 0; the axes begin at 1.

    Args:
        title: the title of the plot.
        across, up: the labels of the axes.
        curves: the points of each curve, by its name.
        made_by: the command that made it, for the description in the file.
    """
    points = [point for curve in curves.values() for point in curve]
    most_x, most_y = (max(1, *(log10(point[axis]) for point in points)) for axis in (0, 1))
    room = 170  # for the names at the right

    def place(x: float, y: float) -> tuple[float, float]:
        return (
            round(_EDGE + log10(x) / most_x * (_WIDTH - _EDGE - room), 1),
            round(_HEIGHT - _EDGE - max(0, log10(y)) / most_y * (_HEIGHT - 2 * _EDGE), 1),
        )

    lines = []
    for power in range(int(most_x) + 1):
        x, y = place(10**power, 1)
        lines.append(f'<path d="M{x} {y}V{_EDGE}" stroke="#ccc"/>')
        lines.append(f'<text x="{x}" y="{y + 20}" text-anchor="middle">{10**power}</text>')
    for power in range(int(most_y) + 1):
        x, y = place(1, 10**power)
        lines.append(f'<path d="M{x} {y}H{_WIDTH - room}" stroke="#ccc"/>')
        lines.append(f'<text x="{x - 8}" y="{y + 5}" text-anchor="end">{10**power}</text>')
    ends = _apart({name: place(*curve[-1])[1] for name, curve in curves.items()})
    for (name, curve), dashes in zip(curves.items(), _DASHES, strict=False):
        path = " ".join(f"{x},{y}" for x, y in (place(*point) for point in curve))
        lines.append(
            f'<polyline points="{path}" fill="none" stroke="#10454b" stroke-width="2" stroke-dasharray="{dashes}"/>'
        )
        lines.append(f'<text x="{_WIDTH - room + 8}" y="{ends[name] + 5}">{escape(name)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-family="sans-serif" font-size="14">\n'
        f"<title>{escape(title)}</title>\n<desc>Made by {escape(made_by)}.</desc>\n"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>\n'
        f'<text x="{_EDGE}" y="30" font-weight="bold">{escape(title)}</text>\n'
        + "\n".join(lines)
        + f'\n<text x="{_EDGE}" y="{_HEIGHT - 12}">{escape(across)}</text>\n<text x="{_EDGE}" y="{_EDGE - 10}">{escape(up)}</text>\n</svg>\n'
    )


def _apart(ends: dict[str, float], least: float = 18) -> dict[str, float]:
    """The heights of the labels at the ends of the curves, moved apart so that none overlap."""
    moved: dict[str, float] = {}
    last = float("inf")
    for name, height in sorted(ends.items(), key=lambda each: -each[1]):
        last = min(height, last - least)
        moved[name] = last
    return moved
