"""Generated large content is valid, and no page except the lists of everything becomes larger."""

from __future__ import annotations

from collections import Counter

import pytest

from signpost.checks.rules import broken_rules
from signpost.models.content import load_content
from tests.bench.grow import grow
from tests.bench.plot import plot
from tests.planting import site

TIMES = 3


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("grown") / "content"
    grow(folder, TIMES)
    return folder


@pytest.fixture(scope="module")
def grown(folder):
    return load_content(folder)


def test_all_is_there_so_many_times_but_for_what_stands_before_the_door(grown, content):
    assert len(grown.directory.routes) == TIMES * len(content.directory.routes)
    assert len(grown.directory.groups) == TIMES * len(content.directory.groups)
    assert len(grown.journey.entries) == TIMES * len(content.journey.entries)
    assert len(grown.advice) == TIMES * len(content.advice)

    def ends(content):
        """The finished paths through the second question or the door, and all other finished paths."""
        second = Counter(
            answer.next for answer in content.journey.start().question.answers if answer.next
        ).most_common(1)[0][0]
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


def test_a_page_behind_the_door_is_as_light_as_before(folder, client):
    behind = site(CONTENT=folder).test_client()

    def size(response):
        return len(response.data)

    assert size(behind.get("/check/n/1/p")) - size(client.get("/check/n/p")) < 30
    assert size(behind.get("/help/nspcc-2")) - size(client.get("/help/nspcc")) < 30
    assert size(behind.get("/help/")) > 2 * size(client.get("/help/"))


def test_a_plot_is_an_image_with_a_name_for_each_curve():
    drawn = plot(
        "What grows", "size", "cost", {"up & down": [(1, 1), (10, 3)], "flat": [(1, 1), (10, 1)]}, "us"
    )
    assert drawn.startswith("<svg ")
    assert "up &amp; down" in drawn
    assert drawn.count("<polyline") == 2
