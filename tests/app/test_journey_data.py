"""The journey as JSON: a program that knows nothing else of us reaches, on every path, what the site shows."""

from __future__ import annotations

import re
from functools import cache

import pytest
from jsonschema import Draft202012Validator

from signpost.models.outcome import Outcome
from signpost.models.urls import JOURNEY_DATA, JOURNEY_SCHEMA
from tests.page import Page
from tests.planting import site

BASE = "https://signpost.example"


@pytest.fixture(scope="module")
def both():
    return site(LANGUAGES="en cy", BASE_URL=BASE)


@pytest.fixture(scope="module")
def get(both):
    return lambda address, **headers: both.test_client().get(
        address, base_url=BASE, headers=headers, buffered=True
    )


@pytest.fixture(scope="module")
def data(get):
    return get(JOURNEY_DATA).json


@pytest.fixture(scope="module")
def validator(get):
    schema = get(JOURNEY_SCHEMA).json
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


class Client:
    """Walks the journey. It reads nothing but the data."""

    def __init__(self, data: dict) -> None:
        self.data = data

    def ask(self, node: int) -> tuple[str, list[str]]:
        """The words of a node's question, and the codes that can be chosen."""
        question = self.data["questions"][self.data["nodes"][node]["question"]]
        return question["title"], [answer["code"] for answer in question["answers"]]

    def follow(self, codes: tuple[str, ...]) -> dict:
        """Where a path leads: {"node": its number} or {"outcome": its number}."""
        place = {"node": self.data["start"]}
        for code in codes:
            place = self.data["nodes"][place["node"]]["answers"][code]
        return place

    def enter(self, entry: str, code: str) -> dict:
        """Where an entry leads after the first answer."""
        given = self.data["entries"][entry]["answers"]
        place = self.follow((code,))
        while "node" in place:
            node = self.data["nodes"][place["node"]]
            if node["question"] not in given:
                break
            place = node["answers"][given[node["question"]]]
        return place

    def shown(self, outcome: dict) -> list[tuple]:
        """What a person is shown of the steps: the words, and each number or address in order."""
        return [self._step(each) for each in outcome["steps"]]

    def _step(self, step: dict) -> tuple:
        if "notice" in step:
            return (self.data["notices"][step["notice"]]["title"],)
        route = self.data["routes"][step["route"]]
        ways = [route["contacts"][place] for place in step["contacts"]]
        return (route["name"], step.get("why", ""), *(way.get("href") or way["label"] for way in ways))


def on_the_site(outcome: Outcome) -> list[tuple]:
    """What a result page shows of the steps, in the form of ``Client.shown``."""
    return [
        (step.notice.title,)
        if step.notice
        else (
            step.route.name,
            step.why,
            *(way.href or way.label for way in step.contacts(outcome.situation.abroad)),
        )
        for step in outcome.steps
    ]


@pytest.mark.parametrize("code", ["en", "cy"])
def test_every_path_reaches_what_the_site_shows(both, get, code):
    language = next(each for each in both.extensions["locales"] if each.code == code)
    client = Client(get(language.root + JOURNEY_DATA).json)
    content = both.extensions["locales"][language].content

    @cache  # many paths end in the same situation
    def site_shows(end: str, situation: object) -> tuple:
        outcome = ended[end, situation]
        result = outcome.result
        return (
            result.title,
            [content.advice[id_].title for id_ in result.advice],
            on_the_site(outcome),
            [step.route.id if step.route else step.notice.id for step in outcome.after],
            [route.id for route in outcome.crisis],
            (outcome.situation.danger, outcome.situation.young, outcome.situation.abroad),
            (result.crisis, outcome.crisis_first, outcome.limits_first, outcome.may_share),
        )

    @cache
    def client_shows(number: int) -> tuple:
        outcome = client.data["outcomes"][number]
        result = client.data["results"][outcome["result"]]
        return (
            result["title"],
            [client.data["advice"][id_]["title"] for id_ in result.get("advice", [])],
            client.shown(outcome),
            [step.get("route") or step["notice"] for step in outcome["after"]],
            [step["route"] for step in outcome["crisis"]],
            (outcome["danger"], outcome["under_18"], outcome["outside_uk"]),
            (outcome["show_crisis"], outcome["crisis_first"], outcome["limits_first"], outcome["may_share"]),
        )

    ended, finished = {}, 0
    for walk in content.journey.walks():
        place = client.follow(walk.codes)
        if walk.question:
            asked = walk.question.title, [answer.code for answer in walk.question.answers]
            assert client.ask(place["node"]) == asked, walk.codes
        else:
            ended.setdefault((walk.ends_at, walk.situation), Outcome(content, walk))
            shown = site_shows(walk.ends_at, walk.situation)
            assert client_shows(place["outcome"]) == shown, walk.codes
            finished += 1
    assert finished > 1500


def test_every_entry_leads_where_the_site_leads(data, content):
    client, journey = Client(data), content.journey
    for id_, entry in journey.entries.items():
        for answer in journey.questions[journey.first].answers:
            walk = journey.enter(entry, answer)
            assert client.enter(id_, answer.code) == client.follow(walk.codes), (id_, answer.code)


