"""The directory as an API and a table: what a program that knows only HSDS, or a spreadsheet, gets from it."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import get_args

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from signpost.exports.directory_csv import directory_csv
from signpost.exports.open_data import hours_in_words, service_id
from signpost.exports.taxonomies import TAXONOMIES, TERMS
from signpost.models.directory import Kind, Role
from signpost.models.journey import Age, Topic
from signpost.models.urls import API_ROOT, CHANGES, OPEN_DATA, OPENAPI, SERVICES_CSV
from tests import ROOT
from tests.planting import site

BASE = "https://signpost.example"
HSDS = json.loads((ROOT / "tests" / "fixtures" / "hsds" / "service_with_definitions.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def get():
    client = site(LANGUAGES="en cy", BASE_URL=BASE).test_client()
    return lambda address: client.get(address, base_url=BASE, buffered=True)


@pytest.fixture(scope="module")
def api(get):
    """The API's description, found as a program finds it: from the root."""
    return get(get(API_ROOT).json["openapi_url"].removeprefix(BASE)).json


@pytest.fixture(scope="module")
def valid(api):
    """Whether a value is what the description says of a path. The schemas it names are the published ones."""
    published = {
        "compiled/service.json": HSDS,
        "taxonomy.json": HSDS["definitions"]["taxonomy"],
        "taxonomy_term.json": {**HSDS["definitions"]["taxonomy_term"], "definitions": HSDS["definitions"]},
    }
    at = "https://raw.githubusercontent.com/openreferral/specification/3.0/schema/"
    known = Registry().with_resources(
        (at + name, Resource(contents=schema, specification=DRAFT202012))
        for name, schema in published.items()
    )

    def wrong(path: str, value: object) -> list[str]:
        schema = api["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        validator = Draft202012Validator(
            schema, registry=known, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        return [f"{each.json_path}: {each.message}" for each in validator.iter_errors(value)]

    return wrong


def test_every_path_of_the_description_answers_as_it_says(get, api, valid):
    assert api["servers"] == [{"url": f"{BASE}/data"}]
    assert api["openapi"].startswith("3.1")
    assert set(api["paths"]) == {
        "/",
        "/changes.atom",
        *(f"/{name}{end}" for name in ("services", "taxonomies", "taxonomy_terms") for end in ("", "/{id}")),
    }
    for path in api["paths"].keys() - {"/changes.atom"}:  # test_changes_feed.py reads that
        of = path.removesuffix("/{id}")
        first = get(f"/data{of}").json.get("contents", [{}])[0]
        answer = get(f"/data{path.replace('{id}', first.get('id', ''))}")
        assert (answer.status_code, answer.content_type) == (200, "application/json; charset=utf-8"), path
        assert not valid(path, answer.json), path


def test_the_validator_finds_a_planted_fault(get, valid):
    listed = get("/data/services?per_page=1").json
    assert not valid("/services", listed)
    assert valid("/services", listed | {"contents": [{**listed["contents"][0], "status": "open"}]})
    assert valid("/services", {name: value for name, value in listed.items() if name != "total_pages"})
    assert valid("/taxonomy_terms/{id}", {"id": "x", "name": "x", "description": "x"})


def pages(get, address: str):
    """What a program gets that knows pages and nothing else."""
    number, last = 1, False
    while not last:
        got = get(f"{address}{'&' if '?' in address else '?'}page={number}").json
        assert got["size"] == len(got["contents"])
        assert (got["page_number"], got["first_page"]) == (number, number == 1)
        yield from got["contents"]
        number, last = number + 1, got["last_page"]


@pytest.mark.parametrize("size", ["", "?per_page=7", "?per_page=100&utm_source=x"])
def test_all_pages_together_are_the_whole_directory(get, size):
    assert list(pages(get, f"/data/services{size}")) == get(OPEN_DATA).json["contents"]


def test_no_page_is_longer_than_promised(get, api):
    """A page is made when it is asked for, so a long one would keep the site busy."""
    most = next(
        each["schema"]["maximum"]
        for each in api["paths"]["/services"]["get"]["parameters"]
        if each["name"] == "per_page"
    )
    assert get("/data/services?per_page=5000").json == get(f"/data/services?per_page={most}").json
    assert get("/data/services").json["size"] == most == 10


def test_a_page_after_the_last_is_empty_and_says_so(get):
    got = get("/data/services?page=99").json
    assert (got["contents"], got["empty"], got["last_page"]) == ([], True, True)
    for address in (OPEN_DATA, f"{OPEN_DATA}?page=1"):
        assert get(address).json["last_page"] is True
    after = get(f"{OPEN_DATA}?page=2").json
    assert (after["contents"], after["empty"], after["last_page"]) == ([], True, True)
    assert get(f"{OPEN_DATA}?page=x").status_code == 400


@pytest.mark.parametrize("odd", ["page=0", "page=-1", "page=x", "per_page=0", "page=²", "page=99999999999"])
def test_an_argument_that_cannot_be_read_is_refused(get, odd):
    assert get(f"/data/services?{odd}").status_code == 400


def test_each_record_is_at_its_own_address(get, content):
    for each in get(OPEN_DATA).json["contents"][:3] + get("/data/taxonomies").json["contents"]:
        name = "services" if "status" in each else "taxonomies"
        assert get(f"/data/{name}/{each['id']}").json == each
    some = service_id(content.directory.routes["childline"])
    assert get(f"/data/services/{some.replace('b', '0')}").status_code == 404
    assert get(f"/data/taxonomies/{some}").status_code == 404
    for address in ("/data", "/data/services/", "/DATA/services"):
        assert get(address).status_code == 301


@pytest.mark.parametrize(
    ("taxonomy", "code", "some", "never"),
    [
        ("role", "report", "Police on 101", "Shout"),
        ("role", "images", "Report Remove", "Childline"),
        ("contact", "text", "Shout", "Report Remove"),
        ("age", "under-18", "Childline", "Stop It Now helpline"),
        ("topic", "self-worry", "Stop It Now helpline", "Report Remove"),
    ],
)
def test_a_program_asks_for_those_that_fit(get, content, taxonomy, code, some, never):
    terms = list(pages(get, "/data/taxonomy_terms"))
    names = {each["id"]: each["name"] for each in get("/data/taxonomies").json["contents"]}
    titles = {each.code: each.name for each in TAXONOMIES}
    (term,) = [t for t in terms if t["code"] == code and names[t["taxonomy_id"]] == titles[taxonomy]]
    found = {each["name"] for each in pages(get, f"/data/services?taxonomy_term_id={term['id']}")}
    assert some in found
    assert never in {route.name for route in content.directory.routes.values()} - found


def test_the_terms_of_roles_are_those_of_the_content(get, content):
    by_id = {each["id"]: each for each in get(OPEN_DATA).json["contents"]}
    for route in content.directory.routes.values():
        marks = by_id[service_id(route)]["attributes"]
        roles = [m["value"] for m in marks if m["taxonomy_term"]["taxonomy"] == "What it can do"]
        assert roles == list(route.roles)


def test_every_role_topic_age_and_kind_has_a_term_and_no_two_share_an_identifier():
    wanted = [*get_args(Role), *get_args(Topic), *get_args(Age), *get_args(Kind), "not-confirmed"]
    assert sorted(term.code for term in TERMS) == sorted(wanted)
    assert len({each.id for each in (*TERMS, *TAXONOMIES)}) == len(TERMS) + len(TAXONOMIES)


def table(get) -> list[dict[str, str]]:
    text = get(SERVICES_CSV).text
    assert text.startswith("\ufeff"), "Excel takes UTF-8 for Latin-1"
    return list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))


