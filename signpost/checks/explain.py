"""Why a path shows what it shows: its situation, the verdict of each rule, and each step of its result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from signpost.checks.rules import RULES
from signpost.models.content import Content
from signpost.models.journey import Condition, Situation, Step, Walk
from signpost.models.outcome import Outcome


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
    for heading, steps in (("Steps", outcome.result.steps), ("After the call", outcome.result.after)):
        if steps:
            yield ""
            yield heading
            yield from (f"  {line}" for step in steps for line in _step(outcome, step))
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


def _step(outcome: Outcome, step: Step) -> Iterator[str]:
    """Whether one step is shown, and why or why not."""
    situation = outcome.situation
    condition = _describe(step.when)
    if not step.when.matches(situation):
        yield f"- {step.route or step.notice}: not shown, it is only for {condition}"
        return
    because = f"shown, because of {condition}" if condition else "shown to everyone here"
    if step.notice:
        yield f"- notice {step.notice}: {because}"
        return
    directory = outcome.content.directory
    shown = directory.fitting(step.route, situation.nation, situation.ages)
    if not shown:
        yield f"- {step.route}: not shown, it serves nobody of this age in this nation"
    for route in shown:
        member = f" (of the family {step.route})" if route.id != step.route else ""
        yield f"- {route.id}{member}: {because}"


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
