"""One generous rate limit for each IP address, which stores and reveals nothing about a person."""

from __future__ import annotations

import random
import threading
import time
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from config import Config
from signpost import create_app
from signpost.security.rate_limits import hash_client
from tests.page import Page
from tests.servers.visitors import journey
from tests.unit.test_config import STORES

DAY = date(2026, 11, 23)
SECRET = b"0123456789abcdef"


@pytest.fixture
def limited():
    """Creates a site with these settings. Its default limit is 3 requests a minute."""

    def site(**settings):
        settings = {"SIGNPOST_RATE_LIMIT": "3 per minute"} | settings
        return create_app(Config.from_environment(settings))

    return site


def statuses(client, addresses, **how) -> list[int]:
    return [client.get(address, buffered=True, **how).status_code for address in addresses]


def test_ipv4_counts_whole_and_ipv6_by_its_first_half():
    def key(address):
        return hash_client(SECRET, address, DAY)

    assert key("192.0.2.1") != key("192.0.2.2")
    assert key("2001:db8:0:1::1") == key("2001:db8:0:1:ffff:ffff:ffff:ffff")
    assert key("2001:db8:0:1::1") != key("2001:db8:0:2::1")
    assert key("::ffff:192.0.2.1") == key("192.0.2.1")
    assert key("fe80::1%eth0") == key("fe80::1")
    # Some proxies add the port, and for IPv6 brackets.
    assert key("192.0.2.1:5000") == key("192.0.2.1")
    assert key("[2001:db8:0:1::1]:5000") == key("[2001:db8:0:1::2]") == key("2001:db8:0:1::3")
    assert key("[::ffff:192.0.2.1]:5000") == key("192.0.2.1")
    assert key("unknown:1") != key("unknown:2")
    assert key("whatever a proxy calls them") != key("something else")
    assert key("")


def test_a_key_reveals_nothing_and_changes_daily_and_with_the_secret():
    key = hash_client(SECRET, "192.0.2.1", DAY)
    assert len(key) == 64
    assert int(key, 16)
    assert key == hash_client(SECRET, "192.0.2.1", DAY)
    assert key != hash_client(SECRET, "192.0.2.1", date(2026, 11, 24))
    assert key != hash_client(b"another", "192.0.2.1", DAY)


def test_the_key_of_a_visitor_is_another_each_day_and_in_each_site(limited, monkeypatch):
    """A visitor has the same key all day on one site; another day or another site gives an unrelated key."""

    def key_of(app, day):
        moment = datetime(2026, 11, day, 12, tzinfo=UTC)
        monkeypatch.setattr("signpost.security.rate_limits.datetime", SimpleNamespace(now=lambda _: moment))
        before = set(kept(app))
        assert app.test_client().get("/").status_code == 200
        return {name.split("/")[1] for name in set(kept(app)) - before}

    app, other = limited(), limited()
    first, again, next_day, elsewhere = key_of(app, 23), key_of(app, 23), key_of(app, 24), key_of(other, 23)
    assert [len(each) for each in (first, again, next_day, elsewhere)] == [1, 0, 1, 1]
    assert len(first | next_day | elsewhere) == 3


def test_over_the_limit_every_number_still_stands_there(limited, numbers):
    client = limited().test_client()
    assert statuses(client, ["/"] * 3) == [200] * 3
    refused = client.get("/check/")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    Page(refused.text).check()
    for route in ("999", "police", "childline", "stop-it-now", "samaritans"):
        assert numbers[route].number in refused.text


@pytest.mark.parametrize(
    ("window", "seconds", "words"),
    [("second", "1", "in a minute"), ("90 seconds", "90", "in 2 minutes"), ("hour", "3600", "in 60 minutes")],
)
def test_a_refusal_says_when_to_try_again(limited, limits_clock, window, seconds, words):
    client = limited(SIGNPOST_RATE_LIMIT=f"1 per {window}").test_client()
    assert client.get("/").status_code == 200
    refused = client.get("/")
    assert refused.headers["Retry-After"] == seconds
    assert f"Try again {words}." in refused.text


