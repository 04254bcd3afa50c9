"""The edge's copy of every page: it says what the site says but for the time, and is only ever seen whole."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.exceptions import NotFound

from config import Config, SettingsError
from signpost.checks.graph import MOST_QUESTIONS
from signpost.models.urls import copied_pages, retired_pages
from signpost.web import edge_copy, padding
from signpost.web.edge_copy import (
    ENDING,
    NAME,
    NOW,
    EdgeCopy,
    about,
    age_problem,
    file_name,
    only_one,
    write_copy,
)
from tests import ROOT
from tests.app.test_open_now import SELF, Visit, confirm
from tests.planting import plant, site
from tests.states import QUICK, some

pytestmark = pytest.mark.slow

#: What a page tells of the minute.
OF_THE_MINUTE = re.compile(r'<span class="now">.*?</span>', re.DOTALL)
FEW = ("/", "/check/", "/check/?go=1", "/help/nspcc")


@pytest.fixture(scope="module")
def both():
    """The site in both languages."""
    return site(LANGUAGES="en cy", RATE_LIMIT="1000000 per minute")


def page(folder, name: str) -> str:
    return gzip.decompress((folder / NOW / f"{name}{ENDING}").read_bytes()).decode()


def page_file(now, path: str):
    return now / f"{path[1:].replace('/', ',')}{ENDING}"


def copies(folder) -> list[str]:
    return sorted(each.name for each in folder.iterdir() if each.is_dir() and not each.is_symlink())


def test_the_copy_says_what_the_site_says_but_for_the_minute(both, tmp_path):
    """A sample of every kind of page, in both languages: each state of the pages near the start, some of the rest."""
    pages = copied_pages(both.extensions["content"])
    sample = [*pages[:12], *(each for each in pages if not each.startswith("/check/"))][::5] + pages[::60]
    sample += [each for each in pages if each.endswith("?go=1")][::40]
    sample = some(list(dict.fromkeys(sample)), 3)
    made = write_copy(both, tmp_path, paths=sample)
    client = FlaskClient(both, both.response_class)
    minutes = 0
    for language in both.extensions["locales"]:
        for path in sample:
            ours, theirs = page(tmp_path, file_name(language, path)), client.get(language.root + path).text
            bare = OF_THE_MINUTE.sub("", theirs)
            assert 'class="now"' not in ours
            # Without it, less has to be added to have one of few lengths.
            assert ours.rstrip("\n") == bare.rstrip("\n"), path
            minutes += theirs != bare
    assert minutes > (3 if QUICK else 10), "nothing in the sample tells the time"
    assert made.pages > (30 if QUICK else 100)


def test_every_file_has_one_of_few_lengths_packed_and_unpacked(both, tmp_path):
    content = both.extensions["content"]
    sample = some(copied_pages(content)[::70], 3)
    write_copy(both, tmp_path, paths=sample)
    # A retired address has an empty file: the edge redirects from it.
    files = [each for each in tmp_path.glob(f"{NOW}/*{ENDING}") if "@retired" not in each.name]
    assert len(files) >= 2 * len(sample)
    for file in files:
        packed = file.read_bytes()
        assert len(packed) in padding.lengths_of("gzip", result=False), file
        assert len(gzip.decompress(packed)) in padding.lengths_of("identity", result=False), file


def test_what_is_open_now_is_left_out(tmp_path):
    """And the line to talk to stands where it stands while nothing is known to be closed."""
    visit = Visit(confirm(tmp_path))
    for moment, state in (("2026-12-01 14:10", "Open now, until 9pm."), ("2026-12-05 02:10", "Closed now")):
        live = visit.at(moment, "/help/stop-it-now").text
        assert state in live
        write_copy(visit.app, tmp_path / "copy", paths=("/help/stop-it-now", SELF))
        service, result = (
            page(tmp_path / "copy", name) for name in ("help,stop-it-now", SELF.strip("/").replace("/", ","))
        )
        for words in ("Open now", "Closed now", "UK time, ", '<time datetime="2026-12-0'):
            assert words not in service + result
        assert "Monday to Thursday, 9am to 9pm, and Friday, 9am to 5pm. Bank holidays" in service
        assert "When it is closed" not in result
        assert "If nobody answers" in result


def test_no_two_pages_have_one_file_and_the_edge_takes_the_name_of_each(both):
    conf = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    (paths,) = re.findall(r"map \$request_uri \$copy_page \{(.*?)\n    \}", conf, re.DOTALL)
    patterns = [
        (re.compile(pattern.replace(r"\z", r"\Z")), re.sub(r"\$(\d)", r"\\\1", name))
        for pattern, name in re.findall(r'"~(\S+)" +(\S+);', paths)
    ]

    def asked(address: str) -> str:
        """The name of the file that the edge looks for."""
        return next((each.expand(name) for pattern, name in patterns if (each := pattern.match(address))), "")

    names = {}
    for language in both.extensions["locales"]:
        for path in copied_pages(both.extensions["content"]):
            name = file_name(language, path)
            assert NAME.fullmatch(name), name
            assert names.setdefault(name, path) == path
            assert len(f"{name}{ENDING}".encode()) <= 255, "no file may have this name"
            assert (asked(language.root + path) or "index") == name.partition("@")[0]
    assert {"index", "cy", "check", "cy,check", "check@go"} <= names.keys()
    longest = "/cy/check" + "/a" * MOST_QUESTIONS
    assert asked(longest) == longest.strip("/").replace("/", ",")
    for odd in (
        "/../a",
        "/a.b",
        "/%2e",
        "/a//b",
        "//a",
        "/a@go",
        "/A",
        "/a b",
        "/é",
        "/a\x00",
        "/a\n",
        "/.",
        "/now/\\",
    ):
        assert not asked(odd), odd


def test_every_question_has_its_error_at_every_path(both):
    """Its form is sent to the path that it stands at."""
    pages = set(copied_pages(both.extensions["content"]))
    for walk in both.extensions["content"].journey.walks():
        path = "/check/" + "/".join(walk.codes)
        assert path in pages
        assert (f"{path}?go=1" in pages) == (walk.question is not None)


def test_old_links_lead_on(tmp_path):
    app = site(CONTENT=plant(tmp_path, "questions.toml", "\ntitle", '\nretired = ["zz"]\ntitle'))
    moved = app.extensions["content"].moved
    write_copy(app, tmp_path / "copy", paths=(*FEW, "/check/?moved=1", *moved.values()))
    now = tmp_path / "copy" / NOW
    assert "/check/?moved=1" in copied_pages(app.extensions["content"])
    assert "That link was old" in page(tmp_path / "copy", "check@moved")
    assert (now / f"check,zz@retired{ENDING}").read_bytes() == b""
    assert moved
    for old, target in moved.items():
        assert page_file(now, old).samefile(page_file(now, target))


@pytest.mark.parametrize(
    ("broken", "error"),
    [("/help/", ZeroDivisionError), ("/no-such-page", NotFound), ("/check/n/o/h/n?go=1", ValueError)],
)
def test_a_copy_that_cannot_be_made_leaves_the_old_one(both, tmp_path, monkeypatch, broken, error):
    write_copy(both, tmp_path, paths=FEW)
    before = copies(tmp_path), (tmp_path / NOW).readlink()
    monkeypatch.setitem(both.view_functions, "pages.help_list", lambda: 1 / 0)
    with pytest.raises(error):
        write_copy(both, tmp_path, paths=(*FEW, broken))
    assert (copies(tmp_path), (tmp_path / NOW).readlink()) == before


def test_the_edge_sees_no_copy_before_all_of_it_is_on_the_disk(both, tmp_path, monkeypatch):
    seen = []
    flush, lead = edge_copy._flush, edge_copy._lead_to
    monkeypatch.setattr(edge_copy, "_flush", lambda path: (seen.append(path), flush(path)))

    def then_lead(folder, new):
        files = {each for each in new.rglob("*") if each.is_file() and each.stat().st_nlink == 1}
        assert files <= set(seen)
        assert {file.parent for file in files} <= set(seen)
        assert not (folder / NOW).exists()
        lead(folder, new)

    monkeypatch.setattr(edge_copy, "_lead_to", then_lead)
    write_copy(both, tmp_path, paths=FEW)
    assert (tmp_path / NOW / f"index{ENDING}").exists()


def test_only_the_last_two_copies_are_kept_and_nothing_else_is_removed(both, tmp_path):
    others = ("mine", "20260101T000000000000", "20260101T000000000000-1.old")
    for name in (*others, "20260101T000000000000-1"):
        (tmp_path / name).mkdir()
    made = []
    for _ in range(3):
        write_copy(both, tmp_path, paths=FEW)
        made.append((tmp_path / NOW).readlink().name)
    assert copies(tmp_path) == sorted((*others, *made[1:]))


def test_one_process_writes_and_old_ones_do_not_undo_what_new_ones_wrote(tmp_path, monkeypatch):
    app, wrote, day = site(), [], datetime(2026, 12, 1, 12, tzinfo=UTC)
    app.extensions["clock"] = lambda: day

    def write_few(app, folder, known, half_speed):
        wrote.append(known)
        return write_copy(app, folder, paths=FEW, known=known)

    def process(mark: str) -> EdgeCopy:
        made = EdgeCopy(app)
        made._fingerprint = mark
        return made

    monkeypatch.setattr(edge_copy, "write_copy", write_few)
    first, second = process("old"), process("old")
    with only_one(tmp_path, wait=False) as alone:
        assert alone
        assert not first.keep(tmp_path), "another process writes"
    assert first.keep(tmp_path)
    assert second.keep(tmp_path)
    assert wrote == ["old"]
    # A reload: for some seconds processes of both contents live side by side.
    new = process("new")
    assert all(each.keep(tmp_path) for each in (new, first, second))
    assert wrote == ["old", "new"]
    # The next day: hours may begin to hold, or reviews be due.
    day += timedelta(days=1)
    assert new.keep(tmp_path)
    assert wrote == ["old", "new", "new"]
    assert about(tmp_path).day == day.date()


def test_what_a_copy_is_made_from_changes_with_all_that_a_page_shows(tmp_path):
    before = edge_copy.fingerprint(site())
    assert edge_copy.fingerprint(site()) == before
    others = [site(SITE_NAME="Another"), site(CONTENT=plant(tmp_path, "scope.toml", "", "# new\n"))]
    assert len({before, *map(edge_copy.fingerprint, others)}) == 3
    secret = {"RATE_LIMIT_STORAGE": "redis://:a@127.0.0.1", "RATE_LIMIT_SECRET": "x" * 32}
    assert edge_copy.fingerprint(site(**secret)) == before, "no secret may leave a trace in a file"


def test_a_copy_that_is_missing_or_old_is_told(both, tmp_path):
    settings = Config.from_environment(
        {"SIGNPOST_EDGE_COPY": str(tmp_path), "SIGNPOST_EDGE_COPY_HOURS": "30"}
    )
    assert age_problem(replace(settings, edge_copy=None)) == ""
    assert age_problem(settings).startswith("The edge has no copy")
    made = write_copy(both, tmp_path, paths=FEW).made
    assert age_problem(settings, made + timedelta(hours=30)) == ""
    assert "31 hours old" in age_problem(settings, made + timedelta(hours=31, minutes=5))
    (tmp_path / NOW / "about.json").write_text("{}")
    assert age_problem(settings).startswith("The edge has no copy")


def test_the_review_fails_where_the_copy_is_missing(tmp_path):
    app = site(EDGE_COPY=tmp_path)
    done = app.test_cli_runner().invoke(args=["review", "--within", "0"])
    assert "The edge has no copy of the pages." in done.output
    assert done.exit_code == 1


def test_the_command_writes_a_copy_or_says_why_not(tmp_path, both, monkeypatch):
    monkeypatch.setattr(edge_copy, "copied_pages", lambda _: FEW)
    write_copy(both, tmp_path / "by the site", paths=FEW)
    done = both.test_cli_runner().invoke(args=["edge-copy", str(tmp_path / "new" / "copy")])
    pages = 2 * (len(FEW) + len(retired_pages(both.extensions["content"])))
    assert (done.exit_code, done.output.partition(" pages")[0]) == (0, f"{pages}")
    for name in (file_name(language, path) for language in both.extensions["locales"] for path in FEW):
        assert page(tmp_path / "new" / "copy", name) == page(tmp_path / "by the site", name), name
    (tmp_path / "file").write_text("")
    done = both.test_cli_runner().invoke(args=["edge-copy", str(tmp_path / "file" / "copy")])
    assert (done.exit_code, "Traceback" in done.output) == (1, False)
    assert done.output.startswith(f"Error: Cannot write into {tmp_path / 'file' / 'copy'}: ")


@pytest.mark.parametrize(
    ("given", "fix"),
    [
        ({"SIGNPOST_EDGE_COPY": "copy"}, "give the whole path of a folder, from /"),
        ({"SIGNPOST_EDGE_COPY_HOURS": "0"}, "give a number of hours, such as 36"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(given, fix):
    with pytest.raises(SettingsError, match=re.escape(fix)):
        Config.from_environment(given)