@pytest.mark.parametrize(
    "kind", ["danger", "crisis_first", "limits_first", "outside_uk", "under_18", "may_share"]
)
def test_a_page_of_the_site_shows_the_same_cards_in_the_same_order(get, data, content, kind):
    """Compares with the page itself: the test of every path asks the model, as the page does."""
    client = Client(data)
    ends = ((walk, client.follow(walk.codes)) for walk in content.journey.walks() if walk.result)
    walk, outcome = next(
        (walk, found)
        for walk, end in ends
        if (found := data["outcomes"][end["outcome"]])[kind] and (found["crisis"] or kind != "crisis_first")
    )
    page = Page(get(f"/check/{'/'.join(walk.codes)}").text)
    ids = {*data["routes"], *data["notices"]}
    cards = [each.get("id") for each in page.one("main").iter() if each.get("id") in ids]
    wanted = [] if outcome["danger"] else [each.get("route") or each["notice"] for each in outcome["steps"]]
    after = [each.get("route") or each["notice"] for each in outcome["after"]]
    crisis = [each["route"] for each in outcome["crisis"]] if outcome["show_crisis"] else []
    assert sorted(cards) == sorted(wanted + after + crisis)
    assert [each for each in cards if each not in crisis] == wanted + after
    for step in outcome["steps"]:
        if "route" in step and not outcome["danger"]:
            first = data["routes"][step["route"]]["contacts"][step["contacts"][0]]
            assert not first.get("href") or first["href"] in page.links


@pytest.mark.slow
@pytest.mark.parametrize("root", ["", "/cy"])
def test_it_is_valid_by_the_schema_that_it_names(get, validator, root):
    data = get(root + JOURNEY_DATA).json
    assert data["$schema"] == validator.schema["$id"] == BASE + JOURNEY_SCHEMA
    assert not [f"{each.json_path}: {each.message}" for each in validator.iter_errors(data)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content_date", "November"),
        ("start", -1),
        ("nodes", [{"question": "who", "answers": {"a": {}}}]),
        ("x", 1),
    ],
)
def test_the_schema_finds_a_planted_fault(data, validator, field, value):
    few = data | {"nodes": data["nodes"][:1], "outcomes": [], "routes": {}}  # to validate it takes no second
    assert validator.is_valid(few)
    assert not validator.is_valid(few | {field: value})


def texts(value):
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    elif isinstance(value, str):
        yield value


def test_every_address_in_it_is_whole_and_its_html_is_plain(data):
    tags, links = set(), set()
    for text in texts(data):
        tags |= set(re.findall(r"</?([a-z0-9]+)", text)) if text.startswith("<") else set()
        links |= set(re.findall(r'href="([^"]*)"', text))
    assert {"p", "a", "li"} <= tags <= {"p", "a", "ul", "ol", "li", "strong", "em", "br"}
    assert links
    assert not [link for link in links if not re.match(r"https://|tel:|sms:|mailto:", link)]


def test_it_says_who_may_use_it_and_how_old_it_is(get, data, content, both):
    assert (data["oldest_check"], data["content_date"]) == tuple(day.isoformat() for day in content.checked)
    assert data["version"] == both.config["VERSION"]
    assert data["license"] == "https://spdx.org/licenses/MIT.html"
    (links,) = get(JOURNEY_DATA).headers.getlist("Link")
    assert links.startswith(f'<{data["license"]}>; rel="license", ')
    assert links.endswith(f', <{BASE}{JOURNEY_SCHEMA}>; rel="describedby"')


def test_no_hours_in_it_say_that_a_line_is_open_now(data):
    """Only the data of the day can: this is made once."""
    said = [way["hours"] for route in data["routes"].values() for way in route["contacts"] if "hours" in way]
    assert len(said) > 20
    for hours in said:
        assert hours["words"].startswith("Usually") or hours["open"] in ("always", "any-time")
        assert hours["confirmed"] or hours["open"] != "always" or hours["words"].startswith("Usually")
        assert "Open now" not in hours["words"]


def test_an_unchanged_copy_is_answered_with_an_empty_304(get):
    for address in (JOURNEY_DATA, f"/cy{JOURNEY_DATA}", JOURNEY_SCHEMA):
        first = get(address)
        assert (first.content_type, first.headers["Cache-Control"]) == (
            "application/json; charset=utf-8",
            "no-cache",
        )
        again = get(address, **{"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    assert get(JOURNEY_DATA).headers["ETag"] != get(f"/cy{JOURNEY_DATA}").headers["ETag"]


def test_it_is_in_the_language_of_its_address(get, both):
    welsh = get(f"/cy{JOURNEY_DATA}").json
    assert (welsh["language"], welsh["path_url"]) == ("cy", f"{BASE}/cy/check/")
    english = get(JOURNEY_DATA).json
    assert welsh["emergency"]["call"] != english["emergency"]["call"]
    assert [node["answers"].keys() for node in welsh["nodes"]] == [
        node["answers"].keys() for node in english["nodes"]
    ]
    assert welsh["path_url"] + "y" == f"{BASE}/cy/check/y"
