"""Everything that the documents name exists: files, links, commands, settings, paths, numbers. Lists are complete."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import fields
from pathlib import Path

import pytest

import signpost
from config import Config
from signpost import cli
from signpost.checks.rules import RULES
from signpost.models.journey import RetiredCode
from tests.conftest import NO_LENGTHS

ROOT = next(each for each in Path(__file__).parents if (each / "pyproject.toml").exists())
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
FORMS = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml"))
#: Without those that are generated: docs/journey.md, docs/content-fields.md.
DOCS = [
    *sorted(ROOT.glob("*.md")),
    *(
        each
        for each in sorted((ROOT / "docs").glob("*.md"))
        if each.name not in ("journey.md", "content-fields.md")
    ),
    *sorted((ROOT / "docs/decisions").glob("*.md")),
]
#: Documents about the past, which may name things that no longer exist.
OF_THE_PAST = {"CHANGELOG.md", "0016-how-large-it-is.md"}
CURRENT = [each for each in DOCS if each.name not in OF_THE_PAST]

#: Names used as examples of files to add, URLs without a file, or settings that must not be set.
NEW_FILES = {
    "templates/pages/faq.html",
    "tests/fixtures/other_charity/templates/pages/faq.html",
    "robots.txt",
    "check/n/index.html",
    "404.html",
    "cy/404.html",
}
NO_SETTINGS = {"SIGNPOST_SERVICE_HOST"}

#: Folders of files that the documents may name without the folder.
PLACES = ("", "signpost", "signpost/content", "docs", "docs/decisions")
FILE = re.compile(
    r"(?!/|https?:)[\w.*/-]+\.(?:conf|css|html|in|js|md|mo|po|py|service|svg|toml|txt|yaml|yml)"
)

#: A name from the code, such as `_PAGES`, `Journey.follow(["n"])` or `LanguagePrefix`.
NAME = re.compile(r"@?(?=\w*(?:_|[a-z][A-Z]|[A-Z]\w+[.(]))[A-Za-z_]\w*(?:\.\w+)*(?:\(.*\))?")
#: Names of other programs that we do not use.
NOT_OURS = NO_SETTINGS | {"X_Forwarded_For", "cProfile", "limit_req", "use_stale"}
SOURCES = {".conf", ".css", ".html", ".js", ".nft", ".py", ".service", ".toml", ".yaml", ".yml"}


def by_name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


in_each_document = pytest.mark.parametrize("path", DOCS, ids=by_name)
in_each_current_document = pytest.mark.parametrize("path", CURRENT, ids=by_name)


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def code(text: str) -> list[str]:
    """The pieces of code in a document: text in backticks, and each indented or fenced line."""
    fenced = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    text = re.sub(r"^```\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    blocks = re.findall(r"^ {4,}(\S.*)$", text, re.MULTILINE)
    return [*re.findall(r"`([^`\n]+)`", text), *blocks, *"".join(fenced).splitlines()]


def slug(heading: str) -> str:
    """The URL fragment of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@in_each_document
