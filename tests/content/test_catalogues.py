"""The catalogues: complete, up to date, and different from the English only in words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from config import OWN_CONTENT, Config
from signpost.checks.worklist import worklist
from signpost.i18n import catalogues, locales
from signpost.i18n.languages import CATALOGUES, ENGLISH, KNOWN
from signpost.i18n.translate import catalogue_of, differences, read_catalogue
from signpost.models.content import Content, load_content
from signpost.models.errors import ContentError
from tests import ROOT
from tests.planting import plant, site

CODES = sorted(KNOWN.keys() - {ENGLISH.code})


def domains(code: str) -> dict[str, Path]:
    return {
        "messages": catalogue_of(CATALOGUES, code, "messages"),
        "content": catalogue_of(OWN_CONTENT / "translations", code, "content"),
    }


CATALOGUE_FILES = [path for code in CODES for path in domains(code).values()]


def written(path: Path) -> Catalog:
    with path.with_suffix(".po").open("rb") as file:
        return read_po(file)


def by_message(catalog: Catalog) -> dict[tuple[str | None, str], Message]:
    return {(m.context, " / ".join([m.id] if isinstance(m.id, str) else m.id)): m for m in catalog if m.id}


def pairs(path: Path) -> list[tuple[str, str, str]]:
    """Each message that visitors read, with its context and every form of its translation."""
    found = []
    for message in written(path):
        if message.id and message.string and all(message.string) and not message.fuzzy:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            forms = [message.string] if isinstance(message.string, str) else list(message.string)
            found += [(message.context or "", ids[-1], form) for form in forms]
    return found


@pytest.fixture(scope="module")
def english(content) -> dict[str, Catalog]:
    return {"messages": catalogues.site_words(), "content": catalogues.content_words(content)}


# ---- whole and up to date


def is_release() -> bool:
    """Whether the newest version in CHANGELOG.md is released."""
    first = re.search(r"^## .*$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert first
    return "not released" not in first[0]


@pytest.mark.parametrize("path", CATALOGUE_FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_catalogue_has_nothing_that_is_broken(path):
    """Texts may be missing or fuzzy: visitors read the English, and `make review` lists them."""
    catalog = written(path)
    assert not catalog.obsolete
    assert [m.user_comments for m in catalog if m.id and m.user_comments] == []  # broken notes of a tool's


@pytest.mark.skipif(not is_release(), reason="a translation may lag until a release")
@pytest.mark.parametrize("path", CATALOGUE_FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_no_message_is_missing_or_fuzzy_at_a_release(path, english):
    catalog = written(path)
    assert by_message(catalog).keys() == by_message(english[path.stem]).keys(), "make translations"
    assert [m.id for m in catalog if m.id and not (m.string and all(m.string))] == []
    assert [m.id for m in catalog if m.id and m.fuzzy] == []


@pytest.mark.slow
def test_a_new_text_turns_nothing_red_and_is_listed_for_review(content, tmp_path):
    """An editor who knows no Welsh adds a sentence: the Welsh site starts, and shows it in English."""
    folder = plant(tmp_path, "questions.toml", "Is anyone in danger now?", "Is someone in danger now?")
    app = site(LANGUAGES="en cy", CONTENT=str(folder))
    text = app.test_client().get("/cy/check/").text
    assert '<span lang="en-GB" dir="ltr">Is someone in danger now?</span>' in text

    def still_english(content: Content, config: Config) -> int:
        tasks = worklist(content, config, date(2026, 11, 26), 0)
        counts = [
            re.search(r"^Cymraeg: still in English, (?:.*, )?(\d+) in questions\.toml", each.what)
            for each in tasks
        ]
        return sum(int(found[1]) for found in counts if found)

    before = still_english(content, Config.from_environment({}))
    assert still_english(load_content(folder), app.config["SIGNPOST"]) == before + 1


@pytest.mark.parametrize("path", CATALOGUE_FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_what_is_compiled_is_what_is_written(path):
    with path.open("rb") as file:
        # Babel returns the context as bytes here.
        compiled = {(c.decode() if c else c, i): m.string for (c, i), m in by_message(read_mo(file)).items()}
    usable = {
        key: m for key, m in by_message(written(path)).items() if m.string and all(m.string) and not m.fuzzy
    }
    # Babel compiles a plural that is not translated, too: with the English forms.
    plurals = {key: forms for key, forms in compiled.items() if not isinstance(forms, str)}
    english = {key for key, forms in plurals.items() if " / ".join(dict.fromkeys(forms)) == key[1]}
    assert compiled.keys() - english == usable.keys() - english, "make translations"
    for key, message in usable.items():
        assert list(compiled[key]) == list(message.string), "make translations"


@pytest.mark.slow
def test_making_them_again_changes_nothing(content, tmp_path, monkeypatch):
    """Only `make translations` writes the files, so a second time writes them as they are."""
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)
    for code in CODES:
        for domain, path in domains(code).items():
            to = catalogue_of(tmp_path, code, domain)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.with_suffix(".po").write_bytes(path.with_suffix(".po").read_bytes())
            template = catalogues.site_words() if domain == "messages" else catalogues.content_words(content)
            catalogues.update(to, template, code)
            once = to.with_suffix(".po").read_text("utf-8")
            catalogues.update(to, template, code)
            assert to.with_suffix(".po").read_text("utf-8") == once


@pytest.mark.slow
def test_the_templates_for_translators_tools_hold_every_text(content, tmp_path):
    """Poedit and Weblate begin a new language from a .pot."""
    for name, words in (
        ("messages", catalogues.site_words()),
        ("content", catalogues.content_words(content)),
    ):
        path = tmp_path / f"{name}.pot"
        catalogues.write_template(path, words)
        first = path.read_bytes()
        with path.open("rb") as file:
            assert by_message(read_po(file)).keys() == by_message(words).keys()
        catalogues.write_template(path, words)
        assert path.read_bytes() == first  # the same texts, the same file: no date changes


def test_a_changed_text_keeps_its_translation_for_the_translator_but_shows_english(content, tmp_path):
    path = catalogue_of(tmp_path, "cy", "content")
    old, new = Catalog(), Catalog()
    old.add("Call them at any time.", context="routes/x.toml, next")
    new.add("Call them at any time of the day.", context="routes/x.toml, next")
    catalogues.update(path, old, "cy")
    po = path.with_suffix(".po")
    po.write_text(
        po.read_text("utf-8").replace('time."\nmsgstr ""', 'time."\nmsgstr "Ffoniwch nhw unrhyw bryd."'),
        "utf-8",
    )
    assert catalogues.update(path, old, "cy").missing == 0
    assert (
        read_catalogue(path).pgettext("routes/x.toml, next", "Call them at any time.").startswith("Ffoniwch")
    )
    count = catalogues.update(path, new, "cy")
    assert (count.all, count.missing, count.fuzzy) == (1, 0, 1)
    assert "Ffoniwch nhw unrhyw bryd." in po.read_text("utf-8")
    changed = "Call them at any time of the day."
    assert read_catalogue(path).pgettext("routes/x.toml, next", changed) == changed


@pytest.mark.slow
def test_the_command_says_how_much_is_done(runner, monkeypatch, tmp_path):
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)
    monkeypatch.setattr(
        catalogues, "update", lambda path, template, code: catalogues.Count(path.name, 3, 2, 1)
    )
    done = runner.invoke(args=["translations"])
    assert done.exit_code == 0
    assert (
        done.output
        == "messages.mo: 3 messages, 2 missing, 1 fuzzy\ncontent.mo: 3 messages, 2 missing, 1 fuzzy\n"
        * len(CODES)
    )


# ---- what is not words is the same


@pytest.mark.parametrize("path", CATALOGUE_FILES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_placeholders_tags_links_and_numbers_are_the_same(path):
    read_catalogue(path)  # raises an error if they differ
    for place, text, other in pairs(path):
        assert text.count("**") == other.count("**"), place
        assert len(text.split("\n")) == len(other.split("\n")), place


@pytest.mark.parametrize(
    ("text", "other", "problem"),
    [
        ("Question %(number)s", "Cwestiwn %(nombor)s", "It should have %(number)s."),
        ("Question %(number)s", "Cwestiwn", "It should have %(number)s."),
        ("Question", "Cwestiwn %(number)s", "It should have no placeholder."),
        ("zoom in to 400%%", "chwyddo i 400%", "It should have %%."),
        ("Exit", "Gadael 100", "Its numbers are not those of the English."),
        ("Exit", "Gadael %", "Its per cent signs are not those of the English."),
        ("<b>Exit</b>", "<i>Gadael</i>", "Its tags are not those of the English."),
        ("Exit", "</a><script>Gadael", "Its tags are not those of the English."),
        ("Call 999", "Ffoniwch 998", "Its numbers are not those of the English."),
        ("Call 999", " ", "It is blank."),
        ("[A](route:nspcc)", "[A](route:childline)", "Its links do not lead where those of the English do."),
        (
            "Call us",
            "Gwelwch <https://elsewhere.example>",
            "Its links do not lead where those of the English do.",
        ),
        (
            "[](call:nspcc) [](call:nspcc)",
            "[](call:nspcc)",
            "Its links do not lead where those of the English do.",
        ),
        *(
            ("[A](route:nspcc)", other, "Its links do not lead where those of the English do.")
            for other in (
                "[A](javascript:alert)",
                "[A](data:text/html,x)",
                "[A](//elsewhere.example)",
                "[A][b]\n\n[b]: javascript:alert",
                "A",
            )
        ),
        # In a template, what ends no tag here ends at the next tag of the page.
        *(
            ("Exit <b>now</b>", f"Gadael <b>nawr</b>{more}", f"It has {seen} where the English has none.")
            for more, seen in (
                (' <a href="x" ', '< "'),
                ('"><meta http-equiv="refresh" content="3;url=//elsewhere.example/', '< > "'),
                ("' onclick='x", "'"),
                ("&lt;script", "&"),
                ("&#60;", "&"),
            )
        ),
        ("<b>Exit</b>", "</b>Gadael<b>", "Its tags are not those of the English."),
        ("<b><i>Exit</i></b>", "<b><i>Gadael</b></i>", "Its tags are not those of the English."),
        ('<a href="/">Exit</a>', '<a href="//x/">Gadael</a>', "Its tags are not those of the English."),
        *(
            ("Exit", f"Gadael {more}", "Its addresses are not those of the English.")
            for more in (
                "elsewhere.example",
                "www.elsewhere.example",
                "a@b",
                "https://x",
                "javascript:x",
                "tel:x",
            )
        ),
        *(
            ("Exit", other, "Its paragraphs, lists or strong words are not those of the English.")
            for other in (
                "# Gadael",
                "- Gadael",
                "    Gadael",
                "**Gadael**",
                "`Gadael`",
                "Gadael\n---",
                "[x]: y",
            )
        ),
        ("0800 1111", "\u202e1111 0080", "It has a character that cannot be seen."),
        ("Exit", "Gadael\x00", "It has a character that cannot be seen."),
    ],
)
def test_a_translation_that_differs_in_more_than_words_is_seen(text, other, problem):
    assert any(each.startswith(problem) for each in differences(text, other))


def test_words_may_differ_and_a_plural_may_leave_its_number_out():
    assert (
        list(differences("Call **999** on [a phone](tel:999)", "Ffoniwch **999** ar [ffôn](tel:999)")) == []
    )
    assert list(differences("in %(num)s minutes", "mewn munud", plural=True)) == []
    assert list(differences("**A** <b>b</b> “c”", "“C” <b>b</b> **a**; d’e: f.")) == []
    assert list(differences("in %(num)s minutes", "mewn munud")) == ["It should have %(num)s."]


def translate(path: Path, old: str, new: str) -> None:
    """Changes one translation and compiles the catalogue again, as a translator’s tool does."""
    with path.with_suffix(".po").open("rb") as file:
        catalog = read_po(file)
    changed = [m for m in catalog if m.id and isinstance(m.string, str) and m.string == old]
    assert changed, old
    for message in changed:
        message.string = new
    with path.open("wb") as file:
        write_mo(file, catalog)


def own_content(tmp_path: Path) -> Path:
    """A copy of the content, with its catalogue."""
    return plant(tmp_path, "moved.toml", "", "")


def start(content: Path) -> None:
    site(LANGUAGES="en cy", CONTENT=str(content))


def test_a_wrong_number_in_translation_stops_the_start(tmp_path, content):
    folder = own_content(tmp_path)
    path = catalogue_of(folder / "translations", "cy", "content")
    start(folder)
    translate(path, "Ffoniwch 999 nawr os yw un o’r rhain yn wir:", "Ffoniwch 998 nawr:")
    with pytest.raises(ContentError) as refused:
        start(folder)
    fault = "content/translations/cy/LC_MESSAGES/content.po, emergency.toml, call: Its numbers are not those of the English."
    assert fault in str(refused.value)
    assert "make translations" in str(refused.value)


def test_a_wrong_placeholder_of_the_sites_own_words_stops_the_start(tmp_path, monkeypatch):
    path = catalogue_of(tmp_path, "cy", "messages")
    shutil.copytree(CATALOGUES / "cy", tmp_path / "cy")
    monkeypatch.setattr(locales, "CATALOGUES", tmp_path)
    start(OWN_CONTENT)
    translate(path, "Cwestiwn %(number)s", "Cwestiwn %(nombor)s")
    with pytest.raises(
        ContentError, match=re.escape("messages.po, Question %(number)s: It should have %(number)s.")
    ):
        start(OWN_CONTENT)


HOSTILE = 'x"><meta http-equiv="refresh" content="3;url=https://elsewhere.example/'


@pytest.mark.parametrize("domain", ["messages", "content"])
def test_an_element_in_a_translation_stops_the_start(tmp_path, monkeypatch, domain):
    """Of the templates and the code it would be in the page as it is; of the content it would be seen as text."""
    shutil.copytree(CATALOGUES / "cy", tmp_path / "own" / "cy")
    monkeypatch.setattr(locales, "CATALOGUES", tmp_path / "own")
    folder = own_content(tmp_path)
    where = {"messages": tmp_path / "own", "content": folder / "translations"}[domain]
    old = {"messages": "Cwestiwn %(number)s", "content": "Ffoniwch 999 nawr os yw un o’r rhain yn wir:"}[
        domain
    ]
    translate(catalogue_of(where, "cy", domain), old, old + HOSTILE)
    with pytest.raises(ContentError) as refused:
        start(folder)
    (line,) = [each for each in str(refused.value).splitlines() if "where the English has none" in each]
    assert f"cy/LC_MESSAGES/{domain}.po, " in line
    assert "make translations" in str(refused.value)


def test_a_second_translation_that_only_gettext_reads_stops_the_start(tmp_path):
    """A compiled catalogue may have one English text twice. Babel reads the first, gettext shows the last."""
    path = catalogue_of(tmp_path, "cy", "messages")
    catalog = Catalog(locale="cy")
    catalog.add("Exit", "Gadael")
    catalog.add("Exiu", HOSTILE)
    with BytesIO() as made:
        write_mo(made, catalog)
        path.parent.mkdir(parents=True)
        path.write_bytes(made.getvalue().replace(b"Exiu", b"Exit"))
    with pytest.raises(ContentError, match=r"messages\.po, Exit: Its \.mo has it more than once\."):
        read_catalogue(path)


def test_a_language_that_is_mostly_not_translated_stops_the_start(tmp_path):
    folder = own_content(tmp_path)
    path = catalogue_of(folder / "translations", "cy", "content")
    with path.open("wb") as file:
        write_mo(file, Catalog(locale="cy"))
    with pytest.raises(ContentError, match=r"(\d+) of \1 texts are not translated\. .*SIGNPOST_LANGUAGES"):
        start(folder)


def test_chi_is_used_throughout():
    """Visitors are addressed as “chi”. Only quoted words for a parent to say to a child may use “ti”."""
    familiar = re.compile(
        r"\b(ti|tithau|wyt|rwyt|oeddet|wnei|cei|dylet|gelli|medri|iti|arnat|wrthyt|atat)\b", re.I
    )
    for path in domains("cy").values():
        for place, text, other in pairs(path):
            assert not familiar.search(re.sub("“[^”]*”", "", other)), (place, text, other)


def test_english_that_is_left_in_the_welsh_is_a_name():
    """Common English words appear in the Welsh only inside names and quotations."""
    common = re.compile(r"\b(the|and|you|your|with|they|from|this|that|have|not|is|are|of|for)\b")
    names = re.compile(
        r"“[^”]*”|\([^)]*\)|[A-Z][\w’&-]*(?: (?:(?:and|for|of|the|to|it|in|about) )*[A-Z][\w’&-]*)*"
    )
    for path in domains("cy").values():
        for place, text, other in pairs(path):
            rest = names.sub(" ", re.sub(r"%\([a-z_]+\)s|<[^>]*>", " ", other))
            assert not common.search(rest), (place, text, rest)


# ---- a catalogue that cannot be used


def test_a_catalogue_that_is_missing_or_broken_stops_the_start_with_its_name_and_the_fix(tmp_path):
    path = catalogue_of(tmp_path / "translations", "cy", "content")
    with pytest.raises(
        ContentError, match=r"translations/cy/LC_MESSAGES/content\.po: Its \.mo .*make translations"
    ):
        read_catalogue(path)
    path.parent.mkdir(parents=True)
    odd = Catalog(locale="cy")
    odd.charset = "utf-8"
    with BytesIO() as made:
        write_mo(made, odd)
        whole = made.getvalue()
    for broken in (
        b"",
        b"no catalogue",
        b"\xde\x12\x04\x95\xff\xff\xff\xff",
        whole.replace(b"utf-8", b"utf-x"),
    ):
        path.write_bytes(broken)
        with pytest.raises(ContentError, match=r"content\.po: Its \.mo .*make translations"):
            read_catalogue(path)


def command(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Runs the command as ``make translations`` does."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "translations"],
        env=os.environ | {"SIGNPOST_LANGUAGES": "en", "SIGNPOST_CONTENT": str(folder)} | settings,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.slow
def test_what_cannot_be_shown_can_still_be_fixed(tmp_path):
    folder = own_content(tmp_path)
    path = catalogue_of(folder / "translations", "cy", "content")
    path.write_bytes(b"no catalogue")
    done = command(folder)
    assert done.returncode == 0, done.stderr
    start(folder)


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoilt",
    [
        b'<<<<<<< HEAD\nmsgid "x"\n',
        b'msgid ""\nmsgstr "Content-Type: text/plain; charset=nothing\\n"\n',
        b"\xff\xfe",
    ],
    ids=["a merge that failed", "an unheard-of encoding", "not UTF-8"],
)
def test_a_file_that_cannot_be_read_whole_is_named_and_left_as_it_was(tmp_path, spoilt):
    folder = own_content(tmp_path)
    po = catalogue_of(folder / "translations", "cy", "content").with_suffix(".po")
    po.write_bytes(spoilt + po.read_bytes())
    before = po.read_bytes()
    done = command(folder)
    assert done.returncode == 1
    assert "content/translations/cy/LC_MESSAGES/content.po cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
    assert po.read_bytes() == before


@pytest.mark.slow
def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    folder = own_content(tmp_path)
    path = catalogue_of(folder / "translations", "cy", "content")
    path.with_name(f".{path.name}.new").mkdir()  # even root cannot write there
    done = command(folder)
    assert done.returncode == 1
    assert "Cannot write content/translations/cy/LC_MESSAGES/content.po" in done.stderr
    assert "Traceback" not in done.stderr
