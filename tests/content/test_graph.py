"""The journey as a graph: each fault planted in the content is reported by name."""

from __future__ import annotations

import pytest

from signpost.checks.graph import MOST_QUESTIONS
from tests.planting import plant, refusal
from tests.states import some


def chain(length: int) -> str:
    """The TOML of ``length`` questions, each leading to the next and the last to a result."""
    ends = [f'next = "q{n}"' for n in range(2, length + 1)] + ['result = "talk"']
    return "".join(
        f'[q{n}]\ntitle = "Another?"\nanswers = [{{ code = "x", label = "Yes", {end} }}]\n\n'
        for n, end in enumerate(ends, 1)
    )


LONELY_QUESTION = (
    '[lonely]\ntitle = "Alone?"\nanswers = [{ code = "x", label = "Yes", result = "talk" }]\n\n[age]\n'
)
LONELY_RESULT = '[lonely]\nlead = "Alone."\nsteps = []\n\n[talk]\n'
LONELY_NOTICE = '[lonely]\ntitle = "Alone"\nbody = "Alone."\n\n[found-it]\n'

FAULTS = {
    "a question that does not exist": (
        "questions.toml",
        'next = "who"',
        'next = "nobody"',
        "questions.toml, danger, answer “n”: It leads to the question “nobody”, which does not exist. Correct “next”.",
    ),
    "a result that does not exist": (
        "questions.toml",
        'result = "now"',
        'result = "never"',
        "questions.toml, danger, answer “y”: It ends at the result “never”, which does not exist. Correct “result”.",
    ),
    "a question without answers": (
        "questions.toml",
        "[age]\n",
        '[silent]\ntitle = "And?"\nanswers = []\n\n[age]\n',
        "questions.toml, silent: It has no answer. Give it at least one.",
    ),
    "an orphan question": (
        "questions.toml",
        "[age]\n",
        LONELY_QUESTION,
        "questions.toml, lonely: No answer leads to this question. Lead one to it, or delete it.",
    ),
    "an orphan result": (
        "results/anyone.toml",
        "[talk]\n",
        LONELY_RESULT,
        "results/anyone.toml, lonely: No path ends at this result. Lead an answer to it, or delete it.",
    ),
    "an orphan notice": (
        "notices.toml",
        "[found-it]\n",
        LONELY_NOTICE,
        "notices.toml, lonely: No result shows this notice. Add it to one, or delete it.",
    ),
    "a circle": (
        "questions.toml",
        'next = "child-what"',
        'next = "danger"',
        "questions.toml, who: It goes round in a circle: who → danger → who. Lead one answer elsewhere.",
    ),
    "a dead end": (
        "questions.toml",
        'result = "now"\n',
        "",
        "questions.toml, danger, answer “y”: It is a dead end: neither it nor an answer before it names a result.",
    ),
    "a path that is too long": (
        "questions.toml",
        'next = "age"\n\n[age]\n',
        f'next = "q1"\n\n{chain(MOST_QUESTIONS)}[age]\n',
        "questions.toml, q6: The path t/x/x/x/x/x asks more than 6 questions."
        " Leave out a question that does not change the result.",
    ),
    "a retired code used again": (
        "questions.toml",
        "[danger]\n",
        '[danger]\nretired = ["y"]\n',
        "questions.toml, danger, answer “y”: Its code is retired, and an old link would now mean something else.",
    ),
    "a code used twice": (
        "questions.toml",
        'code = "n"',
        'code = "y"',
        "questions.toml, danger, answer “y”: Two answers of this question have that code.",
    ),
    "a code too long": (
        "questions.toml",
        'code = "y"',
        'code = "yess"',
        "questions.toml, danger, answer “yess”: Its code is not one to three small letters or digits.",
    ),
    "a code that is no part of an address": (
        "questions.toml",
        'code = "y"',
        'code = "?y"',
        "questions.toml, danger, answer “?y”: Its code is not one to three small letters or digits.",
    ),
    "an entry that skips the danger question": (
        "entries.toml",
        'answers = { who = "p"',
        'answers = { danger = "n", who = "p"',
        "entries.toml, parents: It answers “danger”, which nobody may skip. Take that answer out.",
    ),
    "an entry with an answer that does not exist": (
        "entries.toml",
        'who = "p"',
        'who = "zz"',
        "entries.toml, parents: “who” has no answer “zz”. Correct the question or the code.",
    ),
    "an entry with a question that does not exist": (
        "entries.toml",
        'who = "p"',
        'why = "p"',
        "entries.toml, parents: “why” has no answer “p”. Correct the question or the code.",
    ),
    "a page that is gone and leads nowhere": (
        "moved.toml",
        "[pages]\n",
        '[pages]\n"/help/old" = "/help/nobody"\n',
        "moved.toml, /help/old: “/help/nobody” is not a page. Name a page that exists.",
    ),
    "a page that is gone and there": (
        "moved.toml",
        "[pages]\n",
        '[pages]\n"/help/nspcc" = "/help/childline"\n',
        "moved.toml, /help/nspcc: This page exists. Take the line out.",
    ),
    "a page that never was": (
        "moved.toml",
        "[pages]\n",
        '[pages]\n"help/old" = "/help/nspcc"\n',
        'moved.toml, help/old: This was never a page. Write it whole, such as "/help/old-name".',
    ),
    "a poster with a route that does not exist": (
        "entries.toml",
        'routes = ["police", "nspcc"',
        'routes = ["nobody", "nspcc"',
        "entries.toml, parents, poster: There is no route “nobody”. Correct the id.",
    ),
    "a poster for children with a service for adults": (
        "entries.toml",
        '["childline", ',
        '["stop-it-now", ',
        "entries.toml, young-people, poster: “stop-it-now” is not for people of that age. Choose another route.",
    ),
    "a poster for all with a service for one nation": (
        "entries.toml",
        'routes = ["police", "nspcc"',
        'routes = ["police-scotland", "nspcc"',
        "entries.toml, parents, poster: “police-scotland” does not serve every nation. Choose another route.",
    ),
    "a poster with a number that is not confirmed": (
        "routes/nspcc.toml",
        'purpose = ["talk", "report"]\nsource = "nspcc-report"\nconfidence = "high"',
        'purpose = ["talk", "report"]\nsource = "nspcc-report"\nconfidence = "low"',
        "entries.toml, parents, poster: The primary contact of “nspcc” is not confirmed.",
    ),
    "a step without route or notice": (
        "results/anyone.toml",
        '{ notice = "leave-it" }',
        "{}",
        "results/anyone.toml, talk: A step names both a route and a notice, or neither. Name one.",
    ),
    "a step to a route that does not exist": (
        "results/anyone.toml",
        '{ route = "childline"',
        '{ route = "nobody"',
        "results/anyone.toml, now: There is no route “nobody”. Correct the id, or add the route.",
    ),
    "a step to a route without a reason": (
        "results/anyone.toml",
        '{ notice = "leave-it" }',
        '{ route = "nspcc" }',
        'results/anyone.toml, talk: The route “nspcc” has no reason. Add why = "...".',
    ),
    "a step to a notice that does not exist": (
        "results/anyone.toml",
        '{ notice = "leave-it" }',
        '{ notice = "nothing" }',
        "results/anyone.toml, talk: There is no notice “nothing”. Correct the id.",
    ),
    "advice that does not exist": (
        "results/anyone.toml",
        'advice = ["listening"',
        'advice = ["nothing"',
        "results/anyone.toml, unsure: There is no advice “nothing”. Correct the id.",
    ),
    "an essential route that does not exist": (
        "emergency.toml",
        'route = "999"',
        'route = "nobody"',
        "emergency.toml, essentials: There is no route “nobody”. Correct the id.",
    ),
    "a route for crisis that does not exist": (
        "emergency.toml",
        '["samaritans"',
        '["nobody"',
        "emergency.toml, crisis: There is no route “nobody”. Correct the id.",
    ),
    "a link to a route that does not exist": (
        "notices.toml",
        "(route:report-remove)",
        "(route:nobody)",
        "notices.toml, its-me: A link names the route “nobody”, which does not exist. Correct the link.",
    ),
    "a link to advice that does not exist": (
        "notices.toml",
        "(advice:pictures)",
        "(advice:nothing)",
        "notices.toml, found-it: A link names the advice “nothing”, which does not exist. Correct the link.",
    ),
    "a link of an unknown kind": (
        "notices.toml",
        "(advice:pictures)",
        "(javascript:alert)",
        "notices.toml, found-it: A link begins with “javascript:”, which is not known here. Correct the link.",
    ),
    "a source of a service without a scheme": (
        "routes/nspcc.toml",
        'address = "https://www.nspcc.org.uk/keeping-children-safe/reporting-abuse/report/"\ndated',
        'address = "www.nspcc.org.uk"\ndated',
        "routes/nspcc.toml, sources.nspcc-report: “www.nspcc.org.uk” is not a web address. Write it whole",
    ),
    "a source of advice that is a script": (
        "advice/money.toml",
        'address = "https://',
        'address = "javascript://',
        "is not a web address. Write it whole, with https:// in front.",
    ),
    "a broken link in what is said about crisis": (
        "emergency.toml",
        'crisis_words = "',
        'crisis_words = "[](call:nobody) ',
        "emergency.toml, crisis_words: A link names the route “nobody”, which does not exist.",
    ),
}


