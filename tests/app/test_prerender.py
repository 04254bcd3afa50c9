"""Prerendered pages: identical to those rendered on request, and dependent only on the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from itertools import product
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from signpost.models.content import load_content
from signpost.models.hours import LONDON
from signpost.models.urls import LISTS, OPEN_DATA, check_url, every_page
from signpost.web import prerender
from signpost.web.templating import cache_key
from tests.app.test_open_now import confirm
from tests.page import unpacked
from tests.planting import site
from tests.states import EVERY_STATE, sample

MINUTE = 30_000_000
BROTLI = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def clock(monkeypatch):
    """Sets the current minute for a test; pages are rendered without a pause in between."""
    clock = SimpleNamespace(now=MINUTE * 60.0)
    monkeypatch.setattr(prerender, "time", lambda: clock.now)
    monkeypatch.setattr(prerender, "sleep", lambda _: None)
    return clock


@pytest.fixture
def few(monkeypatch):
    """Prerenders only the first few pages, which is fast and enough for most tests."""
    monkeypatch.setattr(prerender, "_MOST", 3)
    monkeypatch.setattr(prerender, "FILES", ())


def views_called(app, monkeypatch) -> list[str]:
    """The names of the views called from now on: a prerendered page calls none."""
    called: list[str] = []
    for name, view in app.view_functions.items():

        def noted(name=name, view=view, **given):
            called.append(name)
            return view(**given)

        monkeypatch.setitem(app.view_functions, name, noted)
    return called


def headers(response) -> list[tuple[str, str]]:
    """The headers of a response, without its date."""
    return sorted(each for each in response.headers if each[0] != "Date")


@pytest.mark.slow
def test_every_page_is_identical_to_the_one_rendered_on_request(clock, content, monkeypatch):
    pages = set(every_page(content)) if EVERY_STATE else {*sample(content)} & {*every_page(content)}
    assert len(pages) > len(content.journey.results) + len(content.journey.questions)
    monkeypatch.setattr(prerender, "every_page", lambda _: pages)
    made, fresh = (site(RATE_LIMIT="1000000 per minute") for _ in range(2))
    made.extensions["prerendered_pages"].render(MINUTE)
    called = views_called(made, monkeypatch)
    # Use a plain client: other tests already check every page.
    kept, anew = (FlaskClient(app, app.response_class) for app in (made, fresh))
    for address in pages:
        ours, theirs = (client.get(address, headers=BROTLI) for client in (kept, anew))
        assert ours.status == theirs.status == "200 OK"
        assert headers(ours) == headers(theirs)
        assert ours.data == theirs.data
    assert called == []


def test_no_page_has_the_date_of_its_making(clock, few):
    """The server adds the date of the response."""
    app = site()
    app.extensions["prerendered_pages"].render(MINUTE)
    assert "Date" not in app.test_client().get("/", headers=BROTLI).headers


def test_a_head_has_the_same_headers_and_no_body(clock, few, monkeypatch):
    app = site()
    before = app.test_client().head("/", headers=BROTLI)
    app.extensions["prerendered_pages"].render(MINUTE)
    called = views_called(app, monkeypatch)
    response = app.test_client().head("/", headers=BROTLI)
    assert called == []
    assert headers(response) == headers(before)
    assert response.data == b""


def test_prerendered_pages_count_and_an_address_over_its_limit_gets_none(clock, few):
    app = site(RATE_LIMIT="3 per hour")
    app.extensions["prerendered_pages"].render(MINUTE)
    client = app.test_client()
    assert [client.get("/", headers=BROTLI).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_a_rejection_comes_before_prerendered_pages(clock, few):
    app = site(TRUSTED_HOSTS="localhost")
    app.extensions["prerendered_pages"].render(MINUTE)
    client = app.test_client()
    assert client.get("/", headers=BROTLI | {"Host": "elsewhere.example"}).status_code == 400
    assert client.post("/", headers=BROTLI).status_code == 405
    assert client.get("/check", headers=BROTLI).status_code == 301


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [("br", "br"), ("*", "br"), ("gzip", "gzip"), ("gzip, br;q=0", "gzip"), ("identity", None), (None, None)],
)
def test_nobody_gets_what_they_cannot_read(clock, few, accepted, sent):
    app = site()
    app.extensions["prerendered_pages"].render(MINUTE)
    response = app.test_client().get("/", headers={"Accept-Encoding": accepted} if accepted else {})
    assert response.content_encoding == sent
    assert response.vary.as_set() == {"accept-encoding"}
    assert b"<h1>" in unpacked(response)


def test_a_visit_keeps_nothing(clock, few, monkeypatch):
    """If visits filled a cache, a page's response time would reveal whether somebody had visited it."""
    app = site()
    app.extensions["prerendered_pages"].render(MINUTE)
    called = views_called(app, monkeypatch)
    client = app.test_client()
    for address in ("/about", "/numbers/999", "/check/?go=1", "/check/?answer=n&go=1", "/no-such-page"):
        client.get(address, headers=BROTLI)
        before = len(called)
        client.get(address, headers=BROTLI)
        assert len(called) == before + (address != "/no-such-page")
    assert {len(pages) for pages in app.extensions["prerendered_pages"]._by_minute.values()} == {3}


