"""Keeping the facts true: the operator's worklist, and the date on each route's page."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache

import pytest

from config import Config
from signpost.checks.rules import launch_blockers
from signpost.checks.worklist import (
    BLOCKER,
    DUE,
    KINDS,
    LANGUAGE,
    LAPSED,
    POINT,
    SETTING,
    UNASKED,
    UNCONFIRMED,
    UNKNOWN,
    Task,
    has_due_tasks,
    worklist,
)
from signpost.models.content import Content, load_content
from signpost.models.hours import LONDON
from tests import ROOT
from tests.conftest import NO_LENGTHS
from tests.page import Page
from tests.planting import READ, numbers_in, plant, site

NSPCC, HELPLINE = "routes/nspcc.toml", "routes/stop-it-now.toml"
NUMBER, *_ = numbers_in(NSPCC)

#: A day soon after the content was collected, and one when every review is long overdue.
TODAY, LATER = date(2026, 11, 26), date(2028, 1, 1)


@pytest.fixture(scope="module")
def folder(unconfirmed):
    """A copy of the content in which every source was read on 1 November 2026."""
    return unconfirmed


@pytest.fixture(scope="module")
def collected(folder) -> Content:
    return load_content(folder)


# ---- the worklist


#: Worklists by everything they depend on, because making one takes a third of a second. Keeps each content alive, so
#: that no other content can get its id.
_MADE: dict[object, tuple[Content, list[Task]]] = {}


def tasks(content: Content, today: date = TODAY, within: int = 30, **settings: str) -> list[Task]:
    key = (id(content), today, within, *sorted(settings.items()))
    if key not in _MADE:
        config = Config.from_environment({f"SIGNPOST_{name}": value for name, value in settings.items()})
        _MADE[key] = content, worklist(content, config, today, within)
    return _MADE[key][1]


def test_the_most_pressing_comes_first(content):
    kinds = [KINDS.index(task.kind) for task in tasks(content, LATER)]
    assert kinds == sorted(kinds)
    due = [task.by for task in tasks(content, LATER) if task.kind == LAPSED]
    assert due == sorted(due)


def test_settings_that_the_operator_has_not_made_are_listed(content):
    assert {t.where for t in tasks(content) if t.kind == SETTING} == {
        "SIGNPOST_OPERATOR",
        "SIGNPOST_CONTACT",
        "SIGNPOST_BASE_URL",
    }
    listed = tasks(content, OPERATOR="A charity", CONTACT="us@example.org", BASE_URL="https://example.org")
    assert not [task for task in listed if task.kind == SETTING]


def test_launch_blockers_and_points_of_law_are_listed(content):
    listed = tasks(content)
    files = {task.where for task in listed if task.kind == BLOCKER}
    assert files == {f"routes/{route.id}.toml" for route in launch_blockers(content)}
    points = [task.what for task in listed if task.kind == POINT]
    decided = (ROOT / "docs/decisions/0003-points-for-a-lawyer.md").read_text("utf-8")
    assert points
    assert len(points) == len(re.findall(r"^\d+\. ", decided, re.MULTILINE))


def test_what_stands_between_the_site_and_a_launch_is_listed_first(content):
    listed = [task.kind for task in tasks(content)]
    before = [kind for kind in listed if kind in (BLOCKER, POINT)]
    assert listed[: len(before)] == before


def test_a_service_is_listed_until_it_has_confirmed_everything(collected, tmp_path):
    def asked(content) -> set[str]:
        return {task.where for task in tasks(content) if task.kind == UNASKED}

    assert asked(collected) == {f"routes/{id_}.toml" for id_ in collected.directory.routes}
    folder = plant(tmp_path, NSPCC, "checked = 2026-11-01", "checked = 2026-11-01\nasked = 2026-11-20")
    assert NSPCC not in asked(load_content(folder))


def test_a_route_that_says_what_is_not_confirmed_of_it_is_a_launch_blocker(content):
    """Even if its number and hours are confirmed: here, what it may have to pass on is not."""
    routes = content.directory.routes
    sure = replace(routes["childline"], unconfirmed="")
    for each, blocks in ((sure, False), (replace(sure, unconfirmed="Ask what they pass on."), True)):
        directory = replace(content.directory, routes={**routes, "childline": each})
        assert (each in launch_blockers(replace(content, directory=directory))) == blocks


def test_a_translation_is_listed_until_a_translator_has_read_it(content, tmp_path):
    def listed(content, **settings: str) -> list[str]:
        return [task.what for task in tasks(content, **settings) if task.kind == LANGUAGE]

    assert listed(content)[0] == "Cymraeg: enter the day in scope.toml, reviewed"
    before = [what for what in listed(content)[1:] if "in questions.toml" not in what]
    folder = plant(tmp_path, "scope.toml", "reviewed = {}", "reviewed = { cy = 2027-01-31 }")
    assert listed(load_content(folder), CONTENT=str(folder)) == listed(content)[1:]
    folder = plant(tmp_path, "questions.toml", "Is anyone in danger now?", "Is anyone in danger?")
    left = listed(load_content(folder), CONTENT=str(folder))
    (new,) = set(left) - set(before)
    assert re.fullmatch(r"Cymraeg: still in English, \d+ in questions\.toml; make translations", new)


def test_a_catalogue_that_cannot_be_used_is_listed_and_stops_no_review(content, tmp_path):
    folder = plant(tmp_path, "scope.toml", "reviewed = {}", "reviewed = { cy = 2026-11-01 }")
    (folder / "translations/cy/LC_MESSAGES/content.mo").write_bytes(b"spoilt")
    (task,) = [t for t in tasks(load_content(folder), CONTENT=str(folder)) if t.kind == LANGUAGE]
    assert "Its .mo cannot be read: Bad magic number." in task.what


def test_content_without_a_translation_owes_none(content, tmp_path):
    assert not [task for task in tasks(content, CONTENT=str(tmp_path)) if task.kind == LANGUAGE]


def test_every_fact_that_is_not_confirmed_is_listed(content):
    listed = {(task.where, task.what) for task in tasks(content) if task.kind == UNCONFIRMED}
    unsure = {
        (f"routes/{route.id}.toml", f"{fact.what} ({fact.confidence})")
        for route in content.directory.routes.values()
        for fact in route.facts()
        if fact.confidence != "high"
    }
    assert unsure
    assert listed == unsure


def test_every_fact_that_is_not_confirmed_is_marked_on_its_route_s_page(content, crawl):
    """The page has one mark for each such fact: contact, cost and hours are marked separately."""
    for route in content.directory.routes.values():
        text = crawl[f"/help/{route.id}"].text_without("section", "sources")
        contacts = [contact for contact in route.contacts if contact.confidence != "high"]
        assert text.count("Not confirmed") == len(contacts) + (route.privacy.confidence != "high"), route.id
        costs = [c for c in route.contacts if c.cost != "unknown" and c.cost_confidence != "high"]
        assert text.count(", we think.") >= len(costs), route.id
        hours = [c.hours for c in route.contacts if c.hours.confidence != "high"]
        given = [h for h in hours if h.open in ("always", "limited") or h.days]
        assert text.count("Usually ") >= len(given), route.id
        for contact in route.contacts:
            if (
                contact.hours.open == "unknown"
                and not contact.hours.days
                and contact.kind in ("phone", "chat")
            ):
                assert "We do not know the opening hours." in text, route.id


def test_what_is_not_known_is_listed(content):
    listed = {(task.where, task.what) for task in tasks(content) if task.kind == UNKNOWN}
    assert (NSPCC, "other languages") in listed
    assert (NSPCC, f"{NUMBER}, hours") in listed


def test_each_task_on_a_route_has_a_page_to_check_it_against(content):
    bare = {
        task.where for task in tasks(content, LATER) if task.where.startswith("routes/") and not task.page
    }
    # Routes without any known page of their own.
    assert bare == {
        f"routes/{name}.toml"
        for name in (
            "foreign-office",
            "young-minds",
        )
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    ("today", "kind"),
    [
        (date(2027, 3, 30), None),
        (date(2027, 3, 31), DUE),
        (date(2027, 4, 30), DUE),
        (date(2027, 5, 1), LAPSED),
    ],
)
def test_a_check_is_listed_thirty_days_before_it_is_due_and_after(collected, today, kind):
    """A check on 1 November is valid for 180 days, until 30 April."""
    found = {task.kind for task in tasks(collected, today) if task.where == NSPCC and task.by}
    assert found == ({kind} if kind else set())
    assert has_due_tasks(tasks(collected, today)) == bool(kind)


def test_a_source_may_name_its_own_day(tmp_path):
    folder = plant(tmp_path, NSPCC, "checked = 2026-11-01", "checked = 2026-11-01\nreview_by = 2026-12-01")
    (task,) = [task for task in tasks(load_content(folder)) if task.by]
    assert (task.kind, task.where, task.by) == (DUE, NSPCC, date(2026, 12, 1))


def test_confirmed_hours_are_due_when_a_page_would_stop_saying_open_now(tmp_path):
    file = plant(tmp_path, HELPLINE, "", "") / HELPLINE
    text = re.sub(r'confidence = "\w+"', 'confidence = "high"', file.read_text("utf-8"))
    file.write_text(re.sub(r"(checked = .*)", r"\1\nfirst_party = true", text), "utf-8")
    due = {
        task.by
        for task in tasks(load_content(tmp_path / "content"), date(2027, 1, 15))
        if task.where == HELPLINE and task.by
    }
    assert due == {READ + timedelta(days=90)}


# ---- the command


def command(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as an operator, or a scheduled job, does."""
    environment = {**os.environ, **settings}
    line = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.run(line, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)