def test_every_link_leads_to_a_file_and_a_heading(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", path.read_text("utf-8"))):
        if re.match(r"https?:|…", target):
            continue
        name, _, fragment = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        assert there.exists(), target
        if fragment:
            headings = re.findall(r"^#+ (.+)$", there.read_text("utf-8"), re.MULTILINE)
            assert fragment in map(slug, headings), target


@pytest.fixture(scope="module")
def file_names() -> set[str]:
    skipped = {".git", ".venv", "node_modules"}
    return {each.name for each in ROOT.rglob("*") if not skipped & set(each.relative_to(ROOT).parts)}


@in_each_current_document
def test_every_file_that_is_named_exists(path, file_names):
    for piece in code(path.read_text("utf-8")):
        if not FILE.fullmatch(piece) or piece in NEW_FILES:
            continue
        found = any(list((ROOT / place).glob(piece)) for place in PLACES)
        assert found or ("/" not in piece and piece in file_names), piece


@pytest.fixture(scope="module")
def words_of_the_source() -> set[str]:
    """Every word of the code, the templates, the content, the tests and the settings of servers."""
    folders = ("signpost", "templates", "static", "tests", "deploy", ".github")
    files = [each for name in folders for each in (ROOT / name).rglob("*") if each.suffix in SOURCES]
    files += [
        ROOT / name for name in ("config.py", "wsgi.py", "Makefile", "pyproject.toml", "deploy/Caddyfile")
    ]
    skipped = {"node_modules", Path(__file__).name}
    return {
        word
        for file in files
        if not skipped & set(file.parts)
        for word in re.findall(r"\w+", file.read_text("utf-8", "replace"))
    }


@in_each_current_document
def test_every_name_from_the_code_exists(path, words_of_the_source):
    """A name is a piece of code with an underscore, a capital inside it, or a dot or brackets after a capital."""
    for piece in code(path.read_text("utf-8")):
        if NAME.fullmatch(piece) and not FILE.fullmatch(piece) and piece not in NOT_OURS:
            assert set(re.findall(r"\w+", piece)) <= words_of_the_source, piece


@in_each_current_document
def test_every_make_target_that_is_named_exists(path):
    makefile = read("Makefile")
    targets = set(re.findall(r"^([a-z0-9]+):", makefile, re.MULTILINE))
    for piece in code(path.read_text("utf-8")):
        for words in re.findall(r"(?:^|&& |^[A-Z_]+=\S+ )make((?: [a-z0-9]+\b(?!=))+)", piece):
            assert set(words.split()) <= targets, piece


@in_each_current_document
def test_every_flask_command_that_is_named_exists(path, app):
    known = {*app.cli.commands, "run"}
    for piece in code(path.read_text("utf-8")):
        for word in re.findall(r"\bflask (?:--app wsgi )?([a-z-]+)", piece):
            assert word in known, piece


@in_each_current_document
def test_every_command_for_operators_exists_and_names_folders_that_it_makes(path):
    known = set(re.findall(r"^#   signpost ([a-z]+)", read("deploy/signpost"), re.MULTILINE))
    for piece in code(path.read_text("utf-8")):
        assert set(re.findall(r"(?:^|&& |/deploy/)signpost ([a-z]+)", piece)) <= known, piece
        assert set(re.findall(r"/srv/signpost/([^/\s`]+)", piece)) <= {"source", "current", "releases"}, piece


@in_each_current_document
def test_every_setting_that_is_named_exists(path):
    known = (
        {f"SIGNPOST_{each.name.upper()}" for each in fields(Config)}
        | NO_SETTINGS
        | {"SIGNPOST_RATE_LIMIT_SECRET_FILE"}
    )
    assert set(re.findall(r"\bSIGNPOST_[A-Z_]*[A-Z]", path.read_text("utf-8"))) <= known


@in_each_current_document
def test_every_path_through_the_journey_that_is_named_leads_somewhere(path, content):
    """A code may be retired and a path unfinished, but a code that never existed is a mistake in the document."""
    for piece in code(path.read_text("utf-8")):
        for codes in re.findall(r"(?:/check/|\bexplain )([a-z0-9]{1,3}(?:/[a-z0-9]{1,3})*)\b(?!\.)", piece):
            with suppress(RetiredCode):
                content.journey.follow(codes.split("/"))


def test_the_readme_lists_every_setting_with_its_default():
    rows = re.findall(r"^\| `(SIGNPOST_\w+)` \| .+ \| (.+) \|$", read("README.md"), re.MULTILINE)
    assert [name for name, _ in rows] == [f"SIGNPOST_{each.name.upper()}" for each in fields(Config)]
    defaults, config = dict(rows), Config.from_environment({})
    for name in (
        "site_name",
        "exit_url",
        "hours_days",
        "rate_limit",
        "rate_limit_storage",
        "trusted_proxies",
    ):
        said = defaults[f"SIGNPOST_{name.upper()}"].replace("`", "")
        assert re.match(re.escape(str(getattr(config, name))) + r"(\W|$)", said), name
    assert defaults["SIGNPOST_LANGUAGES"] == f"`{' '.join(config.languages)}`"
    assert defaults["SIGNPOST_CONTENT"] == f"`{config.content.relative_to(ROOT).as_posix()}`"
    for name in ("operator", "contact"):
        assert getattr(config, name) == ""
        assert defaults[f"SIGNPOST_{name.upper()}"].startswith("none")


def test_the_order_of_guards_is_that_of_create_app():
    source = Path(signpost.__file__).read_text("utf-8").partition("def create_app")[2]
    lines = {int(n): line for line in source.splitlines() for n in re.findall(r"# (\d+)\. ", line)}
    section = read("docs/architecture.md").partition("## The order in which")[2].partition("\n## ")[0]
    items = re.findall(r"^(\d+)\. (?:`(\w+)`)?", section, re.MULTILINE)
    assert [int(n) for n, _ in items] == list(range(1, len(items) + 1)) == sorted(lines)
    for number, name in items[:-1]:
        assert name in lines[int(number)], f"{number}. {name}: {lines[int(number)].strip()}"


def test_the_index_of_decisions_has_each_with_its_status():
    said = re.findall(
        r"^\| \[(\d+)\]\((\S+)\) \| .+ \| (.+) \|$", read("docs/decisions/README.md"), re.MULTILINE
    )
    found = []
    for path in DECISIONS:
        text = path.read_text("utf-8")
        number = re.match(r"# (\d+)\. ", text)
        status = re.search(r"^Status: (.+), \w+ \d{4}$", text, re.MULTILINE)
        assert number, path.name
        assert status, path.name
        found.append((number[1], path.name, status[1]))
    assert said == found
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == [int(number) for number, *_ in found]
    assert len(numbers) == len(set(numbers)), "two decisions have one number"


def test_the_list_of_rules_for_editors_is_that_of_the_code():
    said = read("docs/editing.md").partition("## The rules\n")[2]
    numbers = [int(n) for n in re.findall(r"^(\d+)\. ", said, re.MULTILINE)]
    # Rule 17 is about the length of rendered results, so it is not registered with the rules on outcomes.
    assert numbers == sorted({17, *(rule.number for rule in RULES.values())})


def test_the_changelog_begins_with_this_version(runner, monkeypatch):
    monkeypatch.setattr(*NO_LENGTHS)
    versions = re.findall(r"^## (\S+?),? ", read("CHANGELOG.md"), re.MULTILINE)
    assert versions[0] == signpost.__version__
    assert runner.invoke(cli.check).output.splitlines()[0] == f"Signpost {signpost.__version__}"


@pytest.mark.parametrize("path", [ROOT / "README.md", *FORMS], ids=by_name)
def test_documents_send_people_with_a_concern_to_the_right_numbers(path, numbers):
    """These four are outside the content, for people who mistake the project's page for the site."""
    text = path.read_text("utf-8")
    right = {numbers[route].text for route in ("999", "police", "childline", "stop-it-now")}
    assert {each for each in right if each in text} == right
    assert set(re.findall(r"\b(?:999|101|0\d{2,4} [\d ]*\d)\b", text)) == right


def test_every_issue_form_begins_with_where_to_go_instead():
    assert len(FORMS) == 3
    for form in FORMS:
        first = form.read_text("utf-8").partition("body:\n")[2].partition("- type: markdown")
        assert first[0].strip() == "", form.name
        assert first[2].partition("## ")[2].startswith("Do not report a concern about a child here"), (
            form.name
        )
    assert "blank_issues_enabled: false" in read(".github/ISSUE_TEMPLATE/config.yml")


def test_the_workflow_and_the_hooks_only_call_make():
    """So they check the same as `make lint` and `make test` on any machine."""
    runs = re.findall(r"^      - run: (.+)$", read(".github/workflows/test.yml"), re.MULTILINE)
    assert runs[-2:] == ["make lint", "make test"]
    entries = re.findall(r"entry: (.+)$", read(".pre-commit-config.yaml"), re.MULTILINE)
    assert entries == ["make --no-print-directory lint", "make --no-print-directory check"]