def test_the_table_has_a_row_for_each_way_to_reach_a_service(get, content):
    assert get(SERVICES_CSV).content_type == "text/csv; charset=utf-8"
    rows = table(get)
    ways = [(route, way) for route in content.directory.routes.values() for way in route.contacts]
    assert len(rows) == len(ways)
    for row, (route, way) in zip(rows, ways, strict=True):
        assert (row["service"], row["number"], row["address"]) == (route.name, way.number, way.address)
        assert row["confirmed"] == ("yes" if way.confidence == "high" else "no")
        assert row["hours"] == hours_in_words(way.hours)
        assert "unknown" not in row.values()
        assert row["page"] == f"{BASE}/help/{route.id}"


def test_a_spreadsheet_runs_nothing_of_the_table(get):
    """A cell that begins with one of these may be a formula. A number with the country's code is none."""
    for row in table(get):
        for name, cell in row.items():
            assert not cell.startswith(("=", "@", "-", "\t")), cell
            assert not cell.startswith("+") or name == "number"


@pytest.mark.parametrize("start", ["=", "+cmd", "-2+3", "@SUM(", "\uff1d", " =", "\t="])
def test_a_spreadsheet_runs_nothing_that_an_editor_wrote(content, start):
    """Another charity's editor may write a formula by mistake, or on purpose."""
    first, *rest = content.directory.routes.values()
    odd = replace(first, name=f"{start}1", organisation=f"{start}2", summary=f"{start}3")
    directory = replace(content.directory, routes={each.id: each for each in (odd, *rest)})
    rows = list(csv.DictReader(io.StringIO(directory_csv(replace(content, directory=directory), BASE))))
    assert [rows[0][name] for name in ("service", "organisation", "summary")] == [
        f"'{start}{number}" for number in (1, 2, 3)
    ]
    assert all(row["number"][:1] != "'" for row in rows)


@pytest.mark.parametrize("address", ["/data/", "/data/services?page=2", OPENAPI, SERVICES_CSV, CHANGES])
def test_an_unchanged_copy_is_answered_with_an_empty_304(get, address):
    first = get(address)
    licence, feed = first.headers["Link"].split(", ")
    assert licence == '<https://spdx.org/licenses/MIT.html>; rel="license"'
    assert feed == f'<{BASE}/data/changes.atom>; rel="version-history"'
    again = (
        site(BASE_URL=BASE)
        .test_client()
        .get(address, base_url=BASE, headers={"If-None-Match": first.headers["ETag"]})
    )
    assert (again.status_code, again.data) == (304, b"")
