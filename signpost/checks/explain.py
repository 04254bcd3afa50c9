"""Why a path shows what it shows: its situation, the verdict of each rule, and each step of its result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields

from signpost.checks.rules import RULES
from signpost.models.content import Content
from signpost.models.journey import Condition, Situation, Step, Walk
from signpost.models.outcome import Outcome, VisibleStep


def explain(content: Content, walk: Walk) -> Iterator[str]:
    """Explains a walk to an editor, line by line.

    Args:
        content: the content.
        walk: a walk, finished or not.
    """
    yield "Answers"
    for question, answer in walk.answered:
        implied = _describe(answer.implies)
        yield f"  {question.id} {answer.code}  {answer.label}{f'  (implies {implied})' if implied else ''}"
    yield ""
    yield f"Situation: {_describe(walk.situation) or 'nothing is known yet'}"
    yield ""
    if walk.question:
        yield f"Next question: {walk.question.id}  {walk.question.title}"
        return
    outcome = Outcome(content, walk)
    yield f"Result: {outcome.result.id} in {outcome.result.file}"
    for heading, steps, visible in (
        ("Steps", outcome.result.steps, outcome.steps),
        ("After the call", outcome.result.after, outcome.after),
    ):
        if steps:
            yield ""
            yield heading
            yield from (f"  {line}" for line in _steps(outcome, steps, visible))
    if outcome.crisis:
        yield ""
        yield f"Help in a crisis: {', '.join(route.id for route in outcome.crisis)}"
    yield ""
    yield "Rules"
    for rule in RULES.values():
        if rule.name in content.manifest.rules_off:
            yield f"  {rule.number:2} {rule.name}: switched off (scope.toml, rules_off)"
            continue
        problems = list(rule.check(outcome))
        yield f"  {rule.number:2} {rule.name}: {'kept' if not problems else 'BROKEN: ' + ' '.join(problems)}"


def _steps(outcome: Outcome, steps: Iterable[Step], visible: Iterable[VisibleStep]) -> Iterator[str]:
    """What is shown, in the order of the page, and why; then the steps that are not shown, and why not."""
    made_something = []
    for each in visible:
        step = next(step for step in steps if _makes(outcome, step, each))
        made_something.append(step)
        condition = _describe(step.when)
        because = f"shown, because of {condition}" if condition else "shown to everyone here"
        if each.route:
            member = f" (of the family {step.route})" if each.route.id != step.route else ""
            yield f"- {each.route.id}{member}: {because}"
        else:
            yield f"- notice {step.notice}: {because}"
    for step in steps:
        if not step.when.matches(outcome.situation):
            yield f"- {step.route or step.notice}: not shown, it is only for {_describe(step.when)}"
        elif step not in made_something:
            yield f"- {step.route}: not shown, it serves nobody of this age in this nation"


def _makes(outcome: Outcome, step: Step, visible: VisibleStep) -> bool:
    """Whether a step of the content is the one that shows this on the page."""
    if not step.when.matches(outcome.situation):
        return False
    if visible.notice:
        return step.notice == visible.notice.id
    return bool(step.route) and visible.route in outcome.content.directory.named(step.route)


def _describe(values: Situation | Condition) -> str:
    """What a situation holds or a condition asks for, such as "age adult, topics contact or work"."""
    parts = []
    for field in fields(values):
        value = getattr(values, field.name)
        if isinstance(value, (tuple, frozenset)):
            value = (
                " or ".join(sorted(value)) if isinstance(values, Condition) else " and ".join(sorted(value))
            )
        if value:
            parts.append(field.name if value is True else f"{field.name} {value}")
    return ", ".join(parts)