@pytest.mark.slow
def test_pages_are_rendered_in_the_order_in_which_people_need_them(clock, monkeypatch):
    """In both languages the start, then the questions that come first, before any result; the first without a pause."""
    monkeypatch.setattr(prerender, "_MOST", 40)
    kept: dict[tuple[str, str, str], object] = {}
    paused: list[int] = []
    monkeypatch.setattr(prerender, "sleep", lambda _: paused.append(len(kept)))
    app = site(LANGUAGES="en cy")
    app.extensions["prerendered_pages"]._fill(kept, datetime.fromtimestamp(MINUTE * 60, LONDON), {})
    paths = [path for _, path, _ in kept if path.removeprefix("/cy") not in prerender.FILES]
    english, welsh = paths[::2], paths[1::2]
    assert welsh == [f"/cy{path}" for path in english]
    assert english[:2] == ["/", "/check/"]
    journey = app.extensions["content"].journey
    walks = [journey.follow(path.removeprefix("/check/").strip("/").split("/")) for path in english[2:]]
    assert all(walk.question for walk in walks)
    depths = [len(walk.codes) for walk in walks]
    assert depths == sorted(depths)
    assert paused == list(range(51, len(kept) + 1))


def test_pages_that_say_the_same_are_kept_once_for_both_minutes(clock, few):
    app = site()
    pages = prerender.PrerenderedPages(app, cache_key=lambda moment: moment)
    pages.render(MINUTE)
    one, other = (pages._by_minute[minute] for minute in (MINUTE, MINUTE + 1))
    assert one is not other
    pages_of = [
        [kept for (coding, path, _), kept in each.items() if coding == "br" and path not in prerender.FILES]
        for each in (one, other)
    ]
    assert all(each is same for each, same in zip(*pages_of, strict=True))
    heads = {id(kept.body[0]) for kept in pages_of[0]}
    assert len(heads) == 1, "all pages of a language begin with the same bytes, which are kept once"


def test_paths_to_one_result_share_nearly_all_of_the_page(clock, content, monkeypatch):
    """There are four times as many paths as results, and a worker keeps a page for each.

    This holds of paths of the same length: brotli says how far back a word stood.
    """
    paths: dict[object, list[str]] = {}
    for walk in content.journey.walks():
        if walk.result:
            shown = walk.ends_at, walk.situation, len(walk.codes)
            paths.setdefault(shown, []).append(check_url(walk.codes))
    chosen = [two for two in paths.values() if len(two) > 1][::60]
    assert chosen
    monkeypatch.setattr(prerender, "every_page", lambda _: [path for two in chosen for path in two[:2]])
    monkeypatch.setattr(prerender, "FILES", ())
    app = site()
    pages = prerender.PrerenderedPages(app, cache_key=lambda _: None)
    pages.render(MINUTE)
    for one, other in (two[:2] for two in chosen):
        parts, others = (pages._by_minute[MINUTE]["br", path, ""].body for path in (one, other))
        same = {id(part) for part in others}
        own = sum(len(part) for part in parts if id(part) not in same)
        assert own < 0.1 * sum(map(len, parts)), (one, other)


QUERIES = [
    "",
    "?utm_source=x",
    "?go=0",
    "?answer=n",
    "?service=nspcc",
    "?%C3%A9&&=",
    f"?{'x=1&' * 3000}",
    f"?{'go=1&' * 999}",
]


