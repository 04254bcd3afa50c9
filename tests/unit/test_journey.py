"""The journey: how a path of codes leads through questions, whatever the codes are."""

from __future__ import annotations

import pytest

from signpost.models.journey import (
    Ages,
    Answer,
    Condition,
    Entry,
    Journey,
    Question,
    Result,
    RetiredCode,
    Situation,
    UnknownCode,
)


def question(id_: str, *answers: Answer, retired: tuple[str, ...] = ()) -> Question:
    return Question(id_, id_.capitalize(), answers, retired=retired)


JOURNEY = Journey(
    first="danger",
    questions={
        "danger": question(
            "danger",
            Answer("y", "Yes", result="now", implies=Situation(danger=True)),
            Answer("n", "No", next="who"),
            retired=("old",),
        ),
        "who": question(
            "who",
            Answer(
                "c", "A child", result="talk", implies=Situation(age="under-18", topics=frozenset({"other"}))
            ),
            Answer(
                "p",
                "A parent",
                next="where",
                result="home",
                implies=Situation(age="adult", topics=frozenset({"contact"})),
            ),
            retired=("q",),
        ),
        "where": question(
            "where",
            Answer("w", "Wales", implies=Situation(nation="wales", topics=frozenset({"other"}))),
            Answer("x", "Abroad", result="away", implies=Situation(nation="abroad")),
        ),
    },
    results={id_: Result(id_, lead="", steps=()) for id_ in ("now", "talk", "home", "away")},
    notices={},
    entries={},
)


@pytest.mark.parametrize(("path", "leads_to"), [("", "danger"), ("n", "who"), ("n p", "where")])
def test_a_path_leads_to_a_question(path, leads_to):
    walk = JOURNEY.follow(path.split())
    assert walk.question.id == leads_to
    assert walk.result is None
    assert walk.codes == tuple(path.split())


@pytest.mark.parametrize(
    ("path", "ends_at"),
    [
        ("y", "now"),
        ("n c", "talk"),
        ("n p w", "home"),  # named by an earlier answer
        ("n p x", "away"),  # the last answer that names a result decides
    ],
)
def test_a_path_ends_at_a_result(path, ends_at):
    walk = JOURNEY.follow(path.split())
    assert walk.question is None
    assert walk.result.id == walk.ends_at == ends_at


def test_answers_add_up_to_a_situation():
    walk = JOURNEY.follow(["n", "p", "w"])
    assert walk.situation == Situation(age="adult", nation="wales", topics=frozenset({"contact", "other"}))
    assert JOURNEY.follow(["y"]).situation.danger
    assert JOURNEY.follow([]).situation == Situation()


@pytest.mark.parametrize(
    ("path", "stands", "walked"),
    [("old", "danger", ()), ("old p w", "danger", ()), ("n q", "who", ("n",)), ("n q zz zz", "who", ("n",))],
)
def test_a_retired_code_leads_to_the_furthest_question_that_stands(path, stands, walked):
    with pytest.raises(RetiredCode) as gone:
        JOURNEY.follow(path.split())
    assert gone.value.walk.question.id == stands
    assert gone.value.walk.codes == walked


@pytest.mark.parametrize(
    ("path", "walked"),
    [
        ("zz", ()),
        ("n zz p", ("n",)),
        ("n old", ("n",)),  # retired, but of another question
        ("y y", ("y",)),  # after the end
        ("N", ()),
    ],
)
def test_an_unknown_code_is_refused(path, walked):
    with pytest.raises(UnknownCode) as unknown:
        JOURNEY.follow(path.split())
    assert unknown.value.walk.codes == walked


def test_an_entry_asks_about_danger_and_then_skips_what_it_knows():
    danger = JOURNEY.questions["danger"]
    entry = Entry("parents", "For parents", {"who": "p", "elsewhere": "z"}, link="")
    assert JOURNEY.enter(entry, danger.answer("n")).codes == ("n", "p")
    assert JOURNEY.enter(entry, danger.answer("y")).result.id == "now"
    whole = Entry("wales", "For Wales", {"who": "p", "where": "w"}, link="")
    assert JOURNEY.enter(whole, danger.answer("n")).result.id == "home"


def test_every_walk_is_walked_once_unfinished_ones_too():
    walked = [" ".join(walk.codes) for walk in JOURNEY.walks()]
    assert walked == ["", "y", "n", "n c", "n p", "n p w", "n p x"]


@pytest.mark.parametrize(
    ("when", "holds"),
    [
        (Condition(), True),
        (Condition(nation=("wales", "scotland")), True),
        (Condition(nation=("england",)), False),
        (Condition(age=("adult",)), True),
        (Condition(age=("18",)), False),
        (Condition(image=("found",)), False),
        (Condition(topics=("other", "arrest")), True),
        (Condition(topics=("arrest",)), False),
        (Condition(nation=("wales",), topics=("arrest",)), False),
    ],
    ids=str,
)
def test_a_step_is_shown_where_all_its_conditions_hold(when, holds):
    assert when.matches(JOURNEY.follow(["n", "p", "w"]).situation) is holds


def test_a_nation_that_is_not_known_meets_only_the_condition_that_it_is_not():
    assert not Condition(nation=("wales",)).matches(Situation())
    assert Condition(nation=("wales", "unknown")).matches(Situation())
    assert not Condition(nation=("unknown",)).matches(Situation(nation="wales"))


def test_a_situation_knows_the_visitor_s_age():
    assert Situation(age="under-13").young
    assert Situation(age="13-17").ages == Ages(13, 17)
    assert not Situation(age="18").young
    assert not Situation().young
    assert Situation(nation="abroad").abroad
