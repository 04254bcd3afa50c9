"""Posters and cards: PDFs that an operator makes for the site's own address, and when they may be offered.

Paper cannot be mended. So the folder remembers what its PDFs were made from, and once a number, a word or
the address has changed, none of them is offered until they are made again.
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
    """A sheet says more than its page can hold; the message names it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One PDF: in which language, for whom, a poster or cards, in colour or black, and its page as HTML."""

    language: Language
    entry: Entry
    kind: str
    ink: str
    html: str

    @property
    def file(self) -> str:
        """The name of its file."""
        language = "" if self.language == ENGLISH else f"{self.language.code}-"
        return f"{language}{self.entry.id}-{self.kind}-{self.ink}.pdf"


def sheets(app: Flask, qr: Callable[[str], str]) -> Iterator[Sheet]:
    """Every sheet there is to make; ``qr`` gives the address of a picture of the code for a text."""
    for language in app.extensions["locales"]:
        with use_locale(app, language):  # and not beyond: whoever asks goes on between two of them
            made = list(_sheets(app.config["SIGNPOST"].base_url, qr))
        yield from made


def _sheets(base_url: str, qr: Callable[[str], str]) -> Iterator[Sheet]:
    """The sheets in the language of the request."""
    language, content = current_locale().language, current_locale().content
    for entry in content.journey.entries.values():
        if entry.poster is None:
            continue
        address = f"{base_url}{language.root}/for/{entry.id}"
        routes = [content.directory.routes[id_] for id_ in entry.poster.routes]
        checked = min(source.checked for route in routes for source in route.sources.values())
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
    """The sheets whose PDFs lie in ``static/posters`` and still say what they should; all, or none."""
    made_from = _folder(app) / _MADE_FROM
    if not made_from.is_file():
        return []
    wanted = list(sheets(app, qr=str))
    return wanted if made_from.read_text() == _digest(wanted) else []


def make(app: Flask, folder: Path) -> list[Path]:
    """Makes every PDF in a folder, and says there what they were made from.

    Raises:
        DoesNotFit: one of them would have a second page.
    """
    # It would tell of every step of every page; what it cannot follow in the style sheet it still tells.
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    # Neither is needed to run the site: `make posters` installs both.
    import segno
    from weasyprint import HTML

    folder.mkdir(parents=True, exist_ok=True)
    made_from = folder / _MADE_FROM
    made_from.unlink(missing_ok=True)  # until all of them are right
    made = []
    for sheet in sheets(app, lambda text: segno.make(text, error="q").svg_data_uri(border=4, light="#fff")):
        path = folder / sheet.file
        identifier = hashlib.sha256(sheet.html.encode()).digest()[:16]  # the same sheet, the same file
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
    made = make(current_app, _folder(current_app))
    click.echo(
        f"Made for {address}, in static/posters: {len(made)}. Reload the site, and /partners offers them."
    )


def _folder(app: Flask) -> Path:
    return Path(app.static_folder or "") / "posters"


def _digest(wanted: list[Sheet]) -> str:
    return hashlib.sha256("\n".join(sheet.html for sheet in wanted).encode()).hexdigest()