@pytest.mark.parametrize("name", some([*FAULTS], 3))
def test_a_fault_in_the_journey_is_named_with_its_fix(tmp_path, name):
    file, old, new, said = FAULTS[name]
    assert said in refusal(plant(tmp_path, file, old, new))


def test_a_path_of_the_most_questions_is_not_too_long(tmp_path):
    """The answer t and then five more questions: six questions, which is allowed."""
    longer = f'next = "q1"\n\n{chain(MOST_QUESTIONS - 1)}[age]\n'
    message = refusal(plant(tmp_path, "questions.toml", 'next = "age"\n\n[age]\n', longer))
    assert "asks more than" not in message


def test_several_problems_are_reported_at_once(tmp_path):
    plant(tmp_path, "questions.toml", 'next = "who"', 'next = "nobody"')
    message = refusal(plant(tmp_path, "notices.toml", "(advice:pictures)", "(advice:nothing)"))
    assert "“nobody”" in message
    assert "“nothing”" in message


def test_the_check_counts_what_it_walked(checked, content):
    walks = list(content.journey.walks())
    finished = [walk for walk in walks if walk.result]
    forms = {(walk.result.id, walk.situation) for walk in finished}
    assert (
        f"Walked {len(content.journey.questions)} questions, {len(finished)} paths, "
        f"{len({walk.result.id for walk in finished})} results in {len(forms)} forms, "
        f"{len(content.directory.routes)} routes."
    ) in checked
    assert f"The longest path asks {max(len(walk.answered) for walk in finished)} questions" in checked
