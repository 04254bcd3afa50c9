"""The rules: each is broken on purpose in a copy of the content, and reported with its number and a path."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from config import OWN_CONTENT
from signpost.checks.rules import RULES, broken_rules, launch_blockers, rule
from signpost.models.content import load_content
from signpost.models.outcome import Outcome
from tests import ROOT
from tests.planting import plant, refusal

ANYONE, ABROAD, ADULTS, ME, CHILDREN, PARENTS, SEEN, YOURSELF = (
    f"results/{name}.toml"
    for name in ("anyone", "abroad", "adults-known", "about-me", "children", "parents", "seen", "yourself")
)
HELPLINE, NSPCC = "routes/stop-it-now.toml", "routes/nspcc.toml"
EXTRA = '{{ route = "{}", why = "Planted." }},\n  '
#: The same, of a form that keeps its place before the first number.
FIRST = EXTRA.replace(" }},", ", first = true }},")


def without(steps: str) -> tuple[str, str]:
    """A replacement that removes steps from a result by turning each of their lines into a comment."""
    return steps, "\n".join(f"# {line}" for line in steps.splitlines())


def before(step: str, route: str) -> tuple[str, str]:
    """A replacement that inserts a route before a step."""
    return step, EXTRA.format(route) + step


#: Three steps inserted before the notice about rights.
RIGHTS_LAST = (
    EXTRA.format("stop-it-now")
    + EXTRA.format("samaritans")
    + EXTRA.format("shout")
    + '{ notice = "your-rights"'
)

# fmt: off
# rule, path; file, entry, old text, planted text; words of the report
PLANTED = [
    (1, "y", ANYONE, "[now]", '{ route = "999"', EXTRA.format("samaritans") + '{ route = "999"', "nothing else before"),
    (1, "t/a", ANYONE, "[talk]", "steps =", 'after = [{ notice = "leave-it" }]\nsteps =', "for danger now only"),
    (1, "n/x/b", ABROAD, "[abroad-both]", 'when_shut = "', 'when_shut = "[](call:police) ', "the number of “police” to press"),
    (2, "n/k/t", ADULTS, "[known-unsure]", *without('{ route = "police"'), "no free phone line"),
    (2, "n/c/n", CHILDREN, "[child-quiet]", *without('{ route = "childline"'), "no line to talk to"),
    (2, "n/k/t", ADULTS, "[known-unsure]", *without('{ route = "stop-it-now"'), "no line to talk to has known opening hours"),
    (2, "n/k/t", ADULTS, "[known-unsure]", *without("when_shut ="), "no words for when"),
    (2, "n/k/t", ADULTS, "[known-unsure]", 'when_shut = "', 'when_shut = "Wait." # ', "no number to press that answers"),
    (2, "n/m/n", YOURSELF, "[self-near]", *without("when_shut ="), "no words for when"),
    (2, "n/t", ANYONE, "[talk]", 'lead = "', 'lead = "Just talk." # ', "the lead has no number to press"),
    (2, "n/x/b", ABROAD, "[abroad-both]", *without('{ route = "local-police-abroad"'), "police of that country"),
    (2, "n/x/c", ABROAD, "[abroad-me]", *without('{ route = "inhope"'), "own hotline"),
    (2, "n/x/b", HELPLINE, "+44", '"charged"', '"unknown"', "does not say what it costs"),
    (2, "n/x/n/c", ABROAD, "[abroad-threat]", *without('{ route = "stop-it-now"'), "no number in the UK that can be called"),
    (3, "t/c", CHILDREN, "[child-talk]", '{ route = "shout"', '{ route = "nspcc"', "“nspcc” serves nobody of this age"),
    (3, "n/x/b", ABROAD, "[abroad-both]", '{ route = "inhope"', '{ route = "shout"', "“shout” serves nobody"),
    (3, "n/p/i/n/e", PARENTS, "[parent-image]", ", for_child = true", "", "“report-remove” serves nobody of this age"),
    (3, "n/k/t", ADULTS, "[known-unsure]", '{ route = "nspcc"', '{ route = "lado"', "does not serve every nation"),
    (3, "n/c/w/y", CHILDREN, "[child-self-young]", *before('{ route = "childline"', "shout"), "must be shown one service only"),
    (4, "n/s/w/e", SEEN, "[seen-web]", *without('{ notice = "found-it"'), "(image-found) is missing"),
    (4, "n/b/i/a/e", ME, "[image-adult]", *without('{ notice = "now-me"'), "(image-mine) is missing"),
    (4, "n/s/w/e", SEEN, "[seen-web]", '{ notice = "found-it"', FIRST.format("iwf") + '{ notice = "found-it"', "before the notice for pictures"),
    (4, "n/m/v", YOURSELF, "[self-viewing]", '{ route = "stop', '{ notice = "my-viewing" },\n  { route = "stop', "stands above the helpline, or the helpline is missing"),
    (5, "n/b/b/e/e", ME, "[blackmail-child]", '{ route = "ceop"', '{ route = "stopncii"', "“stopncii” is only for pictures of adults"),
    (5, "n/x/n/a", ABROAD, "[abroad-threat-adult]", *before('{ route = "stopncii"', "stop-it-now"), "the picture is of an adult"),
    (5, "n/b/i/c/e", "advice/pictures.toml", "", "", "adult_images = true\n", "the advice “pictures” is only for pictures of adults"),
    (6, "n/k/v/e", ADULTS, "[known-suspect]", *without('{ route = "police"'), "the police are missing"),
    (6, "n/k/v/e", ADULTS, "[known-suspect]", *without('{ route = "stop-it-now"'), "the helpline for people worried about an adult"),
    (6, "n/p/o/e", PARENTS, "[parent-contact]", *without('{ route = "stop-it-now"'), "the helpline for people worried about an adult"),
    (7, "n/m/h", YOURSELF, "[self-thoughts]", *before('{ route = "stop-it-now"', "samaritans"), "not the helpline for people worried about themselves"),
    (7, "n/l/p/e", YOURSELF, "[accused]", *before('{ route = "stop-it-now"', "samaritans"), "not the helpline for people worried about themselves"),
    (7, "n/c/w/y", CHILDREN, "[child-self-young]", '{ route = "childline"', '{ route = "fearless"', "not a line for children"),
    (7, "n/c/w/t/h", CHILDREN, "[child-self]", *without('{ route = "shore"'), "the service for teenagers"),
    (7, "n/m/h", YOURSELF, "[self-thoughts]", *before('{ route = "stop-it-now-self-help"', "police"), "must not stand in for the helpline"),
    (7, "n/x/m", ABROAD, "[abroad-self]", *before('{ route = "stop-it-now-self-help"', "local-police-abroad"), "must not stand in for the helpline"),
    (7, "n/m/i/u", YOURSELF, "[self-illness]", *without('{ route = "gp"'), "not a doctor"),
    (7, "n/m/i/e", YOURSELF, "[self-illness]", *without('{ route = "stop-it-now"'), "worried about themselves is missing"),
    (7, "n/m/d", YOURSELF, "[self-done]", *before('{ notice = "not-alone-with-a-child"', "stop-it-now"), "not to be alone with a child"),
    (7, "n/c/w/t/d", CHILDREN, "[child-self-done]", *before('{ notice = "not-alone-with"', "childline"), "not to be alone with a child"),
    (8, "n/k/t", NSPCC, "[privacy]", 'words = "', 'words = ""  # "', "“nspcc” does not say what happens with a name"),
    (10, "n/k/v/e", ADULTS, "[known-suspect]", *without('{ notice = "leave-it"'), "what to leave to the police"),
    (10, "n/m/b/e", YOURSELF, "[told-child-self]", *without('{ notice = "do-not-pay"'), "what to leave to the police"),
    (10, "n/c/m/g/e", "notices.toml", "[stop-and-get-help]", '["leave-it"]', "[]", "what to leave to the police"),
    (11, "n/l/f", YOURSELF, "[law-family]", "crisis = true", "crisis = false", "no route for crisis"),
    (11, "n/x/m", ABROAD, "[abroad-self]", "crisis = true", "crisis = false", "the help for crisis is missing"),
    (11, "n/o/b/e", ADULTS, "[other-threat]", *without('{ notice = "child-crisis"'), "no route for crisis"),
    (11, "n/k/a/e", ADULTS, "[known-arrest]", *without('{ notice = "watch-over"'), "person who was arrested may be at risk"),
    (11, "n/m/p/e", YOURSELF, "[self-police]", 'lead = "', 'lead = "Wait." # ', "stands too far down"),
    (11, "n/k/a/x", ABROAD, "[abroad-me]", *without('{ notice = "watch-over-abroad"'), "who was arrested may be at risk"),
    (11, "n/p/k/y/x", "notices.toml", "[watch-over-abroad]", '["arrest-risk", "leave-it"]', '["leave-it"]', "who was arrested may be at risk"),
    (11, "n/m/p/x", ABROAD, "[abroad-self]", "crisis = true", "crisis = false", "the help for crisis is missing"),
    (12, "t/c", CHILDREN, "[child-talk]", *without('{ notice = "trusted-adult"'), "an adult they trust"),
    (12, "t/c", CHILDREN, "[child-talk]", '{ route = "shout"', '{ route = "parents-protect"', "“parents-protect” does not say what a child should know"),
    (12, "n/c/m/b/e", CHILDREN, "[child-blackmail]", "**999**", "for help", "when to call 999"),
    (12, "n/c/m/g/e", CHILDREN, "[child-coerced]", "[](call:childline)", "Childline", "no line for children to press"),
    (14, "n/l/p/e", YOURSELF, "[accused]", *without('{ notice = "your-rights"'), "what rights there are"),
    (14, "n/c/p/e", CHILDREN, "[child-police]", *without('{ notice = "your-rights-young"'), "what rights there are"),
    (14, "n/p/k/y/e", "notices.toml", "[your-childs-rights]", '["rights"]', "[]", "what rights there are"),
    (14, "n/l/p/e", YOURSELF, "[accused]", '{ notice = "your-rights"', RIGHTS_LAST, "too far down"),
    (14, "n/p/k/y/x", ABROAD, "[abroad-me]", *without('{ notice = "rights-abroad"'), "what rights there are"),
    (14, "n/l/p/x", ABROAD, "[abroad-self]", *without('{ notice = "rights-abroad"'), "what rights there are"),
    (14, "n/c/p/x", CHILDREN, "[child-abroad-police]", *without('{ notice = "rights-abroad-young"'), "what rights there are"),
    (15, "n/s/g/n", SEEN, "[seen-sent]", *without('{ notice = "northern-ireland"'), "is not shown"),
    (15, "n/s/g/e", SEEN, "[seen-sent]", ', when = { nation = ["northern-ireland"] }', "", "who does not have it"),
    (15, "n/c/m/b/n", CHILDREN, "[child-blackmail]", "steps = [", 'steps = [\n  { notice = "northern-ireland" },', "who does not have it"),
    (15, "n/u/u", "questions.toml", "[[else-what.answers]]", 'next = "nation"\n', "", "the nation was not asked"),
    (16, "n/c/w/t/h", CHILDREN, "[child-self]", '{ route = "childline"', FIRST.format("shore") + '{ route = "childline"', "no way to reach it is sure"),
]
# fmt: on


@pytest.mark.parametrize("planted", PLANTED, ids=lambda p: f"{p[0]} {p[1]} {p[6]}")
def test_a_broken_rule_is_reported(tmp_path, planted):
    number, path, file, entry, old, new, problem = planted
    content = load_content(plant(tmp_path, file, old, new, after=entry))
    outcome = Outcome(content, content.journey.follow(path.split("/")))
    (planted_rule,) = [each for each in RULES.values() if each.number == number]
    problems = list(planted_rule.check(outcome))
    assert any(problem in each for each in problems), problems


def test_the_rule_on_what_happens_next_holds_by_itself(content):
    """Rule 9: the loader already rejects an empty text, so this test plants it after loading."""
    routes = content.directory.routes
    silent = {**routes, "nspcc": replace(routes["nspcc"], access=" ")}
    broken = broken_rules(replace(content, directory=replace(content.directory, routes=silent)))
    assert {(b.rule.number, b.problem) for b in broken} == {
        (9, "“nspcc” leaves out what happens next, access or languages.")
    }


@pytest.mark.parametrize("id_", ["stop-it-now", "shore"])
def test_the_rule_on_what_is_not_confirmed_holds_whatever_the_operator_has_confirmed(content, id_):
    """Rule 13: the doubt is planted after loading, because the files lose theirs when somebody confirms them."""
    route = content.directory.routes[id_]
    first, *others = route.contacts
    doubtful = replace(route, unconfirmed="", contacts=(replace(first, confidence="medium"), *others))
    routes = {**content.directory.routes, id_: doubtful}
    broken = broken_rules(replace(content, directory=replace(content.directory, routes=routes)))
    problems = {each.problem for each in broken if each.rule.number == 13}
    assert any(f"“{id_}” is required here, its contact 1 (" in each for each in problems), problems


@pytest.mark.parametrize(
    ("file", "entry", "old", "new", "mend"),
    [
        (ADULTS, "[known-unsure]", *without("when_shut ="), "Add when_shut to the result"),
        (ADULTS, "[known-suspect]", *without('{ notice = "leave-it"'), "the role “leave-it”: "),
        (ADULTS, "[known-suspect]", *without('{ route = "police"'), "a route that has the role “police” and “report”: "),
    ],
)  # fmt: skip
def test_a_broken_rule_names_the_field_or_the_entries_that_mend_it(tmp_path, file, entry, old, new, mend):
    message = refusal(plant(tmp_path, file, old, new, after=entry))
    assert mend in message
    assert re.search(r"Rule \d+ in docs/editing\.md says why\.$", message, re.MULTILINE)


def test_every_rule_is_planted():
    assert {rule for rule, *_ in PLANTED} | {9, 13} == {rule.number for rule in RULES.values()}


def test_a_rule_that_is_registered_runs(content, monkeypatch):
    def never_content(outcome):
        yield "it is never content."

    monkeypatch.setattr("signpost.checks.rules.RULES", dict(RULES))
    rule(99)(never_content)
    assert {(each.rule.name, each.problem) for each in broken_rules(content)} == {
        ("never-content", "it is never content.")
    }


def test_the_content_breaks_no_rule(content):
    assert broken_rules(content) == []


def test_a_broken_rule_stops_the_start_and_names_file_result_and_path(tmp_path):
    message = refusal(plant(tmp_path, ADULTS, *without('{ route = "police"'), after="[known-ask]"))
    assert message.startswith("Walked ")
    assert re.search(
        r"^results/adults-known\.toml, known-ask: Rule 6 is broken on /check/n/\w/.*: the police are missing\.",
        message,
        re.MULTILINE,
    )


def test_what_is_to_be_confirmed_before_launch_is_listed(content, checked):
    blockers = launch_blockers(content)
    for route in blockers:
        assert route.unconfirmed
        assert f"  {route.id}: {route.unconfirmed}" in checked


def flask_check(content: Path) -> subprocess.CompletedProcess[str]:
    """Runs ``flask check`` in a process of its own, as an operator does."""
    environment = {**os.environ, "SIGNPOST_CONTENT": str(content)}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "check"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_command_accepts_the_content():
    done = flask_check(OWN_CONTENT)
    assert done.returncode == 0, done.stderr
    assert "0 broken rules." in done.stdout
    assert re.search(r"Walked \d+ questions, \d+ paths, \d+ results in \d+ forms, \d+ routes\.", done.stdout)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("questions.toml", 'next = "who"', 'next = "nobody"', "questions.toml, danger, answer “n”"),
        pytest.param(
            ANYONE,
            'when_shut = "These two',
            '# when_shut = "These two',
            "results/anyone.toml, talk: Rule 2 is broken on /check/",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_the_command_refuses_broken_content_by_name(tmp_path, file, old, new, said):
    done = flask_check(plant(tmp_path, file, old, new))
    assert done.returncode == 1
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
