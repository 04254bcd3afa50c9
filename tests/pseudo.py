"""A pseudo-language: English with an accent on each vowel, and about 40 % longer.

Text without accents was not translated; text that does not fit would not fit in Welsh or German either. Its code is
that of Esperanto, which Babel knows and the site does not use.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo

from config import Config
from signpost import create_app
from signpost.i18n import catalogues, languages, locales
from signpost.i18n.languages import Language
from signpost.i18n.translate import catalogue_of
from tests.page import CheckingClient
from tests.planting import plant

PSEUDO = Language("eo", "eo", "Pŝéúdó", "/eo")
ACCENTS = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
#: What translators leave unchanged: placeholders, tags, targets of links, addresses.
KEPT = re.compile(
    r"%\([a-z_]+\)[sd]|%%|<[^>]*>|\]\([^)]*\)|&\w+;|(?:[\w-]+\.)+[^\W\d_]{2,}|\b[a-z][a-z0-9+.-]*:(?=[\w/])"
)


def pseudo(text: str) -> str:
    """The text with accents, and with vowels and word endings doubled, so that it is about 40 % longer."""
    parts = KEPT.split(text)
    kept = [*KEPT.findall(text), ""]
    return "".join(
        re.sub(r"[áéíóúÁÉÍÓÚ]|[^\W\d_]\b", lambda letter: letter[0] * 2, part.translate(ACCENTS)) + keep
        for part, keep in zip(parts, kept, strict=True)
    )


def fill(catalog, path: Path) -> None:
    """Writes a catalogue in which everything is translated."""
    for message in catalog:
        if message.id:
            one = message.id if isinstance(message.id, str) else message.id[-1]
            message.string = (
                pseudo(one) if isinstance(message.id, str) else (pseudo(one),) * catalog.num_plurals
            )
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalog)


@pytest.fixture(scope="session")
def pseudo_app(tmp_path_factory, content):
    """The site in English and in the pseudo-language."""
    return _site(tmp_path_factory.mktemp("pseudo"), content, PSEUDO)


@pytest.fixture(scope="session")
def rtl_app(tmp_path_factory, content):
    """The same, as if the pseudo-language were written from right to left."""
    return _site(tmp_path_factory.mktemp("rtl"), content, replace(PSEUDO, rtl=True))


def _site(folder, content, language: Language):
    planted = plant(folder, "moved.toml", "", "")
    fill(catalogues.content_words(content), catalogue_of(planted / "translations", "eo", "content"))
    fill(catalogues.site_words(), catalogue_of(folder / "site", "eo", "messages"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(languages.KNOWN, "eo", language)
        patch.setattr(locales, "CATALOGUES", folder / "site")
        settings = {"LANGUAGES": "en eo", "CONTENT": str(planted), "RATE_LIMIT": "1000000 per minute"}
        settings |= {"OPERATOR": "1234", "CONTACT": "https://1234.example/", "SITE_NAME": "1234"}
        app = create_app(
            Config.from_environment({f"SIGNPOST_{name}": value for name, value in settings.items()})
        )
    app.test_client_class = CheckingClient
    return app
