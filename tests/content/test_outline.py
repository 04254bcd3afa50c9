"""The whole journey for reviewers: the page, the picture, and the plain text in docs/journey.md."""

from __future__ import annotations

import difflib
import re
from xml.etree import ElementTree

import brotli
import pytest

from signpost.checks.outline import outline, script
from signpost.i18n.hours_text import HoursFormatter
from signpost.i18n.translate import extract_messages
from signpost.models.content import load_content
from signpost.models.recording import unrecorded
from tests import ROOT
from tests.page import Page
from tests.planting import numbers_in, other, plant
from tests.states import some

KEPT = ROOT / "docs" / "journey.md"
NUMBER = numbers_in("routes/nspcc.toml")[0]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def kept(content) -> str:
    """The script of the content as it is."""
    return script(content)


def test_what_is_kept_of_the_content_is_up_to_date(content, kept):
    """The script, and the record of changes."""
    if KEPT.read_text("utf-8") != kept or unrecorded(content):
        pytest.fail(
            "docs/journey.md or changes.toml is not what the content says: `make map` writes them anew",
            pytrace=False,
        )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    some([
        ("questions.toml", "Who is it about?", "Who is this about?"),
        ("questions.toml", "I am under 18", "I am less than 18"),
        ("questions.toml", "Take your time. You can go back", "Take your time. You may go back"),
        ("results/children.toml", "Not safe, or can’t go on?", "Not safe, or at an end?"),
        ("results/children.toml", "about anything.", "about everything."),
        ("results/children.toml", "or text [Shout](route:shout).", "or write to [Shout](route:shout)."),
        ("notices.toml", "not save", "never save"),
        ("routes/nspcc.toml", "You need not be sure or say", "You do not have to be sure or say"),
        ("routes/nspcc.toml", 'name = "NSPCC Helpline"', 'name = "NSPCC line"'),
        ("routes/nspcc.toml", NUMBER, other(NUMBER)),
        ("routes/childline.toml", "They try to talk to you first", "They talk to you first"),
        ("routes/childline.toml", 'name_needed = "no-but"', 'name_needed = "no"'),
        ("advice/law.toml", "not legal advice", "no legal advice"),
    ], 4),
)  # fmt: skip
def test_a_changed_word_is_a_changed_line(tmp_path, kept, file, old, new):
    changed = script(load_content(plant(tmp_path, file, old, new)))
    lines = list(difflib.unified_diff(kept.splitlines(), changed.splitlines(), n=0, lineterm=""))[2:]
    assert [line[0] for line in lines] == ["@", "-", "+"], lines


def test_the_script_has_every_word_that_visitors_read(content, kept):
    whole = " ".join(kept.split())
    assert [
        each.place for each in extract_messages(content) if " ".join(each.text.split()) not in whole
    ] == []


def test_the_script_says_when_a_service_is_open(content):
    whole = script(content)
    for route in content.directory.routes.values():
        for contact in route.contacts:
            if contact.hours.open == "limited":
                assert f"  open: {HoursFormatter().week(contact.hours)} " in whole, route.id


def test_the_script_has_a_block_for_each_result_with_who_sees_it_and_what(content):
    blocks = script(content).split("\n## ")
    for result in content.journey.results.values():
        (block,) = [each for each in blocks if each.startswith(f"Result: {result.id}\n")]
        who, _, sees = block.partition("\nsees\n")
        assert "Whoever answers" in who
        assert re.split(r"[.?!:] ", result.lead)[0].rstrip(".") in sees
        for step in (*result.steps, *result.after):
            assert (f"service {step.route}: {step.why}" if step.route else f"notice {step.notice}") in sees


def test_every_path_is_listed_with_its_result(content):
    """With each "or" expanded, the lines list every path of the journey."""
    listed = set()
    result = ""
    for line in script(content).splitlines():
        if line.startswith("## "):
            result = line.removeprefix("## Result: ")
        if line.startswith(f"- {content.journey.first} "):
            paths = [""]
            for part in line.removeprefix("- ").split(", "):
                codes = part.split(" ", 1)[1].split(" or ")
                paths = [f"{path}/{code}" for path in paths for code in codes]
            listed |= {(path[1:], result) for path in paths}
    assert listed == {("/".join(w.codes), w.result.id) for w in content.journey.walks() if w.result}


@pytest.fixture
def journey(client) -> Page:
    return Page(client.get("/journey").text)


def test_the_page_has_every_question_answer_and_result_with_its_address(journey, content):
    text = journey.text
    for question in content.journey.questions.values():
        assert question.title in text
        for answer in question.answers:
            assert answer.label in text
    ids = {e.get("id") for e in journey.root.iter() if isinstance(e.tag, str)}
    walks = list(content.journey.walks())
    for kind, named in (("q", content.journey.questions), ("r", content.journey.results)):
        for id_ in named:
            assert f"{kind}-{id_}" in ids
            there = {
                "/check/" + "/".join(w.codes)
                for w in walks
                if (w.question if kind == "q" else w.result)
                and (w.question if kind == "q" else w.result).id == id_
            }
            assert there & set(journey.links), id_
    assert "/help/" in journey.links
    anchors = {link[1:] for link in journey.links if link.startswith("#")} - {"main"}
    assert anchors <= ids


def test_the_picture_is_drawn_from_the_same(client, content):
    response = client.get("/journey.svg")
    assert response.mimetype == "image/svg+xml"
    assert response.headers["X-Robots-Tag"] == "noindex"
    root = ElementTree.fromstring(response.text)
    drawn = [text.text for text in root.iter(f"{SVG}text")]
    assert sorted(drawn) == sorted([*content.journey.questions, *content.journey.results])
    (lines,) = root.iter(f"{SVG}path")
    steps = {
        (walk.answered[-1][0].id, walk.question.id if walk.question else f"result {walk.result.id}")
        for walk in content.journey.walks()
        if walk.answered
    }
    assert lines.get("d").count("M") == len(steps)
    for element in root.iter():
        assert "style" not in element.attrib
    nodes = [*outline(content).questions, *outline(content).results]
    assert len({(node.x, node.y) for node in nodes}) == len(nodes)
    width, height = float(root.get("width")), float(root.get("height"))
    assert all(0 <= node.x < width and 0 <= node.y < height for node in nodes)


def test_a_line_of_the_picture_leads_from_left_to_right(content):
    assert all(a.x < b.x for a, b in outline(content).edges)


def test_the_page_fits_the_budget_of_a_first_view(client, journey):
    """12 KB, compressed with brotli, including the style. The picture is far down and loads lazily."""
    page = len(brotli.compress(client.get("/journey").data, quality=5))
    assert page <= 12_000
    (image,) = journey.all("img")
    assert image.get("loading") == "lazy"


def test_the_page_says_what_the_picture_says(journey):
    (image,) = journey.all("img")
    assert image.get("src") == "/journey.svg"
    assert image.get("alt")


def test_it_is_for_reviewers_and_not_to_be_found(client):
    response = client.get("/journey")
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "/journey" not in client.get("/sitemap.xml").text
    assert "/journey</loc>" in client.get("/sitemap-states.xml").text
    assert Page(response.text).title.startswith("Every question, and where it leads")