@pytest.mark.parametrize("scheme", STORES)
def test_the_site_starts_with_every_kind_of_store_that_may_be_set(limited, scheme):
    """If there is no store at the address, the site counts in memory, and visitors notice nothing."""
    place = "" if scheme == "memory" else "127.0.0.1:1"
    app = limited(SIGNPOST_RATE_LIMIT_STORAGE=f"{scheme}://{place}", SIGNPOST_RATE_LIMIT_SECRET="x" * 32)
    assert statuses(app.test_client(), ["/"] * 4) == [200, 200, 200, 429]


def test_all_addresses_share_one_count_and_those_that_do_not_exist_too(limited):
    client = limited().test_client()
    assert statuses(client, ["/", "/no/such/page", "/help/"]) == [200, 404, 200]
    assert statuses(client, ["/about", "/nor/this", "/"]) == [429, 429, 429]


def test_refused_methods_and_odd_requests_count(limited):
    client = limited(SIGNPOST_TRUSTED_HOSTS="localhost").test_client()
    assert client.post("/check/").status_code == 405
    assert client.get("/" + "x" * 3000).status_code == 414
    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400
    assert client.get("/").status_code == 429


def test_what_a_page_or_a_machine_asks_for_by_itself_is_not_counted(limited):
    client = limited().test_client()
    assert statuses(client, ["/static/icon.svg", "/healthz", "/badge.svg"] * 20) == [200] * 60
    assert statuses(client, ["/"] * 4) == [200, 200, 200, 429]
    assert statuses(client, ["/static/icon.svg", "/healthz"]) == [200, 200]


#: What Safari, Chrome, Edge, Firefox, password managers, phones and auditing tools request by themselves: its status.
UNBIDDEN = {
    "/favicon.ico": 204,
    "/apple-touch-icon.png": 204,
    "/apple-touch-icon-precomposed.png": 204,
    "/apple-touch-icon-120x120.png": 204,
    "/apple-touch-icon-180x180-precomposed.png": 204,
    "/robots.txt": 200,
    "/browserconfig.xml": 404,
    "/sw.js": 404,
    "/service-worker.js": 404,
    "/apple-app-site-association": 404,
    "/.well-known/apple-app-site-association": 404,
    "/.well-known/assetlinks.json": 404,
    "/.well-known/change-password": 404,
    # Password managers request it to see that the site answers 404 for what does not exist.
    "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200": 404,
    "/.well-known/appspecific/com.chrome.devtools.json": 404,
    "/.well-known/dnt-policy.txt": 404,
    "/.well-known/gpc.json": 404,
    "/.well-known/traffic-advice": 200,
    "/.well-known/security.txt": 200,
}


def test_what_browsers_ask_for_by_themselves_is_not_counted(limited):
    client = limited(SIGNPOST_CONTACT="us@example.org").test_client()
    for method in ("GET", "HEAD"):
        got = {address: client.open(address, method=method).status_code for address in UNBIDDEN}
        assert got == UNBIDDEN
    assert client.get("/favicon.ico").data == b""
    assert statuses(client, ["/"] * 4) == [200, 200, 200, 429]
    assert {address: client.get(address).status_code for address in UNBIDDEN} == UNBIDDEN