@pytest.mark.parametrize("coding", ["br", "gzip", None, f"br{', x' * 999}"])
def test_no_query_that_says_nothing_and_no_coding_has_a_page_rendered(clock, few, monkeypatch, coding):
    """Or one address could use up the site: rendering takes ten times as long."""
    made, fresh = site(), site()
    made.extensions["prerendered_pages"].render(MINUTE)
    called = views_called(made, monkeypatch)
    accepted = {"Accept-Encoding": coding} if coding else {}
    kept, anew = (FlaskClient(app, app.response_class) for app in (made, fresh))
    for query in QUERIES:
        ours, theirs = (client.get(f"/check/{query}", headers=accepted) for client in (kept, anew))
        assert called == [], query
        assert headers(ours) == headers(theirs)
        assert ours.status == "200 OK"
        assert unpacked(ours) == unpacked(theirs)


@pytest.mark.slow
def test_a_question_mark_in_a_path_begins_no_query(clock, monkeypatch):
    kept = "/partners?service=nspcc"
    monkeypatch.setattr(prerender, "every_page", lambda _: [kept])
    app = site()
    app.extensions["prerendered_pages"].render(MINUTE)
    client = app.test_client()
    assert client.get(kept, headers=BROTLI).status_code == 200
    damaged = client.get("/", environ_overrides={"PATH_INFO": kept}, headers=BROTLI)
    assert (damaged.status_code, damaged.location) == (302, "/partners")


@pytest.mark.parametrize("query", ["go=1", "moved=1", "utm_source=x&go=1", "go=1&answer=none"])
def test_a_query_that_says_something_is_answered(clock, few, query):
    app = site()
    app.extensions["prerendered_pages"].render(MINUTE)
    client = FlaskClient(app, app.response_class)
    plain, other = (client.get(f"/check/{each}").text for each in ("", f"?{query}"))
    assert plain != other


@pytest.mark.slow
def test_long_files_are_kept_in_each_coding(clock, monkeypatch):
    monkeypatch.setattr(prerender, "_MOST", 1)
    made, fresh = site(), site()
    made.extensions["prerendered_pages"].render(MINUTE)
    called = views_called(made, monkeypatch)
    kept, anew = (FlaskClient(app, app.response_class) for app in (made, fresh))
    for address, coding in product(prerender.FILES, ("br", "gzip")):
        accepted = {"Accept-Encoding": coding}
        ours, theirs = (client.get(f"{address}?x", headers=accepted) for client in (kept, anew))
        assert headers(ours) == headers(theirs)
        assert ours.data == theirs.data
        if mark := ours.headers.get("ETag"):
            again = kept.get(address, headers=accepted | {"If-None-Match": mark})
            assert (again.status_code, again.data) == (304, b"")
    assert called == []
    # Without a content coding the file has another ETag, which is compared too.
    mark = anew.get(OPEN_DATA).headers["ETag"]
    assert kept.get(OPEN_DATA).headers["ETag"] == mark
    assert kept.get(OPEN_DATA, headers={"If-None-Match": mark}).status_code == 304


def test_every_view_but_the_short_ones_has_its_pages_kept(app, content):
    """What is rendered on request has to be short, whatever the address says. Of pages of numbers one is kept."""
    # A few words, or a picture of a few squares; at the edge nginx sends files.
    short = {"partners.badge", "partners.badge_as_png", "partners.qr", "static"}
    # One record. Of a list, the first page is kept; another has at most ten records.
    short |= {f"data.get_{name}" for name in LISTS}
    short |= {f"well_known.{each}" for each in ("healthz", "robots", "security", "traffic_advice")}
    short |= {"monitoring.readyz", "monitoring.metrics"}  # for the operator's programs
    find = app.url_map.bind("localhost").match
    kept = {find(path.partition("?")[0])[0] for path in (*every_page(content), *prerender.FILES)}
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == kept | short


