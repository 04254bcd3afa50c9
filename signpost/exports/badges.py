"""The badge as PNG, for sites that take no SVG. The pictures come with the project; ``make badges`` draws them again.

Each picture names the drawing that it was made from. So a site whose badge says something else, because it has other words or
another language, offers no picture rather than a wrong one.
"""

from __future__ import annotations

import hashlib
import subprocess
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from flask import current_app
from flask.cli import with_appcontext

from signpost.i18n.languages import Language

_FOLDER = Path(__file__).parent / "badges"
#: A picture has twice as many pixels as the badge is wide and high, for sharp screens.
_WIDTH, _HEIGHT, _SCALE = 240, 64, 2
#: Where the first chunk of a PNG file, its head, ends: others may follow from there.
_HEAD_ENDS = 33
_BROWSER = "chromium"


def png_badge(language: Language, svg: str) -> bytes | None:
    """The picture of a badge; None if there is none of just this drawing.

    Args:
        language: the language of its words.
        svg: the drawing.
    """
    file = _FOLDER / f"{language.code}.png"
    picture = file.read_bytes() if file.is_file() else b""
    return picture if _made_from(svg) in picture else None


def _made_from(svg: str) -> bytes:
    """What tells in a PNG file which drawing it was made from: a chunk of text."""
    text = b"tEXtSource\0" + hashlib.sha256(svg.encode()).hexdigest().encode()
    return (len(text) - 4).to_bytes(4) + text + zlib.crc32(text).to_bytes(4)


def draw(svg: str) -> bytes:
    """Draws a badge as PNG, in a browser, which has the typefaces that visitors' browsers have.

    Raises:
        FileNotFoundError: Chromium is not installed.
        subprocess.CalledProcessError: the browser failed.
        subprocess.TimeoutExpired: the browser took longer than 60 seconds.
    """
    with TemporaryDirectory() as folder:
        page, picture = Path(folder) / "badge.html", Path(folder) / "badge.png"
        style = "<style>body{margin:0}svg{display:block}</style>"
        page.write_text(f"<!doctype html><meta charset=utf-8>{style}{svg}", "utf-8")
        command = [
            _BROWSER,
            *("--headless", "--no-sandbox", "--disable-background-networking", "--hide-scrollbars"),
            f"--window-size={_WIDTH},{_HEIGHT}",
            f"--force-device-scale-factor={_SCALE}",
            "--default-background-color=00000000",
            f"--screenshot={picture}",
            page.as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603 (our own file)
        drawn = picture.read_bytes()
    return drawn[:_HEAD_ENDS] + _made_from(svg) + drawn[_HEAD_ENDS:]


@click.command("badges")
@with_appcontext
def command() -> None:
    """Draw the badge of each language as PNG. Needs Chromium."""
    _FOLDER.mkdir(exist_ok=True)
    for language, svg in current_app.extensions["badges"].items():
        try:
            drawn = draw(svg)
        except (OSError, subprocess.SubprocessError) as error:
            raise click.ClickException(
                f"Chromium could not draw the badge: {error}. Is it installed?"
            ) from None
        (_FOLDER / f"{language.code}.png").write_bytes(drawn)
        click.echo(f"Drawn: {language.code}.png")
