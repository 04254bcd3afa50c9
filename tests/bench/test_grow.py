"""Generated large content is valid, and no page except the lists of everything becomes larger."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from signpost.checks import check_content
from signpost.checks.graph import MOST_QUESTIONS
from signpost.checks.rules import broken_rules
from signpost.models.content import load_content
from signpost.models.journey import Question
from tests.bench.grow import grow
from tests.bench.plot import plot
from tests.planting import plant, site

TIMES = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grown") / "content"
    grow(folder, TIMES)
    return folder


@pytest.fixture(scope="module")
def grown(folder):
    return load_content(folder)


def second_question(content) -> Question:
    """The question that most answers of the first lead to; the copies share it."""
    answers = content.journey.start().question.answers
    ((id_, _),) = Counter(answer.next for answer in answers if answer.next).most_common(1)
    return content.journey.questions[id_]


def test_everything_is_there_so_many_times_except_the_way_to_the_second_question(grown, content):
    assert len(grown.directory.routes) == TIMES * len(content.directory.routes)
    assert len(grown.directory.groups) == TIMES * len(content.directory.groups)
    assert len(grown.journey.entries) == TIMES * len(content.journey.entries)
    assert len(grown.advice) == TIMES * len(content.advice)
    assert len(second_question(grown).answers) == TIMES * len(second_question(content).answers)

    def ends(content):
        """How many finished paths lead through the second question, and how many do not."""
        second = second_question(content).id
        walks = [walk for walk in content.journey.walks() if walk.result]
        through = [walk for walk in walks if second in {question.id for question, _ in walk.answered}]
        return len(through), len(walks) - len(through)

    through, others = ends(content)
    assert ends(grown) == (TIMES * through, others)
    assert through > 400


def test_it_obeys_every_rule(grown):
    assert broken_rules(grown) == []


def test_a_copy_leads_to_copies_of_its_own(grown):
    for result_id, result in grown.journey.results.items():
        _, _, number = result_id.rpartition("-")
        for step in result.steps if number.isdecimal() else ():
            assert (step.route or step.notice).endswith(f"-{number}")


def test_a_page_of_a_copy_is_as_light_as_before(folder, grown, content, client):
    """Except for the lists: of services, and of the answers to the second question."""
    copies = site(CONTENT=folder).test_client()

    def size(client, address: str) -> int:
        return len(client.get(address).data)

    own = second_question(content).answers[0]
    (copied,) = [each for each in second_question(grown).answers if each.next == f"{own.next}-2"]
    before = size(client, f"/check/n/{own.code}")
    assert size(copies, f"/check/n/{own.code}") == before
    assert size(copies, f"/check/n/{copied.code}") - before < 30
    assert size(copies, "/help/nspcc-2") - size(client, "/help/nspcc") < 30
    assert size(copies, "/help/") > 2 * size(client, "/help/")


def test_a_path_may_ask_as_many_questions_as_any_path_may(tmp_path, content):
    """The copies still work if an editor adds a question within the limit."""
    *_, deeper = (answer.next for answer in second_question(content).answers if answer.next)
    through = [walk for walk in content.journey.walks() if deeper in {each.id for each, _ in walk.answered}]
    more = MOST_QUESTIONS - max(len(walk.answered) for walk in through)
    assert more > 0
    names = [f"more-{number}" for number in range(more)]
    folder = plant(tmp_path, "questions.toml", f'next = "{deeper}"', f'next = "{names[0]}"')
    with (folder / "questions.toml").open("a", encoding="utf-8") as file:
        for name, following in pairwise([*names, deeper]):
            answer = f'{{ code = "x", label = "Yes", next = "{following}" }}'
            file.write(f'\n[{name}]\ntitle = "Another?"\nanswers = [{answer}]\n')
    own = load_content(folder)
    check_content(own)
    assert max(len(walk.answered) for walk in own.journey.walks()) == MOST_QUESTIONS
    grow(tmp_path / "grown", TIMES, folder)
    check_content(load_content(tmp_path / "grown"))


def test_a_plot_is_an_image_with_a_name_for_each_curve():
    drawn = plot(
        "What grows", "size", "cost", {"up & down": [(1, 1), (10, 3)], "flat": [(1, 1), (10, 1)]}, "us"
    )
    assert drawn.startswith("<svg ")
    assert "up &amp; down" in drawn
    assert drawn.count("<polyline") == 2
