"""``flask explain`` says what a path's page shows, why, and the verdict of each rule."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from signpost.checks.explain import explain
from signpost.checks.rules import RULES, outcomes
from signpost.models.content import Content, load_content
from signpost.models.outcome import Outcome
from tests.planting import plant

PATH = "n/p/o/e"


def explained(content: Content, path: str) -> list[str]:
    return list(explain(content, content.journey.follow(path.split("/"))))


def test_the_command_explains_a_path_or_an_address(runner, content):
    done = runner.invoke(args=["explain", PATH])
    assert done.exit_code == 0
    assert done.output.splitlines() == explained(content, PATH)
    for written in (f"/check/{PATH}", f"{PATH}/"):
        assert runner.invoke(args=["explain", written]).output == done.output


def test_it_gives_the_answers_the_situation_and_the_result(content):
    lines = explained(content, PATH)
    walk = content.journey.follow(PATH.split("/"))
    for question, answer in walk.answered:
        assert [line for line in lines if line.startswith(f"  {question.id} {answer.code}  {answer.label}")]
    (situation,) = [line for line in lines if line.startswith("Situation: ")]
    assert f"age {walk.situation.age}" in situation
    assert all(topic in situation for topic in walk.situation.topics)
    assert f"Result: {walk.result.id} in {walk.result.file}" in lines


def test_the_steps_that_it_calls_shown_are_those_of_the_page_for_every_result(content):
    for outcome in outcomes(content):
        lines = list(explain(content, outcome.walk))
        called = [
            found[1]
            for line in lines
            if (found := re.match(r"  - (?:notice )?([\w-]+)(?: \(.*\))?: shown", line))
        ]
        visible = [
            step.route.id if step.route else step.notice.id for step in (*outcome.steps, *outcome.after)
        ]
        assert sorted(called) == sorted(visible), outcome.walk
        assert f"In this order on the page: {', '.join(visible)}" in lines


def test_every_step_is_listed_and_a_hidden_one_says_why(content):
    hidden = 0
    for outcome in outcomes(content):
        lines = list(explain(content, outcome.walk))
        for step in (*outcome.result.steps, *outcome.result.after):
            assert any(f"{step.route or step.notice}" in line for line in lines), (outcome.walk, step)
        reasons = [line.partition(": not shown, ")[2] for line in lines if ": not shown" in line]
        assert all(reasons)
        hidden += len(reasons)
    assert hidden > 10


def test_each_rule_gives_its_verdict(content):
    lines = explained(content, PATH)
    for rule in RULES.values():
        assert f"  {rule.number:2} {rule.name}: kept" in lines
    off = replace(content, manifest=replace(content.manifest, rules_off=("crisis-help",)))
    assert any(re.match(r" *\d+ crisis-help: switched off", line) for line in explained(off, PATH))


def test_a_rule_that_is_broken_says_how(tmp_path):
    folder = plant(
        tmp_path,
        "results/adults-known.toml",
        '{ route = "police"',
        '# { route = "police"',
        after="[known-suspect]",
    )
    content = load_content(folder)
    walk = next(w for w in content.journey.walks() if w.result and w.result.id == "known-suspect")
    assert any("BROKEN: " in line and "the police are missing" in line for line in explain(content, walk))
    assert Outcome(content, walk).result.id == "known-suspect"


def test_a_path_that_is_not_finished_names_the_next_question(runner, content):
    question = content.journey.follow(["n"]).question
    assert f"Next question: {question.id}  {question.title}" in runner.invoke(args=["explain", "n"]).output
    assert content.journey.first in runner.invoke(args=["explain", ""]).output


@pytest.mark.parametrize(("path", "furthest"), [("n/zz/o", "n"), ("zz", "the first question"), ("y/y", "y")])
def test_a_path_that_leads_nowhere_says_how_far_it_leads(runner, path, furthest):
    done = runner.invoke(args=["explain", path])
    assert done.exit_code == 1
    assert f"“{path}” leads nowhere: it can be followed as far as {furthest}." in done.output
