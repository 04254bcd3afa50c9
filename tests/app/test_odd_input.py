"""Odd input: whatever is sent, the answer is a page of help with the right status, and repeats none of the input."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from signpost.models.urls import check_url, states
from tests.page import unpacked
from tests.states import QUICK

MARK = "zqmark"

# Any bytes, in the form in which a WSGI server passes them on. Servers allow no line break in a header.
BYTES = st.text(st.characters(max_codepoint=255))
ONE_LINE = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=30)
STARTS = [
    "/",
    "//",
    "/check/",
    "/check/n/",
    "/check/n/p/",
    "/for/",
    "/help/",
    "/advice/",
    "/numbers/",
    "/static/",
    "/.well-known/",
    "\\\\",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "BREW"]
HEADERS = ["CONTENT_TYPE", "CONTENT_LENGTH"] + [
    f"HTTP_{name}"
    for name in [
        "ACCEPT",
        "ACCEPT_ENCODING",
        "ACCEPT_LANGUAGE",
        "AUTHORIZATION",
        "COOKIE",
        "FORWARDED",
        "IF_MATCH",
        "IF_MODIFIED_SINCE",
        "IF_NONE_MATCH",
        "ORIGIN",
        "RANGE",
        "REFERER",
        "USER_AGENT",
        "X_FORWARDED_FOR",
        "X_FORWARDED_HOST",
        "X_FORWARDED_PREFIX",
        "X_ORIGINAL_URL",
        "X_HTTP_METHOD_OVERRIDE",
    ]
]
#: The mark inside plausible header values, so that code that parses the header also reads the mark.
SAID = [
    MARK,
    f'"{MARK}"',
    f'W/"{MARK}", *',
    f"gzip;q=0.5, {MARK}",
    f"br, {MARK};q=0.1",
    f"https://{MARK}.example/{MARK}?{MARK}={MARK}",
    f"session={MARK}; lang={MARK}",
    f"text/html;charset={MARK}, */*",
    f"cy-{MARK}, en;q=0.8",
    f"for={MARK};host={MARK};proto={MARK}",
    f"bytes=0-9,{MARK}",
    f"Basic {MARK}",
    f"12{MARK}",
]
#: Parameters that other sites add to URLs, and names that a careless view might use.
EXTRA = ["utm_source", "fbclid", "next", "url", "lang", "error", "answer[]", MARK]
HOSTS = [
    "",
    "evil.example",
    "a b",
    "[::1",
    "[::1]:80",
    "evil.example:99",
    "evil.example:port",
    "..",
    "a/b",
    "a@b",
    "é.example",
]


@pytest.fixture(scope="module")
def send(app, numbers):
    """Sends a request as it is, and checks that the answer shows help and repeats none of the input.

    The client checks every page.
    """
    client = app.test_client()

    def send(path: str, *, method: str = "GET", **environ: str) -> TestResponse:
        response = client.open("/", method=method, environ_overrides={"PATH_INFO": path, **environ})
        body = unpacked(response)
        assert response.status_code < 500
        assert MARK not in str(response.headers).lower()
        assert MARK.encode() not in body.lower()
        if response.status_code >= 400 and method != "HEAD":
            assert f'"{numbers["childline"].href}"'.encode() in body
        return response

    return send


@pytest.fixture(scope="module")
def submissions(content) -> dict[str, str]:
    """Every valid answer to every question: the submitted URL, and where it leads."""
    journey = content.journey
    sent = {
        f"{check_url(walk.codes)}?go=1&answer={answer.code}": check_url(journey.step(walk, answer).codes)
        for walk in journey.walks()
        if walk.question
        for answer in walk.question.answers
    }
    for entry in journey.entries.values():
        for answer in journey.questions[journey.first].answers:
            leads_to = check_url(journey.enter(entry, answer).codes)
            sent[f"/for/{entry.id}?go=1&answer={answer.code}"] = leads_to
    return sent


@pytest.fixture(scope="module")
def addresses(content, submissions) -> st.SearchStrategy[str]:
    """Every page in every state, and every answer; each as likely as the other."""
    return st.sampled_from(states(content)) | st.sampled_from(list(submissions))


@pytest.mark.parametrize(
    "path",
    [
        "/check/\0",
        "/check/n\0/p",
        "/check/n\r\nSet-Cookie: zqmark=1/",
        "/check/" + "zqmark/" * 1500,
        "/check/" + "n/" * 5000,
        "/check/\xff\xfe",
        "/check/zqmark<script>",
        "/check/%zqmark",
        "/check/n/../../zqmark",
        "/check/..",
        "//evil.example/zqmark",
        "//zqmark.example",
        "/\\zqmark.example",
        "/for/zqmark",
        "/help/{{zqmark}}",
        "/advice/money/zqmark",
        "/static/../config.py?zqmark",
        "/static/zqmark",
        "/healthz/",
        "zqmark",
        "",
        "*",
    ],
    ids=lambda path: repr(path[:30]),
)
def test_an_odd_path_gets_a_helpful_page(send, path):
    response = send(path)
    assert response.status_code in (200, 301, 302, 400, 404, 414)


@pytest.mark.parametrize(
    "query",
    [
        "go=1&go=1&answer=zqmark&answer=zqmark",
        "go=1&answer=%00zqmark",
        "go=1&answer=%ff%fezqmark",
        "go=1&answer=%zzzqmark",
        "go=1&answer[]=zqmark&csrf_token=zqmark",
        "moved=zqmark&go=zqmark",
        "moved=1&moved=zqmark",
        "zqmark=zqmark",
        "&&&===;;zqmark",
        "zqmark" * 2000,
    ],
    ids=lambda query: repr(query[:30]),
)
@pytest.mark.parametrize("path", ["/", "/check/n", "/check/n/p/o", "/for/parents", "/nothing"])
def test_an_odd_query_is_ignored(send, path, query):
    response = send(path, QUERY_STRING=query)
    assert response.status_code == (404 if path == "/nothing" else 200)


@pytest.mark.parametrize("path", ["/", "/check/n", "/check/n/p/o", "/for/parents", "/nothing"])
def test_a_query_that_is_not_utf_8_cannot_be_read(send, path):
    response = send(path, QUERY_STRING="go=1&answer=\xff\xfezqmark")
    assert response.status_code in (400, 404)


@pytest.mark.parametrize(
    "host", [*HOSTS, "zqmark." * 1300, "zqmark.example", "zqmark\xff"], ids=lambda host: repr(host[:20])
)
@pytest.mark.parametrize("path", ["/check/", "/check/n/", "/nothing", "/sitemap.xml", "/robots.txt"])
def test_an_odd_host_is_repeated_nowhere(send, path, host):
    response = send(path, HTTP_HOST=host, SERVER_NAME=MARK)
    assert host not in (response.headers.get("Location") or "") or host in ("", "..")


@pytest.mark.parametrize("method", [m for m in METHODS if m not in ("GET", "HEAD", "OPTIONS")])
@pytest.mark.parametrize(
    "path", ["/", "/check/n", "/check/n/p/o", "/help/nspcc", "/healthz", "/static/style.css"]
)
def test_a_method_that_changes_things_stays_a_405(send, path, method):
    response = send(path, method=method)
    assert response.status_code == 405
    assert {each.strip() for each in response.headers["Allow"].split(",")} == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.sampled_from(METHODS),
    st.sampled_from(STARTS),
    BYTES,
    BYTES,
    st.sampled_from(HOSTS) | ONE_LINE,
    st.dictionaries(st.sampled_from(HEADERS), ONE_LINE, max_size=3),
)
def test_any_odd_path_is_answered_with_help_and_repeated_nowhere(
    send, method, start, path, query, host, headers
):
    send(
        f"{start}{path}{MARK}",
        method=method,
        QUERY_STRING=f"go=1&answer={MARK}&{query}{MARK}",
        HTTP_HOST=f"{host}{MARK}",
        **{name: f"{value}{MARK}" for name, value in headers.items()},
    )


@pytest.mark.slow
@settings(max_examples=100 if QUICK else 300, deadline=None, derandomize=True)
@given(
    st.data(),
    st.sampled_from(["GET", "GET", "HEAD"]),
    st.dictionaries(st.sampled_from(EXTRA), st.text(st.characters(codec="ascii"), max_size=10), max_size=3),
    st.sampled_from([f"{MARK}.example", f"{MARK}.example:80", f"[{MARK}]:1", f"a@{MARK}"]),
    st.dictionaries(
        # An origin without more is named by a page of another site, which is refused (test_other_sites.py).
        st.sampled_from([each for each in HEADERS if each != "HTTP_ORIGIN"]),
        st.sampled_from(SAID) | ONE_LINE.map(lambda any_: any_ + MARK),
        max_size=5,
    ),
)
def test_odd_headers_and_parameters_change_no_page_and_are_repeated_nowhere(
    send, addresses, submissions, data, method, extra, host, headers
):
    address = data.draw(addresses)
    path, _, query = address.partition("?")
    added = urlencode({name: value + MARK for name, value in extra.items()})
    response = send(
        path,
        method=method,
        QUERY_STRING="&".join(filter(None, (query, added))),
        HTTP_HOST=host,
        SERVER_NAME=MARK,
        **headers,
    )
    leads_to = submissions.get(address)
    assert (response.status_code, response.headers.get("Location")) == (303 if leads_to else 200, leads_to)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(list("npchutywxeq")) | ONE_LINE, max_size=8), st.booleans())
def test_whatever_codes_are_sent_the_walk_answers(send, codes, go):
    response = send("/check/" + "/".join(codes), QUERY_STRING="go=1" if go else "")
    assert response.status_code in (200, 302, 301, 404)