@pytest.mark.parametrize(
    ("status", "method", "address", "environ"),
    [
        (404, "GET", "/favicon.ico/x", {}),
        (404, "GET", "/apple-touch-icon/../x.png", {}),
        (404, "GET", "/x/.well-known/y", {}),
        (404, "POST", "/favicon.ico", {}),
        (400, "GET", "/favicon.ico", {"HTTP_HOST": "elsewhere.example"}),
        (414, "GET", f"/.well-known/{'x' * 2000}", {}),
        (404, "GET", "/static/none", {}),
        (404, "GET", "/static/../about", {}),
        (405, "POST", "/static/icon.svg", {}),
        (413, "GET", "/static/icon.svg", {"CONTENT_LENGTH": "16385"}),
        (400, "GET", "/static/icon.svg", {"HTTP_HOST": "elsewhere.example"}),
        (405, "POST", "/healthz", {}),
    ],
)
def test_what_fails_counts_wherever_it_is(limited, status, method, address, environ):
    client = limited(SIGNPOST_TRUSTED_HOSTS="localhost").test_client()
    got = [client.open(address, method=method, environ_overrides=environ).status_code for _ in range(4)]
    assert got == [status] * 3 + [429]


def test_each_address_has_its_own_count(limited):
    client = limited().test_client()
    statuses(client, ["/"] * 9)
    assert statuses(client, ["/"], environ_base={"REMOTE_ADDR": "192.0.2.9"}) == [200]
    assert statuses(client, ["/"]) == [429]


def test_a_forged_forwarding_changes_nothing(limited):
    client = limited().test_client()
    got = [
        client.get(
            "/", headers={"X-Forwarded-For": f"192.0.2.{n}", "Forwarded": f"for=192.0.2.{n}"}
        ).status_code
        for n in range(4)
    ]
    assert got == [200, 200, 200, 429]


@pytest.mark.parametrize(("hops", "counted"), [("1", "c"), ("2", "b")])
def test_exactly_so_many_proxies_are_trusted(limited, hops, counted):
    """Each proxy appends an address: in “a, b, c”, the visitor is c behind one proxy, and b behind two."""
    client = limited(SIGNPOST_TRUSTED_PROXIES=hops).test_client()
    by_name = {"a": "192.0.2.1", "b": "192.0.2.2", "c": "192.0.2.3"}
    for n in range(3):
        forwarded = {name: f"198.51.100.{n}{len(name)}" for name in by_name} | {counted: by_name[counted]}
        assert client.get("/", headers={"X-Forwarded-For": ", ".join(forwarded.values())}).status_code == 200
    assert client.get("/", headers={"X-Forwarded-For": ", ".join(by_name.values())}).status_code == 429


@pytest.mark.slow
def test_two_visitors_at_one_address_cannot_tell_of_each_other(limited):
    """The headers are the same whether or not another visitor has just used the same address, refusals included."""

    def headers(client):
        return [
            (address, client.get(address).headers.to_wsgi_list()) for address in ("/", "/check/", "/nothing")
        ]

    alone = headers(limited(SIGNPOST_RATE_LIMIT="100 per minute").test_client())
    shared = limited(SIGNPOST_RATE_LIMIT="100 per minute").test_client()
    statuses(shared, ["/help/"] * 50)
    assert headers(shared) == alone

    client = limited().test_client()
    statuses(client, ["/"] * 3)
    first = client.get("/")
    statuses(client, ["/"] * 20)
    again = client.get("/")
    assert first.status_code == again.status_code == 429
    assert first.headers.to_wsgi_list() == again.headers.to_wsgi_list()


def test_no_response_counts_aloud(limited):
    client = limited().test_client()
    for address in ("/", "/check", "/nothing", "/static/icon.svg", "/", "/"):
        response = client.get(address, buffered=True)
        assert not [name for name, _ in response.headers if "ratelimit" in name.lower()]
        assert ("Retry-After" in response.headers) == (response.status_code == 429)


@pytest.mark.slow
def test_a_whole_school_behind_one_address_finishes(limited, content, limits_clock):
    """300 visitors with 13 requests each, within 3 minutes of a simulated clock. The pages are empty, to save time."""
    app = limited(SIGNPOST_RATE_LIMIT="1800 per minute")
    app.view_functions = dict.fromkeys(app.view_functions, lambda **_: "")
    client, addresses = app.test_client(), journey(content)
    assert len(addresses) == 13
    rng = random.Random(1)
    asked = sorted((rng.uniform(0, 180), person) for person in range(300) for _ in addresses)
    steps = {person: iter(addresses) for person in range(300)}
    for when, person in asked:
        limits_clock.now = 1_000_000 + when
        assert client.get(next(steps[person])).status_code == 200