@cache
def _site(**settings: object):
    return site(**settings)


def at(moment: str, **settings: object):
    """A site at a moment, the same for the same settings. Only the last moment holds."""
    app = _site(**settings)
    app.extensions["clock"] = lambda: datetime.fromisoformat(moment).replace(tzinfo=LONDON)
    return app


def test_the_command_ends_well_while_nothing_is_due(content, folder):
    done = at("2026-11-26 12:00", CONTENT=folder).test_cli_runner().invoke(args=["review"])
    assert done.exit_code == 0
    assert f"{UNCONFIRMED} (" in done.output
    for route in launch_blockers(content):
        assert route.unconfirmed in done.output


def test_the_command_ends_with_one_when_something_is_due(folder):
    app = at("2027-04-15 12:00", CONTENT=folder)
    assert app.test_cli_runner().invoke(args=["review"]).exit_code == 1
    assert app.test_cli_runner().invoke(args=["review", "--within", "3"]).exit_code == 0
    assert (
        at("2027-05-01 12:00", CONTENT=folder)
        .test_cli_runner()
        .invoke(args=["review", "--within", "0"])
        .exit_code
        == 1
    )


def test_the_command_prints_a_table_for_a_spreadsheet(content):
    output = at("2026-11-26 12:00").test_cli_runner().invoke(args=["review", "--csv"]).output
    assert output.startswith("\ufeff"), "Excel would take it for Latin-1"
    head, *rows = csv.reader(io.StringIO(output.removeprefix("\ufeff")))
    assert head == ["kind", "where", "what", "page", "by"]
    assert len(rows) == len(tasks(content))
    assert all(len(row) == 5 for row in rows)


