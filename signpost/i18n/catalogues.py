"""The translators' catalogues (gettext .po files): updates them from the English, and compiles them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po, write_po
from flask import current_app
from flask.cli import with_appcontext

from signpost.i18n.languages import CATALOGUES, KNOWN, TRANSLATIONS
from signpost.i18n.translate import catalogue_of, extract_messages, name_of
from signpost.models.content import Content
from signpost.models.files import atomic_write

ROOT = Path(__file__).parent.parent.parent

_NOTE = "# {name}. docs/translating.md says how to work with this file."


@dataclass(frozen=True, slots=True)
class Count:
    """How many messages of a catalogue are translated, missing or fuzzy."""

    file: str
    all: int
    missing: int
    fuzzy: int


def content_words(content: Content) -> Catalog:
    """A template of the texts of the content. The context of each is its place in the content."""
    catalog = Catalog()
    for each in extract_messages(content):
        catalog.add(each.text, locations=[(each.file, 0)], context=each.place, flags=_flags(each.text))
    return catalog


def site_words() -> Catalog:
    """A template of the texts of the templates and the code."""
    catalog = Catalog()
    method = [("signpost/**.py", "python"), ("templates/**.html", "jinja2"), ("templates/**.svg", "jinja2")]
    options = {
        f"templates/**.{kind}": {"trimmed": "true", "newstyle_gettext": "true"} for kind in ("html", "svg")
    }
    found = extract_from_dir(ROOT, method, options, directory_filter=_ours)
    for file, _, message, comments, context in sorted(found, key=lambda each: each[:2]):
        catalog.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return catalog


def _ours(folder: str) -> bool:
    """Whether to look for texts in a folder: only the site's own code and templates have any."""
    parts = Path(folder).relative_to(ROOT).parts
    return not parts or parts[0] in ("signpost", "templates")


def _flags(text: str) -> list[str]:
    # A per cent sign in the content is not a placeholder.
    return ["no-python-format"] if "%" in text else []


def update(path: Path, template: Catalog, code: str) -> Count:
    """Brings a .po file up to date with the English, and compiles it.

    A changed English text gets the translation of the most similar former text, marked fuzzy; it is not shown
    until a translator has checked it. Translations of texts that no longer exist are removed.

    Raises:
        click.ClickException: the file cannot be read or written. It is left as it was.
    """
    source = path.with_suffix(".po")
    if source.exists():
        try:
            catalog = read_po(BytesIO(source.read_bytes()), locale=code, abort_invalid=True)
        except (PoFileError, ValueError, LookupError) as error:
            raise click.ClickException(f"{name_of(source)} cannot be read: {error}. Correct it.") from None
    else:
        catalog = Catalog(locale=code, header_comment=_NOTE.format(name=KNOWN[code].name), fuzzy=False)
        catalog.project, catalog.version, catalog.msgid_bugs_address = "Signpost", "1", ""
        catalog.language_team, catalog.last_translator = KNOWN[code].name, ""
        catalog.revision_date = catalog.creation_date
    catalog.update(template, update_creation_date=False)
    catalog.obsolete.clear()
    try:
        for file, write in ((source, _write_po), (path, write_mo)):
            made = BytesIO()
            write(made, catalog)
            atomic_write(file, made.getvalue())
    except OSError as error:
        raise click.ClickException(f"Cannot write {name_of(source)}: {error.strerror}.") from None
    entries = [message for message in catalog if message.id]
    return Count(
        name_of(source),
        len(entries),
        sum(not (message.string and all(message.string)) for message in entries),
        sum(message.fuzzy for message in entries),
    )


def _write_po(file: BytesIO, catalog: Catalog) -> None:
    # Omit the previous English: Babel wraps it so that it is read back as a translator’s comment.
    write_po(file, catalog, include_lineno=False)


def write_template(path: Path, template: Catalog) -> None:
    """Writes the .pot file from which translators' tools start a new language. The same texts give the same file.

    Raises:
        click.ClickException: the file cannot be written.
    """
    template.project, template.version, template.msgid_bugs_address = "Signpost", "1", ""
    template.header_comment = _NOTE.format(name="The English texts")
    made = BytesIO()
    write_po(made, template, include_lineno=False)
    # Babel writes the time of the run, which would change the file every time.
    lines = [line for line in made.getvalue().splitlines(keepends=True) if b"POT-Creation-Date" not in line]
    try:
        atomic_write(path, b"".join(lines))
    except OSError as error:
        raise click.ClickException(f"Cannot write {path.name}: {error.strerror}.") from None


def update_all(content: Content, folder: Path) -> Iterator[Count]:
    """Updates every catalogue of every language."""
    site, words = site_words(), content_words(content)
    write_template(CATALOGUES / "messages.pot", site)
    write_template(folder / "translations" / "content.pot", words)
    for code in TRANSLATIONS:
        yield update(catalogue_of(CATALOGUES, code, "messages"), site, code)
        yield update(catalogue_of(folder / "translations", code, "content"), words, code)


@click.command("translations")
@with_appcontext
def command() -> None:
    """Bring the translators' catalogues up to date with the English, and compile them."""
    for count in update_all(current_app.extensions["content"], current_app.config["SIGNPOST"].content):
        click.echo(f"{count.file}: {count.all} messages, {count.missing} missing, {count.fuzzy} fuzzy")