def test_counting_starts_no_thread(limited, monkeypatch):
    """The library's counters start a purge thread on almost every request; the background thread replaces it."""
    client = limited().test_client()
    time.sleep(0.05)  # the first one, from the start, ends by itself
    started: list[threading.Thread] = []
    monkeypatch.setattr(threading.Thread, "start", started.append)
    assert statuses(client, ["/"] * 4) == [200, 200, 200, 429]
    assert started == []


def test_the_window_slides(limited, limits_clock):
    """A full minute's requests just before the minute ends, and again just after, exceed the limit."""
    limits_clock.now = 60 * 16_666 + 55.0
    client = limited(SIGNPOST_RATE_LIMIT="10 per minute").test_client()
    assert statuses(client, ["/"] * 10) == [200] * 10
    limits_clock.now += 10
    assert statuses(client, ["/"] * 2) == [200, 429]
    limits_clock.now += 30
    assert 200 in statuses(client, ["/"] * 2)


def kept(app) -> dict[str, int]:
    (limiter,) = app.extensions["limiter"]
    return limiter.storage.storage | limiter._fallback_storage.storage


def test_the_memory_of_a_visitor_is_gone_after_two_windows(limited, limits_clock):
    app = limited()
    client = app.test_client()
    statuses(client, ["/"] * 5)
    assert len(kept(app)) == 1
    assert "127.0.0.1" not in str(kept(app))
    limits_clock.now += 119
    app.extensions["purge_expired_counters"]()
    assert len(kept(app)) == 1
    limits_clock.now += 1
    app.extensions["purge_expired_counters"]()
    assert kept(app) == {}


def test_what_is_counted_here_while_a_store_is_away_is_forgotten_too(limited, limits_clock):
    app = limited(SIGNPOST_RATE_LIMIT_STORAGE="valkey://127.0.0.1:1", SIGNPOST_RATE_LIMIT_SECRET="x" * 32)
    client = app.test_client()
    assert statuses(client, ["/"] * 10)[-1] == 429
    (limiter,) = app.extensions["limiter"]
    assert limiter._fallback_storage.storage
    limits_clock.now += 120
    app.extensions["purge_expired_counters"]()
    assert limiter._fallback_storage.storage == {}


def test_what_is_made_on_request_counts_for_more_and_only_among_its_own(limited):
    """A page of the API takes as long as ten prerendered pages, so three addresses could keep the site busy."""
    client = limited(SIGNPOST_RATE_LIMIT="22 per hour").test_client()
    kept, made = "/data/services.json", "/data/services?page=2"
    packed = {"headers": {"Accept-Encoding": "gzip"}}
    assert statuses(client, [kept, kept, made, made, made, kept], **packed) == [200, 200, 200, 200, 429, 429]
    numbers = ["/numbers/police", "/numbers/police+nspcc"] * 3
    assert statuses(client, [*numbers, *["/help/"] * 5]) == [200] * 10 + [429]


@pytest.mark.parametrize("path", ["/data/services.json", "/sitemap-states.xml"])
def test_a_long_file_that_has_to_be_unpacked_counts_for_more(limited, path):
    """Unpacked it has up to 750 KB: 1,800 a minute would keep a core busy, and fill a line of 180 Mbit/s."""
    client = limited(SIGNPOST_RATE_LIMIT="22 per hour").test_client()
    for coding, answered in (("gzip;q=0, br;q=0, deflate", 2), ("", 0), ("gzip", 2), ("*", 0)):
        sent = [client.get(path, headers={"Accept-Encoding": coding}).status_code for _ in range(3)]
        assert sent == [200] * answered + [429] * (3 - answered), coding
