"""The open data: valid HSDS, clear about what is confirmed, and useful to a program that knows only HSDS."""

from __future__ import annotations

import json
import threading
import urllib.request
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import cycle

import pytest
from jsonschema import Draft202012Validator
from werkzeug.serving import make_server

from signpost.exports.open_data import Today, page, schedules, service, services
from signpost.models.changes import Change, Changes
from signpost.models.directory import Contact, Route, Source
from signpost.models.hours import UK_NATIONS, BankHoliday, Hours, Span, Times, state_at
from signpost.models.recording import recorded
from signpost.models.urls import OPEN_DATA
from signpost.web.templating import uk_time
from tests import ROOT
from tests.page import unpacked
from tests.states import QUICK, some

SCHEMA = json.loads(
    (ROOT / "tests" / "fixtures" / "hsds" / "service_with_definitions.json").read_text("utf-8")
)
VALID = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def today(content, day: date = date(2026, 12, 1)) -> Today:
    return Today(day, content.manifest.calendar, 90)


@pytest.fixture(scope="module")
def data(content):
    return page(services(content, today(content)))


@pytest.fixture
def by_name(data):
    return {each["name"]: each for each in data["contents"]}


def records(value):
    """Every object in the data, at any depth."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from records(each)
    elif isinstance(value, list):
        for each in value:
            yield from records(each)


def wrong(each) -> list[str]:
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in VALID.iter_errors(each)]


def test_every_service_is_valid_by_the_published_schema(data, content):
    assert len(data["contents"]) == data["total_items"] == data["size"] == len(content.directory.routes)
    faults = {each["name"]: found for each in data["contents"] if (found := wrong(each))}
    assert not faults


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "childline"),
        ("id", None),
        ("url", "www childline"),
        ("status", "open"),
        ("minimum_age", "11"),
        ("phones", [{"id": "0a3d4f0e-6f0f-4a52-9c56-3a1f0f5a7c11"}]),
    ],
)
def test_the_schema_finds_a_planted_fault(by_name, field, value):
    """Shows that the validator checks formats, and the records inside a service."""
    assert wrong({**by_name["Childline"], field: value})


def test_no_field_is_one_that_hsds_does_not_know(data):
    """The schema allows additional fields, so it would not find a misspelt name."""
    known = {**SCHEMA["definitions"], "service": SCHEMA}
    kinds = {
        "phones": "phone",
        "schedules": "schedule",
        "service_areas": "service_area",
        "service_at_locations": "service_at_location",
        "languages": "language",
        "cost_options": "cost_option",
        "contacts": "contact",
        "attributes": "attribute",
        "taxonomy_term": "taxonomy_term",
        "accessibility": "accessibility",
        "organization": "organization",
        "location": "location",
    }

    def check(kind, record):
        assert record.keys() <= known[kind]["properties"].keys(), kind
        for name, value in record.items():
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict):
                    check(kinds[name], each)

    for each in data["contents"]:
        check("service", each)


def test_every_record_has_an_identifier_of_its_own_that_never_changes(data, by_name):
    seen = {}
    for record in records(data["contents"]):
        # The same organisation or taxonomy term appears in several places, and must be identical in each.
        assert seen.setdefault(record["id"], record) == record
    assert by_name["Childline"]["id"] == "b8d251bf-7df5-5e33-a1a5-f70eaf1e2a3e"


def test_a_program_finds_which_services_are_open_to_someone_of_15_in_wales(app, content):
    """The program uses only HSDS and the URL of the data."""
    server = make_server("127.0.0.1", 0, app)
    serving = threading.Thread(target=server.serve_forever, args=(0.02,))
    serving.start()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{OPEN_DATA}") as response:
            got = json.load(response)
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
    wales = "http://statistics.data.gov.uk/id/statistical-geography/W92000004"
    found = {
        each["name"]: [phone["number"] for phone in each.get("phones", [])]
        for each in got["contents"]
        if each["status"] == "active"
        and each.get("minimum_age", 0) <= 15 <= each.get("maximum_age", 15)
        and wales in [area.get("uri") for area in each["service_areas"]]
    }
    assert found["Childline"] == [content.directory.routes["childline"].primary_contact.number]
    assert {
        "Report Remove",
        "Police on 101",
        "Live Fear Free",
        "Children’s services in Wales",
    } <= found.keys()
    assert not {"Stop It Now helpline", "NSPCC Helpline", "Rape Crisis Scotland"} & found.keys()
    wanted = {
        route.name
        for route in content.directory.routes.values()
        if "wales" in route.nations and route.ages.youngest <= 15 <= route.ages.oldest
    }
    assert found.keys() == wanted


def test_what_is_not_confirmed_says_so_in_words_and_by_an_attribute(data, content):
    marked = {"phone": 0, "schedule": 0, "location": 0, "cost_option": 0}
    for record in records(data["contents"]):
        for mark in record.get("attributes", []):
            assert mark["link_id"] == record["id"]
            if mark["link_entity"] == "service":
                continue  # what it does and whom it serves: test_data_api.py
            assert mark["taxonomy_term"]["name"] == "Not confirmed"
            assert mark["value"] in {"medium", "low", "unconfirmed"}
            assert "Not confirmed." in str(record.get("description", record.get("amount_description")))
            marked[mark["link_entity"]] += 1
    contacts = [contact for route in content.directory.routes.values() for contact in route.contacts]
    assert marked["phone"] == len([c for c in contacts if c.number and c.confidence != "high"]) > 0
    unsure = [c for c in contacts if c.hours.open != "unknown" and c.hours.confidence != "high"]
    assert marked["schedule"] == len(unsure) > 0
    assert marked["location"] > 0
    for route in content.directory.routes.values():
        if route.unconfirmed:
            assert route.unconfirmed in service(route, content.directory, today(content))["description"]


WEEK = ("mon-thu 09:00-21:00", "fri 22:00-02:00")


def limited(confidence: str) -> Hours:
    spans = tuple(map(Span.from_text, WEEK))
    return Hours("limited", confidence=confidence, spans=spans, begins=date(2026, 12, 1))


#: Read on the service's own page.
OWN = Source("", "", "", date(2026, 11, 30), first_party=True)


def line(content, hours: Hours, *, confirmed: bool = True) -> tuple[Route, Contact]:
    """A service, one of whose contacts has these hours."""
    route = content.directory.routes["childline"]
    source = OWN if confirmed else replace(OWN, first_party=False)
    contact = Contact("phone", "x", "high", replace(hours, source="x"), number="0800 1111")
    return replace(route, sources={"x": source}, contacts=[contact]), contact


@pytest.mark.parametrize(
    ("hours", "confirmed", "times", "words"),
    [
        (Hours("always", confidence="high"), False, [("MO,TU,WE,TH,FR,SA,SU",)], "Open 24 hours, every day."),
        (
            limited("high"),
            True,
            [
                (),
                ("MO,TU,WE,TH", "09:00Z", "21:00Z", "2026-12-01", "2026-12-24"),
                # On Christmas Day, Boxing Day (28 December) and New Year's Day nobody knows.
                ("TU,WE,TH", "09:00Z", "21:00Z", "2026-12-29", "2026-12-31"),
                ("MO,TU,WE,TH", "09:00Z", "21:00Z", "2027-01-05", "2027-01-28"),
                ("FR", "22:00Z", "02:00Z", "2026-12-04", "2026-12-18"),
                ("FR", "22:00Z", "02:00Z", "2027-01-08", "2027-01-29"),
            ],
            "Monday to Thursday, 9am to 9pm, and Friday, 10pm to 2am, UK time. Bank holidays may differ.",
        ),
        (
            limited("high"),
            False,
            [()],
            "Monday to Thursday, 9am to 9pm, and Friday, 10pm to 2am, UK time. Bank holidays may differ.",
        ),
        (
            limited("low"),
            True,
            [()],
            "Monday to Thursday, 9am to 9pm, and Friday, 10pm to 2am, UK time. Bank holidays may differ. Not confirmed.",
        ),
        (
            Hours("any-time", confidence="high"),
            True,
            [()],
            "Send any time. An answer comes later. Not for danger now.",
        ),
        (Hours("unknown"), True, [], None),
    ],
    ids=str,
)
def test_only_hours_that_are_confirmed_become_times(content, hours, confirmed, times, words):
    route, contact = line(content, hours, confirmed=confirmed)
    got = list(schedules(route, contact, today(content)))
    fields = ("byday", "opens_at", "closes_at")
    dated = (*fields, "valid_from", "valid_to")
    shown = [
        tuple(each[name] for name in (dated if "opens_at" in each else fields) if name in each)
        for each in got
    ]
    assert shown == times
    assert {each["description"] for each in got} == ({words} if words else set())
    assert len({each["id"] for each in got}) == len(got)
    assert not wrong({**service(route, content.directory, today(content)), "schedules": got})


def is_open(rules: list[dict], moment: datetime) -> bool:
    """Whether a program that knows HSDS takes a line for open: by UTC unless the rule names an offset."""
    for rule in rules:
        if "byday" not in rule:
            continue
        zone = timezone(timedelta(hours=rule.get("timezone", 0)))
        local = moment.astimezone(zone)
        for began in (local.date() - timedelta(days=1), local.date()):
            days = rule["byday"].split(",")
            if ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[began.weekday()] not in days:
                continue
            if not rule.get("valid_from", "") <= began.isoformat() <= rule.get("valid_to", "9"):
                continue
            if "opens_at" not in rule:
                return True
            opens, closes = (
                datetime.fromisoformat(f"{began}T{rule[name]}") for name in ("opens_at", "closes_at")
            )
            closes += timedelta(days=closes <= opens)
            if opens <= moment < closes:
                return True
    return False


WEEKS = [
    ("mon-fri 10:00-16:30",),
    ("mon-sun 08:00-24:00",),
    ("fri 22:00-02:00", "sat 24 hours", "sun 00:30-03:00"),
    ("sat, sun 01:00-02:30",),
]
HOLIDAYS = [
    {},
    {"england": BankHoliday("closed"), "scotland": BankHoliday("other", (Times(600, 720),))},
    dict.fromkeys(UK_NATIONS, BankHoliday("usual")),
]


@pytest.mark.slow
@pytest.mark.parametrize("week", WEEKS, ids=str)
@pytest.mark.parametrize("kept", HOLIDAYS, ids=["not known", "closed", "as usual"])
def test_at_no_hour_of_a_year_does_the_data_say_open_where_the_site_does_not(content, week, kept):
    hours = Hours(
        "limited", "x", "high", tuple(map(Span.from_text, week)), bank_holidays=kept, ends=date(2027, 11, 20)
    )
    agreed = missed = 0
    # Each half hour of a year, by the data of the day on which it was made.
    for day in some([date(2026, 12, 1) + timedelta(days=45 * n) for n in range(9)], 3):
        route, contact = line(content, hours)
        route = replace(route, sources={"x": replace(OWN, checked=day)})
        rules = list(schedules(route, contact, today(content, day)))
        assert len(rules) <= 30
        start = datetime.combine(day, time(), UTC)
        for moment in (start + timedelta(minutes=30 * n) for n in range(2 * 24 * 45)):
            said = is_open(rules, moment)
            shown = state_at(contact.hours, content.manifest.calendar, moment) == "open"
            assert shown or not said, moment
            agreed += said
            missed += shown and not said
    # Around a change of the clocks it may say less than the site.
    assert agreed > (30 if QUICK else 100)
    assert missed < 50


def test_a_copy_that_nobody_brings_up_to_date_stops_saying_open(content):
    route, contact = line(content, limited("high"))
    rules = list(schedules(route, contact, today(content)))
    assert not is_open(rules, datetime(2027, 2, 2, 12, tzinfo=UTC))
    assert is_open(rules, datetime(2027, 1, 26, 12, tzinfo=UTC))


def test_each_schedule_names_the_time_zone_and_the_bank_holidays(data):
    described = 0
    for record in records(data["contents"]):
        if "attending_type" in record and "am to " in record["description"]:
            assert "UK time. Bank holidays" in record["description"]
            described += 1
    assert described > 5


def test_no_time_in_the_data_is_unsure(data):
    for record in records(data["contents"]):
        if "opens_at" in record:
            assert "attributes" not in record


def test_what_is_not_known_is_not_there(data):
    for record in records(data["contents"]):
        assert not {"", "unknown"} & {value for value in record.values() if isinstance(value, str)}
        assert None not in record.values()


def test_the_day_of_assurance_is_that_of_the_oldest_check(content):
    route = content.directory.routes["childline"]
    days = [date(2026, 11, 1), date(2025, 3, 9), date(2026, 2, 2)]
    sources = {
        name: replace(each, checked=day)
        for (name, each), day in zip(route.sources.items(), cycle(days), strict=False)
    }
    route = replace(route, sources=sources | {"cited by nothing": Source("", "", "", date(2024, 1, 1))})
    assert service(route, content.directory, today(content))["assured_date"] == "2025-03-09"


def test_the_day_of_the_last_change_is_told_where_it_is_known(content):
    change = Change(date(2026, 12, 3), ("hours",), "a", "b")
    record = recorded(replace(content, changes=Changes()), date(2026, 11, 20))
    childline = replace(record.services["childline"], changes=(change,))
    changed = replace(content, changes=replace(record, services=record.services | {"childline": childline}))
    by_name = {each["name"]: each for each in services(changed, today(content))}
    assert by_name["Childline"]["last_modified"] == "2026-12-03T00:00:00Z"
    assert not wrong(by_name["Childline"])
    assert "last_modified" not in by_name["NSPCC Helpline"]
    # What changed after it has no day yet.
    behind = replace(childline, parts=childline.parts | {"hours": "c"})
    later = replace(content, changes=replace(record, services=record.services | {"childline": behind}))
    (found,) = [each for each in services(later, today(content)) if each["name"] == "Childline"]
    assert "last_modified" not in found


@pytest.mark.parametrize("encoding", ["", "br", "gzip"])
def test_an_unchanged_copy_is_answered_with_an_empty_304(client, content, encoding):
    headers = {"Accept-Encoding": encoding}
    first = client.get(OPEN_DATA, headers=headers)
    assert first.content_type == "application/json; charset=utf-8"
    assert first.headers["Cache-Control"] == "no-cache"
    assert json.loads(unpacked(first)) == page(services(content, today(content, uk_time().date())))
    again = client.get(OPEN_DATA, headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(OPEN_DATA, headers={**headers, "If-None-Match": '"other"'}).status_code == 200


def test_it_may_be_used_under_a_licence_that_programs_can_read(client, data):
    assert data["license"] == "https://spdx.org/licenses/MIT.html"
    assert f'<{data["license"]}>; rel="license"' in client.get(OPEN_DATA).headers["Link"]
