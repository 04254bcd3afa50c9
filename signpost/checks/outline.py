"""The whole journey for reviewers: as a diagram of questions and results, and as plain text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from gettext import NullTranslations

from signpost.i18n.languages import ENGLISH
from signpost.i18n.locales import Locale
from signpost.i18n.translate import Message, extract_messages
from signpost.models.content import Content
from signpost.models.directory import Contact, Route
from signpost.models.journey import Answer, Question, Result, Step, Walk

#: Sizes in the diagram, in SVG user units.
_COLUMN, _ROW, _WIDTH, _HEIGHT, _MARGIN = 250, 26, 170, 20, 4


@dataclass(frozen=True, slots=True)
class Node:
    """A question or a result, the shortest path of codes that leads to it, and its position in the diagram."""

    id: str
    what: Question | Result
    codes: tuple[str, ...]
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """Every question and result as a node, the edges between them, and the size of the diagram."""

    questions: tuple[Node, ...]
    results: tuple[Node, ...]
    edges: tuple[tuple[Node, Node], ...]
    width: int
    height: int
    box: tuple[int, int] = (_WIDTH, _HEIGHT)

    @property
    def lines(self) -> str:
        """All edges, as the data of one SVG path."""
        middle = _HEIGHT // 2
        return "".join(f"M{a.x + _WIDTH} {a.y + middle}L{b.x} {b.y + middle}" for a, b in self.edges)


def outline(content: Content) -> Outline:
    """Lays the journey out from left to right: each question is to the right of all that lead to it."""
    journey = content.journey
    first: dict[str, Walk] = {}
    depth: dict[str, int] = {}
    pairs: dict[tuple[str, str], None] = {}
    for walk in journey.walks():
        id_ = _id(walk)
        if id_ not in first or len(walk.codes) < len(first[id_].codes):
            first[id_] = walk
        depth[id_] = max(depth.get(id_, 0), len(walk.codes))
        if walk.answered:
            pairs.setdefault((f"q-{walk.answered[-1][0].id}", id_))
    last = max(depth.values())
    results = [id_ for id_ in first if id_.startswith("r-")]
    row: dict[str, float] = {id_: n for n, id_ in enumerate(results)}

    def middle(id_: str) -> float:
        """The middle of the nodes that a question leads to, so that few lines cross."""
        following = [row[b] for a, b in pairs if a == id_]
        return sum(following) / len(following)

    for column in reversed(range(last)):
        free = 0.0
        for id_ in sorted((q for q in first if q not in row and depth[q] == column), key=middle):
            row[id_] = max(free, middle(id_))
            free = row[id_] + 1

    def node(id_: str, what: Question | Result) -> Node:
        column = last if id_ in results else depth[id_]
        x, y = _MARGIN + column * _COLUMN, _MARGIN + round(row[id_] * _ROW)
        return Node(id_, what, first[id_].codes, x, y)

    questions = [node(f"q-{q.id}", q) for q in journey.questions.values()]
    nodes = {
        each.id: each for each in (*questions, *(node(f"r-{r.id}", r) for r in journey.results.values()))
    }
    return Outline(
        questions=tuple(questions),
        results=tuple(nodes[f"r-{id_}"] for id_ in journey.results),
        edges=tuple((nodes[a], nodes[b]) for a, b in pairs),
        width=2 * _MARGIN + last * _COLUMN + _WIDTH,
        height=2 * _MARGIN + round((max(row.values()) + 1) * _ROW),
    )


def _id(walk: Walk) -> str:
    """A unique id for what a walk leads to: a question and a result may have the same id."""
    if walk.question:
        return f"q-{walk.question.id}"
    assert walk.result is not None
    return f"r-{walk.result.id}"


def script(content: Content) -> str:
    """Every word of the content as plain text (Markdown), with a section for each result, for reviewers to diff.

    Each sentence is on its own line, once, so that changing a word changes one line.
    """
    return "\n".join(_script(content)) + "\n"


def _script(content: Content) -> Iterator[str]:
    yield "# The journey"
    yield ""
    yield "Made by `flask map`: every word of the content that visitors read. Questions and their answers; then each"
    yield "result, who sees it, and what; then the notices and services that results name, and the other files."
    yield "An answer is named by its question and its code."
    for question in content.journey.questions.values():
        yield from (
            "",
            f"## Question: {question.id}",
            "",
            *_sentences(question.title),
            *_sentences(question.hint),
        )
        if question.hosted_hint:
            yield from (
                "",
                "and as a static site, in place of that hint",
                "",
                *_sentences(question.hosted_hint),
            )
        yield ""
        group = ""
        for answer in question.answers:
            if answer.group != group:
                group = answer.group
                yield from ("", f"### {group}", "")
            yield f"- `{answer.code}` {answer.label}"
            yield from (f"  {each}" for each in _sentences(answer.hint))
            yield f"  {_leads_to(answer)}"
    ends: dict[str, list[Walk]] = {id_: [] for id_ in content.journey.results}
    for walk in content.journey.walks():
        if walk.result:
            ends[walk.result.id].append(walk)
    for id_, walks in ends.items():
        yield from _result(content.journey.results[id_], walks)
    for notice in content.journey.notices.values():
        yield from ("", f"## Notice: {notice.id}", "", notice.title, "", *_sentences(notice.body))
        if notice.more:
            yield from ("", "and behind a press", "", *_sentences(notice.more))
    texts: dict[str, list[Message]] = {}
    for message in extract_messages(content):
        texts.setdefault(message.file, []).append(message)
    english = Locale(ENGLISH, content, NullTranslations())
    for route in content.directory.routes.values():
        yield from _service(english, route, texts.pop(f"routes/{route.id}.toml"))
    for file, messages in texts.items():
        if not file.startswith(("questions.toml", "results/", "notices.toml")):
            yield from ("", f"## File: {file}", "", *_fields(messages))


def _service(english: Locale, route: Route, texts: list[Message]) -> Iterator[str]:
    """Every text of a service, and the facts that its page puts into words. Each contact is followed by its texts."""
    yield from ("", f"## Service: {route.id}", "")
    yield f"- for ages {route.ages.youngest} to {route.ages.oldest}, in {', '.join(route.nations)}"
    yield f"- name_needed: {route.privacy.name_needed}"
    of_contacts = f"routes/{route.id}.toml, contacts "
    yield from _fields(each for each in texts if not each.place.startswith(of_contacts))
    for number, contact in enumerate(route.contacts, 1):
        yield from _contact(english, number, contact)
        yield from _fields(each for each in texts if each.place.startswith(f"{of_contacts}{number},"))


def _contact(english: Locale, number: int, contact: Contact) -> Iterator[str]:
    hours = contact.hours
    week = english.hours.week(hours) if hours.open == "limited" else hours.open
    yield f"- contacts {number}: {' '.join(filter(None, (contact.kind, contact.sms_keyword, contact.text)))}"
    yield f"  cost: {contact.cost}; to be reached from: {contact.reachable_from}"
    yield f"  open: {week} {english.hours.holidays(hours, english.in_nation)}".rstrip()
    if contact.languages:
        yield f"  also in: {', '.join(contact.languages)}"


def _fields(texts: Iterable[Message]) -> Iterator[str]:
    """Each text under the name of its field."""
    for each in texts:
        first, *more = _sentences(each.text)
        yield f"- {each.place.removeprefix(each.file).removeprefix(', ')}: {first}"
        yield from (f"  {sentence}".rstrip() for sentence in more)


def _leads_to(answer: Answer) -> str:
    match answer.next, answer.result:
        case "", "":
            return "→ the result named before"
        case "", result:
            return f"→ result {result}"
        case question, "":
            return f"→ question {question}"
        case question, result:
            return f"→ question {question}, then result {result}"
    raise AssertionError


def _result(result: Result, walks: list[Walk]) -> Iterator[str]:
    yield from ("", f"## Result: {result.id}", "", "Whoever answers", "")
    for line in _together(
        [[f"{question.id} {answer.code}" for question, answer in walk.answered] for walk in walks]
    ):
        yield f"- {line}"
    yield from ("", "sees", "", result.title, *_sentences(result.lead), *map(_step, result.steps))
    if result.after:
        yield from ("", "and after the call", "", *map(_step, result.after))
    if result.when_shut:
        yield from ("", "and if nobody answers", "", *_sentences(result.when_shut))
    if result.crisis:
        yield from ("", "and help if it all feels too much")
    for topic in result.advice:
        yield from ("", f"and the advice {topic}")


def _together(paths: list[list[str]]) -> list[str]:
    """Describes paths in words. Paths that differ only in the first or only in the last answer share a line."""
    for place in (-1, 0):
        alike: dict[tuple[str, ...], list[str]] = {}
        for path in paths:
            question, _, codes = path[place].partition(" ")
            rest = [*path]
            rest[place] = question
            alike.setdefault(tuple(rest), []).append(codes)
        paths = []
        for rest_, codes_ in alike.items():
            path = [*rest_]
            path[place] += f" {' or '.join(dict.fromkeys(codes_))}"
            paths.append(path)
    return [", ".join(path) for path in paths]


def _step(step: Step) -> str:
    when = [
        f"{name} {' or '.join(values)}"
        for name, values in (
            ("nation", step.when.nation),
            ("age", step.when.age),
            ("image", step.when.image),
            ("picture", step.when.picture),
            ("topics", step.when.topics),
        )
        if values
    ]
    shown = f"notice {step.notice}" if step.notice else f"service {step.route}: {step.why}"
    if step.for_child:
        shown += " (for the child)"
    return f"- {shown}{' (only for ' + ', '.join(when) + ')' if when else ''}"


def _sentences(text: str) -> Iterator[str]:
    """The text with one line per sentence, so that a change in one does not change the others' lines."""
    for line in text.strip().splitlines():
        yield from re.split(r"(?<=[.?!:]) (?=\S)", line)
