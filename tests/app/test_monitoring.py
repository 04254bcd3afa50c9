"""/readyz and /metrics: for the operator's programs on the same machine, for nobody else, and with nothing about visitors."""

from __future__ import annotations

import fcntl
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from config import Config
from signpost.checks.worklist import next_due
from signpost.models.hours import LONDON
from signpost.models.urls import LOCAL
from signpost.security.counts import SharedCounts
from signpost.web.edge_copy import write_copy
from tests.app.test_other_charity import TENANTS
from tests.planting import site

#: A site of few pages, as its own programs ask for it.
BASE = {"CONTENT": TENANTS, "BASE_URL": "https://tenants.example", "TRUSTED_PROXIES": 1}


def figures(client) -> dict[str, float]:
    """The figures of /metrics by name and labels. Fails if a line is not in the format of Prometheus."""
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.content_type == "text/plain; version=0.0.4; charset=utf-8"
    found = {}
    for line in response.text.splitlines():
        if not re.fullmatch(r"# (HELP signpost_\w+ [^\n]+|TYPE signpost_\w+ (gauge|counter))", line):
            name, value = re.fullmatch(
                r'(signpost_\w+(?:\{(?:\w+="[^"\\]*",?)+\})?) (\+Inf|-?\d+)', line
            ).groups()
            found[name] = float(value)
    assert response.text.endswith("\n")
    return found


@pytest.fixture(scope="module")
def tenants():
    return site(**BASE)


def test_the_site_is_ready_once_every_template_can_be_rendered(app):
    assert app.test_client().get("/readyz").text == "ready\n"
    loaded = {name for _, name in app.jinja_env.cache}
    there = {
        name for name in app.jinja_env.list_templates(("html", "svg")) if not name.startswith("posters/")
    }
    assert there <= loaded


@pytest.mark.parametrize("broken", ["{% if %}", "{{ nothing.at.all }}"])
def test_a_page_that_cannot_be_shown_is_refused_by_the_check_and_is_not_ready(broken, tmp_path, caplog):
    content = tmp_path / "content"
    shutil.copytree(TENANTS, content)
    (content / "templates" / "pages" / "privacy.html").write_text(broken)
    app = site(**BASE | {"CONTENT": content})
    assert app.test_client().get("/readyz", may_fail=True).status_code == 503
    assert "not ready: /privacy" in caplog.text
    done = app.test_cli_runner().invoke(args=["check"])
    assert done.exit_code == 1
    assert re.search(r"cannot be shown:\n/privacy: \w*Error\(", done.output)


def test_figures_are_of_the_site_and_not_of_people(tenants, tmp_path):
    client = tenants.test_client()
    before = figures(client)
    for path in ("/", "/check", "/no-such-page", "/healthz", "/readyz", "/favicon.ico"):
        client.get(path, headers={"X-Forwarded-For": "192.0.2.7"}, base_url="https://tenants.example")
    after = figures(client)
    counts = {each: after[each] - before[each] for each in after if after[each] != before[each]}
    assert counts == {
        f'signpost_responses_total{{class="{name}"}}': n for name, n in (("2xx", 2), ("3xx", 1), ("4xx", 1))
    }
    assert after["signpost_workers"] == 1
    assert {re.sub(r"\{.*", "", name) for name in after} == {
        f"signpost_{name}"
        for name in ("info", "responses_total", "workers", "content_age_days", "next_lapse_days")
    }


def test_figures_tell_what_grows_old(tmp_path):
    app = site(**BASE, EDGE_COPY=tmp_path / "copy")
    client, content = app.test_client(), app.extensions["content"]
    due = next_due(content, Config.from_environment({}))
    app.extensions["clock"] = lambda: (
        datetime(due.year, due.month, due.day, 12, 0, tzinfo=LONDON) + timedelta(days=2)
    )
    found = figures(client)
    assert found["signpost_next_lapse_days"] == -2
    assert found["signpost_content_age_days"] == (due - content.last_checked).days + 2
    assert found["signpost_edge_copy_age_seconds"] == float("inf")
    write_copy(app, tmp_path / "copy", paths=["/"])
    assert figures(client)["signpost_edge_copy_age_seconds"] < 60


def test_whichever_worker_is_asked_answers_for_all(tmp_path):
    first, second = SharedCounts(tmp_path), SharedCounts(tmp_path)
    for counts, status in ((first, "2xx"), (second, "2xx"), (second, "5xx"), (second, "1xx")):
        counts.add(status)
    (tmp_path / "a-worker-that-is-starting.counts").touch()
    expected = {"2xx": 2, "3xx": 0, "4xx": 0, "5xx": 1}
    assert first.read() == second.read() == (expected, 2)
    fcntl.flock(second._file, fcntl.LOCK_UN)  # as when its worker has died; a total may not fall
    assert first.read() == (expected, 1)


ELSEWHERE = {
    "from another machine": {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
    "from another machine, by IPv6": {"environ_base": {"REMOTE_ADDR": "2001:db8::7"}},
    "from nobody known": {"environ_base": {"REMOTE_ADDR": ""}},
    "by a proxy that is trusted": {"headers": {"X-Forwarded-For": "127.0.0.1"}},
    "by another proxy": {"headers": {"Forwarded": "for=127.0.0.1"}},
    "by a proxy that says less": {"headers": {"Via": "1.1 proxy"}},
    "by a proxy that says nothing": {"base_url": "https://tenants.example"},
    "by a page of another site whose name leads here": {"base_url": "http://elsewhere.example"},
}


@pytest.fixture(scope="module", params=[0, 1])
def behind(request):
    """The site that trusts so many proxies."""
    return site(**BASE | {"TRUSTED_PROXIES": request.param}, RATE_LIMIT="2 per minute")


@pytest.mark.parametrize("how", ELSEWHERE)
def test_nobody_else_learns_that_they_are_there(how, behind):
    client = behind.test_client()
    next(iter(behind.extensions["limiter"])).reset()
    for method, path in (("GET", LOCAL[0]), ("POST", LOCAL[1])):
        assert client.open(path, method=method, **ELSEWHERE[how]).status_code == 404
    assert client.get(LOCAL[1], **ELSEWHERE[how]).status_code == 429, "guesses count"


def test_programs_on_the_machine_are_answered_as_often_as_they_ask(behind):
    client = behind.test_client()
    for how in (
        {},
        {"environ_base": {"REMOTE_ADDR": "::1"}, "base_url": "http://[::1]:8000"},
        {"environ_base": {"REMOTE_ADDR": "::ffff:127.0.0.1"}, "base_url": "http://127.0.0.1:8000"},
    ):
        for path in LOCAL:
            assert [client.get(path, **how).status_code for _ in range(3)] == [200] * 3


def test_the_day_of_the_content_is_in_the_check_and_on_the_page(checked, page, content):
    day = f"{content.last_checked:%-d %B %Y}"
    assert f"We last checked a fact on {day}." in checked
    assert f"version 0.1.0 of the site. We last checked a fact on {day}." in page("/about").text
    assert content.last_checked <= datetime.now(UTC).date() + timedelta(days=1)
