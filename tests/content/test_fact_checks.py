"""The check of the facts: numbers that can be called, sources with dates and addresses."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from signpost.checks.fact_checks import can_be_called, fact_problems
from signpost.models.content import load_content
from tests import ROOT
from tests.conftest import NO_LENGTHS
from tests.planting import numbers_in, plant, site

NSPCC = "routes/nspcc.toml"
NUMBER, _, _, ABROAD, *_ = numbers_in(NSPCC)
RELAY = numbers_in("routes/lifeline.toml")[1]

#: A day soon after the content was collected, and one when every review is long overdue.
TODAY, LATER = date(2026, 11, 26), date(2028, 1, 1)


def said(folder, today: date = TODAY) -> str:
    return "\n".join(map(str, fact_problems(load_content(folder), today)))


def test_the_facts_of_the_content_stand(content):
    assert list(fact_problems(content, datetime.now(UTC).date())) == []


def test_a_lapsed_date_is_no_fault(content):
    assert list(fact_problems(content, LATER)) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "problem"),
    [
        (NSPCC, "checked = 2026-11-01", "checked = 2026-11-27", "sources.nspcc-report", "that day is still to come"),
        ("advice/money.toml", "checked = 2026-11-01", "checked = 2027-11-01", "sources.", "that day is still to come"),
        (NSPCC, NUMBER, NUMBER[:-1], "contact 1", f"“{NUMBER[:-1]}” is no number that can be called"),
        (NSPCC, NUMBER, f"{NUMBER}0", "contact 1", "is no number that can be called"),
        (NSPCC, NUMBER, f"{NUMBER[:-3]}OOO", "contact 1", "is no number that can be called"),
        (NSPCC, ABROAD, ABROAD[:-1].replace("+44 ", "+44 0"), "contact 4", "is no number that can be called"),
        ("routes/lifeline.toml", f'number = "{RELAY}"', f'number = "{RELAY[:-1]}"', "contact 2", "is no number"),
        (NSPCC, 'title = "', 'title = ""  # "', "sources.nspcc-report", "It has no title."),
        (NSPCC, 'address = "https://www.nspcc.org.uk/keeping-children-safe/reporting-abuse/report/"\ndated', 'address = ""\ndated', "privacy", "It is “high”, and its source has no address."),
        ("routes/young-minds.toml", '"unsourced", confidence = "unconfirmed" }', '"unsourced", confidence = "low" }', "contact 1, hours", "It is “low”, and its source has no date"),
        (NSPCC, "checked = 2026-11-01", "checked = 2026-11-01\nreview_by = 2026-10-01", "sources.nspcc-report", "checked again before it was checked"),
    ],
)  # fmt: skip
def test_a_fault_in_a_fact_is_named_with_its_fix(tmp_path, file, old, new, place, problem):
    (line, *_) = [
        each for each in said(plant(tmp_path, file, old, new)).splitlines() if f"{file}, {place}" in each
    ]
    assert problem in line
    assert line.rpartition(". ")[2], "no fix"


@pytest.mark.parametrize(
    "number",
    ["999", "101", "111", "116 123", "85258", "18000", "18001 101", "0800 1111", "0808 1000 900", "08088 01 03 02",
     "+44 1372 847 161", "1-800-THE-LOST", "1-800-422-4453", "07860 077333"],
)  # fmt: skip
def test_numbers_are_taken_as_their_services_print_them(number):
    assert can_be_called(number)


@pytest.mark.parametrize(
    "number", ["0808 1000 90", "0808-1000-900", "9999999", "+44", "0", "call us", "(0808) 1000 900", ""]
)
def test_what_is_no_number_is_refused(number):
    assert not can_be_called(number)


def test_the_command_refuses_a_broken_fact_and_the_site_still_starts(tmp_path, monkeypatch):
    monkeypatch.setattr(*NO_LENGTHS)
    app = site(CONTENT=plant(tmp_path, NSPCC, NUMBER, NUMBER[:-1]))
    done = app.test_cli_runner().invoke(args=["check"])
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)  # and no traceback
    assert f"routes/nspcc.toml, contact 1: “{NUMBER[:-1]}” is no number that can be called." in done.output
    assert app.test_client().get("/help/nspcc").status_code == 200


@pytest.mark.slow
def test_the_site_starts_without_what_only_a_check_needs():
    loaded = "import sys, wsgi; print('phonenumbers' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_the_day_of_a_translation_s_review_must_have_come(tmp_path):
    folder = plant(tmp_path, "scope.toml", "reviewed = {}", "reviewed = { cy = 2027-01-31 }")
    assert "scope.toml, reviewed: The day of “cy” is still to come." in said(folder)
    assert said(folder, LATER) == ""
