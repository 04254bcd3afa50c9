"""What the length of a page tells whoever watches the line, for each set of lengths that pages could be padded to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from flask import Flask
from flask.testing import FlaskClient

from signpost.models.urls import check_url
from signpost.web import padding
from signpost.web.compression import QUALITY
from tests.bench.report import Report, table
from tests.planting import site


def _multiples(step: int) -> tuple[int, ...]:
    return tuple(range(step, 65_536, step))


#: No padding, what is used, and what else could be.
_COMPRESSED = {
    "as they are": (),
    "used": padding.LENGTHS["br"],
    **{f"multiples of {step:,}": _multiples(step) for step in (512, 1024, 2048, 4096)},
    "2,048, 3,072, 4,096, 6,144": (2048, 3072, 4096, 6144),
    "4,608, 8,192, 10,240": (4608, 8192, 10_240),
}
_PLAIN = {
    "as they are": (),
    "used": padding.PLAIN_LENGTHS,
    **{f"multiples of {step:,}": _multiples(step) for step in (2048, 4096)},
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the lengths of pages of one sort tell.

    Attributes:
        paths: how many paths there are.
        kinds: for each length, the kinds of page that have it.
        told: how many paths end at a page whose length no other kind has.
        mean: the length of a page in the mean.
    """

    paths: int
    kinds: Mapping[int, set[str]]
    told: int
    mean: float

    @property
    def fewest(self) -> int:
        """How many kinds share the length that the fewest have."""
        return min(map(len, self.kinds.values()))

    @property
    def row(self) -> tuple[object, ...]:
        """The cells of a table."""
        return len(self.kinds), self.fewest, f"{self.told} of {self.paths}", f"{self.mean:,.0f}"


def told(lengths: Mapping[str, int], kind: Mapping[str, str]) -> Told:
    """What the lengths of these addresses tell of their kinds."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for address, length in lengths.items():
        kinds[length].add(kind[address])
    alone = sum(len(kinds[length]) == 1 for length in lengths.values())
    return Told(len(lengths), dict(kinds), alone, mean(lengths.values()))


def results(app: Flask) -> dict[str, str]:
    """The address of every result on every path, and which kind of result it is."""
    walks = app.extensions["content"].journey.walks()
    return {check_url(walk.codes): walk.ends_at for walk in walks if walk.result}


def questions(app: Flask) -> dict[str, str]:
    """The address of every question but the first, which everybody is asked, and which it is."""
    walks = app.extensions["content"].journey.walks()
    return {check_url(walk.codes): walk.question.id for walk in walks if walk.question and walk.answered}


def measure(app: Flask, root: str, coding: str) -> Callable[[Sequence[int]], tuple[Told, Told]]:
    """What tells what results and questions in a language and a coding tell, padded to some lengths."""
    client = FlaskClient(app, app.response_class)
    kinds = (results(app), questions(app))
    texts = [{each: client.get(root + each).data.rstrip(b"\n") for each in kind} for kind in kinds]

    def at(lengths: Sequence[int]) -> tuple[Told, Told]:
        found = []
        for kind, text in zip(kinds, texts, strict=True):
            sizes = {
                each: len(
                    padding.plain(body, lengths)
                    if coding == "identity"
                    else padding.compressed(body, coding, QUALITY[coding], lengths)
                )
                for each, body in text.items()
            }
            found.append(told(sizes, kind))
        return found[0], found[1]

    return at


def report_lengths(report: Report) -> None:
    """Shows what each set of lengths would tell and cost, and holds the one that is used."""
    app = site(LANGUAGES="en cy", RATE_LIMIT="10000000 per minute")
    rows, alone = [], 0
    for language in app.extensions["locales"]:
        for coding in ("br", "gzip", "identity"):
            at = measure(app, language.root, coding)
            for name, lengths in (_PLAIN if coding == "identity" else _COMPRESSED).items():
                both = at(lengths)
                if name == "used":
                    name = f"**{', '.join(f'{each:,}' for each in lengths)}**"
                    alone += sum(each.told for each in both)
                rows.append(
                    (f"{language.name}, {coding}: {name}", *(each for told in both for each in told.row))
                )
    heads = ["lengths", "of results", "fewest kinds", "told", "mean bytes"]
    heads += ["of questions", "fewest kinds", "told", "mean bytes"]
    report.budget("results and questions told by length", "none", str(alone), holds=not alone)
    report.part("What lengths tell", table(heads, rows))
