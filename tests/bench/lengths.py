"""What an observer of the network learns from the length of a page, for each set of lengths that pages could be padded to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from flask import Flask
from flask.testing import FlaskClient

from signpost.models.urls import check_url
from signpost.web import padding
from signpost.web.compression import seams
from signpost.web.padding import lengths_of
from tests.bench.report import Report, table
from tests.planting import site


def _multiples(step: int) -> tuple[int, ...]:
    return tuple(range(step, 65_536, step))


CODINGS = ("br", "gzip", "identity")
#: The row of the lengths that the site uses. Results have other lengths than questions.
USED = "**used**"
#: No padding, the lengths in use, and the alternatives.
_COMPRESSED: dict[str, tuple[int, ...]] = {
    "as they are": (),
    USED: (),
    **{f"multiples of {step:,}": _multiples(step) for step in (512, 1024, 2048, 4096)},
    "4,608, 8,192, 10,240": (4608, 8192, 10_240),
    "6,144, 9,216, 12,288": (6144, 9216, 12_288),
}
_PLAIN: dict[str, tuple[int, ...]] = {
    "as they are": (),
    USED: (),
    **{f"multiples of {step:,}": _multiples(step) for step in (2048, 4096)},
}


@dataclass(frozen=True, slots=True)
class Revealed:
    """What the lengths of pages of one sort reveal.

    Attributes:
        paths: how many paths there are.
        kinds: for each length, the kinds of page that have it.
        identified: how many paths end at a page whose length no other kind has.
        mean: the mean length of a page.
    """

    paths: int
    kinds: Mapping[int, set[str]]
    identified: int
    mean: float

    @property
    def fewest(self) -> int:
        """The smallest number of kinds that share a length."""
        return min(map(len, self.kinds.values()))

    @property
    def row(self) -> tuple[object, ...]:
        """The cells of a table."""
        return len(self.kinds), self.fewest, f"{self.identified} of {self.paths}", f"{self.mean:,.0f}"


def revealed(lengths: Mapping[str, int], kind: Mapping[str, str]) -> Revealed:
    """What the lengths of these addresses reveal of their kinds."""
    kinds: dict[int, set[str]] = defaultdict(set)
    for address, length in lengths.items():
        kinds[length].add(kind[address])
    alone = sum(len(kinds[length]) == 1 for length in lengths.values())
    return Revealed(len(lengths), dict(kinds), alone, mean(lengths.values()))


def results(app: Flask) -> dict[str, str]:
    """The address of every result on every path, and which kind of result it is."""
    walks = app.extensions["content"].journey.walks()
    return {check_url(walk.codes): walk.ends_at for walk in walks if walk.result}


def questions(app: Flask) -> dict[str, str]:
    """The address of every question, with its id. Without the first, which every visitor is asked."""
    walks = app.extensions["content"].journey.walks()
    return {check_url(walk.codes): walk.question.id for walk in walks if walk.question and walk.answered}


def shortest_and_longest(kinds: Mapping[str, str]) -> dict[str, str]:
    """Of the addresses of each kind, the one with the fewest answers and the one with the most."""
    chosen = {}
    for kind in dict.fromkeys(kinds.values()):
        same = [address for address, each in kinds.items() if each == kind]
        chosen |= dict.fromkeys((min(same, key=len), max(same, key=len)), kind)
    return chosen


def one_of_each(kinds: Mapping[str, str]) -> dict[str, str]:
    """Of the addresses of each kind, one."""
    by_kind = {kind: address for address, kind in kinds.items()}
    return {address: kind for kind, address in by_kind.items()}


def sizes(app: Flask, addresses: Iterable[str], codings: Iterable[str]) -> dict[str, dict[str, int]]:
    """The length of each of these pages in each coding, before padding: by coding, then by address."""
    client = FlaskClient(app, app.response_class)
    found: dict[str, dict[str, int]] = {coding: {} for coding in codings}
    for address in addresses:
        body = client.get(address).data.rstrip(b"\n")
        for coding, lengths in found.items():
            lengths[address] = len(_packed(body, coding))
    return found


def _packed(body: bytes, coding: str) -> bytes:
    if coding == "identity":
        return body
    if coding == "gzip":
        return padding.gzip(body, ())
    return padding.join_brotli(padding.brotli_parts(body, seams(body)), ())


def padded(lengths: Mapping[str, int], allowed: Sequence[int]) -> dict[str, int]:
    """The lengths of pages after padding to the allowed lengths."""
    return {address: length + padding.room(length, allowed) for address, length in lengths.items()}


def report_lengths(report: Report) -> None:
    """Shows what each set of lengths would reveal and cost, and checks the one that is used."""
    app = site(LANGUAGES="en cy", RATE_LIMIT="10000000 per minute")
    rows, alone = [], 0
    kinds = (results(app), questions(app))
    for language in app.extensions["locales"]:
        in_language = [{language.root + path: kind for path, kind in each.items()} for each in kinds]
        unpadded = [sizes(app, each, CODINGS) for each in in_language]
        for coding in CODINGS:
            for name, allowed in (_PLAIN if coding == "identity" else _COMPRESSED).items():
                both = [
                    revealed(
                        padded(each[coding], lengths_of(coding, result=result) if name == USED else allowed),
                        kind,
                    )
                    for each, kind, result in zip(unpadded, in_language, (True, False), strict=True)
                ]
                if name == USED:
                    alone += sum(each.identified for each in both)
                rows.append(
                    (f"{language.name}, {coding}: {name}", *(cell for each in both for cell in each.row))
                )
    heads = ["lengths", "of results", "fewest kinds", "identified", "mean bytes"]
    heads += ["of questions", "fewest kinds", "identified", "mean bytes"]
    report.budget("results and questions identified by length", "none", str(alone), holds=not alone)
    report.part("What lengths reveal", table(heads, rows))