@pytest.mark.slow
def test_the_command_runs_as_a_job_runs_it():
    # A job may have no UTF-8, and Excel would not read the words of another encoding.
    done = command("review", "--csv", SIGNPOST_OPERATOR="A charity", PYTHONIOENCODING="latin-1")
    assert done.returncode in (0, 1)
    assert "’" in done.stdout
    assert "SIGNPOST_CONTACT" in done.stdout
    assert "SIGNPOST_OPERATOR" not in done.stdout


# ---- the page


def test_each_route_s_page_says_when_its_details_were_checked(crawl, content):
    for route in content.directory.routes.values():
        text = crawl[f"/help/{route.id}"].text
        own = all(source.first_party for source in route.cited())
        what = "the service’s own pages on" if own else "our sources in"
        when = f"{route.checked:%-d %B %Y}" if own else f"{route.checked:%B %Y}"
        assert f"We last read {what} {when}." in text, route.id


@pytest.mark.slow
def test_the_date_is_that_of_the_oldest_check(tmp_path):
    folder = plant(tmp_path, HELPLINE, f"checked = {READ}", "checked = 2026-10-05")
    text = Page(site(CONTENT=folder).test_client().get("/help/stop-it-now").text).text
    assert "We last read our sources in October 2026." in text


def test_the_day_of_a_check_is_shown_if_all_was_read_on_the_service_s_own_pages(tmp_path):
    file = plant(tmp_path, HELPLINE, "", "") / HELPLINE
    file.write_text(
        re.sub("checked = [0-9-]+", "checked = 2026-11-01\nfirst_party = true", file.read_text("utf-8")),
        "utf-8",
    )
    text = Page(site(CONTENT=tmp_path / "content").test_client().get("/help/stop-it-now").text).text
    assert "We last read the service’s own pages on 1 November 2026." in text


@pytest.mark.slow
@pytest.mark.parametrize(("moment", "lapsed"), [("2027-04-30 23:59", False), ("2027-05-01 00:00", True)])
def test_a_lapsed_date_shows_on_the_page_and_stops_nothing(moment, lapsed, monkeypatch, folder):
    monkeypatch.setattr(*NO_LENGTHS)
    app = at(moment, CONTENT=folder)
    text = Page(app.test_client().get("/help/nspcc").text).text
    assert ("We have not checked them again since." in text) == lapsed
    assert app.test_cli_runner().invoke(args=["check"]).exit_code == 0
