"""The settings: their defaults, and the message for each value that cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import asdict

import pytest
from limits.storage import SCHEMES

from config import OWN_CONTENT, Config, SettingsError
from tests import ROOT


def test_every_setting_has_a_default():
    assert asdict(Config.from_environment({})) == {
        "site_name": "Signpost",
        "operator": "",
        "contact": "",
        "base_url": "http://127.0.0.1:8000",
        "exit_url": "https://www.bbc.co.uk/weather",
        "content": OWN_CONTENT,
        "languages": ("en",),
        "hours_days": 90,
        "rate_limit": "1800 per minute",
        "rate_limit_storage": "memory://",
        "rate_limit_secret": "",
        "trusted_proxies": 0,
        "trusted_hosts": frozenset(),
        "edge_copy": None,
        "edge_copy_hours": 36,
    }


@pytest.mark.parametrize(
    ("environment", "setting", "value"),
    [
        ({"SIGNPOST_SITE_NAME": "Our name"}, "site_name", "Our name"),
        ({"SIGNPOST_SITE_NAME": ""}, "site_name", "Signpost"),
        ({"SIGNPOST_OPERATOR": "A charity"}, "operator", "A charity"),
        ({"SIGNPOST_CONTACT": "us@example.org"}, "contact", "us@example.org"),
        ({"SIGNPOST_CONTACT": "https://example.org/@us"}, "contact", "https://example.org/@us"),
        ({"SIGNPOST_BASE_URL": "https://example.org/"}, "base_url", "https://example.org"),
        ({"HOST": "0.0.0.0", "PORT": "8080"}, "base_url", "http://0.0.0.0:8080"),
        ({"HOST": "::1", "PORT": ""}, "base_url", "http://[::1]:8000"),
        (
            {"HOST": "elsewhere", "SIGNPOST_BASE_URL": "https://example.org:8443"},
            "base_url",
            "https://example.org:8443",
        ),
        ({"SIGNPOST_EXIT_URL": "https://example.org/news?a=b"}, "exit_url", "https://example.org/news?a=b"),
        ({"SIGNPOST_CONTENT": str(ROOT)}, "content", ROOT),
        ({"SIGNPOST_LANGUAGES": ""}, "languages", ("en",)),
        ({"SIGNPOST_LANGUAGES": "en, CY"}, "languages", ("en", "cy")),
        ({"SIGNPOST_RATE_LIMIT": "5 per second"}, "rate_limit", "5 per second"),
        ({"SIGNPOST_TRUSTED_PROXIES": "2"}, "trusted_proxies", 2),
        ({"SIGNPOST_HOURS_DAYS": "120"}, "hours_days", 120),
        ({"SIGNPOST_TRUSTED_HOSTS": "A.example, b.example"}, "trusted_hosts", {"a.example", "b.example"}),
        ({"SIGNPOST_BASE_URL": "https://example.org:8443"}, "trusted_hosts", {"example.org"}),
        ({"UNRELATED": "x"}, "site_name", "Signpost"),
    ],
    # Sorted, because the order of a set changes between processes, and parallel test runs need the same test names.
    ids=lambda given: str(sorted(given)) if isinstance(given, set) else str(given),
)
def test_a_setting_is_read_from_its_variable(environment, setting, value):
    assert getattr(Config.from_environment(environment), setting) == value


#: What editors on Windows, web pages and chats put around a value, and do not show.
INVISIBLE = ["\r", "\ufeff", "\u00a0", "\u200b", " ", "\n", "\u2060"]
GIVEN = {
    "SIGNPOST_SITE_NAME": "Our name",
    "SIGNPOST_OPERATOR": "A charity",
    "SIGNPOST_CONTACT": "us@example.org",
    "SIGNPOST_BASE_URL": "https://example.org",
    "SIGNPOST_EXIT_URL": "https://example.org/news",
    "SIGNPOST_CONTENT": str(ROOT),
    "SIGNPOST_LANGUAGES": "en,cy",
    "SIGNPOST_HOURS_DAYS": "120",
    "SIGNPOST_RATE_LIMIT": "5 per second",
    "SIGNPOST_RATE_LIMIT_STORAGE": "redis://127.0.0.1:6379",
    "SIGNPOST_RATE_LIMIT_SECRET": "x" * 32,
    "SIGNPOST_EDGE_COPY": "/tmp",
    "SIGNPOST_EDGE_COPY_HOURS": "26",
    "SIGNPOST_TRUSTED_PROXIES": "1",
    "SIGNPOST_TRUSTED_HOSTS": "a.example, b.example",
    "PORT": "8080",
}


@pytest.mark.parametrize("around", INVISIBLE, ids=ascii)
def test_what_cannot_be_seen_around_a_value_changes_nothing(around):
    assert {f"SIGNPOST_{name.upper()}" for name in asdict(Config.from_environment({}))} == GIVEN.keys() - {
        "PORT"
    }
    plain = Config.from_environment(GIVEN)
    assert (
        Config.from_environment({name: f"{around}{value}{around}" for name, value in GIVEN.items()}) == plain
    )


@pytest.mark.parametrize("quotes", ['""', "''", "“”", "‘’"])
def test_quotes_around_a_value_change_nothing(quotes):
    """Docker keeps those of a file for --env-file."""
    first, last = quotes
    quoted = {name: f"{first} {value}{last}\r" for name, value in GIVEN.items()}
    assert Config.from_environment(quoted) == Config.from_environment(GIVEN)
    name = "The “Shore” charity”"
    assert Config.from_environment({"SIGNPOST_OPERATOR": name}).operator == name


def test_a_name_may_have_the_joiners_and_spaces_of_its_script():
    assert (
        Config.from_environment({"SIGNPOST_SITE_NAME": "A\u00a0name\u200dx"}).site_name
        == "A\u00a0name\u200dx"
    )


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("SIGNPOST_BASE_URL", "https://exam\u200bple.org", "“https://exam[zero width space]ple.org”"),
        ("SIGNPOST_BASE_URL", "https://example.org\u00a0x", "“https://example.org[no-break space]x”"),
        ("SIGNPOST_OPERATOR", "A\u200bcharity", "“A[zero width space]charity”: take out what cannot be seen"),
        ("SIGNPOST_OPERATOR", "A\x07charity", "“A[U+0007]charity”"),
        ("\ufeffSIGNPOST_OPERATOR", "A charity", "[zero width no-break space]SIGNPOST_OPERATOR is not a setting, but looks like"),
        ("signpost_operator", "A charity", "is not a setting, but looks like SIGNPOST_OPERATOR"),
        ("SIGNPOST_OPERATOR\r", "A charity", "SIGNPOST_OPERATOR[U+000D] is not a setting"),
        ("export SIGNPOST_OPERATOR", "A charity", "is not a setting, but looks like SIGNPOST_OPERATOR"),
        ("SIGNPOST-OPERATOR", "A charity", "is not a setting, but looks like SIGNPOST_OPERATOR"),
    ],
    ids=ascii,
)  # fmt: skip
def test_invisible_characters_within_a_setting_are_named(name, value, message):
    with pytest.raises(SettingsError) as refused:
        Config.from_environment({name: value})
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("contact", "href"),
    [
        ("us@example.org", "mailto:us@example.org"),
        ("https://example.org/@us", "https://example.org/@us"),
        ("", ""),
    ],
)
def test_a_contact_becomes_a_link(contact, href):
    assert Config.from_environment({"SIGNPOST_CONTACT": contact}).contact_href == href


#: Every kind of store for the counters; tests/app/test_rate_limits.py starts a site with each.
STORES = ("memory", "redis", "rediss", "valkey", "valkeys")

REFUSED = [
    ("SIGNPOST_BASE_URL", "example.org", "give scheme and host only, such as https://example.org"),
    ("SIGNPOST_BASE_URL", "https://example.org/a//b", "give scheme and host only"),
    ("SIGNPOST_BASE_URL", "https://example.org/..", "give scheme and host only"),
    ("SIGNPOST_BASE_URL", "https://example.org/a?b", "give scheme and host only"),
    ("SIGNPOST_BASE_URL", "https://example.org#part", "give scheme and host only"),
    ("SIGNPOST_BASE_URL", "https://user@example.org", "give scheme and host only"),
    ("SIGNPOST_BASE_URL", "http://[::1", "give scheme and host only"),
    ("SIGNPOST_BASE_URL", "https://example.org:port", "give scheme and host only"),
    ("SIGNPOST_BASE_URL", "ftp://example.org", "give scheme and host only"),
    ("SIGNPOST_BASE_URL", "https://example.org:65536", "give scheme and host only"),
    ("SIGNPOST_BASE_URL", "https://é.example", "write its host as browsers send it, xn--..."),
    ("SIGNPOST_TRUSTED_HOSTS", "é.example", "write it as browsers send it, xn--..."),
    ("SIGNPOST_SITE_NAME", "\udcff", "is not UTF-8: write it again"),
    ("SIGNPOST_RATE_LIMIT_SECRET", "\udcff", "is not UTF-8: write it again"),
    ("HOST", "\udcff", "is not UTF-8: write it again"),
    ("SIGNPOST_EXIT_URL", "http://example.org", "give a whole address that begins with https://"),
    ("SIGNPOST_EXIT_URL", "https://", "give a whole address that begins with https://"),
    ("SIGNPOST_EXIT_URL", "javascript:alert(1)", "give a whole address that begins with https://"),
    ("SIGNPOST_CONTACT", "us", "give an e-mail address, or one that begins with https://"),
    ("SIGNPOST_CONTACT", "<us@example.org>", "give an e-mail address, or one that begins with https://"),
    ("SIGNPOST_CONTACT", "us@example.org\nX: y", "give an e-mail address, or one that begins with https://"),
    ("SIGNPOST_CONTENT", "/no/such/folder", "there is no such folder"),
    ("SIGNPOST_CONTENT", "x" * 5000, "there is no such folder"),
    ("SIGNPOST_RATE_LIMIT", "many", "give one limit, such as 1800 per minute"),
    ("SIGNPOST_RATE_LIMIT", "1 per second; 2 per minute", "give one limit, such as 1800 per minute"),
    ("SIGNPOST_RATE_LIMIT", "0 per minute", "give one limit, such as 1800 per minute"),
    ("SIGNPOST_RATE_LIMIT", "1800 per 0 minute", "give one limit, such as 1800 per minute"),
    ("SIGNPOST_RATE_LIMIT", "9 per day", "count over an hour at most"),
    (
        "SIGNPOST_RATE_LIMIT_STORAGE",
        "mysql://:password@host",
        "give memory://, or an address such as redis://",
    ),
    ("SIGNPOST_RATE_LIMIT_STORAGE", "redis://host?socket_timeout=x", "give memory://, or an address such as"),
    ("SIGNPOST_TRUSTED_PROXIES", "one", "give the number of proxies in front, such as 1"),
    ("SIGNPOST_TRUSTED_PROXIES", "-1", "give the number of proxies in front, such as 1"),
    ("SIGNPOST_TRUSTED_PROXIES", "100", "give the number of proxies in front, such as 1"),
    ("SIGNPOST_HOURS_DAYS", "a while", "give a number of days, such as 90"),
    ("SIGNPOST_TRUSTED_HOSTS", "*.example.org", "give whole names only, such as example.org"),
    ("SIGNPOST_COLOUR", "red", "SIGNPOST_COLOUR is not a setting: correct its name, or unset it"),
]


@pytest.mark.parametrize(("variable", "value", "fix"), REFUSED)
def test_a_setting_that_cannot_be_used_is_named_with_its_fix(variable, value, fix):
    with pytest.raises(SettingsError) as refused:
        Config.from_environment({variable: value})
    message = str(refused.value)
    assert message.startswith(variable)
    assert fix in message
    assert "password" not in message


@pytest.mark.parametrize("scheme", sorted({*SCHEMES, "foo", "redis+nonsense", ""} - {*STORES}))
def test_a_store_of_a_kind_that_is_not_ours_is_refused(scheme):
    """Also for a kind that the limits library knows, which would otherwise fail only when the site starts."""
    settings = {
        "SIGNPOST_RATE_LIMIT_STORAGE": f"{scheme}://:password@127.0.0.1",
        "SIGNPOST_RATE_LIMIT_SECRET": "x" * 32,
    }
    with pytest.raises(SettingsError, match=r"^SIGNPOST_RATE_LIMIT_STORAGE: give memory://, or ") as refused:
        Config.from_environment(settings)
    assert "password" not in str(refused.value)


def test_a_shared_store_needs_a_secret():
    shared = {
        "SIGNPOST_RATE_LIMIT_STORAGE": "redis://:password@127.0.0.1",
        "SIGNPOST_RATE_LIMIT_SECRET": "x" * 31,
    }
    with pytest.raises(
        SettingsError, match=r"^SIGNPOST_RATE_LIMIT_SECRET: a shared store needs the same secret"
    ):
        Config.from_environment(shared)
    config = Config.from_environment({**shared, "SIGNPOST_RATE_LIMIT_SECRET": "x" * 32})
    assert "password" not in repr(config)
    assert "xxx" not in repr(config)


def test_all_problems_are_reported_at_once():
    wrong = {
        "SIGNPOST_BASE_URL": "x",
        "SIGNPOST_EXIT_URL": "x",
        "SIGNPOST_CONTACT": "x",
        "SIGNPOST_CONTENT": "/x",
        "SIGNPOST_RATE_LIMIT": "x",
        "SIGNPOST_RATE_LIMIT_STORAGE": "x",
        "SIGNPOST_TRUSTED_PROXIES": "x",
        "SIGNPOST_TRUSTED_HOSTS": "/",
        "SIGNPOST_X": "x",
    }
    with pytest.raises(SettingsError) as refused:
        Config.from_environment(wrong)
    problems = str(refused.value).splitlines()
    assert len(problems) == len(wrong)
    for variable in wrong:
        assert [problem for problem in problems if problem.startswith(variable)], variable


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        (
            "SIGNPOST_EXIT_URL",
            "x",
            "SIGNPOST_EXIT_URL is “x”: give a whole address that begins with https://\n",
        ),
        ("SIGNPOST_CONTENT", str(ROOT / "tests"), "questions.toml: The file is missing."),
    ],
)
def test_a_site_that_cannot_start_says_why_and_nothing_else(variable, value, said):
    environment = {**os.environ, variable: value}
    command = [sys.executable, "-c", "import wsgi"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_the_secret_can_be_in_a_file(tmp_path):
    """As containers have it. What cannot be read is never printed: it may be the secret itself."""
    file, secret = tmp_path / "secret", "s" * 32
    file.write_text(f"{secret}\n")
    named = {"SIGNPOST_RATE_LIMIT_SECRET_FILE": str(file)}
    assert Config.from_environment(named).rate_limit_secret == secret
    for wrong in (
        {"SIGNPOST_RATE_LIMIT_SECRET_FILE": secret},
        named | {"SIGNPOST_RATE_LIMIT_SECRET": secret},
    ):
        with pytest.raises(SettingsError) as refused:
            Config.from_environment(wrong)
        assert "SIGNPOST_RATE_LIMIT_SECRET_FILE" in str(refused.value)
        assert secret not in str(refused.value)
