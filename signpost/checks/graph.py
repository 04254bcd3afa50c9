"""Checks that the journey is a sound graph: no missing or unused parts, no cycle, no dead end, no path too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from signpost.models.errors import ContentProblem
from signpost.models.journey import Journey, Walk

#: The most questions that a path may ask.
MOST_QUESTIONS = 6

_CODE = re.compile(r"[a-z0-9]{1,3}")
_FILE = "questions.toml"


def graph_problems(journey: Journey) -> Iterator[ContentProblem]:
    """Everything wrong with the graph of questions, answers and results.

    Paths are walked only if every target exists and there is no cycle.
    """
    first = list(_missing(journey))
    yield from first
    yield from _codes(journey)
    if first:
        return
    if cycle := _cycle(journey):
        yield ContentProblem(
            _FILE, cycle[0], f"It goes round in a circle: {' → '.join(cycle)}.", "Lead one answer elsewhere."
        )
        return
    dead = list(_dead_ends(journey))
    yield from dead
    if not dead:
        walks = list(journey.walks())
        yield from _orphans(journey, walks)
        yield from _too_long(walks)
        yield from _entries(journey)


def _missing(journey: Journey) -> Iterator[ContentProblem]:
    if not journey.questions:
        yield ContentProblem(_FILE, "", "There is no question.", "Write at least one.")
    for question in journey.questions.values():
        if not question.title.strip():
            yield ContentProblem(_FILE, question.id, "Its title is empty.", "Write the question.")
        if not question.answers:
            yield ContentProblem(_FILE, question.id, "It has no answer.", "Give it at least one.")
        for answer in question.answers:
            entry = f"{question.id}, answer “{answer.code}”"
            if not answer.label.strip():
                yield ContentProblem(_FILE, entry, "Its label is empty.", "Write the answer.")
            if answer.next and answer.next not in journey.questions:
                yield ContentProblem(
                    _FILE,
                    entry,
                    f"It leads to the question “{answer.next}”, which does not exist.",
                    "Correct “next”.",
                )
            if answer.result and answer.result not in journey.results:
                yield ContentProblem(
                    _FILE,
                    entry,
                    f"It ends at the result “{answer.result}”, which does not exist.",
                    "Correct “result”.",
                )


def _codes(journey: Journey) -> Iterator[ContentProblem]:
    for question in journey.questions.values():
        for code in question.retired:
            if not _CODE.fullmatch(code):
                problem = f"The retired code “{code}” was never a code."
                yield ContentProblem(_FILE, question.id, problem, "Write the code as it was.")
        seen: set[str] = set()
        for answer in question.answers:
            entry = f"{question.id}, answer “{answer.code}”"
            if not _CODE.fullmatch(answer.code):
                yield ContentProblem(
                    _FILE,
                    entry,
                    "Its code is not one to three small letters or digits.",
                    "Choose another code.",
                )
            if answer.code in seen:
                yield ContentProblem(
                    _FILE,
                    entry,
                    "Two answers of this question have that code.",
                    "Give the newer one another code.",
                )
            if answer.code in question.retired:
                yield ContentProblem(
                    _FILE,
                    entry,
                    "Its code is retired, and an old link would now mean something else.",
                    "Choose a code never used here.",
                )
            seen.add(answer.code)


def _cycle(journey: Journey) -> list[str]:
    """The ids of the questions on a cycle, the first one repeated at the end; empty if there is no cycle."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for question in journey.questions.values():
        for answer in question.answers:
            if answer.next:
                sorter.add(answer.next, question.id)
    try:
        sorter.prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def _dead_ends(journey: Journey) -> Iterator[ContentProblem]:
    """A problem for each answer that ends a path on which no answer names a result."""
    seen = set()
    stack = [(journey.first, False)]
    while stack:
        id_, known = stack.pop()
        if (id_, known) in seen:
            continue
        seen.add((id_, known))
        for answer in journey.questions[id_].answers:
            named = known or bool(answer.result)
            if answer.next:
                stack.append((answer.next, named))
            elif not named:
                yield ContentProblem(
                    _FILE,
                    f"{id_}, answer “{answer.code}”",
                    "It is a dead end: neither it nor an answer before it names a result.",
                    "Add “next” or “result”.",
                )


def _orphans(journey: Journey, walks: list[Walk]) -> Iterator[ContentProblem]:
    questions: set[str] = set()
    results: set[str] = set()
    notices: set[str] = set()
    shown: set[tuple[str, int]] = set()
    for walk in walks:
        if walk.question:
            questions.add(walk.question.id)
        elif walk.result:
            results.add(walk.result.id)
            steps = (*walk.result.steps, *walk.result.after)
            notices.update(step.notice for step in steps)
            shown.update(
                (walk.result.id, n) for n, step in enumerate(steps) if step.when.matches(walk.situation)
            )
    for id_ in journey.questions.keys() - questions:
        yield ContentProblem(_FILE, id_, "No answer leads to this question.", "Lead one to it, or delete it.")
    for id_ in journey.results.keys() - results:
        yield ContentProblem(
            journey.results[id_].file,
            id_,
            "No path ends at this result.",
            "Lead an answer to it, or delete it.",
        )
    for id_ in results:
        result = journey.results[id_]
        for n, step in enumerate((*result.steps, *result.after)):
            if (id_, n) not in shown:
                problem = f"No path shows its step “{step.route or step.notice}”: its “when” never holds."
                yield ContentProblem(result.file, id_, problem, "Correct “when”, or delete the step.")
    for id_ in journey.notices.keys() - notices:
        yield ContentProblem(
            "notices.toml", id_, "No result shows this notice.", "Add it to one, or delete it."
        )


def _too_long(walks: list[Walk]) -> Iterator[ContentProblem]:
    for walk in walks:
        if walk.question and len(walk.answered) == MOST_QUESTIONS:
            path = "/".join(walk.codes)
            problem = f"The path {path} asks more than {MOST_QUESTIONS} questions."
            yield ContentProblem(
                _FILE, walk.question.id, problem, "Leave out a question that does not change the result."
            )


def _entries(journey: Journey) -> Iterator[ContentProblem]:
    for entry in journey.entries.values():
        if journey.first in entry.answers:
            problem = f"It answers “{journey.first}”, which nobody may skip."
            yield ContentProblem("entries.toml", entry.id, problem, "Take that answer out.")
        for id_, code in entry.answers.items():
            question = journey.questions.get(id_)
            if question is None or question.answer(code) is None:
                yield ContentProblem(
                    "entries.toml",
                    entry.id,
                    f"“{id_}” has no answer “{code}”.",
                    "Correct the question or the code.",
                )
