"""The editions of the site, one for each language; and which of them a request is for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from gettext import NullTranslations
from typing import cast
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, request
from flask_babel import Babel

from signpost.guide import Guide
from signpost.hours_in_words import HoursInWords
from signpost.languages import CATALOGUES, ENGLISH, Language, chosen, split
from signpost.outline import Outline, outline
from signpost.prose import Prose
from signpost.translation import catalogue_of, read_catalogue, translated


@dataclass(frozen=True)
class Edition:
    """The site in one language. ``say`` has the translations of the words of templates and code."""

    language: Language
    guide: Guide
    say: NullTranslations

    @cached_property
    def prose(self) -> Prose:
        """What renders its running text."""
        return Prose(self.guide.directory, self.language.root, self.say)

    @cached_property
    def outline(self) -> Outline:
        """The whole journey at a glance."""
        return outline(self.guide)

    @cached_property
    def hours(self) -> HoursInWords:
        """What tells its opening hours."""
        return HoursInWords(self.say, self.language.code)

    @cached_property
    def in_nation(self) -> dict[str, str]:
        """The name of each nation as it stands after "in"."""
        say = self.say
        return {
            "england": say.pgettext("in", "England"),
            "wales": say.pgettext("in", "Wales"),
            "scotland": say.pgettext("in", "Scotland"),
            "northern-ireland": say.pgettext("in", "Northern Ireland"),
            "abroad": say.gettext("outside the UK"),
        }


def set_up_editions(app: Flask) -> None:
    """Reads the words of every language that the settings name.

    Raises:
        SettingsError: there is no such language.
        ContentError: a catalogue cannot be used.
    """
    config, guide = app.config["SIGNPOST"], app.extensions["guide"]
    app.extensions["editions"] = {
        language: Edition(language, guide, NullTranslations())
        if language == ENGLISH
        else Edition(
            language,
            translated(guide, config.content, language.code),
            read_catalogue(catalogue_of(CATALOGUES, language.code, "messages")),
        )
        for language in chosen(config.languages)
    }
    Babel(
        app,
        default_locale=ENGLISH.code,
        default_translation_directories=str(CATALOGUES),
        locale_selector=lambda: edition().language.code,
    )


def all_editions() -> dict[Language, Edition]:
    """Every edition, English first."""
    return cast("dict[Language, Edition]", current_app.extensions["editions"])


def edition() -> Edition:
    """The edition that the address asked for belongs to."""
    return all_editions()[_parted()[0]]


def guide() -> Guide:
    """The content, in the language of the page that is asked for."""
    return edition().guide


@contextmanager
def speaking(app: Flask, language: Language) -> Iterator[None]:
    """A context in which templates are rendered in a language though nobody asks: at the start, in a command.

    Args:
        app: the app.
        language: that of the pages.
    """
    # A context of its own: within another, what that one has found out of its request would hold.
    with app.app_context(), app.test_request_context(f"{language.root}/"):
        yield


def local(address: str) -> str:
    """An address of this site in the language of the page that is asked for."""
    return edition().language.root + address


def asked() -> str:
    """The address that is asked for, without its language."""
    return _parted()[1]


def _parted() -> tuple[Language, str]:
    """The language that is asked for and the address without it, found out once for each request."""
    if "parted" not in g:
        g.parted = split(request.environ["PATH_INFO"], all_editions())
    return cast("tuple[Language, str]", g.parted)


def in_language(other: Language) -> str:
    """The address of the page that is asked for, in the state it is in, in another language.

    Of what stands behind the "?" only that is kept which belongs to the state.
    """
    state = {name: "1" for name in ("go", "moved") if request.args.get(name) == "1"}
    if asked() == "/partners" and request.args.get("service") in guide().directory.routes:
        state["service"] = request.args["service"]
    address = quote(asked().encode("latin-1"), safe="/+")  # WSGI hands over bytes
    return other.root + address + ("?" + urlencode(state) if state else "")
