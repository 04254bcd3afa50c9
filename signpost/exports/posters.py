"""Posters and cards: PDFs that an operator makes for the site's own address, and when they may be offered.

Printed paper cannot be corrected. So the folder stores a digest of what its PDFs were made from: once a
number, a word or the address changes, no PDF is offered until all are made again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask, current_app, render_template
from flask.cli import with_appcontext

from signpost.i18n.languages import ENGLISH, Language
from signpost.i18n.locales import current_locale, use_locale
from signpost.models.journey import Entry

KINDS = ("poster", "cards")
INKS = ("colour", "black")
_MADE_FROM = "made-from.txt"


class DoesNotFit(click.ClickException):
    """The text of a sheet does not fit on one page. The message names the sheet."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One PDF: its language, its entry, whether it is a poster or cards, its ink, and its page as HTML."""

    language: Language
    entry: Entry
    kind: str
    ink: str
    html: str

    @property
    def file(self) -> str:
        """The file name of the PDF."""
        language = "" if self.language == ENGLISH else f"{self.language.code}-"
        return f"{language}{self.entry.id}-{self.kind}-{self.ink}.pdf"


def sheets(app: Flask, qr: Callable[[str], str]) -> Iterator[Sheet]:
    """Every sheet to make. ``qr`` returns the URL of a QR code picture for a text."""
    for language in app.extensions["locales"]:
        with use_locale(app, language):  # leave it before yielding: the caller runs between items
            made = list(_sheets(app.config["SIGNPOST"].base_url, qr))
        yield from made


def _sheets(base_url: str, qr: Callable[[str], str]) -> Iterator[Sheet]:
    """The sheets in the current language."""
    language, content = current_locale().language, current_locale().content
    for entry in content.journey.entries.values():
        if entry.poster is None:
            continue
        address = f"{base_url}{language.root}/for/{entry.id}"
        routes = [content.directory.routes[id_] for id_ in entry.poster.routes]
        checked = min(route.checked for route in routes)
        for kind in KINDS:
            for ink in INKS:
                html = render_template(
                    f"posters/{kind}.html",
                    entry=entry,
                    routes=routes,
                    checked=checked,
                    ink=ink,
                    address=address,
                    qr=qr(address),
                )
                yield Sheet(language, entry, kind, ink, html)


def ready(app: Flask) -> list[Sheet]:
    """Every sheet, if all PDFs are in ``static/posters`` and up to date; otherwise none."""
    made_from = posters_folder(app) / _MADE_FROM
    if not made_from.is_file():
        return []
    wanted = list(sheets(app, qr=str))
    return wanted if made_from.read_text() == _digest(wanted) else []


def make(app: Flask, folder: Path) -> list[Path]:
    """Makes every PDF in a folder, and stores there a digest of what they were made from.

    Raises:
        DoesNotFit: one of them would have a second page.
    """
    # WeasyPrint logs each step of each page as INFO: hide those. Warnings about the CSS are still shown.
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    # Imported here because serving the site needs no layout of paper: `make posters` installs WeasyPrint.
    import segno
    from weasyprint import HTML

    folder.mkdir(parents=True, exist_ok=True)
    made_from = folder / _MADE_FROM
    made_from.unlink(missing_ok=True)  # no PDF is offered until all are made
    made = []
    for sheet in sheets(app, lambda text: segno.make(text, error="q").svg_data_uri(border=4, light="#fff")):
        path = folder / sheet.file
        identifier = hashlib.sha256(sheet.html.encode()).digest()[:16]  # reproducible PDFs
        options = {"pdf_variant": "pdf/ua-1", "pdf_identifier": identifier}
        document = HTML(string=sheet.html).render(**options)
        if len(document.pages) > 1:
            raise DoesNotFit(
                f"{sheet.file} does not fit on its page. Shorten what its poster says, in entries.toml or in its translation."
            )
        document.write_pdf(path, **options)
        made.append(path)
    made_from.write_text(_digest(list(sheets(app, qr=str))))
    return made


@click.command("posters")
@with_appcontext
def command() -> None:
    """Make posters and cards for the address in SIGNPOST_BASE_URL, in static/posters."""
    address = current_app.config["SIGNPOST"].base_url
    if not address.startswith("https://"):
        raise click.ClickException(
            f"They would say {address}, which leads nowhere. Give the site's own address:"
            " make posters SIGNPOST_BASE_URL=https://example.org"
        )
    made = make(current_app, posters_folder(current_app))
    click.echo(
        f"Made for {address}, in static/posters: {len(made)}. Reload the site, and /partners offers them."
    )


def posters_folder(app: Flask) -> Path:
    """The folder that holds the PDFs."""
    return Path(app.static_folder or "") / "posters"


def _digest(wanted: list[Sheet]) -> str:
    return hashlib.sha256("\n".join(sheet.html for sheet in wanted).encode()).hexdigest()