def test_no_page_outlives_its_minute(clock, few, monkeypatch, unconfirmed):
    app = site()
    pages = app.extensions["prerendered_pages"]
    pages.render(MINUTE)
    called = views_called(app, monkeypatch)
    client = app.test_client()
    for minute, fresh in ((MINUTE, 0), (MINUTE + 1, 0), (MINUTE + 2, 1)):
        clock.now = minute * 60 + 59.9
        client.get("/", headers=BROTLI)
        assert len(called) == fresh
    pages.render(MINUTE + 2)
    assert sorted(pages._by_minute) == [MINUTE + 2, MINUTE + 3]
    client.get("/", headers=BROTLI)
    assert len(called) == 1


def test_what_is_rendered_is_served_while_the_rest_is_and_the_clock_moves_on(clock, few, monkeypatch):
    """To render all pages takes minutes after a start. In each of them what is there already is served, if it is still true."""
    app = site()
    pages = prerender.PrerenderedPages(app, cache_key=lambda moment: moment.timestamp() // 60 < MINUTE + 4)
    served: list[int] = []

    def a_minute_later(_):
        served.append(len(pages._by_minute.get(int(clock.now // 60), ())))
        clock.now += 60

    monkeypatch.setattr(prerender, "_AT_ONCE", 0)
    monkeypatch.setattr(prerender, "_MOST", 5)
    monkeypatch.setattr(prerender, "sleep", a_minute_later)
    pages.render(MINUTE)
    assert served == [1, 2, 3, 4, 0]


def test_pages_are_rendered_again_when_they_would_say_something_else(clock, few, monkeypatch):
    app = site()
    pages = prerender.PrerenderedPages(app, cache_key=lambda moment: moment.timestamp() > MINUTE * 60)
    called = views_called(app, monkeypatch)
    for minute, made in ((MINUTE, 2), (MINUTE + 1, 2), (MINUTE + 5, 2)):
        pages.render(minute)
        assert len(called) == made * 3


@pytest.mark.slow
def test_a_page_of_a_line_with_sure_hours_is_that_of_its_minute(clock, monkeypatch, tmp_path):
    """The next minute's page, rendered a minute early, shows that minute's time; other pages change with the day."""
    monkeypatch.setattr(prerender, "every_page", lambda _: ["/help/stop-it-now"])
    app = site(CONTENT=confirm(tmp_path))
    app.extensions["prerendered_pages"].render(MINUTE)
    called = views_called(app, monkeypatch)
    for minute in (MINUTE, MINUTE + 1):
        clock.now = minute * 60
        text = unpacked(app.test_client().get("/help/stop-it-now", headers=BROTLI)).decode()
        assert f">{datetime.fromtimestamp(minute * 60, LONDON):%-I:%M%p}<".lower() in text.lower()
    assert called == []


@pytest.mark.parametrize(("confirmed", "a_minute_on"), [(True, False), (False, True)])
def test_what_pages_say_lasts_a_minute_where_hours_are_sure_and_else_a_day(
    tmp_path, unconfirmed, confirmed, a_minute_on
):
    folder = confirm(tmp_path) if confirmed else unconfirmed
    directory = load_content(folder).directory
    says = partial(cache_key, directory, 90)
    noon = datetime(2026, 12, 1, 12, tzinfo=LONDON)
    assert (says(noon) == says(noon + timedelta(minutes=1))) == a_minute_on
    assert says(noon) != says(noon + timedelta(days=1))


def test_the_thread_logs_a_failure_and_goes_on(clock, few, monkeypatch, caplog):
    app = site()
    pages = app.extensions["prerendered_pages"]
    asked: list[int] = []

    def fail(minute):
        asked.append(minute)
        if len(asked) == 3:
            raise SystemExit  # the only way out of the loop
        raise KeyError("a visitor")

    monkeypatch.setattr(pages, "render", fail)
    with pytest.raises(SystemExit):
        pages._run()
    assert asked == [MINUTE] * 3
    assert caplog.messages == ["prerendering failed"] * 2


def test_a_serving_process_prerenders_pages_and_a_command_does_not(monkeypatch):
    from signpost import start

    begun: list[object] = []
    monkeypatch.setattr(prerender.PrerenderedPages, "start", lambda pages: begun.append(pages))
    monkeypatch.setattr("signpost.start_background_tasks", lambda _: None)
    monkeypatch.setattr("signpost.configure_logging", lambda: None)
    monkeypatch.delenv("FLASK_RUN_FROM_CLI", raising=False)
    start()
    assert len(begun) == 1
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    start()
    assert len(begun) == 1
